"""Let the page, domain or number work again: it overtakes what is queued and never waits."""

from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.fields import Count, HexHash, Line, WireTime, Words, about
from lachan.exchange.kinds import Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    order: Annotated[HexHash, about("Lệnh (H)", "The order (H)", "B")]
    subjects: Annotated[
        list[Line],
        Meta(max_length=100),
        about(
            "Chỉ những địa chỉ này",
            "Only these",
            "B",
            help_vi="Để trống: tất cả",
            help_en="Empty: all",
        ),
    ] = msgspec.field(default_factory=list)
    reason: Annotated[Words | None, about("Căn cứ", "Ground", "X")] = None


class Reply(Answer, frozen=True, kw_only=True):
    lifted: Annotated[Count, about("Số đối tượng đã mở lại", "Subjects lifted", "B")]
    at: Annotated[WireTime, about("Lúc", "At", "B")]


KIND = MessageKind(
    name="lift_block",
    title=Text(vi="Mở lại", en="Lifting of a block"),
    ask=Ask,
    answer=Reply,
    askers=frozenset(
        {Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER, Role.JUDGE}
    ),
    answerers=frozenset(
        {
            MemberKind.PLATFORM,
            MemberKind.HOSTING,
            MemberKind.STORE,
            MemberKind.REGISTRAR,
            MemberKind.ISP,
            MemberKind.TELECOM,
        }
    ),
    mandates=(),
    due=Due(golden_hour=Elapsed(hours=4), otherwise=Elapsed(hours=4)),
    auto=Auto.ALONE,
    eases=True,
    priority=Priority.P0,
    follows=frozenset({"take_down", "suspend_domain", "block_site", "suspend_number"}),
    by_service=True,  # a lapse or a listing that fell must not wait for somebody to be at the keyboard
    follow_roles=frozenset(
        {Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER, Role.JUDGE}
    ),
    effects=("lifted",),
    standard="XARF 4.2; RPZ",
)
