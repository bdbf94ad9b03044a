"""The board's order: money still reachable by urgency."""

from datetime import UTC, datetime, timedelta

import pytest

from lachan.cases.rules.board import hazard, loss_per_minute, next_act, urgency

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_the_nearer_deadline_comes_first() -> None:
    soon = urgency(60_000_000, NOW + timedelta(minutes=5), NOW)
    late = urgency(60_000_000, NOW + timedelta(hours=5), NOW)
    assert soon == 200_000
    assert soon > late


def test_within_a_minute_and_overdue_count_as_one_minute() -> None:
    assert urgency(6_000, NOW - timedelta(hours=1), NOW) == urgency(6_000, NOW, NOW) == 100


def test_without_a_deadline_a_day_is_taken() -> None:
    assert urgency(86_400, None, NOW) == 1


def test_a_pass_through_loses_more_a_minute_than_a_resting_account() -> None:
    fast = loss_per_minute([(60_000_000, hazard(gone_80_in_60=True))])
    slow = loss_per_minute([(60_000_000, hazard(gone_80_in_60=False))])
    assert fast > 5_000_000 > slow
    assert hazard(gone_80_in_60=False, registry="CONFIRMED") == 2.0
    assert hazard(gone_80_in_60=None) == 0.5


@pytest.mark.parametrize(
    ("facts", "act"),
    [
        ({"taken": False}, "take"),
        ({"sheet": True}, "sign"),
        ({"reviews": 1}, "review"),
        ({"planable": 1}, "plan"),
        ({"red": True}, "plan"),
        ({"late": 1}, "escalate"),
        ({"waiting": 1}, "wait"),
        ({}, "none"),
    ],
)
def test_the_next_act_is_one_word(facts, act) -> None:
    usual = {
        "taken": True, "red": False, "sheet": False, "reviews": 0, "late": 0, "planable": 0,
        "waiting": 0,
    }  # fmt: skip
    assert next_act(**(usual | facts)) == act
