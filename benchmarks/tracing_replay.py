"""Central replay of one case: how long until every đồng has a place (target: 5,000 events ≤ 200 ms).

python -m benchmarks.tracing_replay
"""

from __future__ import annotations

import statistics
import time
from random import Random
from typing import Any

from lachan.tracing.model import Account, EventRow, Ledger, Seed
from lachan.tracing.purse import all_methods
from lachan.tracing.replay import replay

REPEATS = 5
FOLLOWS, CASH = 0.5, 0.05  # shares of events that continue the trail, that end at a machine
SIZES = {"small": 5_000, "full": 5_000}
TARGET_MS = {5_000: 200.0}


def case(size: int, *, seed: int = 1) -> Ledger:
    """A seeded case: a few layers of mules, splits of 2-5, shared accounts, cash at the ends."""
    rng = Random(seed)
    mules = [f"m{i}" for i in range(max(20, size // 25))]
    accounts = {name: Account(rng.randint(0, 50_000_000)) for name in mules}
    accounts["V"] = Account(2_000_000_000)
    accounts["atm"] = Account(0, "cash")
    events = [EventRow("e0", 0, "V", mules[0], 1_200_000_000, seq=0)]
    reached = [mules[0]]
    for index in range(1, size):
        src = rng.choice(reached[-50:]) if rng.random() < FOLLOWS else rng.choice(mules)
        dst = "atm" if rng.random() < CASH else rng.choice(mules)
        if dst == src:
            dst = "atm"
        elif src in reached:
            reached.append(dst)
        amount = int(rng.lognormvariate(15, 1.2)) + 1
        events.append(EventRow(f"e{index}", index * 7, src, dst, amount, seq=0))
    return Ledger(accounts=accounts, events=tuple(events), seeds=(Seed("v1", "e0", 1_200_000_000),))


def run(size: str = "small", *, peers: bool = True) -> list[dict[str, Any]]:  # noqa: ARG001 - no peer
    """As `lachan bench` asks; the quoted size is 5,000 events in both."""
    return measure(SIZES[size])


def measure(size: int) -> list[dict[str, Any]]:
    """Median, least and most milliseconds per method, after one warm-up, answers conserved."""
    rows: list[dict[str, Any]] = []
    for method in all_methods():
        took: list[float] = []
        touched = 0
        for _ in range(REPEATS + 1):
            ledger = case(size)  # a fresh ledger: its order and digest are part of the work
            began = time.perf_counter()
            trace = replay(ledger, method)
            took.append((time.perf_counter() - began) * 1000)
            touched = len(trace.balances)
            if method != "poison" and trace.accounted() != {"v1": 1_200_000_000}:
                raise AssertionError(f"{method} lost money")
        took = took[1:]
        rows.append(
            {
                "measure": f"replay {method}",
                "value": round(statistics.median(took), 2),
                "unit": "ms",
                "size": size,
                "spread": f"{min(took):.1f}–{max(took):.1f} of {REPEATS}",
                "met": statistics.median(took) <= TARGET_MS.get(size, float("inf")),
                "touched": touched,
                "target": TARGET_MS.get(size),
            }
        )
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)
