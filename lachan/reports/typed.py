"""One value as people type it: a sum, an hour (`14:05`, `14h05 03/03/2026`, ISO), a way to meet somebody. Pure."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from lachan.kernel.money import Vnd
from lachan.kernel.phones import PhoneNumber
from lachan.kernel.time import ICT
from lachan.kernel.web import Domain, Url
from lachan.reports.errors import AmountOutOfRange, HourUnreadable

MAX_AMOUNT = 10**13


def read_amount(given: str) -> Vnd:
    amount = Vnd.parse(given)
    if not 1 <= amount.dong <= MAX_AMOUNT:
        raise AmountOutOfRange(given=given)
    return amount


_CLOCK = re.compile(r"(\d{1,2})[:hg](\d{2})?(?::(\d{2}))?")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")


def read_hour(given: str, *, now: datetime) -> tuple[datetime, str]:
    """Read "14:05", "14h05 03/03/2026" or ISO; without a day it is today. ICT unless a zone stands there.

    Answers the instant and how exact it is (SECOND, MINUTE, HOUR, DAY). Raises: HourUnreadable.
    """
    text = given.strip().lower()
    try:
        at, precision = _iso(text) if re.match(r"\d{4}-", text) else _spoken(text, now)
    except ValueError as cause:
        raise HourUnreadable(given=given) from cause
    if at > now + timedelta(minutes=5):  # a phone's clock may run a little fast
        raise HourUnreadable(given=given)
    return at, precision


def _iso(text: str) -> tuple[datetime, str]:
    at = datetime.fromisoformat(text.upper())
    return (at if at.tzinfo else at.replace(tzinfo=ICT)), "SECOND" if at.second else "MINUTE"


def _spoken(text: str, now: datetime) -> tuple[datetime, str]:
    clock, day = _CLOCK.search(text), _DAY.search(text)
    if clock is None and day is None:
        raise ValueError(text)
    today = now.astimezone(ICT)
    date = (int(day[3]), int(day[2]), int(day[1])) if day else (today.year, today.month, today.day)
    if clock is None:
        return datetime(*date, 12, tzinfo=ICT), "DAY"
    hour, minute, second = int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)
    precision = "SECOND" if clock[3] else "MINUTE" if clock[2] else "HOUR"
    return datetime(*date, hour, minute, second, tzinfo=ICT), precision


def contact_parser(kind: str) -> Callable[[str], str]:
    parsers: dict[str, Callable[[str], str]] = {
        "PHONE": lambda given: PhoneNumber.parse(given).e164,
        "DOMAIN": lambda given: str(Domain.parse(given)),
        "URL": lambda given: str(Url.parse(given)),
    }
    return parsers.get(kind, lambda given: given.strip()[:200])
