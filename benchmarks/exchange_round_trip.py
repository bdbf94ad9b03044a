"""Round trips per second and core: ask, answer, acknowledgement, signed, encrypted (2 KB), verified by centre and receiver,
logged, committed to SQLite; one at a time and in fan-outs; against the same path unsigned, unencrypted and unlogged.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROUNDS = {"small": 320, "full": 2000}
REPEATS = 5
FAN_OUT = 20  # banks that one step of a trace asks
TARGET = 150


def run(size: str, *, peers: bool) -> list[dict[str, Any]]:
    """Set up a deployment in a temporary folder and measure."""
    with tempfile.TemporaryDirectory() as folder:
        from benchmarks.deployment import checks_off, small_deployment, xml_signatures

        made = small_deployment(Path(folder))
        rounds = ROUNDS[size] // REPEATS
        before = _verifications()
        together, single = _rates(made, rounds, FAN_OUT), _rates(made, rounds, 1)
        yardstick = [before, _verifications()]
        results = [
            _row("signed, encrypted, logged round trips per second, one core, 20 at once", together, rounds),
            _row("the same one at a time", single, rounds),
            {
                "measure": "what this core does now: bare Ed25519 verifications", "unit": "1/s",
                "value": round(statistics.mean(yardstick)),
                "spread": f"before {yardstick[0]:.0f}, after {yardstick[1]:.0f}",
            },
        ]  # fmt: skip
        if peers:
            plain = "20 at once against unsigned and unlogged", "own path, checks off, in turn"
            xml = "20 at once against XML signatures", "own path, signxml in place of JWS, in turn"
            results.append(_against(made, rounds // FAN_OUT, checks_off, *plain, target=0.4))
            results.append(_against(made, rounds // FAN_OUT, xml_signatures, *xml, target=3.0))
        return results


def _against(
    made: Any, turns: int, peer: Any, measure: str, name: str, *, target: float
) -> dict[str, Any]:
    """Both paths in turn, so that a core which changes meanwhile changes for both."""
    own, other = [], []
    for _ in range(2 * REPEATS):
        own.append(_rate(made, turns, FAN_OUT))
        with peer():
            other.append(_rate(made, turns, FAN_OUT))
    ratios = [one / two for one, two in zip(own, other, strict=True)]
    ratio = statistics.median(ratios)
    return {
        "measure": measure, "peer": name, "value": round(ratio, 3), "unit": "ratio", "ratio": round(ratio, 3),
        "target": target, "met": ratio >= target,
        "spread": f"{min(ratios):.2f}–{max(ratios):.2f} of {len(ratios)}; peer {statistics.median(other):.1f}/s",
    }  # fmt: skip


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


def _verifications() -> float:
    """The yardstick of exchange.md §2: of 1.2 KB, seven of which are in each round trip."""
    key = Ed25519PrivateKey.generate()
    public, payload = key.public_key(), b"x" * 1200
    signature, started = key.sign(payload), time.process_time()
    for _ in range(2000):
        public.verify(signature, payload)
    return 2000 / (time.process_time() - started)
