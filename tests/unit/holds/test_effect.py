"""What an order takes: never more than asked, free and above living money."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.holds.effect import (
    LIVING_MONEY_CAP,
    EffectKind,
    ProtectedCredit,
    effect,
    living_money,
    lowest_since,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
DONG = st.integers(0, 10**15)


def test_everything_asked_is_held_when_it_is_there():
    made = effect(asked=60, balance=100, already_held=0, living=0)
    assert (made.amount, made.carved, made.short, made.kind) == (60, 0, 0, EffectKind.FULL)


def test_living_money_and_earlier_holds_come_first():
    made = effect(asked=60, balance=100, already_held=30, living=25)
    assert (made.amount, made.carved, made.short, made.kind) == (45, 25, 15, EffectKind.PARTIAL)


def test_nothing_is_held_of_an_overdrawn_account():
    made = effect(asked=60, balance=-5, already_held=0, living=10)
    assert (made.amount, made.carved, made.kind) == (0, 0, EffectKind.ZERO)


def test_negative_arguments_are_a_defect():
    with pytest.raises(ValueError, match="never negative"):
        effect(asked=-1, balance=1, already_held=0, living=0)


@given(DONG, st.integers(-(10**15), 10**15), DONG, DONG)
def test_the_effect_never_exceeds_what_is_asked_or_free(asked, balance, held, living):
    made = effect(asked=asked, balance=balance, already_held=held, living=living)
    assert 0 <= made.amount <= asked
    assert made.amount + made.short == asked
    assert made.amount == 0 or made.amount + held + living <= balance
    assert made.amount == max(0, min(asked, balance - held - living))


def test_living_money_is_what_is_left_of_the_last_months_salary():
    salary = ProtectedCredit(NOW - timedelta(days=10), 8_000_000)
    old = ProtectedCredit(NOW - timedelta(days=31), 9_000_000)
    assert living_money([salary, old], 50_000_000, now=NOW) == 8_000_000
    assert living_money([salary], 3_000_000, now=NOW) == 3_000_000
    assert living_money([salary] * 3, 50_000_000, now=NOW) == LIVING_MONEY_CAP
    assert living_money([salary], -5, now=NOW) == 0
    assert living_money([salary], 50_000_000, now=NOW, natural_person=False) == 0


def test_the_lowest_balance_counts_from_the_first_salary_on():
    lines = [(NOW - timedelta(days=5), 10), (NOW - timedelta(days=3), 400), (NOW, 300)]
    assert lowest_since(lines, NOW - timedelta(days=4), balance_now=350) == 300
    assert lowest_since([], NOW, balance_now=7) == 7
