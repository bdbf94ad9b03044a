"""Is it alive, and is it sound: for whoever watches the service (exchange.md §9)."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema, Status

from lachan.api import soundness
from lachan.evidence import stamping
from lachan.kernel.time import clock_from_env

router = Router(tags=["health"])


class Problem(Schema):
    """One thing that needs a person; `since` is when it began."""

    code: str
    since: datetime
    text_vi: str
    text_en: str


class Health(Schema):
    """`ok`, or `problems`, and the centre's time. `time_stamps`: whether an authority is configured at all."""

    state: str
    now: datetime
    time_stamps: bool
    problems: list[Problem]


@router.get("/health", response={200: Health, 503: Health}, auth=None)
def health(request: HttpRequest) -> Status[Health]:  # noqa: ARG001 - the framework's signature
    """200, or 503 while new asks cannot be taken."""
    now = clock_from_env().now()
    found = soundness.problems(now)
    body = Health(
        state="problems" if found else "ok",
        now=now,
        time_stamps=stamping.configured(),
        problems=[_said(one) for one in found],
    )
    stopped = any(one.code in soundness.STOPPING for one in found)
    return Status(503 if stopped else 200, body)


def _said(one: soundness.Found) -> Problem:
    text = soundness.TEXTS[one.code]
    return Problem(code=one.code, since=one.since, text_vi=text.vi, text_en=text.en)
