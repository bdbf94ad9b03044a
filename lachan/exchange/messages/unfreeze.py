"""End a freeze, all or part, when its ground has gone (BLTTHS 2015 Art. 130; a court's decision)."""

from typing import Annotated

from lachan.exchange.fields import Dong, HexHash, Reference, WireTime, Words, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    order: Annotated[HexHash, about("Lệnh phong tỏa (H)", "The freeze (H)", "S")]
    order_no: Annotated[Reference, about("Số quyết định", "Number of the decision", "S")]
    amount: Annotated[
        Dong | None,
        about(
            "Số tiền hủy bỏ phong tỏa",
            "Amount unfrozen",
            "S",
            help_vi="Để trống: toàn bộ",
            help_en="Empty: all",
        ),
    ] = None
    note: Annotated[Words | None, about("Ghi chú", "Note", "X")] = None


class Reply(Answer, frozen=True, kw_only=True):
    released: Annotated[Dong, about("Số tiền đã hủy bỏ phong tỏa", "Amount unfrozen", "S")]
    left: Annotated[Dong, about("Còn phong tỏa", "Still frozen", "S")]
    at: Annotated[WireTime, about("Lúc", "At", "S")]


KIND = MessageKind(
    name="unfreeze",
    title=Text(vi="Hủy bỏ phong tỏa", en="Lifting of a freeze"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.AGENCY_HEAD, Role.PROCURATOR, Role.JUDGE}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET, MemberKind.TREASURY}),
    mandates=(AllOf("VN.BLTTHS.130"), AllOf("VN.COURT")),
    due=Due(golden_hour=Elapsed(minutes=15), otherwise=Elapsed(hours=1)),
    auto=Auto.ALONE,
    eases=True,
    priority=Priority.P1,
    effects=("unfrozen",),
    standard="own lc.frz beside head.001; order as PDF",
)
