"""Pay held money back to its lawful owner, under the decision named (Art. 106, Resolution 164/2024/QH15, a court, the holder)."""

from typing import Annotated

from lachan.exchange.fields import (
    AccountText,
    Choice,
    Dong,
    HexHash,
    Line,
    Reference,
    WireTime,
    about,
)
from lachan.exchange.kinds import (
    AllOf,
    Answer,
    Auto,
    Due,
    Elapsed,
    MessageKind,
    Question,
    WorkingDays,
)
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Ask(Question, frozen=True, kw_only=True):
    source: Annotated[HexHash, about("Lệnh đang giữ tiền (H)", "The hold or freeze (H)", "S")]
    payee: Annotated[AccountText, about("Tài khoản nhận lại", "Account of the payee", "S")]
    payee_name: Annotated[Line, about("Tên người nhận", "Payee's name", "S")]
    amount: Annotated[Dong, about("Số tiền trả lại", "Amount returned", "S")]
    decision: Annotated[Reference, about("Số quyết định", "Number of the decision", "S")]
    decision_hash: Annotated[HexHash, about("Dấu của quyết định", "Hash of the decision", "S")]


class Outcome(Choice):
    PAID = "PAID", "Đã trả", "Paid"
    NOT_PAID = "NOT_PAID", "Chưa trả được", "Not paid"


class Reply(Answer, frozen=True, kw_only=True):
    outcome: Annotated[Outcome, about("Kết quả", "Outcome", "S")]
    ref: Annotated[Reference | None, about("Mã giao dịch trả", "Reference of the payment", "S")] = (
        None
    )
    at: Annotated[WireTime | None, about("Lúc", "At", "S")] = None
    reason: Annotated[Line | None, about("Vì sao chưa trả", "Why not", "S")] = None


KIND = MessageKind(
    name="return_funds",
    title=Text(vi="Trả lại tiền", en="Return of money"),
    ask=Ask,
    answer=Reply,
    askers=frozenset(
        {
            Role.INVESTIGATOR,
            Role.AGENCY_HEAD,
            Role.PROCURATOR,
            Role.JUDGE,
            Role.DESK,
            Role.DESK_HEAD,
            Role.CITIZEN_OFFICE,
        }
    ),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(
        AllOf("VN.COURT"),
        AllOf("VN.NQ164.3"),
        AllOf("VN.BLTTHS.106"),
        AllOf("VN.ND52.11E"),
        AllOf("VN.CONSENT"),
    ),
    due=Due(golden_hour=Elapsed(hours=24), otherwise=WorkingDays(1)),
    auto=Auto.TWO_DESK,
    order=True,
    money="amount",
    effects=("returned",),
    standard="pacs.004 FR01",
)
