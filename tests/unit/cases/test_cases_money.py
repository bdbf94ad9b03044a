"""A case's figures add up at every step; the scenarios are those of cases-and-holds §8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.cases.errors import CaseStateForbids, CaseStillBound
from lachan.cases.rules.money import (
    CaseSums,
    Found,
    LegState,
    case_sums,
    leg_state,
    leg_sums,
    split,
)
from lachan.cases.rules.procedure import Money, Procedure, money_state, move, stage

M = 1_000_000


def test_scenario_1_holds_340_and_80_with_80_withdrawn() -> None:
    legs = [
        Found("A", 1, residual=340 * M, followed=160 * M, answered=True),
        Found("B1", 2, cash=80 * M, answered=True),
        Found("B2", 2, residual=80 * M, answered=True),
    ]
    sums = case_sums(500 * M, legs, {"A": 340 * M, "B2": 80 * M})
    assert sums == CaseSums(500 * M, 420 * M, 0, 80 * M, 0)


def test_scenario_2_keeps_the_whole_sum_in_sight() -> None:
    legs = [
        Found("A", 1, residual=10_000, followed=59_990_000, answered=True),
        Found("B", 2, residual=10_000, followed=59_980_000, answered=True),
        Found("C", 3, residual=59_980_000, answered=True),
    ]
    sums = case_sums(60 * M, legs, {"C": 59_980_000})
    assert (sums.held, sums.unresolved, sums.reported) == (59_980_000, 20_000, 60 * M)


def test_scenario_6_a_silent_banks_amount_is_unresolved() -> None:
    legs = [
        Found("A", 1, residual=10 * M, followed=20 * M, answered=True),
        Found("X", 2, waiting=20 * M),
    ]
    assert case_sums(30 * M, legs, {"A": 10 * M}).unresolved == 20 * M


def test_scenario_9_transit_and_wallet_are_passed_through() -> None:
    legs = [
        Found("transit", 1, followed=30 * M, answered=True),
        Found("wallet", 2, followed=30 * M, answered=True),
        Found("C", 3, residual=30 * M, answered=True),
    ]
    sums = case_sums(30 * M, legs, {"C": 30 * M})
    assert (sums.held, sums.unresolved) == (30 * M, 0)


def test_before_anybody_answered_everything_is_unresolved() -> None:
    assert case_sums(15 * M, [], {}) == CaseSums(15 * M, 0, 0, 0, 15 * M)


def test_a_pause_that_answers_before_the_trace_counts_at_once() -> None:
    legs = [Found("A", 1, waiting=500 * M)]
    assert case_sums(500 * M, legs, {"A": 340 * M}).held == 340 * M


def test_money_released_again_is_unresolved() -> None:
    leg = Found("A", 1, residual=40 * M, answered=True)
    assert leg_sums(leg, 15 * M).unresolved == 25 * M


amounts = st.integers(0, 10**13)
founds = st.builds(
    Found, st.sampled_from("ABCDE"), st.integers(1, 9), *[amounts] * 5, st.booleans()
)


@given(founds, amounts)
def test_a_leg_always_adds_up(found: Found, held: int) -> None:
    sums = leg_sums(found, held)
    parts = (sums.held, sums.moved_on, sums.withdrawn, sums.unresolved)
    assert sum(parts) == sums.received
    assert min(parts) >= 0


@given(amounts, st.lists(founds, max_size=8), st.dictionaries(st.sampled_from("ABCDE"), amounts))
def test_a_case_always_adds_up_whatever_the_banks_answer(reported, legs, held) -> None:
    sums = case_sums(reported, legs, held)
    parts = (sums.held, sums.moved_on, sums.withdrawn, sums.unresolved)
    assert sum(parts) == reported
    assert min(parts) >= 0


@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=6),
    st.lists(founds, max_size=6),
    st.dictionaries(st.sampled_from("ABCDE"), amounts),
)
def test_each_reports_figures_add_up_to_its_loss(losses, legs, held) -> None:
    parts = split(case_sums(sum(losses), legs, held), losses)
    for loss, part in zip(losses, parts, strict=True):
        figures = (part.held, part.moved_on, part.withdrawn, part.unresolved)
        assert sum(figures) == part.reported == loss
        assert min(figures) >= 0


def test_two_reports_share_by_their_losses() -> None:
    parts = split(CaseSums(100, 31, 0, 0, 69), [60, 40])
    assert [part.held for part in parts] == [19, 12]


@pytest.mark.parametrize(
    ("found", "flags", "state"),
    [
        (Found("A", 1), {}, LegState.DISCOVERED),
        (Found("A", 1), {"asked": True}, LegState.QUERIED),
        (Found("A", 1), {"late": True}, LegState.TIMED_OUT),
        (Found("A", 1), {"late": True, "escalated": True}, LegState.ESCALATED),
        (Found("A", 1), {"missing": True}, LegState.NOT_FOUND),
        (Found("A", 1, residual=1, followed=9, answered=True), {}, LegState.STILL_HERE),
        (Found("A", 1, cash=9, answered=True), {}, LegState.CASHED_OUT),
        (Found("A", 1, off_rail=9, answered=True), {}, LegState.OFF_RAIL),
        (Found("A", 1, followed=9, answered=True), {}, LegState.MOVED),
    ],
)
def test_a_legs_state_follows_from_what_is_known(found, flags, state) -> None:
    usual = {"asked": False, "late": False, "escalated": False, "missing": False}
    assert leg_state(found, **(usual | flags)) is state


def test_procedure_moves_forward_only_by_its_steps() -> None:
    assert move(Procedure.NEW, Procedure.VERIFYING) is Procedure.VERIFYING
    with pytest.raises(CaseStateForbids) as refused:
        move(Procedure.NEW, Procedure.TRIAL)
    assert "VERIFYING" in refused.value.allowed


@pytest.mark.parametrize("bound", [{"live_holds": 1}, {"open_reviews": 1}])
def test_a_case_with_a_live_hold_or_an_open_review_is_not_closed(bound) -> None:
    with pytest.raises(CaseStillBound):
        move(Procedure.VERIFYING, Procedure.CLOSED, **bound)


def test_a_reopened_case_is_verified_again() -> None:
    assert move(Procedure.CLOSED, Procedure.REOPENED) is Procedure.REOPENED
    assert stage(Procedure.REOPENED) == "verify"
    assert stage(Procedure.NEW) == "report"
    assert stage(Procedure.CLOSED) == "none"


@pytest.mark.parametrize(
    ("figures", "state"),
    [
        ({"outstanding": 1}, Money.TRACING),
        ({"unresolved": 5}, Money.TRACING),
        ({"held": 5, "unresolved": 1}, Money.CONTAINED),
        ({"held": 5, "returned": 1}, Money.RETURNING),
        ({"returned": 10}, Money.DONE),
    ],
)
def test_the_money_axis_follows_the_figures(figures, state) -> None:
    usual = {"outstanding": 0, "held": 0, "unresolved": 0, "returned": 0, "reported": 10}
    assert money_state(**(usual | figures)) is state
