"""What a reader of a trace is shown, once, for the terminal, the PDF and the page alike.

Everything is text or a whole number here, so that the three cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lachan.adapters.statements.case import Case
from lachan.adapters.statements.seeds import moment
from lachan.tracing.confidence import confidence_of
from lachan.tracing.model import Ledger
from lachan.tracing.movements import Movement as Moved
from lachan.tracing.movements import movements_of
from lachan.tracing.paths import paths
from lachan.tracing.trace import Table, Trace

CONTROL = dict.fromkeys(
    (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account that holds traced money, or did. Amounts in đồng."""

    account: str
    bank: str
    taint: int
    low: int
    high: int
    confidence: str  # "0,52 = 0,60·0,90·1,00·0,97", or empty where unknown
    balance: int
    layer: int | None
    last: str


@dataclass(frozen=True, slots=True)
class Movement:
    """One tainted event, as the working of an account shows it."""

    event: str
    time: str
    src: str
    dst: str
    amount: int
    taint: int


@dataclass(frozen=True)
class View:
    """A trace ready to be shown."""

    trace: Trace
    ledger: Ledger
    case: Case
    accounts: tuple[AccountRow, ...]
    exits: tuple[tuple[str, str, int], ...]  # node, kind, đồng
    unresolved: tuple[tuple[str, str, int], ...]  # node, why, đồng: the next statements to ask for
    truncated: tuple[tuple[str, int], ...]
    movements: tuple[Movement, ...]
    seeds: tuple[tuple[str, str, str, int], ...]  # victim, event, time, đồng
    sums: Mapping[str, int]
    ranges: Mapping[str, tuple[int, int]]
    confidence: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    paths: tuple[tuple[str, str, int], ...] = ()  # victim, "V → A → B", đồng

    @property
    def conserves(self) -> bool:
        """Whether every đồng of the seeds is accounted for (`poison` gives leads, not amounts)."""
        return self.trace.method == "poison" or self.sums["seeds"] == self.sums["accounted"]


def clean(text: object) -> str:
    """A name as data: no terminal commands, no marks that turn the reading direction."""
    return str(text).translate(CONTROL)


def total(table: Table) -> int:
    """Sum of a table."""
    return sum(sum(row.values()) for row in table.values())


def ranges_of(traces: Mapping[str, Trace]) -> dict[str, tuple[int, int]]:
    """[least, most] per account over the conserving methods that were run."""
    runs = [one for name, one in traces.items() if name != "poison"]
    names = sorted({name for one in runs for name in one.residual})
    return {
        name: (min(one.taint(name) for one in runs), max(one.taint(name) for one in runs))
        for name in names
    }


def view_of(
    ledger: Ledger,
    traces: Mapping[str, Trace],
    method: str,
    *,
    case: Case,
) -> View:
    """Everything shown of the trace under `method`, with the range over `traces`."""
    trace = traces[method]
    moves = movements_of(ledger, trace)
    ranges = ranges_of(traces)
    confidence = _confidence(ledger, traces, moves, case) if method != "poison" else {}
    last: dict[str, int] = {}
    for row in ledger.ordered:
        for node in (row.src, row.dst):
            if node is not None:
                last[node] = row.time
    names = set(trace.residual) | {name for name, (_, high) in ranges.items() if high}
    rows = [
        AccountRow(
            account=clean(name),
            bank=clean(case.banks.get(name, "")),
            taint=trace.taint(name),
            low=ranges.get(name, (0, 0))[0],
            high=ranges.get(name, (0, 0))[1],
            confidence=_kappa(confidence.get(name)),
            balance=trace.balances.get(name, 0),
            layer=trace.layers.get(name),
            last=moment(last.get(name)),
        )
        for name in names
    ]
    rows.sort(key=lambda row: (-row.taint, -row.high, row.account))
    return View(
        trace=trace,
        ledger=ledger,
        case=case,
        accounts=tuple(rows),
        exits=_sorted((clean(n), ledger.kind(n), sum(r.values())) for n, r in trace.exits.items()),
        unresolved=tuple((clean(node), why, amount) for node, why, amount in trace.requests),
        truncated=tuple((name, sum(row.values())) for name, row in sorted(trace.truncated.items())),
        movements=tuple(_movements(ledger, trace)),
        seeds=tuple(
            (clean(one.victim), clean(one.event), moment(ledger.by_id[one.event].time), one.amount)
            for one in trace.seeds
        ),
        sums={
            "seeds": sum(seed.amount for seed in trace.seeds if _exists(ledger, seed.event)),
            "residual": total(trace.residual),
            "exits": total(trace.exits),
            "pending": total(trace.pending),
            "frontier": total(trace.frontier),
            "truncated": total(trace.truncated),
            "accounted": sum(trace.accounted().values()),
        },
        ranges=ranges,
        confidence=confidence,
        paths=tuple(_paths(ledger, trace, moves)) if method != "poison" else (),
    )


def _confidence(
    ledger: Ledger, traces: Mapping[str, Trace], moves: tuple[Moved, ...], case: Case
) -> dict[str, dict[str, str]]:
    """κ with its factors, for each account that holds traced money under some method.

    What is known ends where the statements end, so their last line bounds the time to be covered. A
    gap lowers the cover as an assumed opening does (the specification gives no other number).
    """
    latest = max((span[1] for span in case.covers.values()), default=None)
    ends = [one for one in (ledger.end, latest) if one is not None]
    as_of = min(ends) if ends else max((move.time for move in moves), default=0)
    qualities = {event: Fraction(found, 100) for event, found in case.quality.items()}
    return {
        name: confidence_of(
            name,
            traces,
            moves,
            as_of=as_of,
            covered=case.covers.get(name),
            opening_assumed=name in case.assumed or name in case.broken,
            qualities=qualities,
        ).to_json()
        for name in sorted({name for one in traces.values() for name in one.residual})
    }


def _paths(ledger: Ledger, trace: Trace, moves: tuple[Moved, ...]) -> list[tuple[str, str, int]]:
    """Each victim's widest ways, as the accounts that the money went through."""
    rows: list[tuple[str, str, int]] = []
    for victim in sorted({seed.victim for seed in trace.seeds}):
        seeds: dict[str, int] = {}
        for seed in trace.seeds:
            if seed.victim == victim and _exists(ledger, seed.event):
                seeds[seed.event] = seeds.get(seed.event, 0) + seed.amount
        found = paths(moves, seeds, victim)
        for one in found.shown:
            events = [ledger.by_id[event] for event in one.events]
            names = [events[0].src or "–"] + [event.dst or "OUTSIDE" for event in events]
            rows.append((clean(victim), clean(" → ".join(names)), one.amount))
        if found.rest:
            rows.append((clean(victim), "…", found.rest))
    return rows


def _exists(ledger: Ledger, event: str) -> bool:
    return ledger.end is None or ledger.by_id[event].time <= ledger.end


def _sorted(rows: Any) -> tuple[tuple[str, str, int], ...]:
    return tuple(sorted(rows, key=lambda row: (-row[2], row[0])))


def _movements(ledger: Ledger, trace: Trace) -> list[Movement]:
    return [
        Movement(
            event=clean(row.id),
            time=moment(row.time),
            src=clean(row.src if row.src is not None else "–"),
            dst=clean(row.dst if row.dst is not None else "–"),
            amount=row.amount,
            taint=sum(trace.flows[row.id].values()),
        )
        for row in ledger.ordered
        if row.id in trace.flows
    ]


def _kappa(found: Mapping[str, str] | None) -> str:
    if not found:
        return ""
    factors = "·".join(found[name] for name in ("agree", "cover", "order", "link"))
    return f"{found['kappa']} = {factors}".replace(".", ",")


def dong(amount: int) -> str:
    """As 1.200.000.000."""
    return f"{amount:,}".replace(",", ".")
