"""Is it alive: for whoever watches the service."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from lachan.kernel.time import clock_from_env

router = Router(tags=["health"])


class Health(Schema):
    """`ok` and the centre's time."""

    state: str
    now: datetime


@router.get("/health", response=Health, auth=None)
def health(request: HttpRequest) -> Health:  # noqa: ARG001 - the framework's signature
    """Answers without the database."""
    return Health(state="ok", now=clock_from_env().now())
