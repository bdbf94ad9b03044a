"""Where did this call come from? One hop of a call's way, asked of each carrier in turn (CĐ 29/CĐ-TTg 2025, mục 2 điểm b)."""

from typing import Annotated

from msgspec import Meta

from lachan.exchange.fields import AddressText, Choice, Count, Line, Msisdn, WireTime, YesNo, about
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


class Source(Choice):
    CARRIER = "CARRIER", "Mạng khác chuyển đến", "Another carrier"
    OWN_LINE = "OWN_LINE", "Thuê bao của mạng", "Own subscriber's line"
    TRUNK = "TRUNK", "Trung kế khách hàng", "Customer's trunk"


class Transport(Choice):
    CIRCUIT = "CIRCUIT", "Chuyển mạch kênh", "Circuit-switched"
    SIP = "SIP", "SIP/VoIP", "SIP/VoIP"
    SATELLITE = "SATELLITE", "Vệ tinh", "Satellite"


class Ask(Question, frozen=True, kw_only=True):
    called: Annotated[Msisdn, about("Số bị gọi", "Called number", "S")]
    shown: Annotated[Line, about("Số hiện trên máy", "Number shown", "S")]
    at: Annotated[WireTime, about("Lúc", "At", "S", help_vi="± 60 giây", help_en="± 60 seconds")]
    hop: Annotated[Count, about("Chặng", "Hop", "B")]


class Reply(Answer, frozen=True, kw_only=True):
    carried: Annotated[
        YesNo, about("Mạng này có chuyển cuộc gọi", "This carrier carried the call", "S")
    ]
    source: Annotated[Source | None, about("Nhận từ", "Received from", "S")] = None
    carrier: Annotated[AddressText | None, about("Mạng chuyển đến", "Upstream carrier", "S")] = None
    carrier_name: Annotated[
        Line | None, about("Tên mạng chuyển đến", "Upstream carrier's name", "S")
    ] = None
    country: Annotated[
        Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] | None,
        about("Nước (ISO 3166)", "Country (ISO 3166)", "S"),
    ] = None
    own: Annotated[Line | None, about("Đường dây hoặc trung kế", "Line or trunk", "S")] = None
    cli_changed: Annotated[
        YesNo | None, about("Số hiện bị đổi tại đây", "Number shown was changed here", "S")
    ] = None
    transport: Annotated[Transport | None, about("Truyền bằng", "Transport", "S")] = None
    at: Annotated[WireTime | None, about("Lúc", "At", "S")] = None


KIND = MessageKind(
    name="trace_call_origin",
    title=Text(vi="Truy nguồn cuộc gọi", en="Origin of a call"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.TELECOM}),
    mandates=(AllOf("VN.BLTTHS.88", "VN.ND163"),),
    due=Due(golden_hour=Elapsed(minutes=5), otherwise=WorkingDays(1)),
    auto=Auto.CONDITIONAL,
    auto_only_p0=True,
    effects=("next_hop",),
    standard="own; TS 102 657",
)
