"""Pauses, amounts and ends: never more than the trace, always with an end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.holds.errors import (
    AmountAboveBalance,
    AmountAboveLoss,
    AmountAboveTaint,
    AmountTooSmall,
    ExpiryPast,
    ExpiryRequired,
    ExpiryTooLong,
    LowValue,
    WholeAccount,
)
from lachan.holds.events import ReleaseOwed, SilenceNoted
from lachan.holds.rules import pauses
from lachan.holds.rules.amounts import Limits, check_amount, check_expiry, pause_until
from lachan.holds.rules.values import Pause, PauseState
from lachan.kernel.money import Vnd

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = Limits(
    taint=60_000_000, taint_all=60_000_000, losses=100_000_000, returned=0, case_holds=0,
    other_cases=0, balance=60_000_000,
)  # fmt: skip


def pause(**changes) -> Pause:
    one = Pause(
        "p1", "VA-26-000001", "970436:0001", "vn/police/c02", 60_000_000, NOW, NOW + 24 * HOUR
    )
    return replace(one, **changes)


def effective(held: int = 60_000_000) -> Pause:
    return pauses.take_effect(
        pause(), held=held, carved=0, until=None, source="e", at=NOW, now=NOW
    )[0]


def test_the_whole_taint_may_be_asked() -> None:
    assert check_amount(60_000_000, LIMITS) == 60_000_000


def test_one_dong_above_the_taint_is_refused_with_the_sum_that_would_do() -> None:
    with pytest.raises(AmountAboveTaint) as refused:
        check_amount(60_000_001, LIMITS)
    assert refused.value.taint == Vnd(60_000_000)


def test_other_cases_on_the_account_lower_what_may_be_asked() -> None:
    with pytest.raises(AmountAboveTaint):
        check_amount(60_000_000, replace(LIMITS, other_cases=1))


def test_the_cases_holds_never_pass_its_verified_losses() -> None:
    with pytest.raises(AmountAboveLoss) as refused:
        check_amount(60_000_000, replace(LIMITS, case_holds=40_000_001))
    assert refused.value.left == Vnd(59_999_999)
    with pytest.raises(AmountAboveLoss):
        check_amount(60_000_000, replace(LIMITS, returned=50_000_000))


def test_more_than_the_balance_is_refused() -> None:
    with pytest.raises(AmountAboveBalance):
        check_amount(60_000_000, replace(LIMITS, balance=59_000_000))
    assert check_amount(60_000_000, replace(LIMITS, balance=None)) == 60_000_000


def test_a_whole_account_is_no_amount() -> None:
    with pytest.raises(WholeAccount):
        check_amount(None, LIMITS)


def test_nothing_is_no_amount() -> None:
    with pytest.raises(AmountTooSmall):
        check_amount(0, LIMITS)


def test_a_shop_with_200000_tainted_is_low_value() -> None:
    with pytest.raises(LowValue):
        check_amount(200_000, replace(LIMITS, taint=200_000, taint_all=200_000))


def test_three_victims_who_together_reach_the_line_lift_it() -> None:
    assert check_amount(200_000, LIMITS, victims_paying=3, paid_by_them=500_000) == 200_000
    with pytest.raises(LowValue):
        check_amount(200_000, LIMITS, victims_paying=3, paid_by_them=499_999)


@given(*[st.integers(0, 10**12)] * 6)
def test_the_room_is_never_above_any_of_its_bounds(  # noqa: PLR0917 - drawn by hypothesis
    taint, all_, losses, returned, mine, other
) -> None:
    limits = Limits(taint, all_, losses, returned, mine, other)
    assert 0 <= limits.room() <= max(0, min(taint, all_ - other, losses - returned - mine))
    assert replace(limits, balance=0).room() == 0


def test_a_hold_without_an_end_is_refused_with_the_latest_one() -> None:
    with pytest.raises(ExpiryRequired):
        check_expiry(None, now=NOW)


def test_73_hours_are_too_long_and_72_are_not() -> None:
    with pytest.raises(ExpiryTooLong):
        check_expiry(NOW + 73 * HOUR, now=NOW)
    assert check_expiry(NOW + 72 * HOUR, now=NOW) == NOW + 72 * HOUR


def test_the_statutory_date_of_the_report_bounds_the_lease() -> None:
    with pytest.raises(ExpiryTooLong):
        check_expiry(NOW + 49 * HOUR, now=NOW, never_past=NOW + 48 * HOUR)


def test_an_end_in_the_past_is_refused() -> None:
    with pytest.raises(ExpiryPast):
        check_expiry(NOW, now=NOW)


def test_a_pause_ends_after_24_hours_or_three_working_days_whichever_is_first() -> None:
    assert pause_until(NOW, third_working_day=NOW + 100 * HOUR) == NOW + 24 * HOUR
    assert pause_until(NOW, third_working_day=NOW + 10 * HOUR) == NOW + 10 * HOUR


def test_a_pause_takes_effect_and_lapses_on_reading() -> None:
    one = effective()
    assert one.held_at(NOW) == 60_000_000
    assert one.held_at(one.until) == 0
    assert one.state_at(one.until) is PauseState.LAPSED
    gone, facts = pauses.lapse(one, now=one.until)
    assert (gone.state, len(facts)) == (PauseState.LAPSED, 1)
    assert pauses.lapse(gone, now=one.until) == (gone, ())


def test_the_institution_may_end_a_pause_earlier_but_not_later() -> None:
    early, _ = pauses.take_effect(
        pause(), held=1, carved=0, until=NOW + HOUR, source="e", at=NOW, now=NOW
    )
    late, _ = pauses.take_effect(
        pause(), held=1, carved=0, until=NOW + 90 * HOUR, source="e", at=NOW, now=NOW
    )
    assert (early.until, late.until) == (NOW + HOUR, NOW + 24 * HOUR)


@pytest.mark.parametrize(
    ("reason", "state"),
    [("NOT_FOUND", "NOT_FOUND"), ("DECLINED", "DECLINED"), ("LOW_SHARE", "DECLINED")],
)
def test_a_pause_is_declined_or_finds_nothing(reason: str, state: str) -> None:
    gone, _ = pauses.decline(pause(), reason=reason, at=NOW)
    assert (gone.state, gone.refused) == (PauseState(state), reason)
    assert pauses.decline(gone, reason="DECLINED", at=NOW) == (gone, ())


def test_a_pause_becomes_a_hold_without_keeping_the_money_twice() -> None:
    gone, _ = pauses.convert(effective(), source="h1", now=NOW)
    assert (gone.state, gone.held_at(NOW)) == (PauseState.CONVERTED, 0)
    assert pauses.convert(gone, source="h1", now=NOW) == (gone, ())


def test_a_released_pause_stays_released_when_its_effect_comes_late() -> None:
    gone, facts = pauses.release(pause(), source="r", now=NOW)
    assert isinstance(facts[0], ReleaseOwed)
    after, owed = pauses.take_effect(
        gone, held=7, carved=0, until=None, source="e", at=NOW, now=NOW
    )
    assert after.held_at(NOW) == 0
    assert isinstance(owed[0], ReleaseOwed)
    assert pauses.release(gone, source="r", now=NOW) == (gone, ())


def test_a_part_of_a_pause_is_let_go() -> None:
    part, _ = pauses.reduce(effective(), amount=10_000_000, source="r", now=NOW)
    assert part.held_at(NOW) == 50_000_000
    whole, _ = pauses.reduce(part, amount=50_000_000, source="r2", now=NOW)
    assert whole.state is PauseState.RELEASED


def test_a_pause_answered_twice_counts_once() -> None:
    again = pauses.take_effect(
        effective(), held=60_000_000, carved=0, until=None, source="e", at=NOW, now=NOW
    )
    assert again == (effective(), ())


def test_silence_on_a_pause_is_noted_by_levels() -> None:
    quiet, facts = pauses.note_silence(pause(), now=NOW + timedelta(minutes=5))
    assert [fact.level for fact in facts if isinstance(fact, SilenceNoted)] == [0, 1]
    assert pauses.note_silence(quiet, now=NOW + timedelta(minutes=5)) == (quiet, ())
    assert pauses.note_silence(effective(), now=NOW + HOUR)[1] == ()


def test_a_pause_that_finds_nothing_left_owes_no_notice() -> None:
    zero, facts = pauses.take_effect(
        pause(), held=0, carved=0, until=None, source="e", at=NOW, now=NOW
    )
    assert (zero.extent, len(facts)) == ("ZERO", 1)
