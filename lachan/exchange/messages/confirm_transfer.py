"""Did this transfer take place?

Asked under CĐ 29/CĐ-TTg 2025, mục 4 điểm b: information by electronic document.

SETTLED makes the loss *verified*; nothing is held on an unverified one.
"""

from typing import Annotated

from lachan.exchange.fields import AccountText, BankCode, Choice, Dong, Reference, WireTime, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role


class Outcome(Choice):
    SETTLED = "SETTLED", "Đã hạch toán", "Settled"
    PENDING = "PENDING", "Đang chờ", "Pending"
    REVERSED = "REVERSED", "Đã hoàn lại", "Reversed"
    NOT_FOUND = "NOT_FOUND", "Không tìm thấy", "Not found"


class Ask(Question, frozen=True, kw_only=True):
    time: Annotated[WireTime, about("Thời điểm chuyển", "Time of the transfer", "S")]
    amount: Annotated[Dong, about("Số tiền", "Amount", "S")]
    from_account: Annotated[AccountText, about("Từ tài khoản", "From account", "S")]
    to_account: Annotated[AccountText, about("Đến tài khoản", "To account", "S")]
    ref: Annotated[Reference | None, about("Mã giao dịch", "Reference", "S")] = None


class Reply(Answer, frozen=True, kw_only=True):
    outcome: Annotated[Outcome, about("Kết quả", "Outcome", "S")]
    ref: Annotated[Reference | None, about("Mã giao dịch", "Reference", "S")] = None
    booked_at: Annotated[WireTime | None, about("Hạch toán lúc", "Booked at", "S")] = None
    seq: Annotated[int | None, about("Số thứ tự trong ngày", "Line number", "S")] = None
    amount: Annotated[Dong | None, about("Số tiền đã hạch toán", "Amount booked", "S")] = None
    counterparty_bank: Annotated[
        BankCode | None, about("Ngân hàng đối ứng", "Counterparty bank", "S")
    ] = None


KIND = MessageKind(
    name="confirm_transfer",
    title=Text(vi="Xác nhận giao dịch chuyển tiền", en="Confirm a transfer"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.DUTY_OFFICER, Role.DESK}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.BLTTHS.88"), AllOf("VN.CD29.4B")),
    due=Due(
        golden_hour=Elapsed(minutes=30),
        otherwise=Elapsed(minutes=30),
        automatic=Elapsed(seconds=60),
    ),
    auto=Auto.ALONE,
    priority=Priority.P0,
    standing=True,
    effects=("leg_confirmed",),
    standard="camt.110/111",
)
