"""Instants are aware UTC inside, `2026-11-22T03:04:05.678Z` on the wire, ICT on a page.

A clock is an argument, never a global: what depends on the time is tested by giving another clock.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Protocol

from lachan.kernel.errors import LachanError, Text

Instant = datetime
ICT = timezone(timedelta(hours=7), "ICT")  # Vietnam has had no summer time since 1975

_WIRE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


class InstantUnreadable(LachanError):
    """A time on the wire that is not UTC with milliseconds."""

    code = "kernel.instant"
    text = Text(
        vi="“{given}” không phải thời điểm hợp lệ. Viết theo mẫu 2026-11-22T03:04:05.678Z (UTC).",
        en="“{given}” is not a valid time. Write it as 2026-11-22T03:04:05.678Z (UTC).",
    )
    given: str


class ClockUnreadable(LachanError):
    """LACHAN_CLOCK says something that is not a clock."""

    code = "kernel.clock"
    text = Text(
        vi="LACHAN_CLOCK “{given}” không hiểu được. Để trống, hoặc viết x60@2026-11-24T03:00:00.000Z.",
        en="LACHAN_CLOCK “{given}” is not understood. Leave it empty or write x60@2026-11-24T03:00:00.000Z.",
    )
    given: str


class Clock(Protocol):
    """Says what time it is: aware, UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """Stands still until it is told to move. For tests and replays."""

    def __init__(self, at: datetime) -> None:
        self.at = _aware(at)

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> datetime:
        """Move on (or back) and return the new time."""
        self.at += timedelta(seconds=seconds)
        return self.at


class FastClock:
    """Runs `factor` times as fast as the machine's clock since `origin` (a demonstration's hour in a minute)."""

    def __init__(self, origin: datetime, factor: int, inner: Clock | None = None) -> None:
        self.origin = _aware(origin)
        self.factor = factor
        self.inner: Clock = inner or SystemClock()

    def now(self) -> datetime:
        return self.origin + (self.inner.now() - self.origin) * self.factor


def clock_from_env(value: str | None = None) -> Clock:
    """The clock that LACHAN_CLOCK names: "" the machine's, "x60@<wire time>" sixty times as fast since then.

    Raises: ClockUnreadable.
    """
    given = os.environ.get("LACHAN_CLOCK", "") if value is None else value
    if not given:
        return SystemClock()
    match = re.fullmatch(r"x([1-9]\d{0,4})@(.+)", given, re.ASCII)
    if match is None:
        raise ClockUnreadable(given=given)
    try:
        origin = from_wire(match[2])
    except InstantUnreadable as cause:
        raise ClockUnreadable(given=given) from cause
    return FastClock(origin, int(match[1]))


def pace(value: str | None = None) -> int:
    """How many times as fast as the machine's clock LACHAN_CLOCK runs: 1 everywhere but in a demonstration.

    What two machines may differ by, and how long a call may take, are times of machines: on a fast clock they
    grow with it. Raises: ClockUnreadable.
    """
    clock = clock_from_env(value)
    return clock.factor if isinstance(clock, FastClock) else 1


def to_wire(at: datetime) -> str:
    """UTC with milliseconds; what is finer is cut off, never rounded up into the future.

    Raises: ValueError for a naive time (a defect of ours, not of the input).
    """
    global _written  # noqa: PLW0603 - one act asks for the same instant dozens of times
    before, text = _written
    if before is at:
        return text
    utc = _aware(at)
    day = f"{utc.year:04d}-{utc.month:02d}-{utc.day:02d}"
    text = f"{day}T{utc.hour:02d}:{utc.minute:02d}:{utc.second:02d}.{utc.microsecond // 1000:03d}Z"
    _written = at, text
    return text


_written: tuple[datetime | None, str] = None, ""


@lru_cache(maxsize=4096)  # the times of one message are read at every check of it
def from_wire(text: str) -> datetime:
    """Read a wire time; nothing but the one form is understood.

    Raises: InstantUnreadable.
    """
    if _WIRE.fullmatch(text) is None:
        raise InstantUnreadable(given=text)
    try:
        return datetime.fromisoformat(text)
    except ValueError as cause:  # the 31st of February
        raise InstantUnreadable(given=text) from cause


def to_ict(at: datetime) -> datetime:
    """The same instant as a Vietnamese wall clock shows it."""
    return _aware(at).astimezone(ICT)


def short_ict(at: datetime) -> str:
    """As tables show it: `14:05:10 03/03/2026`."""
    return to_ict(at).strftime("%H:%M:%S %d/%m/%Y")


def long_ict(at: datetime, lang: str = "vi") -> str:
    """As sentences show a day: `ngày 03 tháng 3 năm 2026`, `3 March 2026`."""
    day = to_ict(at)
    if lang == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    # Decree 30/2020: days below 10 and months below 3 take a nought, so that nobody adds a digit.
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)  # noqa: PLR2004 - the decree's rule
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a naive time has no place here: give it a zone")
    return at if at.tzinfo is UTC else at.astimezone(UTC)
