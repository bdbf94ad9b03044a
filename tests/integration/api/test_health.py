"""Health says what is wrong with the centre, since when, and whether asks can still be taken."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.test import Client

from lachan.api import health, soundness
from lachan.evidence import services, stamping
from lachan.evidence.errors import TsaUnreachable
from lachan.evidence.sequencer import sequence_all
from lachan.exchange.models import DeliveryRecord, MessageRecord
from lachan.exchange.watching import keys_end
from lachan.kernel.ids import uuid7
from lachan.kernel.time import Clock, FixedClock, to_wire
from lachan.members import services as members
from lachan.members.roles import MemberState
from tests.integration.members.conftest import Deployment, country, data_folder, empty

__all__ = ["country", "data_folder", "empty"]

pytestmark = pytest.mark.django_db


class _Usage(NamedTuple):
    total: int
    free: int


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


def codes(client: Client) -> list[str]:
    return [one["code"] for one in client.get("/api/v1/health").json()["problems"]]


def test_without_an_authority_it_says_so_and_nothing_is_late(
    client: Client, clock: FixedClock
) -> None:
    services.append("access", "system", clock.now())
    sequence_all(clock)
    clock.advance(23 * 3600)
    answer = client.get("/api/v1/health")
    assert answer.status_code == 200
    told = answer.json()
    assert (told["state"], told["time_stamps"], told["problems"]) == ("ok", False, [])


def test_an_entry_without_its_place_is_told_after_the_promised_minute(
    client: Client, clock: FixedClock
) -> None:
    at = clock.now()
    services.append("access", "system", at)
    clock.advance(60)
    assert codes(client) == []
    clock.advance(1)
    (problem,) = client.get("/api/v1/health").json()["problems"]
    assert (problem["code"], problem["since"]) == ("sequencer_late", to_wire(at + timedelta(seconds=60)))  # fmt: skip
    sequence_all(clock)
    assert codes(client) == []


def test_what_the_centre_should_have_taken_is_told_after_five_minutes(
    client: Client, clock: FixedClock
) -> None:
    message = MessageRecord.objects.create(
        message_id=uuid7(), h="ab" * 32, conversation=uuid7(), sender="vn/bank/970436", receiver="vn/police/a05/duty",
        type="answer", kind="trace_credit", seq=1, case_ref="VA-26-000001", envelope=b"{}", receipt="", entry=uuid7(),
        directory_version=1, logged_at=clock.now(),
    )  # fmt: skip
    delivery = DeliveryRecord.objects.create(message=message, receiver_member="vn/police/a05", hosted=True)  # fmt: skip
    other = DeliveryRecord(message=message, receiver_member="vn/bank/970407", hosted=False)
    assert (
        not other.hosted
    )  # a connected member's queue is its own affair: the monitoring page shows it
    clock.advance(300)
    assert codes(client) == []
    clock.advance(1)
    assert codes(client) == ["queue_high"]
    delivery.receipted_at = clock.now()
    delivery.save()
    assert codes(client) == []


def test_a_stale_directory_and_ending_keys_are_told(
    client: Client, clock: FixedClock, country: Deployment
) -> None:
    sequence_all(country.clock)
    directory = members.current_directory()
    clock.at = directory.issued_at + timedelta(hours=24)
    assert codes(client) == []
    clock.advance(1)
    assert codes(client) == ["directory_stale"]
    active = {row.address for row in directory.members() if row.state is MemberState.ACTIVE}
    end = min(at for address, at in keys_end(directory, clock.now()).items() if address in active)
    clock.at = end - timedelta(days=30, seconds=1)
    assert codes(client) == ["directory_stale"]
    clock.advance(1)
    found = client.get("/api/v1/health").json()["problems"]
    assert [one["code"] for one in found] == ["directory_stale", "key_expiring"]
    assert found[1]["since"] == to_wire(clock.now())


def test_a_nearly_full_disk_is_told_from_when_it_was_first_seen(
    client: Client, clock: FixedClock, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    settings.LACHAN_DATA = tmp_path
    free = {"bytes": 1 << 29}
    monkeypatch.setattr(soundness.shutil, "disk_usage", lambda _: _Usage(1 << 33, free["bytes"]))
    first = clock.now()
    assert codes(client) == ["disk_low"]
    clock.advance(60)
    (problem,) = client.get("/api/v1/health").json()["problems"]
    assert problem["since"] == to_wire(first)
    free["bytes"] = 1 << 31
    assert codes(client) == []
    free["bytes"] = 1
    (again,) = client.get("/api/v1/health").json()["problems"]
    assert again["since"] == to_wire(clock.now())


def test_without_its_database_it_still_answers_and_says_so(tmp_path: Path) -> None:
    """A process of its own whose database is at a port where nobody listens."""
    program = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "answer = Client().get('/api/v1/health')\n"
        "print(answer.status_code, [one['code'] for one in answer.json()['problems']])\n"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "lachan.settings", "LACHAN_DATA": str(tmp_path / "none"),
           "LACHAN_DATABASE": "postgresql://nobody@127.0.0.1:9/none"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().endswith("503 ['db']"), done.stderr


def test_every_code_has_words_in_both_languages_that_name_nobody() -> None:
    for text in soundness.TEXTS.values():
        assert text.vi != text.en
        assert "{" not in text.vi + text.en
        assert "vn/" not in text.vi + text.en


def test_it_names_a_late_stamp_after_ten_minutes_and_the_stop_after_four_hours(
    client: Client, clock: FixedClock, silent: None
) -> None:
    at = clock.now()
    services.append("access", "system", at)
    sequence_all(clock)
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
