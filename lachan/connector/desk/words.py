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
    "too_large": Text(
        vi="Trả lời có nhiều dòng hơn một văn bản chở được",
        en="More lines than one message can carry",
    ),
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
    "escalated": Text(vi="Báo trễ", en="Escalated"),
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
WORDS |= {
    "tasks": Text(vi="Cần làm trong hệ thống lõi", en="To be done in the core system"),
    "waits_hand": Text(
        vi="Chờ người thực hiện trong hệ thống lõi và xác nhận.",
        en="Waits for a person to do it in the core system and to confirm.",
    ),
    "task_asked": Text(vi="Số tiền theo lệnh", en="Sum of the order"),
    "task_amount": Text(
        vi="Số tiền cần thao tác, theo sổ của đơn vị", en="Sum to act on, by own ledger"
    ),
    "task_text": Text(vi="Nội dung báo cho chủ tài khoản", en="What the holder is told"),
    "task_converts": Text(
        vi="Lệnh này thay lệnh tạm dừng trước đó: giữ xong mới gỡ tạm dừng.",
        en="This order takes over an earlier pause: hold first, then lift the pause.",
    ),
    "task_lapsed": Text(
        vi="Lệnh trước đã hết hạn: gỡ toàn bộ phần còn giữ.",
        en="The earlier order has ended: lift all that it still holds.",
    ),
    "task_confirm": Text(
        vi="Xác nhận đã thực hiện trong hệ thống lõi", en="Confirm that it was done in the core"
    ),
    "task_send": Text(vi="Đã thực hiện, xác nhận", en="It is done: confirm"),
    "task_done": Text(
        vi="Đã xác nhận lúc {at}, mã hệ thống lõi {ref}",
        en="Confirmed at {at}, reference in the core {ref}",
    ),
    "task_withdrawn": Text(
        vi="Bên hỏi đã hủy yêu cầu: không thực hiện nữa. Nếu đã làm trong hệ thống lõi, hãy gỡ ra.",
        en="The asker has cancelled: not to be done any more. If it was done in the core, undo it there.",
    ),
    "task_over": Text(
        vi="Lệnh đã hết hạn: không thực hiện nữa.",
        en="The order has ended: not to be done any more.",
    ),
    "task_field_amount": Text(vi="Số tiền đã thao tác (đồng)", en="Sum really acted on (đồng)"),
    "task_help_amount": Text(
        vi="Ghi đúng số hệ thống lõi đã nhận; 0 nếu không còn tiền.",
        en="As the core took it; 0 when there was nothing.",
    ),
    "task_field_core_ref": Text(vi="Mã giao dịch của hệ thống lõi", en="The core's own reference"),
    "task_help_core_ref": Text(
        vi="Mã này đi kèm câu trả lời. Thời điểm của câu trả lời là lúc bạn xác nhận.",
        en="It goes with the answer. The answer's time is that of your confirmation.",
    ),
}
TASKS = {
    "pause": Text(vi="Tạm dừng tiền trong tài khoản", en="Pause money in an account"),
    "hold": Text(vi="Tạm giữ tiền trong tài khoản", en="Hold money in an account"),
    "renew": Text(vi="Gia hạn tạm giữ", en="Renew a hold"),
    "release": Text(vi="Gỡ tạm dừng, tạm giữ", en="Lift a pause or hold"),
    "notice": Text(vi="Báo cho chủ tài khoản", en="Tell the holder"),
}


def word(name: str, lang: str) -> str:
    """One of the desk's words."""
    return WORDS[name].in_(lang)


def task_title(action: str, lang: str) -> str:
    """What is to be done in the core."""
    return TASKS[action].in_(lang)


def why(reason: str, lang: str) -> str:
    """Why an ask waits for a person."""
    return WHY[reason].in_(lang) if reason in WHY else reason
