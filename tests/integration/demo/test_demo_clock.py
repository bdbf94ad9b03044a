"""On a fast clock every lease ends by itself: at the bank by its own clock, at the centre by the centre's."""

from typing import Any

import pytest

from tests.integration.demo.conftest import Perform

pytestmark = [pytest.mark.slow, pytest.mark.processes]


@pytest.fixture(scope="module")
def lapsed(perform: Perform) -> dict[str, Any]:
    """72 hours in 72 seconds, after the main job."""
    return perform(transfers=5_000, factor="x3600", seconds=540)


def test_nothing_stands_at_any_member(lapsed: dict[str, Any]) -> None:
    assert all(one["active_leases"] == 0 and one["held"] == 0 for one in lapsed["members"].values())


def test_the_centre_has_written_every_end_down(lapsed: dict[str, Any]) -> None:
    standing = {"SIGNED_2", "SENT", "ACKED", "EFFECTIVE"}
    assert not [one for one in lapsed["centre"]["holds"] if one[2] in standing]
    assert not [one for one in lapsed["centre"]["pauses"] if one[1] in standing]
    assert all(sums["held"] == 0 for sums in lapsed["cases"].values())


def test_the_members_said_so(lapsed: dict[str, Any]) -> None:
    assert lapsed["lapsed"] > 0
    assert lapsed["noticed"] == lapsed["lapsed"]


def test_every_usable_balance_is_whole_again(lapsed: dict[str, Any]) -> None:
    assert any(one["usable"] < one["balance"] for one in lapsed["before"].values())
    assert {key: one["balance"] for key, one in lapsed["after"].items()} == {
        key: one["balance"] for key, one in lapsed["before"].items()
    }
    assert all(one["usable"] == one["balance"] for one in lapsed["after"].values())
