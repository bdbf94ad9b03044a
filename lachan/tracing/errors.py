"""What the tracing engine refuses, and what would do instead (specs: tracing §12).

LachanError
└── TracingError
    ├── AmountInvalid · TimeInvalid · DuplicateId · SelfTransfer · LedgerShape      a ledger's rows
    ├── SeedNotFound · SeedAmbiguous · SeedExceeds · ReversalInvalid                 what hangs on rows
    ├── UnknownMethod · PolicyOutOfRange · LimitReached                              what was asked
    └── OrderConflict · PositionChanged                                              between banks
"""

from __future__ import annotations

from lachan.kernel.errors import LachanError, Text


class TracingError(LachanError):
    """The branch of this package."""


class AmountInvalid(TracingError):
    code = "tracing.amount"
    rule = "tracing §12"
    text = Text(
        vi="{value} không phải là số tiền hợp lệ. Nhập số nguyên dương, đơn vị đồng, nhỏ hơn 2^62.",
        en="{value} is not a valid amount. Give a positive whole number of đồng below 2^62.",
    )
    value: object


class TimeInvalid(TracingError):
    code = "tracing.time"
    text = Text(
        vi="Không đọc được thời điểm {value}. Nhập số giây nguyên.",
        en="The time {value} cannot be read. Give whole seconds.",
    )
    value: object


class DuplicateId(TracingError):
    code = "tracing.duplicate_id"
    text = Text(
        vi="Mã giao dịch {event} xuất hiện hai lần với nội dung khác nhau. Mỗi giao dịch cần một mã.",
        en="The event id {event} occurs twice with different content. Give each event its own id.",
    )
    event: str


class SelfTransfer(TracingError):
    code = "tracing.self_transfer"
    text = Text(
        vi="Giao dịch {event} có cùng tài khoản gửi và nhận: {account}. Bỏ dòng này.",
        en="Event {event} has the same sender and receiver, {account}. Leave the row out.",
    )
    event: str
    account: str


class LedgerShape(TracingError):
    code = "tracing.ledger"
    text = Text(
        vi="Sổ giao dịch sai cấu trúc: {why}.",
        en="The ledger has the wrong shape: {why}.",
    )
    why: str


class SeedNotFound(TracingError):
    code = "tracing.seed_not_found"
    text = Text(
        vi="Không có giao dịch {event} mà số tiền bị hại gắn vào. Gần nhất: {nearest}.",
        en="There is no event {event} to carry the victim's money. Nearest: {nearest}.",
    )
    event: str
    nearest: str


class SeedAmbiguous(TracingError):
    code = "tracing.seed_ambiguous"
    text = Text(
        vi="Nhiều giao dịch cùng khớp: {candidates}. Ghi thêm số tham chiếu.",
        en="Several events fit: {candidates}. Give the reference as well.",
    )
    candidates: str


class SeedExceeds(TracingError):
    code = "tracing.seed_exceeds"
    text = Text(
        vi="Tổng số tiền bị hại {asked} lớn hơn giao dịch {event} ({amount}). Nhập không quá số đó.",
        en="The seeds' sum {asked} is above event {event} ({amount}). Give no more than that.",
    )
    event: str
    asked: int
    amount: int


class ReversalInvalid(TracingError):
    code = "tracing.reversal"
    text = Text(
        vi="Giao dịch {event} đảo {original} không hợp lệ: {why}.",
        en="Event {event} cannot reverse {original}: {why}.",
    )
    event: str
    original: str
    why: str


class UnknownMethod(TracingError):
    code = "tracing.method"
    text = Text(
        vi="Không có phương pháp {name}. Chọn một trong: {known}.",
        en="There is no method {name}. Choose one of: {known}.",
    )
    name: str
    known: str


class PolicyOutOfRange(TracingError):
    code = "tracing.policy"
    text = Text(
        vi="{name} = {value} nằm ngoài khoảng cho phép {low}-{high}.",
        en="{name} = {value} is outside the range {low}-{high}.",
    )
    name: str
    value: object
    low: int
    high: int


class LimitReached(TracingError):
    code = "tracing.limit"
    text = Text(
        vi="{what} vượt giới hạn {limit}.",
        en="{what} is above the limit of {limit}.",
    )
    what: str
    limit: int


class OrderConflict(TracingError):
    code = "tracing.order_conflict"
    text = Text(
        vi="Thứ tự giao dịch mâu thuẫn: {ring}.",
        en="The order of the lines contradicts itself: {ring}.",
    )
    ring: str


class PositionChanged(TracingError):
    code = "tracing.position"
    status = 409
    text = Text(
        vi="Vị trí sổ cái đã đổi trong khi truy vết ({was} thành {now}). Mở lần truy vết mới.",
        en="The ledger's position changed during the trace ({was} to {now}). Open a new trace.",
    )
    was: str
    now: str
