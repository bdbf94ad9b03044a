"""How many pictures a stranger may have read: each costs the processor far more than a page."""

from collections.abc import Sequence
from datetime import timedelta

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.kernel.events import Event
from lachan.kernel.time import Clock
from lachan.reports.errors import RateLimited
from lachan.reports.models import AttemptRecord
from lachan.reports.tries import hashed

MOST, SPAN = 30, timedelta(hours=1)


@verb("report.read_picture", public=True)
def allow_picture(*, actor: Actor, address: str, clock: Clock) -> tuple[None, Sequence[Event]]:
    """Count one picture of this address. Raises: RateLimited after 30 in an hour."""
    now, key = clock.now(), hashed("picture-address", address)
    rows = AttemptRecord.objects.unscoped(reason="rate limit")
    if rows.filter(key=key, at__gt=now - SPAN).count() >= MOST:
        raise RateLimited(minutes=int(SPAN.total_seconds() // 60))
    AttemptRecord(key=key, at=now).save(force_insert=True)
    return None, ()
