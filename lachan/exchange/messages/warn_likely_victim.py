"""Your customer may be about to pay a fraudster: please warn them, in the words of the catalogue."""

from typing import Annotated

from lachan.exchange.fields import Choice, Line, Reference, WireTime, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Outcome(Choice):
    SHOWN = "SHOWN", "Đã cảnh báo", "Shown"
    UNREACHABLE = "UNREACHABLE", "Không liên lạc được", "Unreachable"
    ALREADY_REPORTED = "ALREADY_REPORTED", "Đã trình báo", "Already reported"
    NOT_A_CUSTOMER = "NOT_A_CUSTOMER", "Không phải khách hàng", "Not a customer"
    DECLINED = "DECLINED", "Không thực hiện", "Declined"


class Ask(Question, frozen=True, kw_only=True):
    subject: Annotated[
        Line, about("Người cần cảnh báo (khóa chuẩn)", "Whom to warn (canonical key)", "S")
    ]
    scam_type: Annotated[Reference, about("Thủ đoạn", "Type of fraud", "B")]
    wording: Annotated[Reference, about("Mẫu lời cảnh báo", "Wording", "B")]


class Reply(Answer, frozen=True, kw_only=True):
    outcome: Annotated[Outcome, about("Kết quả", "Outcome", "S")]
    at: Annotated[WireTime | None, about("Lúc", "At", "S")] = None


KIND = MessageKind(
    name="warn_likely_victim",
    title=Text(vi="Cảnh báo người có thể là bị hại", en="Warning to a likely victim"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICE}),
    answerers=frozenset(
        {MemberKind.BANK, MemberKind.EWALLET, MemberKind.TELECOM, MemberKind.PLATFORM}
    ),
    mandates=(AllOf("VN.CD29.4B"),),
    due=Due(golden_hour=Elapsed(hours=1), otherwise=Elapsed(hours=1)),
    auto=Auto.CONDITIONAL,
    priority=Priority.P1,
    effects=("warned",),
    standard="CAP 1.2",
)
