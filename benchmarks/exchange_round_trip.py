"""Round trips per second and core: ask, answer, acknowledgement, signed, encrypted (2 KB), verified by centre and receiver,
logged, committed to SQLite; against the same path unsigned, unencrypted and unlogged.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

ROUNDS = {"small": 300, "full": 2000}
REPEATS = 5
PAYLOAD = 2048


def run(size: str, *, peers: bool) -> list[dict[str, Any]]:
    """Set up a deployment in a temporary folder and measure."""
    with tempfile.TemporaryDirectory() as folder:
        from benchmarks.deployment import small_deployment

        made = small_deployment(Path(folder))
        rounds = ROUNDS[size] // REPEATS
        rates = [_rate(made, rounds) for _ in range(REPEATS)]
        results = [
            {
                "measure": "signed, encrypted, logged round trips per second, one core",
                "value": round(statistics.median(rates), 1), "unit": "1/s",
                "spread": f"{min(rates):.1f}–{max(rates):.1f} of {REPEATS}×{rounds}",
                "target": 150, "met": statistics.median(rates) >= 150,
            }
        ]  # fmt: skip
        if peers:
            from benchmarks.deployment import checks_off

            with checks_off():
                plain = [_rate(made, rounds) for _ in range(REPEATS)]
            ratio = statistics.median(rates) / statistics.median(plain)
            results.append(
                {
                    "measure": "the same against unsigned and unlogged",
                    "value": round(ratio, 3), "unit": "ratio", "peer": "own path, checks off",
                    "ratio": round(ratio, 3), "target": 0.4, "met": ratio >= 0.4,
                    "spread": f"peer {statistics.median(plain):.1f}/s ({min(plain):.1f}–{max(plain):.1f})",
                }
            )  # fmt: skip
        return results


def _rate(made: Any, rounds: int) -> float:
    started = time.process_time()
    for _ in range(rounds):
        made.round_trip()
    return rounds / (time.process_time() - started)
