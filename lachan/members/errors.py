"""What the register of members refuses.

MemberError
├── AddressUnfit, AddressTaken, UnknownMember, UnknownUnit     the row
├── StateNotAllowed, ConformanceMissing, SecondRegistrarNeeded  the member's life
├── NotEnrolled                                                a row without its agency's signature
├── LabelMissing, RegistrationUnread, SecurityKeyKnown          a security key is registered
├── RequestUnread, RowOfAnotherKey, NoSecurityKey               and enrolled
├── PassphraseWrong (Remembered), KeyUsedUp, KeyDamaged, NoKey   an officer's key
└── ShiftTooLong, ShiftOpen, NoShift                           the duty officer's shift
"""

from datetime import datetime
from uuid import UUID

from lachan.access.errors import Remembered
from lachan.kernel.errors import LachanError, Text


class MemberError(LachanError):
    """Root of this package's errors."""


class AddressUnfit(MemberError):
    """Not an address, or its class is not the member's kind."""

    code = "members.address"
    rule = "exchange.md §1"
    text = Text(
        vi="Địa chỉ “{given}” không đúng. Viết theo mẫu vn/bank/970436, lớp ở giữa trùng với loại thành viên.",
        en="The address “{given}” is not right. Write it like vn/bank/970436; the class equals the member's kind.",
    )
    given: str


class AddressTaken(MemberError):
    """An address is never used again."""

    code = "members.address_taken"
    status = 409
    text = Text(
        vi="Địa chỉ {address} đã dùng và không được dùng lại. Chọn địa chỉ khác.",
        en="The address {address} has been used and is never used again. Choose another.",
    )
    address: str


class UnknownMember(MemberError):
    """No member of that address."""

    code = "members.unknown"
    status = 404
    text = Text(vi="Không có thành viên {address}.", en="There is no member {address}.")
    address: str


class UnknownUnit(MemberError):
    """The member has no such unit."""

    code = "members.unknown_unit"
    status = 404
    text = Text(
        vi="Thành viên {address} không có đơn vị “{unit}”. Lập đơn vị trước.",
        en="The member {address} has no unit “{unit}”. Add the unit first.",
    )
    address: str
    unit: str


class StateNotAllowed(MemberError):
    """`APPLIED → TESTING → ACTIVE ⇄ SUSPENDED → LEFT`, and nothing else."""

    code = "members.state"
    status = 409
    rule = "exchange.md §1"
    text = Text(
        vi="Thành viên đang {now}, không chuyển sang {wanted} được. Từ đây chỉ chuyển sang: {right}.",
        en="The member is {now} and cannot become {wanted}. From here it may become: {right}.",
    )
    now: str
    wanted: str
    right: str


class ConformanceMissing(MemberError):
    """TESTING becomes ACTIVE on a passed conformance report; a demonstration may waive it, marked."""

    code = "members.conformance"
    text = Text(
        vi="Cần mã băm của báo cáo thử nghiệm đạt. Chỉ bản trình diễn mới được bỏ qua, có ghi rõ.",
        en="The hash of a passed conformance report is needed. Only a demonstration may waive it, and says so.",
    )


class NotEnrolled(MemberError):
    """A row that its own agency (or the root) did not sign is never entered."""

    code = "members.not_enrolled"
    status = 403
    rule = "exchange.md §1"
    text = Text(
        vi="Dòng này thiếu chữ ký ghi danh của chính cơ quan {address}. Cơ quan ký bằng khóa ghi danh của mình rồi gửi lại.",
        en="This row lacks the enrolment signature of {address} itself. The agency signs it with its enrolment key and sends it again.",
    )
    address: str


class LabelMissing(MemberError):
    """Keys are told apart by the names that their owner gave them."""

    code = "members.security_key_label"
    text = Text(
        vi="Đặt tên cho khóa, từ 1 đến {most} ký tự, để phân biệt với khóa khác của bạn.",
        en="Name the key, 1 to {most} characters, to tell it from your others.",
    )
    most: int


class RegistrationUnread(MemberError):
    """Not the answer to what was asked, or no person was verified."""

    code = "members.security_key"
    rule = "WebAuthn Level 2 §7.1"
    text = Text(
        vi="Khóa bảo mật chưa được đăng ký: câu trả lời không đúng hoặc đã quá 5 phút. Bấm đăng ký lại, chạm khóa và nhập mã PIN hoặc vân tay của khóa.",
        en="The security key was not registered: the answer is wrong or older than 5 minutes. Register again, touch the key and enter its PIN or fingerprint.",
    )


class SecurityKeyKnown(MemberError):
    """A key is registered once and enrolled once."""

    code = "members.security_key_known"
    status = 409
    text = Text(
        vi="Khóa bảo mật này đã có trong hệ thống. Dùng một khóa khác, hoặc dùng khóa đã đăng ký.",
        en="This security key is known already. Take another, or use the one that is registered.",
    )


class RequestUnread(MemberError):
    """Not a request for enrolment, or altered since it was made."""

    code = "members.key_request"
    text = Text(
        vi="Tệp không phải phiếu đề nghị ghi danh khóa bảo mật, hoặc đã bị sửa. Tải lại phiếu ở trang Hồ sơ.",
        en="The file is no request to enrol a security key, or it was altered. Take it anew from the page Profile.",
    )


class RowOfAnotherKey(MemberError):
    """The file is no key row, or the row of something else."""

    code = "members.security_key_row"
    text = Text(
        vi="Tệp không phải dòng ghi danh của khóa này. Nộp đúng tệp mà cơ quan đã ký từ phiếu đề nghị của khóa này.",
        en="The file is not this key's row. Hand in the file that the agency signed from this key's request.",
    )


class NoSecurityKey(MemberError):
    """No key of that name that the agency enrolled, in its period, for this place."""

    code = "members.no_security_key"
    status = 409
    text = Text(
        vi="Khóa bảo mật này chưa được cơ quan ghi danh, đã hết hạn hoặc bị thu hồi. Xem trang Hồ sơ.",
        en="This security key is not enrolled by the agency yet, out of its period or revoked. See the page Profile.",
    )


class PassphraseWrong(MemberError, Remembered):
    """The signing passphrase or the code is wrong, or the code was used; counted like a sign-in."""

    code = "members.passphrase"
    status = 403
    text = Text(
        vi="Mật khẩu ký hoặc mã không đúng, hoặc mã đã dùng rồi. Chờ mã tiếp theo; chưa có gì được ký.",
        en="The signing passphrase or the code is wrong, or the code was used. Wait for the next; nothing was signed.",
    )
    officer: UUID | None = None

    def remember(self, at: datetime) -> None:  # noqa: ARG002 - tries are counted by the machine's clock
        """One more wrong try of this officer."""
        from lachan.members.unlocking import note_wrong_try  # noqa: PLC0415 - errors load without records

        if self.officer is not None:
            note_wrong_try(self.officer)


class KeyUsedUp(MemberError):
    """One unlock signs one sheet."""

    code = "members.key_used"
    status = 409
    text = Text(
        vi="Khóa đã dùng cho phiếu ký trước. Nhập lại mật khẩu ký và mã mới.",
        en="The key was used for the sheet before. Enter the passphrase and a new code.",
    )


class KeyDamaged(MemberError):
    """A stored secret does not open: it was altered, or the data folder is not its own."""

    code = "members.key_damaged"
    status = 500
    text = Text(
        vi="Không mở được khóa lưu {name}. Khôi phục cơ sở dữ liệu và thư mục dữ liệu từ cùng một bản sao lưu.",
        en="The stored key {name} does not open. Restore database and data folder from one and the same backup.",
    )
    name: str


class NoKey(MemberError):
    """No key of that use is valid now."""

    code = "members.no_key"
    status = 409
    text = Text(
        vi="{holder} không có khóa {use} còn hiệu lực. Ghi danh khóa mới.",
        en="{holder} has no valid key for {use}. Enrol a new one.",
    )
    holder: str
    use: str


class ShiftTooLong(MemberError):
    """A shift lasts 12 hours at most."""

    code = "members.shift_length"
    rule = "PT12H"
    text = Text(
        vi="Ca trực dài từ 1 đến 12 giờ; đã nhập {given}.",
        en="A shift lasts 1 to 12 hours; {given} were entered.",
    )
    given: int


class ShiftOpen(MemberError):
    """The unit has a shift open."""

    code = "members.shift_open"
    status = 409
    text = Text(
        vi="Đơn vị đang có ca trực mở đến {until}. Đóng ca đó trước.",
        en="The unit has a shift open until {until}. Close it first.",
    )
    until: str


class NoShift(MemberError):
    """No such shift is open."""

    code = "members.no_shift"
    status = 404
    text = Text(vi="Không có ca trực nào đang mở.", en="No shift is open.")
