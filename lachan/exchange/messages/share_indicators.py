"""Domains, addresses, hashes and apps of an attack, between the specialised forces and the centre (CĐ 29/CĐ-TTg 2025, mục 3 điểm a)."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import Choice, Count, Line, WireTime, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Form(Choice):
    DOMAIN = "domain", "Tên miền", "Domain"
    URL = "url", "Đường liên kết", "URL"
    IP = "ip", "Địa chỉ IP", "IP address"
    HASH = "hash", "Dấu SHA-256 của tệp", "SHA-256 of a file"
    APP = "app", "Ứng dụng", "App"


class Tlp(Choice):
    """Traffic Light Protocol 2.0 (FIRST)."""

    CLEAR = "TLP:CLEAR", "Công khai", "Public"
    GREEN = "TLP:GREEN", "Trong cộng đồng", "Community"
    AMBER = "TLP:AMBER", "Trong tổ chức và khách hàng", "Organisation and its clients"
    RED = "TLP:RED", "Chỉ người nhận", "Receivers only"


class Indicator(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    form: Annotated[Form, about("Loại", "Form", "B")]
    value: Annotated[Line, about("Giá trị", "Value", "B")]
    note: Annotated[Line | None, about("Ghi chú", "Note", "B")] = None


class Ask(Question, frozen=True, kw_only=True):
    indicators: Annotated[
        list[Indicator],
        Meta(min_length=1, max_length=100),
        about("Các dấu hiệu", "Indicators", "B"),
    ]
    tlp: Annotated[Tlp, about("Mức chia sẻ", "Sharing level", "B")]
    until: Annotated[WireTime, about("Hiệu lực đến", "Valid until", "B")]


class Returned(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    value: Annotated[Line, about("Giá trị", "Value", "B")]
    why: Annotated[Line, about("Vì sao", "Why", "B")]


class Reply(Answer, frozen=True, kw_only=True):
    accepted: Annotated[Count, about("Số dấu hiệu nhận", "Indicators accepted", "B")]
    returned: Annotated[list[Returned], about("Dấu hiệu trả lại", "Indicators returned", "B")] = (
        msgspec.field(default_factory=list)
    )


KIND = MessageKind(
    name="share_indicators",
    title=Text(vi="Chia sẻ dấu hiệu tấn công", en="Sharing of indicators"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.ANALYST, Role.AGENCY_HEAD, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.CENTRE, MemberKind.CYBER, MemberKind.POLICE}),
    mandates=(AllOf("VN.LANM25"), AllOf("VN.DISPATCH")),
    due=Due(golden_hour=Elapsed(hours=4), otherwise=Elapsed(hours=4)),
    auto=Auto.ALONE,
    priority=Priority.P1,
    subjects="indicators",
    effects=("registry_statement",),
    standard="STIX 2.1; MISP",
)
