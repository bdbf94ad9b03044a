"""One form of time on the wire, one zone on a page, and clocks that tests can hold still."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.kernel.time import (
    ICT,
    ClockUnreadable,
    FastClock,
    FixedClock,
    InstantUnreadable,
    SystemClock,
    clock_from_env,
    from_wire,
    long_ict,
    pace,
    short_ict,
    to_ict,
    to_wire,
)

NOON = datetime(2026, 3, 3, 7, 5, 10, 678_900, tzinfo=UTC)


def test_the_wire_form_has_milliseconds_and_cuts_the_rest_off() -> None:
    assert to_wire(NOON) == "2026-03-03T07:05:10.678Z"
    assert to_wire(NOON.astimezone(ICT)) == "2026-03-03T07:05:10.678Z"


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)))  # noqa: DTZ001
def test_what_is_written_reads_back_to_the_millisecond(at: datetime) -> None:
    assert timedelta(0) <= at - from_wire(to_wire(at)) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    "text",
    ["", "2026-03-03", "2026-03-03T07:05:10Z", "2026-02-31T07:05:10.678Z",
     "2026-03-03T07:05:10.678+00:00", "٢026-03-03T07:05:10.678Z", "2026-03-03T07:05:10.678Z\n"],
)  # fmt: skip
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(InstantUnreadable):
        from_wire(text)


def test_a_naive_time_is_a_defect() -> None:
    with pytest.raises(ValueError, match="naive"):
        to_wire(datetime(2026, 3, 3))  # noqa: DTZ001


def test_a_page_shows_the_vietnamese_wall_clock() -> None:
    assert to_ict(NOON).hour == 14
    assert short_ict(NOON) == "14:05:10 03/03/2026"
    assert long_ict(NOON) == "ngày 03 tháng 3 năm 2026"
    assert long_ict(datetime(2026, 2, 13, tzinfo=UTC)) == "ngày 13 tháng 02 năm 2026"
    assert long_ict(NOON, "en") == "3 March 2026"


def test_a_fixed_clock_moves_when_told() -> None:
    clock = FixedClock(NOON.astimezone(timezone(timedelta(hours=9))))
    assert clock.advance(1.5) == clock.now() == NOON + timedelta(seconds=1.5)


def test_the_machines_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fast_clock_makes_an_hour_of_a_minute() -> None:
    inner = FixedClock(NOON)
    fast = FastClock(NOON, 60, inner)
    inner.advance(60)
    assert fast.now() == NOON + timedelta(hours=1)


def test_the_environment_chooses_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LACHAN_CLOCK", raising=False)
    assert isinstance(clock_from_env(), SystemClock)
    monkeypatch.setenv("LACHAN_CLOCK", "x60@2026-11-24T03:00:00.000Z")
    fast = clock_from_env()
    assert isinstance(fast, FastClock)
    assert (fast.factor, to_wire(fast.origin)) == (60, "2026-11-24T03:00:00.000Z")


@pytest.mark.parametrize("value", ["60", "x0@2026-11-24T03:00:00.000Z", "x60@noon", "x60@"])
def test_a_clock_that_is_not_understood_is_refused(value: str) -> None:
    with pytest.raises(ClockUnreadable):
        clock_from_env(value)


def test_the_pace_is_one_unless_the_clock_is_fast() -> None:
    assert pace("") == 1
    assert pace("x3600@2026-11-24T03:00:00.000Z") == 3600
