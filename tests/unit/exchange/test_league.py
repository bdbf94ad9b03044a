"""The league table's rules: the bound by hand, what counts as what, and that small numbers do not win."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.kinds import Priority, all_kinds, kind
from lachan.exchange.league import (
    FEWEST,
    LAWFUL,
    Standing,
    Talk,
    Z,
    by_law,
    percentile,
    spreads,
    standings,
    wilson,
)
from lachan.profiles.load import load_profile

NOW = datetime(2026, 11, 30, 5, tzinfo=UTC)
BANK = "vn/bank/970436"


def talk(**changes: Any) -> Talk:
    given = {
        "kind": "trace_credit", "member": BANK, "by_law": True, "ending": "ANSWERED", "reason": "", "late": False,
        "worked_seconds": 60, "due_at": NOW - timedelta(hours=1), "open": False,
    }  # fmt: skip
    return Talk(**given | changes)


def only(*talks: Talk) -> Standing:
    (line,) = standings(talks, NOW)
    return line


@pytest.mark.parametrize(
    ("right", "of", "bound"),
    [(3, 3, 0.4385), (97, 100, 0.9155), (0, 5, 0.0), (1, 2, 0.0945), (50, 100, 0.4038)],
)
def test_the_bound_is_that_of_the_hand_computed_interval(right: int, of: int, bound: float) -> None:
    """3 of 3: 3 / (3 + 3.8415) = 0.4385; the others from the same formula with z = 1.96, by hand."""
    found = wilson(right, of)
    assert found is not None
    assert abs(found - bound) < 0.0001


def test_three_of_three_stand_below_ninety_seven_of_a_hundred() -> None:
    few = [talk(member="vn/bank/970400") for _ in range(3)]
    many = [talk(late=n < 3) for n in range(100)]
    first, second = standings([*few, *many], NOW)
    assert (first.member, second.member) == (BANK, "vn/bank/970400")
    assert (round(first.bound or 0, 3), round(second.bound or 0, 3)) == (0.915, 0.439)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_bound_solves_its_equation_and_never_passes_the_share(right: int, wrong: int) -> None:
    """The bound p is the share's own score: (p̂ − p)² = z²·p(1 − p)/n; checked with exact fractions."""
    n = right + wrong
    found = wilson(right, n)
    if found is None:
        assert n == 0
        return
    share, low = Fraction(right, n), Fraction(found)
    assert 0 <= low <= share
    assert abs((share - low) ** 2 - Fraction(Z) ** 2 * low * (1 - low) / n) < Fraction(1, 10**9)
    assert (wilson(right + 1, n + 1) or 0) > found


def test_a_line_adds_up_and_each_thing_counts_once() -> None:
    line = only(
        talk(), talk(late=True), talk(ending="REFUSED", reason="OUT_OF_SCOPE"), talk(ending="REFUSED", reason="DECLINED"),
        talk(ending="REFUSED", reason="OUT_OF_SCOPE", late=True), talk(ending="WITHDRAWN"), talk(ending="", open=True),
        talk(ending="", open=True, due_at=NOW), talk(ending="", open=False), talk(reason="NOT_FOUND"),
    )  # fmt: skip
    assert (line.asked, line.on_time, line.late, line.overdue) == (9, 2, 2, 1)
    assert (line.refused, line.lawfully, line.pending, line.withdrawn) == (2, 1, 1, 1)
    assert line.asked == line.on_time + line.late + line.overdue + line.refused + line.pending + line.withdrawn  # fmt: skip
    assert line.bound == wilson(2, 5)


def test_a_declined_pause_is_not_counted_at_all() -> None:
    declined = talk(kind="pause", ending="REFUSED", reason="DECLINED")
    assert standings([declined, talk(kind="pause", ending="REFUSED", reason="DECLINED", late=True)], NOW) == []  # fmt: skip
    assert only(declined, talk(kind="pause")).asked == 1


def test_without_anything_that_counts_there_is_no_bound_and_the_line_comes_last() -> None:
    lines = standings([talk(member="vn/bank/970400", ending="", open=True, due_at=NOW), talk(late=True)], NOW)  # fmt: skip
    assert [one.bound for one in lines] == [0.0, None]


def test_law_and_service_targets_never_share_a_line() -> None:
    lines = standings([talk(), talk(by_law=False, late=True)], NOW)
    assert [(one.by_law, one.on_time, one.late) for one in lines] == [(True, 1, 0), (False, 0, 1)]


def test_times_are_those_of_answers_alone() -> None:
    line = only(
        *(talk(worked_seconds=n) for n in range(1, 21)),
        talk(ending="REFUSED", reason="OUT_OF_SCOPE", worked_seconds=99),
    )
    assert (line.median_seconds, line.p95_seconds) == (10, 19)  # 10.5 to the even second
    assert only(talk(worked_seconds=7)).p95_seconds == 7
    assert only(talk(ending="", open=True)).median_seconds is None


def test_the_nearest_rank_is_a_measured_value() -> None:
    assert percentile([15, 20, 35, 40, 50], 30) == 20
    assert percentile([15, 20, 35, 40, 50], 95) == 50
    assert percentile([], 95) is None


def test_a_spread_names_nobody_and_needs_five() -> None:
    talks = [talk(member=f"vn/bank/97040{n}", late=n > 1) for n in range(FEWEST)]
    assert spreads(standings(talks[:-1], NOW)) == []
    (found,) = spreads(standings(talks, NOW))
    assert (found.members, found.low, found.middle, found.high) == (5, 0.0, 0.0, wilson(1, 1))
    assert not any("vn/" in str(value) for value in (found.kind, found.low))


def test_only_a_verified_period_of_the_clock_that_runs_is_law() -> None:
    rows = load_profile("vn").deadlines
    assert by_law(kind("take_down"), Priority.P1, "platform", rows)
    assert not by_law(
        kind("take_down"), Priority.P1, "hosting", rows
    )  # that article binds platforms
    law = {(one.name, sort) for one in all_kinds().values() for sort in ("bank", "platform") if by_law(one, Priority.P2, sort, rows)}  # fmt: skip
    assert law == {("take_down", "platform")}
    row = rows["take_down.platform"]
    for change in ({"verified": False}, {"owner": "authority"}, {"length": "PT25H"}):
        fields = {name: getattr(row, name) for name in ("clock", "length", "owner", "verified")}
        other = {"take_down": SimpleNamespace(**fields | change)}
        assert not by_law(kind("take_down"), Priority.P1, "platform", other)


def test_no_refusal_of_the_members_own_choice_is_lawful() -> None:
    own = {RefusalReason.DECLINED, RefusalReason.TOO_LARGE, RefusalReason.TECHNICAL}
    answers = {RefusalReason.NOT_FOUND, RefusalReason.NOT_HOLDER, RefusalReason.NOT_HELD, RefusalReason.RETENTION_PASSED}  # fmt: skip
    assert set(RefusalReason) - LAWFUL == own | answers
