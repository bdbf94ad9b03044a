"""Tell the holder what is held, why, until when, and how to ask for review (law.md §4)."""

from typing import Annotated

from lachan.exchange.fields import Choice, HexHash, WireTime, Words, about
from lachan.exchange.kinds import Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Channel(Choice):
    APP = "APP", "Ứng dụng", "App"
    SMS = "SMS", "Tin nhắn", "SMS"
    LETTER = "LETTER", "Thư", "Letter"
    BRANCH = "BRANCH", "Tại quầy", "Branch"
    DELAYED = "DELAYED", "Hoãn theo lệnh", "Delayed by order"


class Ask(Question, frozen=True, kw_only=True):
    order: Annotated[HexHash, about("Lệnh (H)", "The order (H)", "S")]
    text: Annotated[Words, about("Nội dung thông báo", "Text of the notice", "S")]
    delay_order: Annotated[
        HexHash | None, about("Lệnh hoãn thông báo (H)", "Order to delay (H)", "X")
    ] = None
    delay_until: Annotated[WireTime | None, about("Hoãn đến", "Delayed until", "X")] = None


class Reply(Answer, frozen=True, kw_only=True):
    channel: Annotated[Channel, about("Kênh", "Channel", "S")]
    at: Annotated[WireTime, about("Lúc", "At", "S")]


KIND = MessageKind(
    name="notify_holder",
    title=Text(vi="Thông báo cho chủ tài khoản", en="Notice to the holder"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET, MemberKind.TELECOM}),
    mandates=(),
    due=Due(golden_hour=Elapsed(hours=1), otherwise=Elapsed(hours=1)),
    auto=Auto.ALONE,
    priority=Priority.P1,
    follows=frozenset({"pause", "hold", "freeze", "suspend_number"}),
    eases=True,
    by_service=True,  # an answer overdue or a lapse must not wait for somebody to be at the keyboard
    follow_roles=frozenset(
        {Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER}
    ),
    effects=("holder_notified",),
)
