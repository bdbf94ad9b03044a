"""What came of the main job, read from the centre's records after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lachan.cases.models import CaseRecord, LegRecord
from lachan.exchange.models import MessageRecord
from lachan.holds.models import HoldRecord, PauseRecord
from lachan.kernel.time import to_wire

_WHY = "the demonstration looks at everything"
_SUMS = ("reported", "held", "moved_on", "withdrawn", "unresolved", "returned")


def figures(codes: Mapping[str, str], innocent: set[str], *, now: datetime) -> dict[str, Any]:
    """Sums in đồng, layers, institutions, live orders and accounts of these cases (scam → code)."""
    cases = list(CaseRecord.objects.unscoped(reason=_WHY).filter(code__in=codes.values()))
    legs = list(LegRecord.objects.unscoped(reason=_WHY).filter(case__code__in=codes.values()))
    orders = _effective(codes, now)
    live = _live(orders)
    touched, held = {leg.account for leg in legs}, {one["account"] for one in live}
    return {
        "sums": {name: sum(getattr(one, name) for one in cases) for name in _SUMS},
        "layers": max((leg.layer for leg in legs), default=0),
        "institutions": len({leg.institution for leg in legs if leg.institution}),
        "holds": live,
        "accounts": {
            "touched": len(touched),
            "held": len(held),
            "left_out": len(touched - held),
            "bystanders_held": len({one.account for one in orders} & innocent),
        },
        "first_ask_seconds": _first_ask_seconds(codes["green"]),
    }


@dataclass(frozen=True, slots=True)
class _Order:
    """An effective pause or hold. `amount` is what it holds now, in đồng."""

    instrument: str
    institution: str
    account: str
    amount: int
    extent: str
    end: datetime


def _live(orders: Iterable[_Order]) -> list[dict[str, Any]]:
    return [
        {
            "institution": one.institution,
            "account": one.account,
            "amount": one.amount,
            "effect": one.extent,
            "expires_at": to_wire(one.end),
            "instrument": one.instrument,
        }
        for one in orders
        if one.amount > 0
    ]


def _effective(codes: Mapping[str, str], now: datetime) -> list[_Order]:
    where = {"state": "EFFECTIVE", "case__in": list(codes.values())}
    found = [
        _Order("pause", row.receiver, row.account, row.value().held_at(now), row.extent, row.until)
        for row in PauseRecord.objects.unscoped(reason=_WHY).filter(**where)
    ]
    found += [
        _Order(
            "hold", row.receiver, row.account, row.value().held_at(now), row.extent, row.expires_at
        )
        for row in HoldRecord.objects.unscoped(reason=_WHY).filter(**where)
    ]
    return [one for one in found if one.end > now]


def _first_ask_seconds(code: str) -> float | None:
    """From the confirmed report to the first signed message on the wire."""
    case = CaseRecord.objects.unscoped(reason=_WHY).filter(code=code).first()
    asks = MessageRecord.objects.unscoped(reason=_WHY).filter(case_ref=code, type="ask")
    first = asks.order_by("logged_at").first()
    if case is None or first is None or case.contained_at is None:
        return None
    return round((first.logged_at - case.contained_at).total_seconds(), 3)
