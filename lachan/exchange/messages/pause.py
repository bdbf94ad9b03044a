"""Please delay this credit for a while: the bank's own short power, asked for (law: AML Law 14/2022 Art. 44).

An authority may ask; the bank decides. A refusal is `refuse` with reason DECLINED.
"""

from typing import Annotated

import msgspec

from lachan.exchange.fields import AccountText, Choice, Dong, Reference, WireTime, Words, about
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


class Effect(Choice):
    FULL = "FULL", "Toàn bộ", "Full"
    PARTIAL = "PARTIAL", "Một phần", "Partial"
    ZERO = "ZERO", "Không còn tiền", "Zero"


class Ask(Question, frozen=True, kw_only=True):
    account: Annotated[AccountText, about("Tài khoản", "Account", "S")]
    credit_time: Annotated[WireTime, about("Thời điểm ghi có", "Time of the credit", "S")]
    credit_amount: Annotated[Dong, about("Số tiền ghi có", "Amount of the credit", "S")]
    amount: Annotated[Dong, about("Số tiền đề nghị tạm dừng", "Amount to pause", "S")]
    until: Annotated[WireTime, about("Đề nghị đến lúc", "Asked until", "S")]
    reason: Annotated[Words, about("Lý do", "Reason", "X")]
    credit_ref: Annotated[Reference | None, about("Mã giao dịch", "Reference", "S")] = None


class Reply(Answer, frozen=True, kw_only=True):
    effect: Annotated[Effect, about("Hiệu lực", "Effect", "S")]
    amount: Annotated[Dong, about("Số tiền đã tạm dừng", "Amount paused", "S")]
    carved: Annotated[Dong, about("Tiền sinh hoạt để lại", "Living money left", "S")]
    until: Annotated[WireTime, about("Đến lúc", "Until", "S")]
    bands: Annotated[dict[str, bool], about("Dải có/không", "Yes/no bands", "S")] = msgspec.field(
        default_factory=dict
    )


KIND = MessageKind(
    name="pause",
    title=Text(vi="Đề nghị tạm dừng giao dịch", en="Request for a pause"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.DUTY_OFFICER, Role.DESK}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.AML22.44"), AllOf("VN.ND52.11A")),
    due=Due(
        golden_hour=Elapsed(minutes=5), otherwise=Elapsed(minutes=5), automatic=Elapsed(seconds=60)
    ),
    auto=Auto.CONDITIONAL,
    priority=Priority.P0,
    standing=True,
    order=True,
    money="amount",
    lease="until",
    effects=("pause",),
    standard="own",
)
