"""Why the centre or the receiver takes no message now: one class per code of exchange.md §10."""

from __future__ import annotations

from lachan.exchange.errors import ExchangeError
from lachan.kernel.errors import Text


class RateExceeded(ExchangeError):
    code = "exchange.rate"
    status = 429
    text = Text(
        vi="Quá số thông điệp cho phép; thử lại sau {retry_after_seconds} giây.",
        en="Too many messages; try again in {retry_after_seconds} seconds.",
    )
    retry_after_seconds: int


class CapacityFull(ExchangeError):
    code = "exchange.capacity"
    status = 429
    text = Text(
        vi="Hàng đợi của bên nhận đã đầy; thử lại sau {retry_after_seconds} giây.",
        en="The receiver's queue is full; try again in {retry_after_seconds} seconds.",
    )
    retry_after_seconds: int


class EvidenceStopped(ExchangeError):
    code = "exchange.evidence_stopped"
    status = 503
    text = Text(
        vi="Dấu thời gian đã ngừng hơn 4 giờ: không nhận yêu cầu mới; trả lời và giải tỏa vẫn đi qua.",
        en="Time-stamping has stopped for over 4 hours: no new asks; answers and releases still pass.",
    )


class Maintenance(ExchangeError):
    code = "exchange.maintenance"
    status = 503
    text = Text(vi="Trung tâm đang bảo trì.", en="The centre is under maintenance.")
