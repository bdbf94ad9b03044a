"""Pauses and holds that the caller's agency asked for."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from lachan.api.callers import Officer, caller
from lachan.api.shapes import REFUSALS
from lachan.holds import listing
from lachan.holds.views import HoldLine
from lachan.kernel.time import clock_from_env

router = Router(tags=["holds"])


class Holds(Schema):
    """One page; `after` is the cursor of the next, null when there is none."""

    rows: list[HoldLine]
    after: UUID | None


@router.get("/holds", response={200: Holds, **REFUSALS}, auth=Officer("case.read"))
def holds(request: HttpRequest, after: UUID | None = None) -> Holds:
    """Newest first, fifty a page. Amounts in đồng."""
    rows, more = listing.newest(caller(request), after=after, now=clock_from_env().now())
    return Holds.model_construct(rows=list(rows), after=more)
