"""Is it alive, and is it sound: for whoever watches the service (exchange.md §9)."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema, Status

from lachan.evidence import stamping, stopping
from lachan.exchange.capacity_errors import EvidenceStopped
from lachan.kernel.errors import Text
from lachan.kernel.time import clock_from_env

router = Router(tags=["health"])
LATE = Text(
    vi="Chưa có dấu thời gian cho mục nhật ký cũ nhất đã quá 10 phút. Kiểm tra các cơ quan cấp dấu; sau 4 giờ yêu cầu mới bị dừng.",
    en="The oldest entry of the log has had no time-stamp for over 10 minutes. Check the authorities; after 4 hours new asks stop.",
)


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
    """200, or 503 while new asks are refused. Without a time-stamp authority it answers without the database."""
    now = clock_from_env().now()
    found = problems(now)
    stopped = any(one.code == "evidence_stopped" for one in found)
    state = "problems" if found else "ok"
    body = Health(state=state, now=now, time_stamps=stamping.configured(), problems=found)
    return Status(503 if stopped else 200, body)


def problems(now: datetime) -> list[Problem]:
    """What is wrong with the time-stamps: late after ten minutes, stopped after four hours."""
    waiting = stopping.waiting_since(now)
    if waiting is None:
        return []
    return [
        Problem(code=code, since=waiting + after, text_vi=text.vi, text_en=text.en)
        for code, after, text in (
            ("stamp_late", stopping.LATE, LATE),
            ("evidence_stopped", stopping.STOP, EvidenceStopped.text),
        )
        if now - waiting >= after
    ]
