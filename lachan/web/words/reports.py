"""Words of a victim's report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lachan.web.words.word import Word

CHANNELS: dict[str, Word] = {
    "WEB": (_("trang web"), ""),
    "PHONE": (_("điện thoại"), ""),
    "BANK_DESK": (_("quầy ngân hàng"), ""),
    "POLICE": (_("trụ sở công an"), ""),
    "BULK": (_("tệp"), ""),
    "API": (_("máy gửi máy"), ""),
}
RAILS: dict[str, Word] = {
    "BANK": (_("chuyển khoản ngân hàng"), ""),
    "WALLET": (_("ví điện tử"), ""),
    "CARD": (_("thẻ"), ""),
    "CASH": (_("tiền mặt"), ""),
    "CRYPTO": (_("tiền mã hóa"), ""),
    "GIFT_CARD": (_("thẻ quà tặng, thẻ cào"), ""),
}
SECRETS: dict[str, Word] = {
    "OTP": (_("mã OTP"), ""),
    "PASSWORD": (_("mật khẩu, mã PIN"), ""),
    "ID_PHOTO": (_("ảnh căn cước"), ""),
}
CONTACTS: dict[str, Word] = {
    "PHONE": (_("số điện thoại"), ""),
    "URL": (_("đường liên kết"), ""),
    "DOMAIN": (_("tên miền"), ""),
    "HANDLE": (_("tài khoản mạng xã hội"), ""),
}
WITHHELD: dict[str, Word] = {
    "NO_TRANSFER": (_("Chưa đủ tài khoản gửi, tài khoản nhận, số tiền và giờ chuyển để gửi yêu cầu."), ""),
    "PHONE_NOT_CONFIRMED": (_("Chờ bạn xác nhận số điện thoại bằng mã."), ""),
    "TOO_OLD": (_("Tiền đã chuyển quá 72 giờ: cán bộ sẽ xem và quyết định."), ""),
    "TOO_SMALL": (_("Số tiền dưới 500.000 ₫: cán bộ sẽ xem và quyết định."), ""),
    "COMMERCIAL_DISPUTE": (_("Có thể là tranh chấp mua bán: cán bộ sẽ xem trong 24 giờ."), ""),
    "NEVER_BLOCK": (_("Tài khoản nhận thuộc danh sách không chặn: cán bộ sẽ xem và quyết định."), ""),
}  # fmt: skip
# What the reporter reads of the state of a report, in plain words.
REPORT_STATES: dict[str, Word] = {
    "RECEIVED": (_("Đã nhận, đang xem xét"), "running"),
    "CLASSIFIED": (_("Đã lập vụ việc, đang truy tìm tiền"), "running"),
    "ACCEPTED": (_("Đã thụ lý, đang xác minh"), "running"),
    "TRANSFERRED": (_("Đã chuyển cơ quan khác giải quyết"), "running"),
    "INFO_ONLY": (_("Lưu để tham khảo"), "waiting"),
    "DECIDED": (_("Đã có quyết định, xem văn bản gửi đến bạn"), "done"),
}
PLANTED: dict[str, Word] = {
    "name": (_("Họ tên"), ""),
    "phone": (_("Điện thoại"), ""),
    "citizen_id": (_("Số định danh (12 chữ số)"), ""),
    "from_bank": (_("Từ ngân hàng"), ""),
    "from_account": (_("Từ tài khoản"), ""),
    "to_bank": (_("Đến ngân hàng"), ""),
    "to_account": (_("Đến tài khoản"), ""),
    "payee_name": (_("Tên đã hiện"), ""),
    "amount": (_("Số tiền"), ""),
    "at": (_("Giờ chuyển (giờ Việt Nam)"), ""),
    "at_wire": (_("Giờ chuyển (UTC)"), ""),
    "contact_phone": (_("Số điện thoại của đối tượng"), ""),
    "contact_domain": (_("Tên miền của đối tượng"), ""),
    "contact_url": (_("Đường liên kết, trang web"), ""),
}
