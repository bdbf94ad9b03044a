"""Who answers an ask: the declaration first, then the level of participation, then the member's own policy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.connector.config import PolicyRow
from lachan.connector.decide import Decision, Facts, Way, decide
from lachan.exchange.kinds import Auto, Priority, all_kinds, kind

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # 12:00 ICT


def facts(name: str = "pause", **changed: Any) -> Facts:
    given_: dict[str, Any] = {
        "kind": kind(name),
        "ask": {"amount": 60_000_000},
        "mandates": frozenset({"VN.AML22.44"}),
        "priority": Priority.P0,
        "participation": 5,
        "core_ready": True,
        "anchored": False,
    }
    return Facts(**{**given_, **changed})


def test_a_pause_is_decided_by_the_software_at_level_five_only() -> None:
    assert decide(facts(), (), NOON).way is Way.AUTO
    assert decide(facts(participation=4), (), NOON) == Decision(Way.DESK, "participation")


def test_a_trace_needs_level_three_and_a_confirmation_level_two() -> None:
    assert decide(facts("trace_credit", participation=3), (), NOON).way is Way.AUTO
    assert decide(facts("trace_credit", participation=2), (), NOON).way is Way.DESK
    assert decide(facts("confirm_transfer", participation=2), (), NOON).way is Way.AUTO


def test_when_the_core_is_down_the_ask_waits_and_is_never_refused() -> None:
    for name, declared in all_kinds().items():
        decision = decide(facts(name, core_ready=False, anchored=True), (), NOON)
        assert decision.way is not Way.AUTO, declared.name
        assert decision.way is not Way.REFUSE


def test_a_holder_is_named_alone_only_when_anchored_in_the_golden_hour() -> None:
    assert decide(facts("provide_account_holder"), (), NOON).why == "not_anchored"
    assert decide(facts("provide_account_holder", anchored=True), (), NOON).way is Way.AUTO
    later = facts("provide_account_holder", anchored=True, priority=Priority.P1)
    assert decide(later, (), NOON).why == "not_golden_hour"


@pytest.mark.parametrize(
    ("row", "way"),
    [
        (PolicyRow(kind="pause", action="two_desk"), Way.TWO_DESK),
        (PolicyRow(kind="pause", action="auto", max_vnd=50_000_000), Way.DESK),
        (PolicyRow(kind="pause", action="auto", max_vnd=60_000_000), Way.AUTO),
        (PolicyRow(kind="pause", action="auto", hours="13-17"), Way.DESK),
        (PolicyRow(kind="pause", action="auto", hours="22-13"), Way.AUTO),
        (PolicyRow(kind="pause", action="desk", mandates=("VN.ND52.11A",)), Way.AUTO),
        (PolicyRow(kind="hold", action="desk"), Way.AUTO),
    ],
)
def test_the_members_own_policy(row: PolicyRow, way: Way) -> None:
    assert decide(facts(), (row,), NOON).way is way


@given(
    st.sampled_from(sorted(all_kinds())),
    st.sampled_from(["auto", "desk", "two_desk"]),
    st.sampled_from(list(Priority)),
    st.booleans(),
    st.booleans(),
)
def test_no_policy_lets_software_do_what_is_declared_a_persons(
    name: str, action: str, priority: Priority, anchored: bool, ready: bool
) -> None:
    asked = facts(name, priority=priority, anchored=anchored, core_ready=ready)
    decision = decide(asked, (PolicyRow(kind=name, action=action),), NOON)
    if kind(name).auto in {Auto.DESK, Auto.TWO_DESK} or not ready:
        assert decision.way is not Way.AUTO
