"""Words of the money's trail and of the plan to hold it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lachan.web.words.word import Word

METHODS: dict[str, Word] = {
    "fifo": (_("vào trước ra trước (FIFO)"), ""),
    "lifo": (_("vào sau ra trước (LIFO)"), ""),
    "haircut": (_("theo tỷ lệ (haircut)"), ""),
    "libr": (_("số dư thấp nhất (LIBR)"), ""),
    "tainted_first": (_("tiền bẩn ra trước"), ""),
    "poison": (_("lan toàn bộ (chỉ để dò)"), ""),
}
HOLDERS: dict[str, Word] = {
    "person": (_("cá nhân"), ""),
    "natural": (_("cá nhân"), ""),
    "company": (_("tổ chức"), ""),
    "organisation": (_("tổ chức"), ""),
    "merchant": (_("điểm bán hàng"), ""),
    "biller": (_("đơn vị thu hộ"), ""),
    "transit": (_("tài khoản trung chuyển"), ""),
    "exit": (_("lối ra"), ""),
    "unknown": (_("chưa rõ"), ""),
    "account": (_("tài khoản"), ""),
    "wallet": (_("ví điện tử"), ""),
    "linked": (_("tài khoản liên kết"), ""),
}
LEFT_OUT: dict[str, Word] = {
    "low_value": (_("dưới mức tối thiểu, chỉ ghi chú cho ngân hàng"), ""),
    "harm": (_("nguy cơ chạm người ngoài cuộc từ 30 % trở lên"), ""),
    "likely_bystander": (_("nguy cơ chạm người ngoài cuộc từ 30 % trở lên"), ""),
    "never_block": (_("thuộc danh sách không chặn"), ""),
    "merchant": (_("điểm bán hàng"), ""),
    "transit": (_("tài khoản trung chuyển"), ""),
    "exit": (_("tiền đã ra ngoài"), ""),
    "no_balance": (_("không còn số dư"), ""),
    "held": (_("đã được giữ"), ""),
    "nothing_left": (_("tiền đã đi khỏi"), ""),
    "not_answered": (_("ngân hàng chưa trả lời"), ""),
    "no_link": (_("không chắc là tiền này"), ""),
    "low_share": (_("tiền bị lừa dưới 1 % tiền vào 30 ngày"), ""),
    "other_cases": (_("vụ khác đã giữ hết"), ""),
    "no_loss_left": (_("thiệt hại đã được giữ đủ"), ""),
    "not_chosen": (_("không được chọn"), ""),
    "forecast": (_("nguy cơ chạm người ngoài cuộc từ 30 % trở lên"), ""),
    "person": (_("cán bộ bỏ ra, có lý do"), ""),
    "chosen": (_("cán bộ bỏ ra, có lý do"), ""),
}
REASONS: dict[str, Word] = {
    "layer": (_("chặng"), ""),
    "merchant": (_("điểm bán hàng hoặc thu hộ"), ""),
    "protected_inflow": (_("có lương, lương hưu, trợ cấp"), ""),
    "settled_business": (_("mở trên 2 năm, nhiều người trả tiền"), ""),
    "small_share": (_("tiền bị lừa dưới 5 %"), ""),
    "wide_range": (_("năm phương pháp khác nhau xa"), ""),
    "low_kappa": (_("độ tin cậy thấp"), ""),
    "pass_through": (_("chuyển đi trên 80 % trong 60 phút"), ""),
    "fresh_mule": (_("tài khoản mới, phần lớn là tiền bị lừa"), ""),
    "two_cases": (_("có trong từ 2 vụ"), ""),
    "registry_corroborated": (_("danh sách nghi ngờ: có đối chiếu"), ""),
    "registry_confirmed": (_("danh sách nghi ngờ: đã xác nhận"), ""),
}
EXITS: dict[str, Word] = {
    "cash": (_("tiền mặt"), ""),
    "merchant": (_("điểm bán hàng"), ""),
    "vasp": (_("sàn tiền mã hóa"), ""),
    "foreign": (_("nước ngoài"), ""),
    "other": (_("nơi khác"), ""),
}
EXTENTS: dict[str, Word] = {
    "full": (_("đủ số tiền"), "done"),
    "partial": (_("một phần số tiền"), "due"),
    "zero": (_("không còn tiền"), "late"),
}
STOPS: dict[str, Word] = {
    "stop_rule": (_("Phương án vượt mức gây hại cho người ngoài cuộc. Phải thu hẹp trước khi ký."), ""),
    "holds.stop_rule": (_("Phương án vượt mức gây hại cho người ngoài cuộc. Phải thu hẹp trước khi ký."), ""),
}  # fmt: skip
NEVER_BLOCK: dict[str, Word] = {
    "": (_("không thuộc danh sách"), ""),
    "hard": (_("thuộc danh sách không chặn: không được giữ"), "late"),
    "soft": (_("thuộc danh sách phải nêu lý do"), "due"),
}
