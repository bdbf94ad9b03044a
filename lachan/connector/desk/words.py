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
    "fault": Text(vi="Lỗi khi xử lý tự động", en="The automatic answer failed"),
}


def word(name: str, lang: str) -> str:
    """One of the desk's words."""
    return WORDS[name].in_(lang)


def why(reason: str, lang: str) -> str:
    """Why an ask waits for a person."""
    return WHY[reason].in_(lang) if reason in WHY else reason
