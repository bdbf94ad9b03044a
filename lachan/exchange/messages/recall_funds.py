"""One bank asks another to give back a transfer made by fraud (Decree 52/2024 Art. 11: error or agreement)."""

from typing import Annotated

from lachan.exchange.fields import AccountText, Choice, Dong, Reference, WireTime, Words, about
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


class Outcome(Choice):
    RETURNED = "RETURNED", "Đã chuyển lại", "Returned"
    PARTIAL = "PARTIAL", "Chuyển lại một phần", "Returned in part"
    REJECTED = "REJECTED", "Không chuyển lại", "Rejected"


class Rejection(Choice):
    """Reasons of camt.029 that apply to a recall."""

    NO_FUNDS = "AM04", "Không còn tiền", "No money left"
    CLOSED = "AC04", "Tài khoản đã đóng", "Account closed"
    NO_ANSWER = "NOAS", "Chủ tài khoản không trả lời", "No answer from the holder"
    REFUSED = "CUST", "Chủ tài khoản không đồng ý", "Holder does not agree"
    LEGAL = "LEGL", "Vướng quy định pháp luật", "Legal reason"
    UNKNOWN = "NOOR", "Không có giao dịch gốc", "Original transfer unknown"


class Ask(Question, frozen=True, kw_only=True):
    ref: Annotated[Reference, about("Mã giao dịch gốc", "Original reference", "S")]
    time: Annotated[WireTime, about("Thời điểm chuyển", "Time of the transfer", "S")]
    amount: Annotated[Dong, about("Số tiền đề nghị chuyển lại", "Amount recalled", "S")]
    from_account: Annotated[AccountText, about("Từ tài khoản", "From account", "S")]
    to_account: Annotated[AccountText, about("Đến tài khoản", "To account", "S")]
    note: Annotated[Words | None, about("Giải thích", "Explanation", "S")] = None


class Reply(Answer, frozen=True, kw_only=True):
    outcome: Annotated[Outcome, about("Kết quả", "Outcome", "S")]
    amount: Annotated[Dong, about("Số tiền đã chuyển lại", "Amount returned", "S")]
    code: Annotated[
        Rejection | None, about("Lý do không chuyển lại", "Reason of the rejection", "S")
    ] = None
    ref: Annotated[
        Reference | None, about("Mã giao dịch chuyển lại", "Reference of the return", "S")
    ] = None


KIND = MessageKind(
    name="recall_funds",
    title=Text(vi="Tra soát, đề nghị chuyển lại tiền", en="Recall of a transfer"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.DESK, Role.DESK_HEAD}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.ND52.11E"),),
    due=Due(golden_hour=Elapsed(minutes=30), otherwise=WorkingDays(3)),
    auto=Auto.DESK,
    money="amount",
    effects=("recalled",),
    standard="camt.056 FRAD / camt.029",
)
