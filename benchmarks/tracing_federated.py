"""A federated trace: seven hops over twenty banks that answer in 200 ms, one of them silent for five seconds; against
asking hop by hop, one bank after the other. Real waiting, in threads; no database, no network.
"""

import statistics
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from lachan.tracing.federated import BankTrace, Line, SeedReport, TraceSession
from lachan.tracing.memory import MemoryBank

BANKS, HOPS, FAN = 20, 7, 3
ANSWER_SECONDS, SILENT_SECONDS, LATE_SECONDS = 0.2, 5.0, 1.0
SUM = 1_200_000_000
NOON = 1_795_582_800
TARGET_SECONDS = 10.0
REPEATS = {"small": 3, "full": 10}


class Country:
    """Ledgers of twenty banks: the sum splits in three at the first hop and wanders on, hop by hop, to cash at the end."""

    def __init__(self) -> None:
        self.names = [f"97{n:04d}" for n in range(1, BANKS + 1)]
        self.banks = {name: MemoryBank(name, openings={"V": SUM} if name == self.names[0] else {}) for name in self.names}  # fmt: skip
        self.order = 0
        layer = [(self.names[1], "h1", SUM)]
        self._pay((self.names[0], "V"), (self.names[1], "h1"), SUM)
        for hop in range(2, HOPS + 1):
            layer = self._next(layer, hop)
        for bank, account, amount in layer:
            self._pay((bank, account), None, amount // 2)

    def _next(self, layer: list[tuple[str, str, int]], hop: int) -> list[tuple[str, str, int]]:
        found: list[tuple[str, str, int]] = []
        for n, (bank, account, amount) in enumerate(layer):
            parts = FAN if hop == 2 else 2 if hop <= 4 else 1
            for part in range(parts):
                share = amount // parts + (amount % parts if part == 0 else 0)
                there = (
                    self.names[(hop * 5 + n * parts + part + 2) % BANKS],
                    f"h{hop}-{n}-{part}",
                )
                self._pay((bank, account), there, share)
                found.append((*there, share))
        return found

    def _pay(self, src: tuple[str, str], dst: tuple[str, str] | None, amount: int) -> None:
        self.order += 1
        ends = [(src, dst, -amount)] + ([] if dst is None else [(dst, src, amount)])
        for (bank, account), peer, sign in ends:
            after = self.banks[bank].balance(account) + sign
            there, number = (None, None) if peer is None else peer
            kind = "cash" if dst is None else "transfer"
            self.banks[bank].post(account, Line(self.order, f"r{self.order}", NOON + self.order, sign, there, number, after, kind))  # fmt: skip


def run(size: str, *, peers: bool) -> list[dict[str, Any]]:
    """Medians in seconds, with every method's sums equal to those of serial asking."""
    repeats = REPEATS[size]
    plain = [_trace(silent="", parallel=True) for _ in range(repeats)]
    mute = [_trace(silent="970008", parallel=True) for _ in range(repeats)]
    rows = [
        _row(f"federated trace, {HOPS} hops, {BANKS} banks at 200 ms", plain),
        _row("the same with one bank silent for 5 s", mute),
    ]
    if peers:
        serial = _trace(silent="", parallel=False)
        for other in (plain[0], mute[0]):
            if other[1] != serial[1]:
                raise AssertionError("the sums differ from those of serial asking")
        rows[0] |= {"peer": "one bank after the other", "ratio": round(rows[0]["value"] / serial[0], 3)}  # fmt: skip
        rows[0]["spread"] += f"; peer {serial[0]:.1f} s with {serial[2]} asks; equal sums"
    return rows


def _row(measure: str, runs: list[tuple[float, Any, int]]) -> dict[str, Any]:
    took = [one[0] for one in runs]
    return {
        "measure": measure, "value": round(statistics.median(took), 2), "unit": "s", "target": TARGET_SECONDS,
        "met": max(took) <= TARGET_SECONDS, "spread": f"{min(took):.2f}–{max(took):.2f} of {len(took)}, {runs[0][2]} asks",
    }  # fmt: skip


def _trace(*, silent: str, parallel: bool) -> tuple[float, Any, int]:
    """Seconds, sums by method, asks. A silent bank is told late after a second, and its answer still counts when it comes."""
    country = Country()
    told = {name: BankTrace() for name in country.names}
    session = TraceSession("bench", until=NOON + 10**6)
    waited: set[str] = set()
    asked = 0

    def answer(bank: str, ask: Any) -> tuple[str, Any]:
        slow = bank == silent and bank not in waited
        waited.add(bank)
        time.sleep(SILENT_SECONDS if slow else ANSWER_SECONDS)
        return bank, told[bank].answer(ask, country.banks[bank])

    began = time.perf_counter()
    seed = SeedReport(
        "v1", SUM, country.names[0], "V", country.names[1], "h1", ref="r1", time=NOON + 1
    )
    with ThreadPoolExecutor(BANKS if parallel else 1) as pool:
        queue = session.start([seed])
        running: set[Future[tuple[str, Any]]] = set()
        while queue or running:
            while queue:
                out = queue.pop(0)
                asked += 1
                running.add(pool.submit(answer, out.bank, out.ask))
            done, running = wait(running, timeout=LATE_SECONDS, return_when=FIRST_COMPLETED)
            if not done and silent:
                session.on_late(silent)
            for one in done:
                queue += session.on_answer(*one.result())
    took = time.perf_counter() - began
    if not session.settled:
        raise AssertionError("the trace did not settle")
    return took, session.result().methods, asked
