"""Times of statement rows. Day before month always; without a zone it is Vietnam's time (UTC+7).

An impossible day is a bad row, never a guess: 13/25/2026 is not read the American way.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple

from lachan.adapters.statements.errors import unreadable_time

ICT = timezone(timedelta(hours=7))
EXCEL_DAY_ZERO = datetime(1899, 12, 30, tzinfo=ICT)
EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119: outside, a number is not a date
CLOCK = r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?"
DAY_FIRST = r"(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})"
FORMS = (
    re.compile(rf"{DAY_FIRST}(?:[ T,]+{CLOCK})?\Z", re.ASCII),
    re.compile(rf"{CLOCK}[ ,]+{DAY_FIRST}\Z", re.ASCII),
)
ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?\Z", re.ASCII)


class When(NamedTuple):
    """Seconds since 1970-01-01Z, and whether the row told a time of day."""

    seconds: int
    has_clock: bool


def _seconds(at: datetime) -> int:
    return int(at.replace(tzinfo=at.tzinfo or ICT).astimezone(UTC).timestamp())


def read_time(cell: object, *, field: str = "time") -> When | None:
    """Read a cell; None when it is empty.

    Raises: TimeInvalid, naming the field and what stood there.
    """
    try:
        return _read(cell)
    except (ValueError, OverflowError) as wrong:
        raise unreadable_time(cell, field=field) from wrong


def _read(cell: object) -> When | None:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, datetime):
        return When(_seconds(cell), cell.time() != time(0))
    if isinstance(cell, date):
        return When(_seconds(datetime.combine(cell, time(0), ICT)), has_clock=False)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _excel(float(cell))
    text = " ".join(str(cell).split())
    if ISO.match(text):
        at = datetime.fromisoformat(text)
        return When(_seconds(at), ":" in text)
    for form in FORMS:
        found = form.match(text)
        if found:
            part = {key: int(value) for key, value in found.groupdict("0").items() if key != "sep"}
            at = datetime(
                part["y"], part["m"], part["d"], part["H"], part["M"], part["S"], tzinfo=ICT
            )
            return When(_seconds(at), found["H"] is not None)
    raise ValueError(text)


def _excel(days: float) -> When:
    if not EXCEL_DAYS[0] <= days <= EXCEL_DAYS[1]:
        raise ValueError(days)
    seconds = round((days % 1) * 86_400)  # doubles keep a second to about 1e-6
    return When(_seconds(EXCEL_DAY_ZERO + timedelta(days=int(days))) + seconds, seconds != 0)
