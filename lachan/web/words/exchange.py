"""Words of requests: their kinds, steps, refusals, and the law that they stand on."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from lachan.exchange.kinds import all_kinds
from lachan.kernel.errors import Text
from lachan.web.language import lang
from lachan.web.words.word import Word


def _title(text: Text) -> str:
    return text.in_(lang())


_said = lazy(_title, str)
_SHORT: dict[str, Word] = {
    "pause": (_("tạm dừng giao dịch"), ""),
    "hold": (_("giữ tiền"), ""),
    "renew": (_("gia hạn"), ""),
    "release": (_("gỡ giữ tiền"), ""),
    "trace_credit": (_("theo dấu khoản tiền"), ""),
    "confirm_transfer": (_("xác nhận giao dịch"), ""),
    "find_my_transfer": (_("tìm giao dịch của bị hại"), ""),
    "recall_funds": (_("tra soát, thu hồi"), ""),
    "notify_holder": (_("thông báo cho chủ tài khoản"), ""),
    "identify_subscriber": (_("cung cấp thông tin thuê bao"), ""),
    "identify_domain_holder": (_("cung cấp thông tin chủ tên miền"), ""),
    "take_down": (_("gỡ nội dung"), ""),
    "ask": (_("yêu cầu thông tin"), ""),
    "shift": (_("ca trực"), ""),
    "test": (_("thử kết nối"), ""),
}
KINDS: dict[str, Word] = {
    **{name: (_said(one.title), "") for name, one in all_kinds().items()},
    **_SHORT,  # within a sentence
}
NOT_SENT: dict[str, Word] = {
    "NOT_ADOPTED": (_("căn cứ chưa được chấp thuận"), ""),
    "NO_SHIFT": (_("chưa mở ca trực"), ""),
    "NO_MEMBER": (_("nơi mở tài khoản chưa tham gia"), ""),
    "exchange.evidence_stopped": (_("đã dừng nhận yêu cầu mới: chưa có dấu thời gian"), "late"),
}
LAW: dict[str, Word] = {
    "verified": (_("đã đối chiếu văn bản"), "done"),
    "unverified": (_("chưa đối chiếu văn bản"), "due"),
    "not_adopted": (_("chưa được chấp thuận áp dụng"), "late"),
}
STAGES: dict[str, Word] = {
    "report": (_("giải quyết tin báo"), ""),
    "verify": (_("kiểm tra, xác minh nguồn tin"), ""),
    "investigate": (_("điều tra"), ""),
    "prosecuted": (_("sau khởi tố"), ""),
    "trial": (_("xét xử"), ""),
    "enforce": (_("thi hành án"), ""),
    "none": (_("không theo giai đoạn"), ""),
    "any": (_("mọi giai đoạn"), ""),
}
SIGNINGS: dict[str, Word] = {
    "approved": (_("đã duyệt"), ""),
    "drafted": (_("đã soạn"), ""),
    "standing": (_("khóa thường trực, không có người bấm"), ""),
    "procuracy_approved": (_("viện kiểm sát phê chuẩn"), ""),
}
STEPS: dict[str, Word] = {
    "ask": (_("yêu cầu"), ""),
    "answer": (_("trả lời"), ""),
    "partial": (_("trả lời một phần"), ""),
    "refusal": (_("từ chối"), ""),
    "refuse": (_("từ chối"), ""),
    "clarification": (_("làm rõ"), ""),
    "dispute": (_("đề nghị xem lại"), ""),
    "acknowledge": (_("xác nhận đã nhận"), ""),
    "receipt": (_("biên nhận"), ""),
    "notice": (_("thông báo"), ""),
    "cancel": (_("hủy"), ""),
    "clarify": (_("hỏi lại"), ""),
}
REFUSALS: dict[str, Word] = {
    "OUT_OF_SCOPE": (_("ngoài phạm vi của căn cứ"), ""),
    "MANDATE_UNKNOWN": (_("bên nhận không biết căn cứ này"), ""),
    "MANDATE_EXPIRED": (_("căn cứ đã hết hiệu lực"), ""),
    "NOT_ADOPTED": (_("căn cứ chưa được chấp thuận"), ""),
    "STAGE_NOT_PERMITTED": (_("giai đoạn tố tụng chưa cho phép"), ""),
    "SIGNERS_INSUFFICIENT": (_("thiếu chữ ký mà căn cứ đòi hỏi"), ""),
    "AMOUNT_OVER_CAP": (_("số tiền vượt mức của căn cứ"), ""),
    "LEASE_TOO_LONG": (_("thời hạn dài hơn mức cho phép"), ""),
    "ASKER_NOT_ALLOWED": (_("bên yêu cầu không có thẩm quyền"), ""),
    "TOO_BROAD": (_("hỏi quá rộng"), ""),
    "PROTECTED_SUBJECT": (_("thuộc danh sách không chặn"), ""),
    "DUPLICATE": (_("trùng với một yêu cầu đã có"), ""),
    "CONFLICTING_ORDER": (_("trái với một yêu cầu đang có hiệu lực"), ""),
    "LEGAL_OBJECTION": (_("có ý kiến về pháp luật"), ""),
    "TOO_LARGE": (_("quá lớn"), ""),
    "DECLINED": (_("không thực hiện"), ""),
    "NOT_FOUND": (_("không tìm thấy"), ""),
    "NOT_HOLDER": (_("không quản lý tài khoản, số hay tên miền này"), ""),
    "NOT_HELD": (_("không còn giữ"), ""),
    "RETENTION_PASSED": (_("quá thời hạn lưu"), ""),
    "TECHNICAL": (_("lỗi kỹ thuật bên nhận"), ""),
    "LOW_SHARE": (_("phần tiền bị lừa quá nhỏ so với tiền vào"), ""),
}
LEVELS: dict[str, Word] = {  # whom lateness has been told (exchange.md §4)
    "L0": (_("bàn tiếp nhận"), ""),
    "L1": (_("trưởng bàn tiếp nhận"), ""),
    "L2": (_("đầu mối của đơn vị và chỉ huy bên hỏi"), ""),
    "L3": (_("cơ quan quản lý của đơn vị"), ""),
}
PRIORITIES: dict[str, Word] = {
    "P0": (_("giờ vàng"), ""),
    "P1": (_("trong ngày"), ""),
    "P2": (_("thường"), ""),
    "P3": (_("hàng loạt"), ""),
}

ORDER_STANDINGS: dict[str, Word] = {
    "in_force": (_("Đang có hiệu lực"), "running"),
    "ended": (_("Đã hết hiệu lực"), "waiting"),
    "cancelled": (_("Đã bị hủy"), "late"),
    "replaced": (_("Đã được thay bằng văn bản khác"), "late"),
}
