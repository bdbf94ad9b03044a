"""Freeze this amount: an order of the proceedings against a person accused (BLTTHS 2015 Art. 129; a court's decision).

Never a whole account; it has a review date instead of a lease and ends only by `unfreeze`.
"""

from typing import Annotated

from lachan.exchange.fields import (
    AccountText,
    Dong,
    HexHash,
    Line,
    Reference,
    WireTime,
    Words,
    about,
)
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.exchange.messages.hold import Effect
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    account: Annotated[AccountText, about("Tài khoản", "Account", "S")]
    amount: Annotated[Dong, about("Số tiền phong tỏa", "Amount to freeze", "S")]
    order_no: Annotated[Reference, about("Số lệnh", "Number of the order", "S")]
    legal_event: Annotated[
        Line,
        about(
            "Căn cứ tố tụng",
            "Legal event",
            "X",
            help_vi="Quyết định khởi tố, bản án…",
            help_en="Decision to prosecute, judgment…",
        ),
    ]
    review_at: Annotated[WireTime, about("Rà soát chậm nhất", "Review at the latest", "S")]
    link: Annotated[
        Words | None,
        about(
            "Liên quan của tài khoản với người bị buộc tội",
            "How the account relates to the accused",
            "X",
            help_vi="Khi tài khoản đứng tên người khác",
            help_en="When the account is another person's",
        ),
    ] = None
    converts: Annotated[
        HexHash | None, about("Chuyển từ lệnh tạm giữ (H)", "Converts the hold (H)", "S")
    ] = None


class Reply(Answer, frozen=True, kw_only=True):
    effect: Annotated[Effect, about("Hiệu lực", "Effect", "S")]
    held: Annotated[Dong, about("Số tiền đã phong tỏa", "Amount frozen", "S")]
    carved: Annotated[Dong, about("Tiền sinh hoạt để lại", "Living money left", "S")]
    at: Annotated[WireTime, about("Lúc", "At", "S")]
    core_ref: Annotated[
        Reference | None, about("Mã trong hệ thống lõi", "Reference in the core system", "S")
    ] = None


KIND = MessageKind(
    name="freeze",
    title=Text(vi="Phong tỏa tiền trong tài khoản", en="Freeze of money in an account"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.AGENCY_HEAD, Role.PROCURATOR, Role.JUDGE}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET, MemberKind.TREASURY}),
    mandates=(AllOf("VN.BLTTHS.129"), AllOf("VN.COURT")),
    due=Due(golden_hour=Elapsed(minutes=15), otherwise=Elapsed(hours=1)),
    auto=Auto.DESK,
    priority=Priority.P1,
    order=True,
    money="amount",
    sheet=True,
    effects=("freeze",),
    standard="own lc.frz beside head.001; order as PDF",
)
