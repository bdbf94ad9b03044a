"""Health says whether time-stamps are made at all, are late, or have stopped the exchange."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from lachan.api import health
from lachan.evidence import services, stamping
from lachan.evidence.errors import TsaUnreachable
from lachan.kernel.time import Clock, FixedClock, to_wire

pytestmark = pytest.mark.django_db


class Silent:
    """An authority that never answers."""

    name, url, ca_pem = "tsa-1", "http://tsa.test", ""

    def stamp(self, data: bytes, *, clock: Clock) -> bytes:  # noqa: ARG002 - the port
        raise TsaUnreachable(tsa=self.name, why="silent")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    made = FixedClock(datetime.now(UTC))
    monkeypatch.setattr(health, "clock_from_env", lambda: made)
    return made


@pytest.fixture
def silent() -> Iterator[None]:
    stamping.use(Silent())
    yield
    stamping.use()


def test_without_an_authority_it_says_so_and_asks_no_database(
    client: Client, clock: FixedClock, django_assert_num_queries: object
) -> None:
    services.append("access", "system", clock.now())
    clock.advance(24 * 3600)
    with django_assert_num_queries(0):  # type: ignore[operator] # a context manager
        answer = client.get("/api/v1/health")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["state"], told["time_stamps"], told["problems"]) == ("ok", False, [])


def test_it_names_a_late_stamp_after_ten_minutes_and_the_stop_after_four_hours(
    client: Client, clock: FixedClock, silent: None
) -> None:
    at = clock.now()
    services.append("access", "system", at)
    told = client.get("/api/v1/health").json()
    assert (told["state"], told["time_stamps"], told["problems"]) == ("ok", True, [])
    clock.advance(600)
    late = client.get("/api/v1/health")
    assert late.status_code == 200
    (problem,) = late.json()["problems"]
    assert problem["code"] == "stamp_late"
    assert problem["since"] == to_wire(clock.now())
    assert problem["text_vi"] != problem["text_en"]
    clock.advance(4 * 3600 - 600)
    stopped = client.get("/api/v1/health")
    assert stopped.status_code == 503
    assert [one["code"] for one in stopped.json()["problems"]] == ["stamp_late", "evidence_stopped"]
    assert stopped.json()["state"] == "problems"
