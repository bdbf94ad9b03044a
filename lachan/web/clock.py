"""The pages' clock: the one that LACHAN_CLOCK names, so that a demonstration's hour passes on the pages too."""

from datetime import datetime
from functools import cache

from lachan.kernel.time import Clock, clock_from_env


@cache
def clock() -> Clock:
    """One clock per process."""
    return clock_from_env()


def now() -> datetime:
    """Aware UTC."""
    return clock().now()
