"""The tainted transfers of a trace in one shape, whether one ledger was replayed or many banks answered.

Pictures, paths and plans read these; they never see a clean line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lachan.tracing.model import EXITS, Ledger
from lachan.tracing.trace import Trace


@dataclass(frozen=True, slots=True)
class Movement:
    """One transfer that moved taint. src None: from outside; exit_kind set: the money left.

    seq orders one second: the place in a ledger, or the layer where banks answered.
    """

    id: str
    time: int
    seq: int
    src: str | None
    dst: str
    amount: int
    taint: Mapping[str, int]  # victim to đồng
    exit_kind: str | None = None

    @property
    def tainted(self) -> int:
        return sum(self.taint.values())

    @property
    def sort_key(self) -> tuple[int, int, str, str, str]:
        return self.time, self.seq, self.id, self.src or "", self.dst

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "time": self.time,
            "src": self.src,
            "dst": self.dst,
            "amount": self.amount,
            "taint": dict(self.taint),
            "exit_kind": self.exit_kind,
        }


def movements_of(ledger: Ledger, trace: Trace, *, diversions: bool = False) -> tuple[Movement, ...]:
    """A central trace's flows, in the ledger's order (`seq` is the place in it).

    diversions: also what left an event's way (FEE, OVERDRAFT, RETURNED, RELABELLED, caps), which a
    path must end in and a picture does not draw.
    """
    found: list[Movement] = []
    diverted: dict[str, list[tuple[str, str, Mapping[str, int]]]] = {}
    for event, account, name, taint in trace.diverted if diversions else ():
        diverted.setdefault(event, []).append((account, name, taint))
    for place, row in enumerate(ledger.ordered):
        for account, name, taint in diverted.get(row.id, ()):
            mark = f"{row.id}#{name}"
            found.append(
                Movement(mark, row.time, place, account, name, sum(taint.values()), taint, "other")
            )
        flow = trace.flows.get(row.id)
        if flow is None:
            continue
        kind = ledger.kind(row.dst)
        gone = row.dst is None or kind in EXITS
        found.append(
            Movement(
                id=row.id,
                time=row.time,
                seq=place,
                src=row.src,
                dst=row.dst or "OUTSIDE",
                amount=row.amount,
                taint=flow,
                exit_kind=(kind if row.dst is not None else "other") if gone else None,
            )
        )
    return tuple(found)
