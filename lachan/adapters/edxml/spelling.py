"""How edXML spells days, times and numbers. Pure.

Days are `yyyy/MM/dd`; others also write `yyyy-MM-dd`, `dd/MM/yyyy`, or a time of day behind. Times have
no zone: they are taken as Vietnamese wall-clock time, which no text at hand confirms.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from lachan.kernel.time import ICT, from_wire, to_ict, to_wire

_DAY = re.compile(r"([0-9]{4})[/-]([0-9]{2})[/-]([0-9]{2})(?:[ T][0-9:.]{5,12})?\Z", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})(?: [0-9:]{5,8})?\Z", re.ASCII)
_TIME = re.compile(r"(.{10})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})\Z", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,6}\Z", re.ASCII)


def day_out(wire: str) -> str:
    return wire.replace("-", "/")


def day_in(text: str) -> str | None:
    """A wire day; None for what is no day of the calendar."""
    found = _DAY.match(text)
    parts = found.groups() if found else None
    if parts is None:
        found = _DAY_FIRST.match(text)
        parts = tuple(reversed(found.groups())) if found else None
    if parts is None:
        return None
    try:
        return date(*(int(one) for one in parts)).isoformat()
    except ValueError:
        return None


def instant_out(wire: str) -> str:
    """To the second: what is finer is cut off."""
    return to_ict(from_wire(wire)).strftime("%Y/%m/%d %H:%M:%S")


def instant_in(text: str) -> str | None:
    """A wire time; None for what is none."""
    found = _TIME.match(text)
    day = day_in(found[1]) if found else None
    if found is None or day is None:
        return None
    try:
        at = datetime.fromisoformat(f"{day}T{found[2]}:{found[3]}:{found[4]}").replace(tzinfo=ICT)
        return to_wire(at.astimezone(UTC))
    except (ValueError, OverflowError):
        return None


def number_in(text: str) -> int | None:
    return int(text) if _NUMBER.match(text) else None
