"""Clocks: every worked example of the documents, and what must hold for all others."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.exchange.deadlines import (
    Deadline,
    Level,
    Pause,
    WorkCalendar,
    deadline,
    due_at,
    earliest_of,
    legal_due_days,
    legal_due_months,
    monthly_due,
    parse_duration,
    pause_limit,
    target_at,
)
from lachan.exchange.kinds import Priority, kind
from lachan.kernel.time import ICT

HOLIDAY = WorkCalendar(holidays=frozenset({date(2026, 9, 2)}), years=frozenset({2026}))
PLAIN = WorkCalendar()


def ict(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ICT).astimezone(UTC)


def business(hours: float, start: datetime, *pauses: Pause) -> Deadline:
    return Deadline(
        rule="x",
        start=start,
        length=timedelta(hours=hours),
        business=True,
        calendar=HOLIDAY,
        pauses=pauses,
    )


def test_eight_business_hours_over_a_holiday():
    clock = business(8, ict(2026, 9, 1, 16, 30))
    assert clock.due_at == datetime(2026, 9, 3, 8, 30, tzinfo=UTC)


def test_a_clarification_of_four_hours_moves_the_end_to_the_next_morning():
    asked = Pause(ict(2026, 9, 3, 10), ict(2026, 9, 3, 14))
    clock = business(8, ict(2026, 9, 1, 16, 30), asked)
    assert clock.due_at == ict(2026, 9, 4, 10, 30)
    assert clock.paused == timedelta(hours=4)


def test_a_trace_asked_before_midnight_is_due_after_it_holiday_or_not():
    clock = due_at(
        kind("trace_credit"), Priority.P0, datetime(2026, 9, 1, 23, 58, tzinfo=UTC), HOLIDAY
    )
    assert clock == datetime(2026, 9, 2, 0, 3, tzinfo=UTC)
    start = ict(2026, 9, 2, 23, 58)
    assert target_at(kind("trace_credit"), start) == start + timedelta(seconds=5)
    assert target_at(kind("renew"), start) is None


def test_the_golden_hour_never_uses_a_business_clock():
    start = ict(2026, 9, 5, 23, 0)  # a Saturday
    assert due_at(kind("identify_subscriber"), Priority.P0, start, PLAIN) == start + timedelta(
        minutes=15
    )
    assert due_at(kind("identify_subscriber"), Priority.P2, start, PLAIN) == ict(2026, 9, 7, 17, 0)


def test_twenty_days_end_on_the_twentieth_counting_the_day_of_receipt():
    start = ict(2026, 11, 22, 9, 15)
    assert legal_due_days(start, 20) == datetime(2026, 12, 11, 17, 0, tzinfo=UTC)
    assert legal_due_days(start, 20, calendar=PLAIN) == ict(2026, 12, 15)  # Mon 14, 24:00


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 22), 2, date(2027, 1, 21)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 1), 2, date(2026, 2, 28)),
    ],
)
def test_months_end_a_day_before_the_same_number_or_on_the_months_last(start, months, end):
    at = datetime.combine(start, time(9), ICT)
    assert legal_due_months(at, months) == datetime.combine(end + timedelta(days=1), time(0), ICT)


def test_the_extension_starts_where_the_complex_period_ends():
    ends = legal_due_months(ict(2026, 11, 22, 9), 4)
    assert ends == ict(2027, 3, 22)


def test_three_working_days_from_friday_evening_or_72_hours():
    start = ict(2026, 11, 20, 17, 30)
    assert earliest_of(start, timedelta(hours=72), 3, PLAIN) == ict(2026, 11, 23, 17, 30)
    assert earliest_of(start, timedelta(hours=200), 3, PLAIN) == ict(2026, 11, 26)


def test_a_clock_that_runs_over_a_holiday_at_the_turn_of_the_year():
    calendar = WorkCalendar(holidays=frozenset({date(2027, 1, 1)}), years=frozenset({2027}))
    start = ict(2026, 12, 31, 16, 59)
    assert calendar.add(start, timedelta(minutes=2)) == ict(2027, 1, 4, 8, 1)
    midnight = ict(2027, 1, 1)
    assert calendar.add(midnight, timedelta(hours=1)) == ict(2027, 1, 4, 9)


def test_the_monthly_report_ends_with_the_tenth_of_the_next_month():
    assert monthly_due(2026, 11, 10) == ict(2026, 12, 11)
    assert monthly_due(2026, 12, 10) == ict(2027, 1, 11)


def test_saturdays_worked_in_exchange_count():
    calendar = WorkCalendar(working_days=frozenset({date(2026, 8, 22)}), years=frozenset({2026}))
    assert calendar.add(ict(2026, 8, 21, 16, 0), timedelta(hours=2)) == ict(2026, 8, 22, 9, 0)
    assert calendar.stale(date(2027, 1, 1))
    assert not calendar.stale(date(2026, 1, 1))
    assert WorkCalendar.from_json(calendar.to_json()) == calendar


def test_a_calendar_without_any_working_day_is_said_and_not_looped_on():
    none = WorkCalendar(
        holidays=frozenset(date(2026, 1, 1) + timedelta(days=i) for i in range(5000))
    )
    with pytest.raises(OverflowError):
        none.add(ict(2026, 1, 1, 9), timedelta(hours=1))


def test_lateness_is_told_level_by_level():
    start = ict(2026, 11, 24, 10, 0)
    clock = deadline(kind("trace_credit"), Priority.P0, start, PLAIN)
    told = {
        0: Level.NONE,
        4: Level.L0,
        5: Level.L1,
        19: Level.L1,
        20: Level.L2,
        64: Level.L2,
        65: Level.L3,
    }
    for minutes, level in told.items():
        assert clock.level(start + timedelta(minutes=minutes)) is level, minutes
    slow = deadline(kind("identify_subscriber"), Priority.P2, start, PLAIN)
    assert slow.level(slow.due_at) is Level.L1
    assert slow.level(slow.due_at + timedelta(hours=23)) is Level.L2
    assert slow.level(slow.due_at + timedelta(hours=24)) is Level.L3


def test_how_long_a_clarification_may_stop_the_clock():
    start = ict(2026, 9, 1, 10, 0)
    assert pause_limit(Priority.P0, start, HOLIDAY) == start
    assert pause_limit(Priority.P1, start, HOLIDAY) == start + timedelta(hours=24)
    assert pause_limit(Priority.P2, start, HOLIDAY) == ict(2026, 9, 4, 10, 0)


@pytest.mark.parametrize("text", ["P", "PT", "72H", "P1Y", "PT1.5H", "", "P1D2H"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


def test_durations_read():
    assert parse_duration("PT72H") == timedelta(hours=72)
    assert parse_duration("P1DT2H3M4S") == timedelta(days=1, hours=2, minutes=3, seconds=4)


INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31)).map(  # noqa: DTZ001 - strategies want naive bounds
    lambda at: at.replace(tzinfo=UTC)
)
LENGTHS = st.integers(0, 10 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@given(INSTANTS, LENGTHS, LENGTHS, st.booleans(), LENGTHS, LENGTHS)
def test_a_deadline_grows_with_its_length_and_its_pauses(  # noqa: PLR0917 - drawn values
    start, short, more, office, off, stop
):
    def clock(length, *pauses):
        return Deadline("x", start, length, office, HOLIDAY, pauses=pauses)

    assert start <= clock(short).due_at <= clock(short + more).due_at
    pause = Pause(start + off, start + off + stop)
    longer = Pause(start + off, start + off + stop + more)
    assert clock(short).due_at <= clock(short, pause).due_at <= clock(short, longer).due_at
    assert clock(short, pause, pause).due_at == clock(short, pause).due_at


@given(INSTANTS, st.integers(1, 90))
def test_the_strict_count_of_days_never_ends_later_than_the_other(start, days):
    assert legal_due_days(start, days) <= legal_due_days(start, days, calendar=HOLIDAY)
    assert legal_due_days(start, days) <= legal_due_days(start + timedelta(hours=5), days)


@given(INSTANTS, st.integers(1, 24))
def test_the_strict_count_of_months_never_ends_later_than_the_other(start, count):
    assert legal_due_months(start, count) <= legal_due_months(start, count, calendar=HOLIDAY)
    later = legal_due_months(start + timedelta(days=1), count)
    assert legal_due_months(start, count) <= later


@given(INSTANTS, LENGTHS)
def test_business_time_added_is_business_time_counted(start, length):
    assert HOLIDAY.between(start, HOLIDAY.add(start, length)) == length
