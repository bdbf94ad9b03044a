"""What moved on this account? A statement whose lines can be shown one by one (CĐ 29/CĐ-TTg 2025, mục 4 điểm b)."""

from typing import Annotated

from msgspec import Meta

from lachan.exchange.fields import (
    MAX_DONG,
    AccountText,
    BankCode,
    Choice,
    Count,
    Dong,
    IpText,
    Line,
    Reference,
    Widget,
    WireTime,
    Words,
    about,
)
from lachan.exchange.kinds import (
    AllOf,
    Answer,
    Auto,
    Due,
    Elapsed,
    MessageKind,
    Question,
    Row,
    WorkingDays,
)
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role

Balance = Annotated[int, Meta(ge=-MAX_DONG, le=MAX_DONG), Widget("signed")]  # may be overdrawn


class Direction(Choice):
    CREDIT = "CRDT", "Ghi có", "Credit"
    DEBIT = "DBIT", "Ghi nợ", "Debit"


class FaceCheck(Choice):
    """Whether the payer's face was checked (Decision 2345/QĐ-NHNN)."""

    YES = "YES", "Có xác thực sinh trắc học", "Checked"
    NO = "NO", "Không", "Not checked"
    UNKNOWN = "UNKNOWN", "Không rõ", "Unknown"


class Ask(Question, frozen=True, kw_only=True):
    account: Annotated[AccountText, about("Tài khoản", "Account", "S")]
    since: Annotated[WireTime, about("Từ", "From", "S")]
    until: Annotated[WireTime, about("Đến", "To", "S")]
    min_amount: Annotated[
        Dong | None, about("Chỉ giao dịch từ", "Only transfers of at least", "S")
    ] = None
    reason: Annotated[Words | None, about("Lý do", "Reason", "X")] = None


class Reply(Answer, frozen=True, kw_only=True):
    account: Annotated[AccountText, about("Tài khoản", "Account", "S")]


class StatementLine(Row, frozen=True, kw_only=True):
    """As an entry of camt.053; the balance may be below zero."""

    id: Annotated[Reference, about("Mã giao dịch", "Reference", "S")]
    seq: Annotated[Count, about("Thứ tự ghi sổ", "Booking order", "S")]
    time: Annotated[WireTime, about("Lúc", "Time", "S")]
    direction: Annotated[Direction, about("Chiều", "Direction", "S")]
    amount: Annotated[Dong, about("Số tiền", "Amount", "S")]
    balance: Annotated[Balance | None, about("Số dư sau", "Balance after", "S")] = None
    other_bank: Annotated[BankCode | None, about("Ngân hàng đối ứng", "Other bank", "S")] = None
    other_account: Annotated[Line | None, about("Tài khoản đối ứng", "Other account", "S")] = None
    other_name: Annotated[Line | None, about("Tên đối ứng", "Other party's name", "S")] = None
    channel: Annotated[Line | None, about("Kênh", "Channel", "S")] = None
    ip: Annotated[IpText | None, about("Địa chỉ IP", "IP address", "S")] = None
    device: Annotated[Line | None, about("Thiết bị", "Device", "S")] = None
    face: Annotated[FaceCheck, about("Sinh trắc học", "Biometric check", "S")] = FaceCheck.UNKNOWN


KIND = MessageKind(
    name="provide_statement",
    title=Text(vi="Cung cấp sao kê tài khoản", en="Account statement"),
    ask=Ask,
    answer=Reply,
    rows=StatementLine,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.BLTTHS.88", "VN.LCTCTD.13"),),
    due=Due(golden_hour=Elapsed(hours=1), otherwise=WorkingDays(2)),
    auto=Auto.CONDITIONAL,
    auto_only_p0=True,
    anchored=True,
    standard="auth.002 + camt.053/052",
)
