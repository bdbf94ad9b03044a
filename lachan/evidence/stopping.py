"""How long the oldest entry has waited for a time-stamp, and whether that stops new orders (exchange.md §8).

Asked with every message, so the answer is one comparison with a time kept in memory; the tables are read at most once a
second. Only where an authority is configured: a deployment without one promises no time-stamps, and says so.
"""

from datetime import datetime, timedelta

from django.db import models

from lachan.evidence.models import Leaf, Pending, Stamp

LATE = timedelta(minutes=10)
STOP = timedelta(hours=4)
_FRESH = timedelta(seconds=1)


class _Watch:
    """The oldest unstamped entry's time as read at `read_at`; one tuple, since threads share it."""

    def __init__(self) -> None:
        self._seen: tuple[datetime, datetime | None] | None = None

    def oldest(self, now: datetime) -> datetime | None:
        seen = self._seen
        if seen is None or not timedelta() <= now - seen[0] < _FRESH:
            seen = self._seen = (now, oldest_unstamped())
        return seen[1]


_watch: _Watch | None = None


def watch(*, on: bool) -> None:
    """Called by `stamping.use`."""
    global _watch  # noqa: PLW0603 - wired once
    _watch = _Watch() if on else None


def waiting_since(now: datetime) -> datetime | None:
    """When the oldest entry without a stamp was logged; None when there is none, or no authority is configured."""
    return None if _watch is None else _watch.oldest(now)


def stopped(now: datetime) -> bool:
    """Whether new asks are refused: the oldest entry has waited for four hours."""
    since = waiting_since(now)
    return since is not None and now - since >= STOP


def oldest_unstamped() -> datetime | None:
    """Read from the tables: the first entry beyond the largest stamped tree, or one without a place yet.

    Entries have their places in the order of time batch by batch: one that was committed late may be older by as long as its
    transaction took.
    """
    stamped = Stamp.objects.aggregate(size=models.Max("size"))["size"] or 0
    placed = Leaf.objects.filter(idx=stamped).values_list("entry__logged_at", flat=True).first()
    pending = Pending.objects.aggregate(at=models.Min("entry__logged_at"))["at"]
    return min((at for at in (placed, pending) if at is not None), default=None)
