"""The desk's own words; labels of questions and answers come from their declarations."""

from __future__ import annotations

from lachan.kernel.errors import Text

WORDS = {
    "queue": Text(vi="Yêu cầu đang chờ", en="Waiting requests"),
    "empty": Text(vi="Không có yêu cầu nào đang chờ.", en="Nothing is waiting."),
    "sign_in": Text(vi="Đăng nhập", en="Sign in"),
    "sign_out": Text(vi="Đăng xuất", en="Sign out"),
    "login": Text(vi="Tên đăng nhập", en="Login"),
    "password": Text(vi="Mật khẩu", en="Password"),
    "wrong": Text(
        vi="Tên đăng nhập hoặc mật khẩu không đúng, hoặc đang tạm khóa 15 phút.",
        en="Login or password is wrong, or locked for 15 minutes.",
    ),
    "kind": Text(vi="Loại", en="Kind"),
    "from": Text(vi="Bên hỏi", en="Asked by"),
    "left": Text(vi="Còn lại", en="Time left"),
    "late": Text(vi="Quá hạn", en="Overdue"),
    "why": Text(vi="Vì sao chờ người", en="Why it waits for a person"),
    "open": Text(vi="Mở", en="Open"),
    "ask": Text(vi="Nội dung yêu cầu", en="What is asked"),
    "mandate": Text(vi="Kiểm tra căn cứ", en="Check of the mandates"),
    "proposal": Text(
        vi="Trả lời đề xuất từ hồ sơ của đơn vị", en="Answer proposed from own records"
    ),
    "do": Text(vi="Thực hiện và gửi trả lời này", en="Do it and send this answer"),
    "paste_table": Text(
        vi="Dán từ bảng tính, mỗi dòng một bản ghi; dòng đầu có thể là tên cột. Các cột:",
        en="Paste from a spreadsheet, one record a line; the first line may name the columns. Columns:",
    ),
    "lines_count": Text(
        vi="{count} dòng; dưới đây là những dòng đầu.", en="{count} lines; the first are below."
    ),
    "by_hand": Text(vi="Trả lời bằng tay", en="Answer by hand"),
    "send": Text(vi="Gửi trả lời", en="Send the answer"),
    "refuse": Text(vi="Từ chối", en="Refuse"),
    "reason": Text(vi="Lý do", en="Reason"),
    "second": Text(
        vi="Cần hai người. {name} đã đồng ý; người thứ hai phải là người khác.",
        en="Two persons are needed. {name} has agreed; the second must be somebody else.",
    ),
    "two": Text(vi="Cần hai người ở đơn vị đồng ý.", en="Two persons of this member must agree."),
    "same_person": Text(
        vi="Người thứ hai phải khác người thứ nhất.", en="The second person must be another one."
    ),
    "back": Text(vi="Về danh sách", en="Back to the list"),
    "done": Text(vi="Đã xử lý.", en="Done."),
    "error": Text(vi="Có lỗi cần sửa", en="Something needs correcting"),
    "good": Text(vi="đạt", en="passed"),
    "bad": Text(vi="không đạt", en="failed"),
    "account": Text(vi="Tài khoản", en="Account"),
    "simulated": Text(
        vi="Trang mô phỏng: đây là điều chủ tài khoản thấy trong ứng dụng của ngân hàng.",
        en="Simulated page: this is what the holder sees in the bank's app.",
    ),
    "balance": Text(vi="Số dư", en="Balance"),
    "usable": Text(vi="Còn dùng được", en="Usable"),
    "paused": Text(vi="Đang tạm dừng", en="Paused"),
    "held": Text(vi="Đang tạm giữ", en="Held"),
    "until": Text(vi="Đến", en="Until"),
    "carved": Text(vi="Tiền sinh hoạt được để lại", en="Living money left"),
    "authority": Text(vi="Cơ quan yêu cầu", en="Asked by"),
    "notices": Text(vi="Thông báo", en="Notices"),
    "nothing_held": Text(
        vi="Không có khoản nào bị tạm dừng hoặc tạm giữ.", en="Nothing is paused or held."
    ),
    "ended": Text(vi="Đã kết thúc", en="Ended"),
    "no_account": Text(vi="Không có tài khoản này.", en="There is no such account."),
    "show": Text(vi="Xem", en="Show"),
    "not_found": Text(vi="Không có trang này.", en="There is no such page."),
    "number": Text(vi="Số tài khoản", en="Account number"),
}
WHY = {
    "declared": Text(
        vi="Loại này luôn do người trả lời", en="This kind is always answered by a person"
    ),
    "policy": Text(vi="Quy định của đơn vị", en="The member's own policy"),
    "participation": Text(vi="Mức tham gia hiện tại", en="The present level of participation"),
    "core_unavailable": Text(vi="Hệ thống lõi không trả lời", en="The core system does not answer"),
    "not_golden_hour": Text(vi="Không thuộc giờ vàng", en="Not in the golden hour"),
    "not_anchored": Text(
        vi="Chưa có giao dịch đã xác nhận trong vụ việc",
        en="No confirmed transfer of the case is known here",
    ),
    "no_handler": Text(vi="Chưa có trả lời tự động", en="No automatic answer exists"),
    "clarified": Text(vi="Bên hỏi đã làm rõ", en="The asker has clarified"),
    "unclarified": Text(
        vi="Hết thời gian chờ làm rõ; thời hạn lại chạy",
        en="No clarification came in time; the clock runs again",
    ),
    "disputed": Text(vi="Bên hỏi đề nghị xem lại trả lời", en="The asker disputes the answer"),
    "not_taken": Text(
        vi="Trung tâm không nhận thông điệp trước của đơn vị",
        en="The centre did not take this member's last message",
    ),
    "fault": Text(vi="Lỗi khi xử lý tự động", en="The automatic answer failed"),
}


WORDS |= {
    "refresh": Text(vi="Làm mới", en="Refresh"),
    "refreshed": Text(vi="Danh sách đã đổi", en="The list has changed"),
    "print": Text(vi="In trang này", en="Print this page"),
    "no_deadline": Text(vi="không có hạn", en="no deadline"),
    "answer_by": Text(vi="Hạn trả lời", en="Answer by"),
    "unit": Text(vi="Đơn vị", en="Unit"),
    "case": Text(vi="Vụ việc", en="Case"),
    "priority": Text(vi="Mức ưu tiên", en="Priority"),
    "digest": Text(vi="Dấu của yêu cầu", en="Fingerprint of the request"),
    "all_good": Text(vi="Đạt cả {count} bước", en="All {count} steps passed"),
    "steps": Text(vi="Xem từng bước", en="Show each step"),
    "right": Text(vi="Đúng phải là: {right}", en="What would be right: {right}"),
    "failed_here": Text(vi="Không đạt: {step}", en="Failed: {step}"),
    "row_unknown": Text(vi="Điều khoản của yêu cầu", en="Provision of the request"),
    "coverage": Text(
        vi="Phạm vi của trả lời (không bắt buộc)", en="What the answer covers (optional)"
    ),
    "required": Text(vi="bắt buộc", en="required"),
    "choose": Text(vi="Chọn một lý do", en="Choose a reason"),
    "explain": Text(vi="Giải thích", en="Explanation"),
    "explain_help": Text(
        vi="Bắt buộc khi phản đối về pháp lý. Lời này gửi cho bên hỏi dưới dạng mã hóa, kèm tên bạn.",
        en="Needed for a legal objection. These words go to the asker, encrypted, with your name.",
    ),
    "you_agreed": Text(
        vi="Bạn đã đồng ý. Yêu cầu này đợi một người khác của đơn vị.",
        en="You have agreed. This request waits for another person of this member.",
    ),
    "first_person": Text(vi="Người thứ nhất", en="First person"),
    "second_person": Text(vi="Người thứ hai", en="Second person"),
    "agreed_at": Text(vi="{name} đồng ý lúc {at}", en="{name} agreed at {at}"),
    "not_yet": Text(vi="chưa có", en="not yet"),
    "one_of_two": Text(vi="Đã có 1 trong 2 người đồng ý", en="1 of 2 persons has agreed"),
    "agree": Text(vi="Đồng ý (còn cần một người khác)", en="Agree (another person is needed)"),
    "agree_second": Text(
        vi="Đồng ý, thực hiện và gửi trả lời", en="Agree, do it and send the answer"
    ),
    "effective": Text(
        vi="Hệ thống lõi sẽ kiểm tra sổ sách rồi thực hiện khi bạn bấm nút. Xem trang này không động vào tài khoản.",
        en="The core system checks its books and acts when you press the button. Reading this page touches no account.",
    ),
    "receipt": Text(vi="Biên nhận", en="Receipt"),
    "said_answered": Text(vi="Đã trả lời lúc {at}", en="Answered at {at}"),
    "said_refused": Text(vi="Đã từ chối lúc {at}: {reason}", en="Refused at {at}: {reason}"),
    "said_clarifying": Text(
        vi="Đã hỏi lại bên yêu cầu lúc {at}; đang chờ trả lời",
        en="Asked back at {at}; waiting for the reply",
    ),
    "said_partial": Text(vi="Đã trả lời một phần", en="Answered in part"),
    "said_clarify": Text(vi="Đã hỏi lại bên yêu cầu", en="Asked the asker back"),
    "said_clarification": Text(vi="Bên yêu cầu làm rõ", en="The asker's clarification"),
    "said_dispute": Text(
        vi="Bên yêu cầu đề nghị xem lại trả lời", en="The asker disputes the answer"
    ),
    "lines_sent": Text(vi="Kèm {count} dòng.", en="With {count} lines."),
    "so_far": Text(vi="Đã trao đổi", en="Said so far"),
    "send_part": Text(vi="Gửi một phần, còn bổ sung", en="Send as a part; more follows"),
    "part_help": Text(
        vi="Trả lời một phần phải ghi phần còn thiếu và lúc dự kiến có; yêu cầu ở lại danh sách, thời hạn vẫn chạy.",
        en="A partial answer says what is missing and when it is expected; the request stays in the list and its clock runs on.",
    ),
    "ask_back": Text(vi="Hỏi lại bên yêu cầu", en="Ask the asker back"),
    "law": Text(vi="Điều luật viện dẫn", en="Article relied on"),
    "elsewhere": Text(vi="Nơi đang quản lý", en="Who holds it"),
    "elsewhere_help": Text(
        vi="Chỉ dùng với lý do “Không do đơn vị này quản lý”; để trống nếu không biết.",
        en="Only with the reason “Not held by this member but by another”; leave empty when unknown.",
    ),
    "said_by_software": Text(vi="hệ thống tự trả lời", en="by software"),
    "mark": Text(vi="Dấu của trả lời", en="Fingerprint of the answer"),
    "posted": Text(vi="Trung tâm đã xác nhận.", en="The centre has confirmed it."),
    "to_post": Text(vi="Đang gửi đến trung tâm.", en="On its way to the centre."),
    "cancelled": Text(vi="Bên hỏi đã hủy yêu cầu.", en="The asker has cancelled the request."),
    "waits_software": Text(
        vi="Hệ thống đang xử lý yêu cầu này.", en="Software is working on this request."
    ),
    "pause_ended": Text(vi="Tạm dừng", en="Pause"),
    "hold_ended": Text(vi="Tạm giữ", en="Hold"),
    "correct_below": Text(vi="Hãy sửa các mục sau.", en="Correct these fields."),
    "language": Text(vi="Ngôn ngữ", en="Language"),
}
PRIORITIES = {
    "P0": Text(vi="Khẩn cấp (giờ vàng)", en="Emergency (golden hour)"),
    "P1": Text(vi="Gấp", en="Urgent"),
    "P2": Text(vi="Bình thường", en="Normal"),
    "P3": Text(vi="Không gấp", en="Low"),
}
REASON_WORDS = {
    "OUT_OF_SCOPE": Text(
        vi="Ngoài phạm vi của căn cứ pháp lý", en="Outside what the legal basis covers"
    ),
    "LEGAL_OBJECTION": Text(
        vi="Phản đối về pháp lý (phải giải thích)", en="Legal objection (explanation needed)"
    ),
    "DECLINED": Text(vi="Đơn vị không thực hiện", en="This member declines"),
    "NOT_FOUND": Text(vi="Không tìm thấy điều được hỏi", en="What is asked about was not found"),
    "NOT_HOLDER": Text(
        vi="Không do đơn vị này quản lý", en="Not held by this member but by another"
    ),
    "NOT_HELD": Text(vi="Đơn vị không giữ", en="Not held here"),
    "TOO_BROAD": Text(vi="Hỏi quá rộng, cần thu hẹp", en="Too broad; it must be narrowed"),
    "RETENTION_PASSED": Text(
        vi="Đã quá thời hạn lưu giữ", en="The time of keeping records has passed"
    ),
    "TECHNICAL": Text(vi="Lỗi kỹ thuật", en="Technical fault"),
    "MANDATE_UNKNOWN": Text(vi="Căn cứ không có trong danh mục", en="Unknown legal basis"),
    "MANDATE_EXPIRED": Text(vi="Căn cứ hết hiệu lực", en="The legal basis is no longer in force"),
    "NOT_ADOPTED": Text(vi="Căn cứ chưa được chấp nhận dùng", en="The legal basis is not adopted"),
    "STAGE_NOT_PERMITTED": Text(
        vi="Giai đoạn tố tụng không cho phép", en="Not permitted at this stage of the case"
    ),
    "SIGNERS_INSUFFICIENT": Text(vi="Thiếu chữ ký cần có", en="Required signatures are missing"),
    "AMOUNT_OVER_CAP": Text(vi="Số tiền vượt mức", en="The sum is above the bound"),
    "LEASE_TOO_LONG": Text(vi="Thời hạn quá dài", en="The term is too long"),
    "ASKER_NOT_ALLOWED": Text(vi="Bên hỏi không có quyền hỏi", en="The asker may not ask this"),
    "PROTECTED_SUBJECT": Text(vi="Đối tượng được bảo vệ", en="The subject is protected"),
    "DUPLICATE": Text(vi="Trùng với yêu cầu trước", en="Same as an earlier request"),
    "CONFLICTING_ORDER": Text(vi="Trái với lệnh đang có", en="Conflicts with a standing order"),
    "TOO_LARGE": Text(vi="Quá lớn", en="Too large"),
}


def word(name: str, lang: str) -> str:
    """One of the desk's words."""
    return WORDS[name].in_(lang)


def why(reason: str, lang: str) -> str:
    """Why an ask waits for a person."""
    return WHY[reason].in_(lang) if reason in WHY else reason


def priority(code: str, lang: str) -> str:
    """How urgent an ask is."""
    return PRIORITIES[code].in_(lang) if code in PRIORITIES else code


def refusal(code: str, lang: str) -> str:
    """A reason for saying no."""
    return REASON_WORDS[code].in_(lang) if code in REASON_WORDS else code


def span(seconds: int, lang: str) -> str:
    """How long: `23 giờ 57 phút`, `2 ngày 3 giờ`; under a minute, seconds."""
    seconds = abs(seconds)
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    day, hour, minute, second = (
        ("ngày", "giờ", "phút", "giây") if lang == "vi" else ("d", "h", "min", "s")
    )
    if days:
        return f"{days} {day} {hours} {hour}" if hours else f"{days} {day}"
    if hours:
        return f"{hours} {hour} {minutes} {minute}" if minutes else f"{hours} {hour}"
    return f"{minutes} {minute}" if minutes else f"{seconds} {second}"


def time_left(seconds: int, lang: str) -> str:
    """`còn 23 giờ 57 phút`, `quá hạn 5 phút`."""
    if lang == "vi":
        return f"quá hạn {span(seconds, lang)}" if seconds < 0 else f"còn {span(seconds, lang)}"
    return f"{span(seconds, lang)} overdue" if seconds < 0 else f"{span(seconds, lang)} left"
