"""SIGKILL any part at any moment: the job ends in the same sums, and every order has exactly one effect."""

from collections import Counter
from typing import Any

import pytest

from tests.integration.demo.conftest import Perform

pytestmark = [pytest.mark.slow, pytest.mark.processes]
SEEDS = (1, 2)


@pytest.fixture(scope="session", params=SEEDS)
def disturbed(request: pytest.FixtureRequest, perform: Perform) -> dict[str, Any]:
    """The same job with parts killed at random moments."""
    return perform(kills=request.param)


def effects(told: dict[str, Any]) -> dict[str, list[tuple[str, str, int, str]]]:
    """What stands and stood at each member: action, account, amount, state; without ids and times."""
    return {
        name: sorted((action, account, held, state) for _, action, account, _, held, state in one["effects"])
        for name, one in told["members"].items()
    }  # fmt: skip


def test_parts_were_killed(disturbed: dict[str, Any]) -> None:
    assert len(disturbed["killed"]) >= 5


def test_the_sums_are_those_of_the_undisturbed_job(
    disturbed: dict[str, Any], undisturbed: dict[str, Any]
) -> None:
    assert disturbed["cases"] == undisturbed["cases"]
    for sums in disturbed["cases"].values():
        assert sums["reported"] == (
            sums["held"] + sums["moved_on"] + sums["withdrawn"] + sums["unresolved"]
        )


def test_the_same_holds_stand_with_the_same_amounts(
    disturbed: dict[str, Any], undisturbed: dict[str, Any]
) -> None:
    amounts = [
        sorted((one["account"], one["amount"]) for one in told["figures"]["holds"])
        for told in (disturbed, undisturbed)
    ]
    assert amounts[0] == amounts[1]
    assert effects(disturbed) == effects(undisturbed)


def test_every_order_is_carried_out_exactly_once(disturbed: dict[str, Any]) -> None:
    for name, member in disturbed["members"].items():
        ordered = Counter(h for _, kind, _, h in member["asks"] if kind in {"pause", "hold"})
        acted = {
            message for message, action, *_ in member["effects"] if action in {"pause", "hold"}
        }
        answered = {
            id_ for id_, kind, state, _ in member["asks"]
            if kind in {"pause", "hold"} and state == "answered"
        }  # fmt: skip
        assert set(ordered.values()) <= {1}, name
        assert acted == answered, name
        assert member["doubles"] == 0, name
        assert member["unsent"] == 0, name
    at_members = Counter(
        h
        for one in disturbed["members"].values()
        for _, kind, _, h in one["asks"]
        if kind in {"pause", "hold"}
    )
    assert at_members == Counter(h for h, _ in disturbed["centre"]["orders"])


def test_nothing_is_left_on_the_way_and_the_log_is_whole(disturbed: dict[str, Any]) -> None:
    assert disturbed["centre"]["unsent"] == 0
    assert disturbed["centre"]["undelivered"] == 0
    assert disturbed["centre"]["log"] == []
