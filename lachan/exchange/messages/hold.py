"""Hold this amount until then: an authority's leased order (Decree 52/2024 Art. 11; CĐ 29, 4b).

Never more than the taint, always with an end; at the end the bank releases by itself.
"""

from typing import Annotated

import msgspec

from lachan.exchange.fields import (
    AccountText,
    Choice,
    Dong,
    HexHash,
    Reference,
    UrlText,
    WireTime,
    YesNo,
    about,
)
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
    amount: Annotated[Dong, about("Số tiền", "Amount", "S")]
    lease_until: Annotated[WireTime, about("Đến lúc", "Until", "S")]
    case: Annotated[Reference, about("Vụ việc", "Case", "X")]
    taint_proof: Annotated[HexHash, about("Chứng cứ truy vết (H)", "Proof of taint (H)", "X")]
    appeal_link: Annotated[
        UrlText, about("Nơi đề nghị xem xét lại", "Where to ask for review", "P")
    ]
    converts: Annotated[
        HexHash | None, about("Chuyển từ lệnh (H)", "Converts the order (H)", "S")
    ] = None
    top_up: Annotated[YesNo, about("Giữ thêm tiền bẩn về sau", "Top up with later taint", "S")] = (
        False
    )


class Reply(Answer, frozen=True, kw_only=True):
    effect: Annotated[Effect, about("Hiệu lực", "Effect", "S")]
    held: Annotated[Dong, about("Số tiền đã giữ", "Amount held", "S")]
    carved: Annotated[Dong, about("Tiền sinh hoạt để lại", "Living money left", "S")]
    at: Annotated[WireTime, about("Lúc", "At", "S")]
    bands: Annotated[dict[str, bool], about("Dải có/không", "Yes/no bands", "S")] = msgspec.field(
        default_factory=dict
    )
    top_up: Annotated[YesNo, about("Có giữ thêm về sau", "Tops up later", "S")] = False
    core_ref: Annotated[
        Reference | None, about("Mã trong hệ thống lõi", "Reference in the core system", "S")
    ] = None


KIND = MessageKind(
    name="hold",
    title=Text(vi="Tạm giữ tiền trong tài khoản", en="Hold on money in an account"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.ND52.11"),),
    due=Due(
        golden_hour=Elapsed(minutes=5), otherwise=Elapsed(minutes=5), automatic=Elapsed(seconds=60)
    ),
    auto=Auto.CONDITIONAL,
    priority=Priority.P0,
    order=True,
    money="amount",
    lease="lease_until",
    sheet=True,
    effects=("hold",),
    standard="own lc.frz beside head.001; TS 103 120 LPTask",
)
