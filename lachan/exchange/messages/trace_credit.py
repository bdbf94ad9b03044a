"""Where did this credit go? One round of a federated trace (tracing.md §4.1).

The bank replays its own ledger with the same engine and discloses only tainted debits, totals and
yes/no bands: never clean lines, opening, balance, holder or other counterparties.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from lachan.exchange.fields import Choice, Count, Dong, WireTime, about
from lachan.exchange.kinds import AllOf, Answer, Auto, Due, Elapsed, MessageKind, Priority, Question
from lachan.kernel.errors import Text
from lachan.members.roles import MemberKind, Role

MAX_ITEMS = 500

AccountKey = Annotated[str, Meta(pattern=r"^([0-9]{6}:)?[0-9A-Za-z._-]{1,40}$")]
Ref = Annotated[str, Meta(max_length=200)]
Moment = WireTime | int  # wire text, or integer seconds as in the ledger form
Label = str | None  # a victim of the trace ("v1"), or clean
Parts = dict[str, list[tuple[Label, int]]]  # method → parts in leaving order
Sums = dict[str, dict[str, int]]  # method → label → đồng


class Part(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """Nested shapes share these settings."""


class State(Choice):
    FOUND = "FOUND", "Tìm thấy", "Found"
    NOT_FOUND = "NOT_FOUND", "Không tìm thấy", "Not found"
    AMBIGUOUS = "AMBIGUOUS", "Nhiều khả năng", "Ambiguous"
    PARTIAL = "PARTIAL", "Một phần", "Partial"
    REFUSED = "REFUSED", "Từ chối", "Refused"


class Credit(Part, frozen=True, kw_only=True):
    payer_bank: Annotated[str, about("Ngân hàng chuyển", "Paying bank", "S")]
    amount: Annotated[Dong, about("Số tiền", "Amount", "S")]
    time: Annotated[Moment, about("Thời điểm", "Time", "S")]
    ref: Annotated[Ref | None, about("Mã giao dịch", "Reference", "S")]


class SeedPart(Part, frozen=True, kw_only=True):
    label: Annotated[str, about("Nhãn", "Label", "S")]
    amount: Annotated[Dong, about("Số tiền", "Amount", "S")]
    ref: Annotated[Ref | None, about("Mã giao dịch", "Reference", "S")]
    time: Annotated[Moment | None, about("Thời điểm", "Time", "S")] = None
    to_bank: Annotated[str | None, about("Ngân hàng nhận", "Receiving bank", "S")] = None
    to_account: Annotated[str | None, about("Tài khoản nhận", "Receiving account", "S")] = None


class Item(Part, frozen=True, kw_only=True):
    account: Annotated[AccountKey, about("Tài khoản", "Account", "S")]
    layer: Annotated[Count, about("Lớp", "Layer", "S")]
    rev: Annotated[Count, about("Lần gửi", "Revision", "B")]
    parts: Annotated[Parts, about("Thành phần", "Parts", "S")]
    credit: Annotated[Credit | None, about("Khoản ghi có", "Credit", "S")] = None
    seed: Annotated[SeedPart | None, about("Khoản gốc", "Seed", "S")] = None
    restored: Annotated[
        dict[str, int] | None, about("Phần được trả lại", "Restored parts", "S")
    ] = None
    reverses: Annotated[Ref | None, about("Hoàn cho giao dịch", "Reverses", "S")] = None


class Ask(Question, frozen=True, kw_only=True):
    trace: Annotated[str, about("Mã truy vết", "Trace", "S")]
    round: Annotated[Count, about("Vòng", "Round", "B")]
    methods: Annotated[list[str], about("Phương pháp", "Methods", "B")]
    policy: Annotated[dict[str, Any], about("Giới hạn", "Policy", "B")]
    until: Annotated[Moment | None, about("Đến thời điểm", "Until", "B")]
    items: Annotated[list[Item], Meta(max_length=MAX_ITEMS), about("Các khoản", "Items", "S")]
    home: Annotated[dict[str, list[str]], about("Tài khoản bị hại", "Victims' accounts", "S")]


class Out(Part, frozen=True, kw_only=True):
    ref: Annotated[str, about("Mã giao dịch", "Reference", "S")]
    to_bank: Annotated[str | None, about("Ngân hàng nhận", "Receiving bank", "S")]
    to_account: Annotated[str | None, about("Tài khoản nhận", "Receiving account", "S")]
    amount: Annotated[Dong, about("Số tiền", "Amount", "S")]
    time: Annotated[Moment, about("Thời điểm", "Time", "S")]
    seq: Annotated[int | None, about("Thứ tự", "Sequence", "S")]
    layer: Annotated[Count, about("Lớp", "Layer", "S")]
    parts: Annotated[Parts, about("Thành phần", "Parts", "S")]
    restored: Annotated[
        dict[str, int] | None, about("Phần được trả lại", "Restored parts", "S")
    ] = None
    reverses: Annotated[Ref | None, about("Hoàn cho giao dịch", "Reverses", "S")] = None
    kind: Annotated[str | None, about("Loại lối ra", "Kind of exit", "S")] = None


class Found(Part, frozen=True, kw_only=True):
    account: Annotated[AccountKey, about("Tài khoản", "Account", "S")]
    rev: Annotated[Count, about("Lần gửi", "Revision", "B")]
    state: Annotated[State, about("Trạng thái", "State", "S")]
    digest: Annotated[str, about("Dấu tóm tắt", "Digest", "B")]
    link: Annotated[dict[str, int], about("Cách khớp", "Link", "B")]
    residual: Annotated[Sums, about("Còn lại", "Residual", "S")]
    holdable: Annotated[Dong, about("Có thể giữ", "Holdable", "S")]
    bands: Annotated[dict[str, bool], about("Dải có/không", "Yes/no bands", "S")]
    exits: Annotated[dict[str, Any], about("Lối ra", "Exits", "S")]
    pending: Annotated[dict[str, Any], about("Đang chờ", "Pending", "S")]
    truncated: Annotated[dict[str, Any], about("Bị cắt", "Truncated", "S")]
    out: Annotated[list[Out], about("Chuyển đi", "Out-transfers", "S")]
    covers: Annotated[dict[str, Any] | None, about("Phạm vi sao kê", "Statement covers", "B")]
    order_uncertain: Annotated[list[str], about("Thứ tự chưa chắc", "Order uncertain", "B")]
    reason: Annotated[str | None, about("Lý do", "Reason", "B")] = None
    extra: Annotated[dict[str, Any] | None, about("Thông tin thêm", "More", "S")] = None


class Reply(Answer, frozen=True, kw_only=True):
    trace: Annotated[str, about("Mã truy vết", "Trace", "S")]
    round: Annotated[Count, about("Vòng", "Round", "B")]
    ledger_position: Annotated[int | str, about("Vị trí sổ", "Ledger position", "B")]
    items: Annotated[list[Found], about("Kết quả", "Items", "S")]


KIND = MessageKind(
    name="trace_credit",
    title=Text(vi="Truy vết dòng tiền", en="Trace a credit"),
    ask=Ask,
    answer=Reply,
    askers=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.DUTY_OFFICER}),
    answerers=frozenset({MemberKind.BANK, MemberKind.EWALLET}),
    mandates=(AllOf("VN.BLTTHS.88", "VN.LCTCTD.13"),),
    due=Due(
        golden_hour=Elapsed(minutes=5), otherwise=Elapsed(minutes=5), automatic=Elapsed(seconds=5)
    ),
    auto=Auto.ALONE,
    priority=Priority.P0,
    standing=True,
    subjects="items",
    effects=("next_hops",),
    standard="own; auth.001 OrgnlTxNb",
)
