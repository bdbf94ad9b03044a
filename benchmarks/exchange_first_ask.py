"""From a report's submission to the first signed ask in a bank's queue, with the dispatcher in a process of its own.

The clock starts before the report is given to the service that takes it (an officer on the telephone) and stops at the
log time of the first message of its case; both processes read one clock.
"""

import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

REPORTS = {"small": 60, "full": 500}
TARGET_SECONDS = 2.0
PATIENCE_SECONDS = 20.0
PACE_SECONDS = 0.1


def run(size: str, *, peers: bool) -> list[dict[str, Any]]:  # noqa: ARG001 - no peer
    """p95 and median over reports that come one after the other."""
    with tempfile.TemporaryDirectory() as place:
        from benchmarks.deployment import small_deployment

        made = small_deployment(Path(place), banks=2)
        dispatcher = subprocess.Popen([sys.executable, "-m", "benchmarks.exchange_first_ask"])
        try:
            _one(made, 0)  # the first pays for imports
            took = sorted(_one(made, n) for n in range(1, REPORTS[size] + 1))
        finally:
            dispatcher.terminate()
            dispatcher.wait(10)
    p95, median = took[int(len(took) * 0.95)], took[len(took) // 2]
    return [
        {
            "measure": "report submitted → first signed ask on the wire, p95", "value": round(p95, 3), "unit": "s",
            "target": TARGET_SECONDS, "met": p95 <= TARGET_SECONDS,
            "spread": f"median {median:.3f}, {took[0]:.3f}–{took[-1]:.3f} of {len(took)}",
        }
    ]  # fmt: skip


def _one(made: Any, number: int) -> float:
    """Seconds from the submission to the log time of the first ask that follows from it."""
    from lachan.access.purposes import Purpose
    from lachan.demo.provision import actor
    from lachan.exchange.models import MessageRecord
    from lachan.kernel.time import to_wire
    from lachan.reports import services as reports
    from lachan.reports.rules import Channel, TransferForm

    rows = MessageRecord.objects.unscoped(reason="benchmark").filter(type="ask")
    seen = set(rows.values_list("case_ref", flat=True))
    began = datetime.now(UTC)
    row = TransferForm(
        rail="BANK", from_bank="970901", from_account=f"1{number:09d}", to_bank="970902", to_account=f"2{number:09d}",
        amount="60000000", at=to_wire(began - timedelta(minutes=5)), ref=f"FTB{number:06d}", payee="",
    )  # fmt: skip
    form = reports.ReportForm(
        key=f"b{number}", channel=Channel("PHONE"), transfers=(row,), contacts=(),
        phone=f"0912{number:06d}", victim_name="Nguyễn Thị Bị Hại", scam_type="FAKE_POLICE",
    )  # fmt: skip
    reports.file_report(actor=actor("truc", purpose=Purpose.GLD), form=form, clock=made.clock)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        first = rows.exclude(case_ref__in=seen).order_by("logged_at").first()
        if first is not None:
            time.sleep(PACE_SECONDS)  # the case's other asks leave before the next report comes
            return float((first.logged_at - began).total_seconds())
        time.sleep(0.005)
    raise AssertionError("no ask left")


if __name__ == "__main__":
    from lachan.web import parts

    parts.dispatcher()
