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
