"""What a report's doors refuse. A report itself is never refused (BLTTHS Art. 144-145)."""

from typing import ClassVar

from lachan.kernel.errors import LachanError, Text


class ReportError(LachanError):
    """Root of this context's errors."""


class PhoneCodeWrong(ReportError):
    """The code from the telephone did not match or has expired; the report is kept."""

    code: ClassVar[str] = "reports.phone_code"
    rule: ClassVar[str] = "6 digits, 5 minutes, 5 tries"
    text: ClassVar[Text] = Text(
        vi="Mã không đúng hoặc đã hết hạn; tin báo vẫn được giữ. Còn {left} lần thử; mã mới được gửi sau 60 giây.",
        en="The code is wrong or has expired; the report is kept. {left} tries left; a new code can be sent after 60 seconds.",
    )
    left: int


class RateLimited(ReportError):
    """Too many tries; says when to come back."""

    code: ClassVar[str] = "reports.rate_limited"
    status: ClassVar[int] = 429
    text: ClassVar[Text] = Text(
        vi="Quá nhiều lần thử. Thử lại sau {minutes} phút, hoặc gọi đơn vị tiếp nhận.",
        en="Too many tries. Try again in {minutes} minutes, or call the unit that took the report.",
    )
    minutes: int


class NotFollowed(ReportError):
    """Wrong code and wrong second factor answer alike."""

    code: ClassVar[str] = "reports.not_followed"
    status: ClassVar[int] = 404
    text: ClassVar[Text] = Text(
        vi="Không tìm thấy tin báo với mã và bốn số này. Xem lại mã trên biên nhận và bốn số cuối điện thoại (hoặc số PIN).",
        en="No report with this code and these digits. Check the code on the receipt and the last four digits of the phone (or the PIN).",
    )


class AddingClosed(ReportError):
    """Seven days after it was sent, a report is added to through its unit."""

    code: ClassVar[str] = "reports.adding_closed"
    status: ClassVar[int] = 409
    text: ClassVar[Text] = Text(
        vi="Đã quá 7 ngày kể từ khi gửi. Gọi đơn vị tiếp nhận để bổ sung.",
        en="More than 7 days have passed since it was sent. Call the unit to add to it.",
    )


class EmptyReport(ReportError):
    """Nothing at all was given: neither a word nor a number to call back."""

    code: ClassVar[str] = "reports.empty"
    text: ClassVar[Text] = Text(
        vi="Chưa có nội dung. Viết một câu về việc đã xảy ra, hoặc để lại số điện thoại để được gọi lại.",
        en="Nothing was given yet. Write one sentence about what happened, or leave a number to be called back.",
    )


class EmptyAddition(ReportError):
    """An addition with nothing in it."""

    code: ClassVar[str] = "reports.empty_addition"
    text: ClassVar[Text] = Text(
        vi="Chưa có gì để bổ sung. Điền ít nhất một ô.",
        en="There is nothing to add yet. Fill in at least one field.",
    )


class HourUnreadable(ReportError):
    """A time that is not one, or that lies ahead."""

    code: ClassVar[str] = "reports.hour"
    text: ClassVar[Text] = Text(
        vi="“{given}” không phải giờ đã qua. Viết 14:05, hoặc 14:05 03/03/2026 (giờ Việt Nam).",
        en="“{given}” is not a time in the past. Write 14:05, or 14:05 03/03/2026 (Vietnam time).",
    )
    given: str


class AmountOutOfRange(ReportError):
    """Zero, or more money than moves in one transfer."""

    code: ClassVar[str] = "reports.amount_range"
    rule: ClassVar[str] = "1 to 10,000,000,000,000 đồng"
    text: ClassVar[Text] = Text(
        vi="“{given}” ngoài khoảng 1 đồng đến 10.000 tỷ đồng. Nhập đúng số tiền đã chuyển.",
        en="“{given}” is outside 1 đồng to 10,000 billion đồng. Enter the amount that was sent.",
    )
    given: str


class QrNotPayment(ReportError):
    """A QR code with something else in it."""

    code: ClassVar[str] = "reports.qr_not_payment"
    rule: ClassVar[str] = "VietQR (EMVCo, NAPAS A000000727)"
    text: ClassVar[Text] = Text(
        vi="Mã QR trong ảnh không phải mã chuyển tiền (VietQR). Hãy tự điền ngân hàng và số tài khoản.",
        en="The QR code in the picture is no payment code (VietQR). Please enter the bank and the account yourself.",
    )


class QrDamaged(ReportError):
    """A payment code whose check sum or fields do not fit."""

    code: ClassVar[str] = "reports.qr_damaged"
    rule: ClassVar[str] = "EMVCo check sum (CRC-16)"
    text: ClassVar[Text] = Text(
        vi="Mã QR bị hỏng hoặc đã bị sửa: số kiểm tra không khớp. Chụp lại, hoặc tự điền số tài khoản.",
        en="The QR code is damaged or was altered: its check sum does not fit. Take another picture, or enter the account yourself.",
    )


class PictureUnreadable(ReportError):
    """No picture, or none with a QR code that can be seen."""

    code: ClassVar[str] = "reports.picture_unreadable"
    rule: ClassVar[str] = "PNG, JPEG or WebP with one QR code"
    text: ClassVar[Text] = Text(
        vi="Không đọc được mã QR nào trong tệp này. Gửi ảnh PNG, JPEG hoặc WebP có một mã QR rõ nét, hoặc tự điền.",
        en="No QR code can be read in this file. Send a PNG, JPEG or WebP picture with one clear QR code, or enter it yourself.",
    )


class PictureTooLarge(ReportError):
    """More bytes or pixels than a telephone's picture has."""

    code: ClassVar[str] = "reports.picture_too_large"
    rule: ClassVar[str] = "10 MB; 50 million pixels of a JPEG, 20 million of others"
    text: ClassVar[Text] = Text(
        vi="Ảnh quá lớn. Chụp màn hình mã QR rồi gửi ảnh đó (tối đa 10 MB).",
        en="The picture is too large. Take a screenshot of the QR code and send that (10 MB at most).",
    )


class MessageUnreadable(ReportError):
    """A text in which no payment can be seen."""

    code: ClassVar[str] = "reports.message_unreadable"
    text: ClassVar[Text] = Text(
        vi="Không thấy số tiền hay tài khoản nhận nào trong tin nhắn. Dán nguyên tin nhắn trừ tiền của ngân hàng, hoặc tự điền.",
        en="No amount or payee account can be seen in the message. Paste the bank's whole debit message, or enter it yourself.",
    )


class MessageIncoming(ReportError):
    """A message about money that came in."""

    code: ClassVar[str] = "reports.message_incoming"
    text: ClassVar[Text] = Text(
        vi="Tin nhắn này báo tiền vào, không phải tiền chuyển đi. Dán tin nhắn trừ tiền, hoặc tự điền.",
        en="This message tells of money coming in, not of money sent. Paste the debit message, or enter it yourself.",
    )


class DraftNotFound(ReportError):
    """A wrong code, a wrong PIN, or a draft whose day is over: all alike."""

    code: ClassVar[str] = "reports.draft_not_found"
    status: ClassVar[int] = 404
    text: ClassVar[Text] = Text(
        vi="Không có bản nháp nào với mã và PIN này. Bản nháp chỉ được giữ 24 giờ.",
        en="There is no draft with this code and PIN. A draft is kept for 24 hours only.",
    )
