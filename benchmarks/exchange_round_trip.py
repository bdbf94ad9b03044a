"""Round trips per second and core: ask, answer, acknowledgement, signed, encrypted (2 KB), verified by centre and receiver,
logged, committed to SQLite; one at a time and in fan-outs; against the same path unsigned, unencrypted and unlogged.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = {"small": 320, "full": 2000}
REPEATS = 5
FAN_OUT = 16  # asks of one step of a trace
TARGET = 150


def run(size: str, *, peers: bool) -> list[dict[str, Any]]:
    """Set up a deployment in a temporary folder and measure."""
    with tempfile.TemporaryDirectory() as folder:
        from benchmarks.deployment import checks_off, small_deployment

        made = small_deployment(Path(folder))
        rounds = ROUNDS[size] // REPEATS
        together, single = _rates(made, rounds, FAN_OUT), _rates(made, rounds, 1)
        results = [
            _row("signed, encrypted, logged round trips per second, one core, 16 at once", together, rounds),
            _row("the same one at a time", single, rounds),
        ]  # fmt: skip
        if peers:
            with checks_off():
                plain = _rates(made, rounds, FAN_OUT)
            ratio = statistics.median(together) / statistics.median(plain)
            results.append(
                {
                    "measure": "16 at once against unsigned and unlogged",
                    "value": round(ratio, 3), "unit": "ratio", "peer": "own path, checks off",
                    "ratio": round(ratio, 3), "target": 0.4, "met": ratio >= 0.4,
                    "spread": f"peer {statistics.median(plain):.1f}/s ({min(plain):.1f}–{max(plain):.1f})",
                }
            )  # fmt: skip
        return results


def _row(measure: str, rates: list[float], rounds: int) -> dict[str, Any]:
    median = statistics.median(rates)
    return {
        "measure": measure, "value": round(median, 1), "unit": "1/s",
        "spread": f"{min(rates):.1f}–{max(rates):.1f} of {REPEATS}×{rounds}",
        "target": TARGET, "met": median >= TARGET,
    }  # fmt: skip


def _rates(made: Any, rounds: int, fan_out: int) -> list[float]:
    made.round_trips(fan_out)  # what is read once is read
    return [_rate(made, rounds // fan_out, fan_out) for _ in range(REPEATS)]


def _rate(made: Any, turns: int, fan_out: int) -> float:
    started = time.process_time()
    for _ in range(turns):
        made.round_trips(fan_out)
    return turns * fan_out / (time.process_time() - started)
