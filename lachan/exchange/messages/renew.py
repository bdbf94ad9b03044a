"""Keep holding, until a later instant: an act with a reason and a signer from another unit."""

from typing import Annotated

from lachan.exchange.fields import Dong, HexHash, WireTime, Words, about
from lachan.exchange.kinds import (
    AllOf,
    Answer,
    Auto,
    Due,
    Elapsed,
    MessageKind,
    Priority,
    Question,
)
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    order: Annotated[HexHash, about("Lệnh tạm giữ (H)", "The hold (H)", "S")]
    until: Annotated[WireTime, about("Đến lúc", "Until", "S")]
    amount: Annotated[Dong, about("Số tiền tiếp tục giữ", "Amount still held", "S")]
    reason: Annotated[Words, about("Lý do và tiến độ", "Reason and progress", "X")]


class Reply(Answer, frozen=True, kw_only=True):
    until: Annotated[WireTime, about("Đến lúc", "Until", "S")]
    held: Annotated[Dong, about("Số tiền đang giữ", "Amount held", "S")]


KIND = MessageKind(
    name="renew",
    title=Text(vi="Gia hạn tạm giữ", en="Renewal of a hold"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.UNIT_HEAD, Role.AGENCY_HEAD}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.ND52.11"), AllOf("VN.ND52.11L")),
    due=Due(golden_hour=Elapsed(minutes=5), otherwise=Elapsed(minutes=5)),
    auto=Auto.ALONE,
    priority=Priority.P1,
    order=True,
    money="amount",
    lease="until",
    sheet=True,
    effects=("lease_renewed",),
    standard="own lc.frz beside head.001",
)
