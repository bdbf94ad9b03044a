"""This subject was seen again, or was listed wrongly: what happened to a listing in practice."""

from typing import Annotated

from lachan.exchange.fields import Choice, Line, WireTime, Words, YesNo, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Seen(Choice):
    SEEN = "seen", "Lại xuất hiện", "Seen again"
    FALSE_POSITIVE = "false_positive", "Báo nhầm", "False positive"
    EXPIRED = "expired", "Không còn hoạt động", "No longer active"


class Ask(Question, frozen=True, kw_only=True):
    subject: Annotated[Line, about("Đối tượng (khóa chuẩn)", "Subject (canonical key)", "S")]
    what: Annotated[Seen, about("Sự việc", "What", "B")]
    at: Annotated[WireTime, about("Lúc", "At", "B")]
    context: Annotated[Words | None, about("Bối cảnh", "Context", "S")] = None


class Reply(Answer, frozen=True, kw_only=True):
    noted: Annotated[YesNo, about("Đã ghi nhận", "Noted", "B")]


KIND = MessageKind(
    name="sighting",
    title=Text(vi="Thông tin về đối tượng đã cảnh báo", en="Sighting of a listed subject"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.DESK, Role.DESK_HEAD, Role.ANALYST}),
    answerers=frozenset({MemberKind.CENTRE}),
    mandates=(AllOf("VN.CD29.4B"),),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=Elapsed(hours=24)),
    auto=Auto.ALONE,
    priority=Priority.P3,
    effects=("sighting",),
    standard="MISP sighting",
)
