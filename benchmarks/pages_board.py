"""The golden-hour board with ten thousand open cases: the whole page, and the poll that finds nothing new.

In-process through Django's handler and all its middleware, as Granian's worker calls it; the database is SQLite in a file.
"""

import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

CASES = {"small": 10_000, "full": 10_000}
PAGES = {"small": 60, "full": 500}
TARGET_MS, POLL_TARGET_MS = 200.0, 5.0
FEW = 100


def run(size: str, *, peers: bool) -> list[dict[str, Any]]:  # noqa: ARG001 - no peer
    """p95 of the page, median of the poll, and whether the number of queries depends on the number of cases."""
    with tempfile.TemporaryDirectory() as place:
        from benchmarks.deployment import small_deployment

        made = small_deployment(Path(place))
        client = _client()
        _plant(made, 0, FEW)
        few = _queries(client)
        _plant(made, FEW, CASES[size])
        many = _queries(client)
        pages = sorted(_took(client, "/bang", 200) for _ in range(PAGES[size]))
        version = _version()
        polls = sorted(_took(client, f"/bang?v={version}", 204) for _ in range(PAGES[size] * 3))
    p95, poll = pages[int(len(pages) * 0.95)], polls[int(len(polls) * 0.95)]
    return [
        {
            "measure": f"board with {CASES[size]} open cases, p95", "value": round(p95, 1), "unit": "ms",
            "target": TARGET_MS, "met": p95 <= TARGET_MS,
            "spread": f"median {statistics.median(pages):.1f}, {pages[0]:.1f}–{pages[-1]:.1f} of {len(pages)}",
        },
        {
            "measure": "board poll without news (204), p95", "value": round(poll, 2), "unit": "ms",
            "target": POLL_TARGET_MS, "met": poll <= POLL_TARGET_MS,
            "spread": f"median {statistics.median(polls):.2f}, {polls[0]:.2f}–{polls[-1]:.2f} of {len(polls)}",
        },
        {
            "measure": f"queries of the board, {CASES[size]} cases", "value": many, "unit": "queries",
            "target": few, "met": many == few, "spread": f"{few} with {FEW} cases",
        },
    ]  # fmt: skip


def _client() -> Any:
    from django.test import Client

    from lachan.access.sessions import begin
    from lachan.demo.provision import login_of
    from lachan.kernel.time import SystemClock

    client = Client(raise_request_exception=True)
    client.force_login(login_of("truc"))
    session = client.session
    begin(session, SystemClock().now())
    session.save()
    return client


def _plant(made: Any, first: int, last: int) -> None:
    """Open cases of the agency with rows on the board, of all ages and sums."""
    from lachan.cases.models import BoardRowRecord, CaseRecord

    rng, now, member = Random(first), made.clock.now(), "vn/police/a05"
    cases = [
        CaseRecord(code=f"VA-26-{n:06d}", member=member, unit=f"{member}/duty", opened_at=now - timedelta(minutes=n % 5000), reported=10_000_000 * (1 + n % 90))
        for n in range(first, last)
    ]  # fmt: skip
    CaseRecord.objects.bulk_create(cases, batch_size=500)
    rows = [
        BoardRowRecord(
            case=one, code=one.code, member=member, transferred_at=one.opened_at, reported=one.reported,
            unresolved=one.reported, urgency=rng.randrange(10**9), changed_at=now, waiting=n % 4,
            loss_per_minute=rng.randrange(10**6), hops=n % 6, next_due_at=now + timedelta(minutes=n % 60),
        )
        for n, one in enumerate(cases)
    ]  # fmt: skip
    BoardRowRecord.objects.bulk_create(rows, batch_size=500)


def _version() -> int:
    from lachan.cases import queries
    from lachan.demo.provision import actor

    unit = actor("truc").unit_id
    assert unit is not None
    return queries.board_version(unit)


def _took(client: Any, url: str, status: int) -> float:
    began = time.perf_counter()
    answer = client.get(url)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != status:
        raise AssertionError(f"{url} answered {answer.status_code}")
    return took


def _queries(client: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get("/bang")
    with CaptureQueriesContext(connection) as seen:
        client.get("/bang")
    return len(seen)
