"""Who holds these accounts? Asked of a bank or e-wallet (CĐ 29/CĐ-TTg 2025, mục 4 điểm b)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import AccountText, Choice, Line, Msisdn, WireDay, Words, about
from lachan.exchange.kinds import (
    AllOf,
    Answer,
    Auto,
    Due,
    Elapsed,
    MessageKind,
    Question,
    WorkingDays,
)
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class IdType(Choice):
    CCCD = "CCCD", "Căn cước", "Citizen identity card"
    CMND = "CMND", "Chứng minh nhân dân", "Old identity card"
    PASSPORT = "PASSPORT", "Hộ chiếu", "Passport"
    BUSINESS = "BUSINESS", "Đăng ký kinh doanh", "Business registration"


class Status(Choice):
    OPEN = "OPEN", "Đang hoạt động", "Open"
    LOCKED = "LOCKED", "Bị khóa", "Locked"
    CLOSED = "CLOSED", "Đã đóng", "Closed"
    NOT_FOUND = "NOT_FOUND", "Không có", "Not found"


class Ask(Question, frozen=True, kw_only=True):
    accounts: Annotated[
        list[AccountText],
        Meta(min_length=1, max_length=50),
        about("Các tài khoản", "Accounts", "S"),
    ]
    reason: Annotated[Words | None, about("Lý do", "Reason", "X")] = None


class Holder(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    account: Annotated[AccountText, about("Tài khoản", "Account", "S")]
    status: Annotated[Status, about("Trạng thái", "Status", "S")]
    name: Annotated[Line | None, about("Tên chủ tài khoản", "Holder's name", "S")] = None
    id_type: Annotated[IdType | None, about("Loại giấy tờ", "Kind of document", "S")] = None
    id_no: Annotated[Line | None, about("Số giấy tờ", "Number of document", "S")] = None
    born: Annotated[WireDay | None, about("Ngày sinh", "Date of birth", "S")] = None
    sex: Annotated[Line | None, about("Giới tính", "Sex", "S")] = None
    nationality: Annotated[Line | None, about("Quốc tịch", "Nationality", "S")] = None
    phone: Annotated[Msisdn | None, about("Điện thoại", "Telephone", "S")] = None
    email: Annotated[Line | None, about("Thư điện tử", "E-mail", "S")] = None
    opened: Annotated[WireDay | None, about("Ngày mở", "Opened on", "S")] = None
    channel: Annotated[Line | None, about("Kênh mở", "Opened through", "S")] = None
    devices: Annotated[list[Line], about("Thiết bị", "Devices", "S")] = msgspec.field(
        default_factory=list
    )


class Reply(Answer, frozen=True, kw_only=True):
    holders: Annotated[list[Holder], about("Chủ tài khoản", "Holders", "S")]


KIND = MessageKind(
    name="provide_account_holder",
    title=Text(vi="Cung cấp thông tin chủ tài khoản", en="Account holder information"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.BLTTHS.88", "VN.LCTCTD.13"),),
    due=Due(golden_hour=Elapsed(minutes=15), otherwise=WorkingDays(1)),
    auto=Auto.CONDITIONAL,
    auto_only_p0=True,
    anchored=True,
    subjects="accounts",
    standard="auth.001 Acct OWNE / auth.002",
)
