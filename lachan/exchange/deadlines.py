"""When an answer is due: elapsed clocks, business clocks, pauses, escalation, statutory periods. Pure.

Elapsed runs day and night. Business runs Monday to Friday, 08:00–17:00 ICT, less the holidays of the
signed calendar; a day is nine hours. Silence is never an answer and never extends a hold.
"""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from typing import Any

from lachan.exchange.kinds import Elapsed, Length, MessageKind, Priority
from lachan.kernel.time import ICT, to_ict

OPENS, CLOSES = time(8), time(17)
DAY = timedelta(hours=9)
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_HORIZON = 4000  # days; nothing here is due in eleven years


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Holidays and compensatory working days, as data per year.

    A year without its table counts as one without holidays: earlier, never later.
    """

    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()  # Saturdays worked in exchange
    years: frozenset[int] = frozenset()

    def works(self, day: date) -> bool:
        if day in self.working_days:
            return True
        return day.weekday() < 5 and day not in self.holidays  # noqa: PLR2004 - Saturday

    def stale(self, day: date) -> bool:
        """No table for that year."""
        return day.year not in self.years

    def to_json(self) -> dict[str, list[Any]]:
        """As members fetch it; the directory carries the hash of its canonical bytes."""
        return {
            "holidays": sorted(day.isoformat() for day in self.holidays),
            "working_days": sorted(day.isoformat() for day in self.working_days),
            "years": sorted(self.years),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> WorkCalendar:
        return cls(
            frozenset(map(date.fromisoformat, data["holidays"])),
            frozenset(map(date.fromisoformat, data["working_days"])),
            frozenset(data["years"]),
        )

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The instant after so much business time."""
        local, left = to_ict(start), length
        for _ in range(_HORIZON):
            day = local.date()
            if self.works(day):
                begin = max(local, datetime.combine(day, OPENS, ICT))
                end = datetime.combine(day, CLOSES, ICT)
                if begin < end:
                    if left <= end - begin:
                        return (begin + left).astimezone(UTC)
                    left -= end - begin
            local = datetime.combine(day + timedelta(days=1), time(0), ICT)
        raise OverflowError("no working day in eleven years")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Business time from one instant to another."""
        total = timedelta(0)
        day, last = to_ict(start).date(), to_ict(end).date()
        while day <= last:
            if self.works(day):
                begin = max(start, datetime.combine(day, OPENS, ICT))
                stop = min(end, datetime.combine(day, CLOSES, ICT))
                total += max(timedelta(0), stop - begin)
            day += timedelta(days=1)
        return total


@dataclass(frozen=True, slots=True)
class Pause:
    """A clarification stops the clock from its asking to its answer, or to its limit."""

    start: datetime
    end: datetime


class Level(IntEnum):
    """Whom lateness is told: desk, desk head, liaison and the asker's unit head, the regulator."""

    NONE = -1
    L0 = 0
    L1 = 1
    L2 = 2
    L3 = 3


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running clock. `length` is elapsed or business time as `business` says."""

    rule: str
    start: datetime
    length: timedelta
    business: bool
    calendar: WorkCalendar
    priority: Priority = Priority.P2
    pauses: tuple[Pause, ...] = ()

    def _after(self, start: datetime, length: timedelta) -> datetime:
        return self.calendar.add(start, length) if self.business else start + length

    def _used(self, start: datetime, end: datetime) -> timedelta:
        return self.calendar.between(start, end) if self.business else end - start

    @property
    def paused(self) -> timedelta:
        """Time of this clock that pauses took out."""
        return sum((self._used(one.start, one.end) for one in _merged(self.pauses)), timedelta(0))

    @property
    def due_at(self) -> datetime:
        """The instant after which an answer is late."""
        return self._after_pauses(self.length)

    def _after_pauses(self, length: timedelta) -> datetime:
        at, left = self.start, length
        for one in _merged(self.pauses):
            if one.end <= at:
                continue
            run = self._used(at, max(at, one.start))
            if run >= left:
                break
            left -= run
            at = max(at, one.end)
        return self._after(at, left)

    def levels(self) -> tuple[datetime, ...]:
        """When each level is reached, L0 to L3 in order."""
        due = self.due_at
        if self.priority is Priority.P0:
            third = due + max(self.length, timedelta(hours=1))
        else:
            third = max(self._after(due, self.length), self.calendar.add(due, DAY))
        second = max(self._after(due, self.length / 2), due + timedelta(minutes=15))
        return (self._after_pauses(self.length * 3 / 4), due, second, third)

    def level(self, now: datetime) -> Level:
        """The highest level reached; each is told once."""
        reached = [level for level, at in enumerate(self.levels()) if now >= at]
        return Level(max(reached, default=Level.NONE))


def deadline(
    declared: MessageKind,
    priority: Priority,
    start: datetime,
    calendar: WorkCalendar,
    *,
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """The clock of an ask from the centre's receipt. P0 never uses a business clock."""
    length, business = measure(declared.due.limit(priority))
    return Deadline(
        rule=declared.due_rule(priority),
        start=start,
        length=length,
        business=business,
        calendar=calendar,
        priority=priority,
        pauses=tuple(pauses),
    )


def due_at(
    declared: MessageKind, priority: Priority, start: datetime, calendar: WorkCalendar
) -> datetime:
    """What the centre's receipt fixes, and the receiver computes again."""
    return deadline(declared, priority, start, calendar).due_at


def target_at(declared: MessageKind, start: datetime) -> datetime | None:
    """When the connector alone should have answered; past it the board shows an alarm."""
    if declared.due.automatic is None:
        return None
    return start + timedelta(seconds=declared.due.automatic.total_seconds)


def pause_limit(priority: Priority, start: datetime, calendar: WorkCalendar) -> datetime:
    """How long a clarification may stop the clock: 24 h (P1), two working days (P2, P3), P0 not at all."""
    if priority is Priority.P0:
        return start
    if priority is Priority.P1:
        return start + timedelta(hours=24)
    return calendar.add(start, 2 * DAY)


def measure(length: Length) -> tuple[timedelta, bool]:
    """(time, whether it is business time)."""
    if isinstance(length, Elapsed):
        return timedelta(seconds=length.total_seconds), False
    return length.days * DAY, True


def parse_duration(text: str) -> timedelta:
    """ISO 8601 without months and years: `PT72H`, `P7D`, `P1DT12H`. Raises: ValueError."""
    match = _DURATION.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        raise ValueError(f"{text!r} is no ISO 8601 duration of days, hours, minutes and seconds")
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _merged(pauses: Iterable[Pause]) -> list[Pause]:
    found: list[Pause] = []
    for one in sorted(pauses, key=lambda pause: pause.start):
        if one.end <= one.start:
            continue
        if found and one.start <= found[-1].end:
            found[-1] = Pause(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


# --- statutory periods (law.md §2) ------------------------------------------------------------


def legal_due_days(start: datetime, days: int, *, calendar: WorkCalendar | None = None) -> datetime:
    """End (24:00 ICT) of a period of statutory days.

    Strict while the counting rule is unverified: the day of receipt is day 1, no roll-over. With a
    calendar the verified alternative: day 1 is the next day, the end rolls to a working day.
    """
    first = to_ict(start).date()
    if calendar is None:
        return _midnight_after(first + timedelta(days=days - 1))
    last = first + timedelta(days=days)
    return _midnight_after(_roll(last, calendar))


def legal_due_months(
    start: datetime, count: int, *, calendar: WorkCalendar | None = None
) -> datetime:
    """End of a period of statutory months: strict is the same-numbered day, less one; no such day is the month's last."""
    first = to_ict(start).date()
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    last_day = months.monthrange(year, month + 1)[1]
    same = date(year, month + 1, min(first.day, last_day))
    if calendar is not None:
        return _midnight_after(_roll(same, calendar))
    return _midnight_after(same if first.day > last_day else same - timedelta(days=1))


def monthly_due(year: int, month: int, day: int) -> datetime:
    """24:00 ICT of that day of the month after (a holiday does not move it)."""
    following, index = divmod(year * 12 + month, 12)
    return _midnight_after(date(following, index + 1, day))


def earliest_of(start: datetime, length: timedelta, days: int, calendar: WorkCalendar) -> datetime:
    """`min(72 h, 3 working days)`: working days end at 24:00 of the last of them, the first being the next."""
    day = to_ict(start).date()
    left = days
    while left:
        day += timedelta(days=1)
        left -= calendar.works(day)
    return min(start + length, _midnight_after(day))


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), ICT).astimezone(UTC)


def _roll(day: date, calendar: WorkCalendar) -> date:
    while not calendar.works(day):
        day += timedelta(days=1)
    return day
