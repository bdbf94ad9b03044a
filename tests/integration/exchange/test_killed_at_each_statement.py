"""Killed before any statement of a delivery and begun again, the centre has each message, entry and effect once."""

import json
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.demo.conftest import database, run

pytestmark = [pytest.mark.processes, pytest.mark.slow]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp(f"killed-{uuid4().hex[:6]}")
    with database() as environment:
        url = environment.get("LACHAN_DATABASE", "")
        done = run(
            [sys.executable, "-m", "tests.integration.exchange.killing", str(folder), url],
            {},
            seconds=400,
        )
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout))


def test_a_life_ended_at_every_statement(told: dict[str, Any]) -> None:
    *killed, last = told["lives"]
    assert len(killed) >= 40
    assert all(one["killed"] for one in killed)
    assert last["end"] == 0


def test_the_next_life_needs_no_hand(told: dict[str, Any]) -> None:
    assert {one["again"] for one in told["lives"]} == {0}


def test_every_message_entry_and_effect_is_there_once(told: dict[str, Any]) -> None:
    whole = {
        "state": "Disclosed/acknowledged",
        "messages": ["acknowledge", "answer", "ask"],
        "entries": ["accepted", "accepted", "accepted", "approval", "delivered", "effect"],
        "unsent": 0,
        "deliveries": 3,
        "waiting": 0,
    }
    cases = told["found"]["cases"]
    assert set(cases) == {one["case"] for one in told["lives"]}
    for case, one in cases.items():
        assert one == whole, case
