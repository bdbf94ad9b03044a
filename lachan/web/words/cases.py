"""Words of a case's board, timeline and next steps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lachan.web.words.word import Word

FLAGS: dict[str, Word] = {
    "abuse": (_("nghi báo tin lạm dụng"), "disputed"),
    "red_plan": (_("phương án đỏ"), "late"),
    "amber_plan": (_("phương án vàng"), "due"),
    "silent_bank": (_("ngân hàng im lặng"), "late"),
    "unit_head_told": (_("chỉ huy cần đôn đốc: nơi nhận im lặng"), "late"),
    "rows_not_adopted": (_("căn cứ chưa được chấp thuận"), "due"),
    "last_lease": (_("kỳ hạn cuối"), "due"),
    "no_shift": (_("chưa mở ca trực"), "late"),
    "needs_person": (_("chờ người quyết định"), "due"),
    "review": (_("có đề nghị xem xét"), "disputed"),
    "clarify": (_("bên nhận hỏi lại"), "due"),
    "objection": (_("có phản đối về pháp lý"), "disputed"),
    "appeal": (_("có đề nghị xem xét"), "disputed"),
    "never_block": (_("danh sách không chặn"), "due"),
    "order_uncertain": (_("thứ tự không chắc"), "due"),
    "narrow": (_("nên bỏ ra trước"), "due"),
    "needs_review": (_("chờ rà soát sau ca trực"), "due"),
}
ACTS: dict[str, Word] = {
    "take": (_("nhận vụ việc"), ""),
    "plan": (_("lập phương án"), ""),
    "replan": (_("lập lại phương án"), ""),
    "sign": (_("ký"), ""),
    "escalate": (_("báo cấp trên"), ""),
    "review": (_("xem xét đề nghị"), ""),
    "expand": (_("mở rộng thêm một bước"), ""),
    "wait": (_("chờ trả lời"), ""),
    "none": (_("không có việc"), ""),
}
TELLING: dict[str, Word] = {
    "started": (_("bắt đầu"), ""),
    "expanded": (_("đã mở rộng"), ""),
    "looked": (_("đã xem lại"), ""),
    "procedure": (_("giai đoạn tố tụng"), ""),
    "method": (_("phương pháp"), ""),
    "lead": (_("người giữ vụ"), ""),
    "identified": (_("đã xác định người"), ""),
    "settled": (_("đã quyết toán"), ""),
    "sums": (_("số liệu trả lời không khớp với số đã hỏi: phần tiền này chưa rõ"), ""),
    "position_changed": (_("trả lời theo một trạng thái sổ khác: phải truy vết lại"), ""),
    "branch": (_("tại quầy ngân hàng"), ""),
    "login": (_("đăng nhập ứng dụng ngân hàng"), ""),
}
SOURCES: dict[str, Word] = {"report": (_("tin báo"), "")}
TIMELINE: dict[str, Word] = {
    "report": (_("Tin báo"), ""),
    "report_added": (_("Bổ sung tin báo"), ""),
    "state": (_("Trạng thái"), ""),
    "role": (_("Phân công"), ""),
    "task": (_("Việc phải làm"), ""),
    "indicator": (_("Dấu hiệu"), ""),
    "link": (_("Liên kết"), ""),
    "leg": (_("Chặng tiền"), ""),
    "trace": (_("Truy vết"), ""),
    "plan": (_("Phương án"), ""),
    "hold": (_("Giữ tiền"), ""),
    "pause": (_("Tạm dừng"), ""),
    "sheet": (_("Phiếu ký"), ""),
    "signature": (_("Chữ ký"), ""),
    "notice": (_("Thông báo"), ""),
    "appeal": (_("Đề nghị xem xét"), ""),
    "review": (_("Đề nghị xem xét"), ""),
    "request": (_("Yêu cầu"), ""),
    "message": (_("Thư trao đổi"), ""),
    "answer": (_("Trả lời"), ""),
    "release": (_("Gỡ giữ tiền"), ""),
    "renew": (_("Gia hạn"), ""),
    "letter": (_("Công văn"), ""),
    "hand_over": (_("Bàn giao"), ""),
    "correction": (_("Đính chính"), ""),
    "escalation": (_("Báo cấp trên"), ""),
    "containment": (_("Chặn tiền"), ""),
    "ask": (_("Yêu cầu"), ""),
    "refusal": (_("Từ chối"), ""),
    "silence": (_("Im lặng"), ""),
    "clarify": (_("Bên nhận hỏi lại"), ""),
    "objection": (_("Phản đối về pháp lý"), ""),
}
