"""Calls and texts of a number: rows, at most 90 days, asked by the head of an agency."""

from typing import Annotated

from lachan.exchange.fields import Choice, Count, Line, Msisdn, WireTime, Words, about
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


class Direction(Choice):
    OUT = "OUT", "Gọi đi", "Outgoing"
    IN = "IN", "Gọi đến", "Incoming"
    SMS_OUT = "SMS_OUT", "Tin nhắn đi", "Text sent"
    SMS_IN = "SMS_IN", "Tin nhắn đến", "Text received"


class Ask(Question, frozen=True, kw_only=True):
    number: Annotated[Msisdn, about("Số điện thoại", "Telephone number", "S")]
    since: Annotated[WireTime, about("Từ", "From", "S")]
    until: Annotated[
        WireTime, about("Đến", "To", "S", help_vi="Không quá 90 ngày", help_en="At most 90 days")
    ]
    reason: Annotated[Words, about("Lý do", "Reason", "X")]


class Reply(Answer, frozen=True, kw_only=True):
    number: Annotated[Msisdn, about("Số điện thoại", "Telephone number", "S")]


class CallLine(Row, frozen=True, kw_only=True):
    time: Annotated[WireTime, about("Lúc", "Time", "S")]
    direction: Annotated[Direction, about("Chiều", "Direction", "S")]
    party: Annotated[Line, about("Số bên kia", "Other party", "S")]
    seconds: Annotated[Count | None, about("Thời lượng (giây)", "Length (s)", "S")] = None
    cell: Annotated[Line | None, about("Trạm", "Cell", "S")] = None


KIND = MessageKind(
    name="provide_call_records",
    title=Text(vi="Cung cấp lịch sử liên lạc", en="Call records"),
    ask=Ask,
    answer=Reply,
    rows=CallLine,
    askers=frozenset({Role.INVESTIGATOR, Role.AGENCY_HEAD}),
    answerers=frozenset({MemberKind.TELECOM}),
    mandates=(AllOf("VN.BLTTHS.88", "VN.ND163"),),
    due=Due(golden_hour=Elapsed(hours=12), otherwise=WorkingDays(2)),
    auto=Auto.TWO_DESK,
    redirects=True,
    standard="TS 102 657 rows as JSONData",
)
