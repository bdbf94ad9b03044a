"""Pauses and holds across cases, newest first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from lachan.access.actors import Actor
from lachan.cases.names import one_read
from lachan.holds import views
from lachan.holds.models import HoldRecord, PauseRecord
from lachan.holds.rules.values import HoldState
from lachan.holds.views import HoldLine

PAGE = 50


@one_read()
def newest(
    actor: Actor, *, after: UUID | None, now: datetime
) -> tuple[tuple[HoldLine, ...], UUID | None]:
    """Fifty a page and the cursor of the next; keys are in the order of time."""
    pauses = PauseRecord.objects.visible_to(actor)
    holds = HoldRecord.objects.visible_to(actor).exclude(
        state__in=[HoldState.WITHDRAWN, HoldState.STALE]
    )
    if after is not None:
        pauses, holds = pauses.filter(pk__lt=after), holds.filter(pk__lt=after)
    found: list[PauseRecord | HoldRecord] = [
        *pauses.order_by("-id")[: PAGE + 1],
        *holds.order_by("-id")[: PAGE + 1],
    ]
    found.sort(key=lambda one: one.pk, reverse=True)
    shown = found[:PAGE]
    more = shown[-1].pk if len(found) > PAGE else None
    return tuple(views.hold_line(one, now) for one in shown), more
