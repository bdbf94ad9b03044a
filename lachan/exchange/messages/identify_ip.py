"""Who used this IP address and port at that minute? (Cybersecurity Law 2025)."""

from typing import Annotated

from lachan.exchange.fields import IpText, Line, Msisdn, Port, WireTime, Words, YesNo, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    ip: Annotated[IpText, about("Địa chỉ IP", "IP address", "S")]
    at: Annotated[WireTime, about("Lúc", "At", "S", help_vi="± 60 giây", help_en="± 60 seconds")]
    port: Annotated[
        Port | None,
        about(
            "Cổng nguồn",
            "Source port",
            "S",
            help_vi="Cần khi dùng chung địa chỉ (CGNAT)",
            help_en="Needed behind carrier-grade NAT",
        ),
    ] = None
    reason: Annotated[Words | None, about("Lý do", "Reason", "X")] = None


class Reply(Answer, frozen=True, kw_only=True):
    found: Annotated[YesNo, about("Có tìm thấy", "Found", "S")]
    shared: Annotated[YesNo | None, about("Địa chỉ dùng chung", "Shared address", "S")] = None
    subscriber: Annotated[Line | None, about("Thuê bao", "Subscriber", "S")] = None
    id_no: Annotated[Line | None, about("Số giấy tờ", "Number of document", "S")] = None
    number: Annotated[Msisdn | None, about("Số điện thoại", "Telephone number", "S")] = None
    address: Annotated[Line | None, about("Địa chỉ lắp đặt", "Installation address", "S")] = None
    evidence: Annotated[Words | None, about("Căn cứ xác định", "What it rests on", "S")] = None


KIND = MessageKind(
    name="identify_ip",
    title=Text(vi="Cung cấp thông tin địa chỉ IP", en="Holder of an IP address"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.ISP, MemberKind.TELECOM}),
    mandates=(AllOf("VN.LANM25"),),
    due=Due(golden_hour=Elapsed(hours=3), otherwise=Elapsed(hours=24)),
    auto=Auto.CONDITIONAL,
    redirects=True,
    auto_only_p0=True,
    anchored=True,
    priority=Priority.P1,
    standard="TS 103 120 IPAssignment",
)
