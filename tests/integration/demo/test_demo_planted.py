"""The desk of the demonstration plants a new scam; the case runs through the same verbs as the first two."""

from typing import Any

import pytest

from tests.integration.demo.conftest import Perform

pytestmark = [pytest.mark.slow, pytest.mark.processes]


@pytest.fixture(scope="module")
def second(perform: Perform) -> dict[str, Any]:
    return perform(transfers=5_000, plant=True)


def test_the_desk_offers_and_shows_the_new_scam(second: dict[str, Any]) -> None:
    planted = second["planted"]
    assert planted["offered"]
    assert planted["status"] == 302
    assert planted["shown"]


def test_the_planted_money_is_traced_and_held(second: dict[str, Any]) -> None:
    planted = second["planted"]
    (sums,) = [one for scam, one in second["cases"].items() if scam.startswith("planted")]
    assert sums["reported"] == int(planted["told"]["amount"])
    assert sums["reported"] == (
        sums["held"] + sums["moved_on"] + sums["withdrawn"] + sums["unresolved"]
    )
    assert sums["withdrawn"] == 10_000_000
    assert sums["held"] > sums["reported"] * 9 // 10
    assert any(one["case"] == planted["code"] for one in second["figures"]["plans"])
    assert second["figures"]["accounts"]["bystanders_held"] == 0
