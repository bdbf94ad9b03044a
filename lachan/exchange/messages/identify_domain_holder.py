"""Who registered this domain? Asked of a registrar (CĐ 29/CĐ-TTg 2025, mục 5 điểm c; Decree 147/2024)."""

from typing import Annotated

import msgspec

from lachan.exchange.fields import DomainText, Line, Msisdn, WireTime, Words, YesNo, about
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


class Ask(Question, frozen=True, kw_only=True):
    domain: Annotated[DomainText, about("Tên miền", "Domain", "B")]
    at: Annotated[WireTime | None, about("Vào lúc", "At", "B")] = None
    reason: Annotated[Words | None, about("Lý do", "Reason", "X")] = None


class Reply(Answer, frozen=True, kw_only=True):
    found: Annotated[YesNo, about("Có tìm thấy", "Found", "S")]
    holder: Annotated[Line | None, about("Chủ thể đăng ký", "Holder", "S")] = None
    id_no: Annotated[Line | None, about("Số giấy tờ", "Number of document", "S")] = None
    email: Annotated[Line | None, about("Thư điện tử", "E-mail", "S")] = None
    phone: Annotated[Msisdn | None, about("Điện thoại", "Telephone", "S")] = None
    address: Annotated[Line | None, about("Địa chỉ", "Postal address", "S")] = None
    registrar: Annotated[Line | None, about("Nhà đăng ký", "Registrar", "P")] = None
    registered: Annotated[WireTime | None, about("Đăng ký lúc", "Registered at", "P")] = None
    expires: Annotated[WireTime | None, about("Hết hạn lúc", "Expires at", "P")] = None
    name_servers: Annotated[list[DomainText], about("Máy chủ tên miền", "Name servers", "P")] = (
        msgspec.field(default_factory=list)
    )
    payment: Annotated[Line | None, about("Dấu vết thanh toán", "Payment trace", "S")] = None


KIND = MessageKind(
    name="identify_domain_holder",
    title=Text(vi="Cung cấp thông tin chủ thể tên miền", en="Domain holder information"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.REGISTRAR}),
    mandates=(AllOf("VN.DOMAIN"),),
    due=Due(golden_hour=Elapsed(hours=1), otherwise=WorkingDays(1)),
    auto=Auto.CONDITIONAL,
    redirects=True,
    auto_only_p0=True,
    anchored=True,
    standard="RDAP RFC 9083 + signed extra",
)
