"""Orders and what was done, as a core of the member's own reads and writes them: JSON over HTTP or a program's pipes.

docs/connector.md is the text for whoever builds the other side. What comes back is hostile input: read by declared
shapes, one message at a time, and never believed about another message.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, TypeVar

import msgspec

from lachan.connector.port import CoreUnavailable, Done, Order
from lachan.exchange.fields import Dong, Reference, WireTime
from lachan.kernel.checks import Check
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire, to_wire

SECONDS: Final = (
    4.0  # for a whole call, as a P0 ask needs it (exchange.md §7); every call is held to it
)
MAX_BYTES: Final = 65_536  # of an answer
_MAX_CHECKS = 50
_Shape = TypeVar("_Shape", bound=msgspec.Struct)


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """A core may say more than we read."""


class SaidDone(_Said, frozen=True, kw_only=True):
    message: Annotated[str, msgspec.Meta(max_length=120)]
    amount: Dong
    carved: Dong
    left: Dong
    at: WireTime
    core_ref: Reference
    until: WireTime | None = None


class SaidReady(_Said, frozen=True, kw_only=True):
    ready: bool


class SaidUnknown(_Said, frozen=True, kw_only=True):
    """No order of this message: said in so many words, for a lost route answers 404 too."""

    code: str


class SaidCheck(_Said, frozen=True, kw_only=True):
    id: Annotated[str, msgspec.Meta(max_length=64)]
    ok: bool
    what: Annotated[str, msgspec.Meta(max_length=200)]


class SaidChecks(_Said, frozen=True, kw_only=True):
    checks: Annotated[tuple[SaidCheck, ...], msgspec.Meta(max_length=_MAX_CHECKS)]


UNKNOWN: Final = "order_unknown"


def order_json(order: Order) -> dict[str, Any]:
    """An order as the core reads it; what it does not say is left out."""
    told = {
        "message": order.message,
        "action": order.action,
        "h": order.h,
        "account": order.account,
        "case_ref": order.case_ref,
        "amount": order.amount,
        "until": None if order.until is None else to_wire(order.until),
        "of": order.of,
        "converts": order.converts,
        "authority": order.authority,
        "text": order.text,
    }
    return {name: value for name, value in told.items() if value not in {None, ""}}


def written(value: object) -> bytes:
    """JSON as it is sent."""
    return json.dumps(value, ensure_ascii=False).encode()


def read(shape: type[_Shape], data: bytes) -> _Shape:
    """Raises: CoreUnavailable for what has not this shape."""
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.DecodeError, RecursionError) as cause:
        raise CoreUnavailable(
            why=f"not the answer that was asked for: {str(cause)[:120]}"
        ) from cause


def done_of(data: bytes, message: str) -> Done:
    """What was done for this message. Raises: CoreUnavailable, also for the answer to another one."""
    said = read(SaidDone, data)
    if said.message != message:
        raise CoreUnavailable(why="the answer is about another message")
    try:
        return Done(
            amount=said.amount,
            carved=said.carved,
            left=said.left,
            at=from_wire(said.at),
            core_ref=said.core_ref,
            until=None if said.until is None else from_wire(said.until),
        )
    except (LachanError, ValueError) as cause:
        raise CoreUnavailable(why="a time that is none") from cause


def ensure_within(order: Order, done: Done) -> Done:
    """No more than was ordered was taken, and no longer. Raises: CoreUnavailable."""
    over = order.amount is not None and done.amount > order.amount
    longer = order.until is not None and done.until is not None and done.until > order.until
    if over or longer:
        raise CoreUnavailable(why="the core says that it did more than was ordered")
    return done


def checks_of(data: bytes) -> list[Check]:
    """What the core says of itself. Raises: CoreUnavailable."""
    return [
        Check(id=f"core.{one.id}", ok=one.ok, what=one.what)
        for one in read(SaidChecks, data).checks
    ]
