"""Stop this number for a few days (Telecom Law 2023, Decree 163/2024): leased, and the subscriber is told by SMS."""

from typing import Annotated

from lachan.exchange.fields import Choice, Msisdn, WireTime, Words, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Scope(Choice):
    OUT = "OUT", "Chiều đi", "Outgoing"
    SMS = "SMS", "Tin nhắn", "Texts"
    ALL = "ALL", "Hai chiều", "All"


class Ask(Question, frozen=True, kw_only=True):
    number: Annotated[Msisdn, about("Số điện thoại", "Telephone number", "S")]
    scope: Annotated[Scope, about("Phạm vi", "Scope", "S")]
    until: Annotated[WireTime, about("Đến lúc", "Until", "S")]
    reason: Annotated[Words, about("Lý do", "Reason", "X")]


class Outcome(Choice):
    SUSPENDED = "SUSPENDED", "Đã tạm ngừng", "Suspended"
    NOT_FOUND = "NOT_FOUND", "Không có số này", "No such number"


class Reply(Answer, frozen=True, kw_only=True):
    outcome: Annotated[Outcome, about("Kết quả", "Outcome", "S")]
    at: Annotated[WireTime, about("Lúc", "At", "S")]
    told_at: Annotated[WireTime | None, about("Đã báo thuê bao lúc", "Subscriber told at", "S")] = (
        None
    )


KIND = MessageKind(
    name="suspend_number",
    title=Text(vi="Tạm ngừng số điện thoại", en="Suspension of a number"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.TELECOM}),
    mandates=(AllOf("VN.ND163"),),
    due=Due(golden_hour=Elapsed(hours=1), otherwise=Elapsed(hours=4)),
    auto=Auto.DESK,
    redirects=True,
    priority=Priority.P1,
    order=True,
    lease="until",
    effects=("suspended",),
    standard="TS 103 120 LDTask, national type",
)
