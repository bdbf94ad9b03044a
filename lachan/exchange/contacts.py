"""When a connected member was last heard, how far its clock is off, which directory it has fetched: for the monitoring page.

Written at most once a minute for each member and process, beside the call and never in its way: a call is answered although
this could not be written.
"""

from datetime import datetime, timedelta

import structlog
from django.db import Error

from lachan.access.steps import step
from lachan.exchange.models import HeardRecord
from lachan.kernel.events import Event

LOG = structlog.get_logger("lachan")
EVERY = timedelta(seconds=60)
_CALLS = "the exchange port notes which member called"
_noted: dict[str, datetime] = {}


def polled(member: str, *, at: datetime, signed_at: datetime) -> None:
    """A signed poll came in; `signed_at` is its maker's clock, in whole seconds."""
    last = _noted.get(member)
    if last is not None and timedelta() <= at - last < EVERY:
        return
    _noted[member] = at
    offset = round((signed_at - at).total_seconds())
    _write(member, polled_at=at, clock_offset_seconds=offset)


def fetched(member: str, *, version: int) -> None:
    """It has been given this version of the directory, or has it already."""
    _write(member, directory_version=version)


def _write(member: str, **values: object) -> None:
    try:
        _keep(member, values)
    except Error as fault:
        LOG.warning("contact_not_noted", member=member, fault=type(fault).__name__)


@step
def _keep(member: str, values: dict[str, object]) -> tuple[None, tuple[Event, ...]]:
    HeardRecord.objects.unscoped(reason=_CALLS).update_or_create(member=member, defaults=values)
    return None, ()
