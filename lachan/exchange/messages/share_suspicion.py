"""Accounts that an institution suspects: the record of Circular 17/2024/TT-NHNN Art. 22, due by the 10th of each month.

It is not a report of a suspicious transaction under the Law against money laundering.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import (
    BankCode,
    Choice,
    Count,
    HexHash,
    Line,
    Msisdn,
    Reference,
    WireDay,
    about,
)
from lachan.exchange.kinds import (
    AllOf,
    Answer,
    Auto,
    Due,
    Elapsed,
    MessageKind,
    Priority,
    Question,
    WorkingDays,
)
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class IdType(Choice):
    CCCD = "CCCD", "Căn cước", "Citizen identity card"
    PASSPORT = "PASSPORT", "Hộ chiếu", "Passport"
    BUSINESS = "BUSINESS", "Đăng ký kinh doanh", "Business registration"
    OTHER = "OTHER", "Giấy tờ khác", "Another document"


class Suspicion(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Fields of the Circular first; what we add follows `status`."""

    cif: Annotated[Reference, about("Mã khách hàng", "Customer number", "S")]
    id_no: Annotated[Line, about("Số giấy tờ", "Number of document", "S")]
    id_type: Annotated[IdType, about("Loại giấy tờ", "Kind of document", "S")]
    name: Annotated[Line, about("Họ tên", "Name", "S")]
    account_no: Annotated[Reference, about("Số tài khoản", "Account number", "S")]
    reason_code: Annotated[Reference, about("Mã lý do", "Reason code", "S")]
    status: Annotated[Line, about("Trạng thái", "Status", "S")]
    bank_bin: Annotated[BankCode, about("Ngân hàng", "Bank", "P")]
    date_of_birth: Annotated[WireDay | None, about("Ngày sinh", "Date of birth", "S")] = None
    sex: Annotated[Line | None, about("Giới tính", "Sex", "S")] = None
    nationality: Annotated[Line | None, about("Quốc tịch", "Nationality", "S")] = None
    opened_on: Annotated[WireDay | None, about("Ngày mở", "Opened on", "S")] = None
    ebanking_phone: Annotated[
        Msisdn | None, about("Điện thoại ngân hàng số", "E-banking telephone", "S")
    ] = None
    device_mac: Annotated[Line | None, about("Địa chỉ MAC", "MAC address", "S")] = None
    evidence_h: Annotated[HexHash | None, about("Chứng cứ (H)", "Evidence (H)", "S")] = None


class Ask(Question, frozen=True, kw_only=True):
    month: Annotated[
        str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}$"), about("Tháng báo cáo", "Month reported", "B")
    ]
    records: Annotated[
        list[Suspicion], Meta(min_length=1, max_length=500), about("Các tài khoản", "Accounts", "S")
    ]


class Returned(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    row: Annotated[Count, about("Dòng", "Row", "B")]
    why: Annotated[Line, about("Vì sao", "Why", "B")]


class Reply(Answer, frozen=True, kw_only=True):
    accepted: Annotated[Count, about("Số dòng nhận", "Rows accepted", "B")]
    returned: Annotated[list[Returned], about("Dòng trả lại", "Rows returned", "B")] = (
        msgspec.field(default_factory=list)
    )


KIND = MessageKind(
    name="share_suspicion",
    title=Text(vi="Báo cáo tài khoản nghi ngờ", en="Report of suspected accounts"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.DESK, Role.DESK_HEAD, Role.SUPERVISOR}),
    answerers=frozenset({MemberKind.CENTRE}),
    mandates=(AllOf("VN.TT17.22"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=WorkingDays(1)),
    auto=Auto.ALONE,
    priority=Priority.P3,
    subjects="records",
    effects=("listing_suspected",),
    standard="SIMO-shaped file",
)
