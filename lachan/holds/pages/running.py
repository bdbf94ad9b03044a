"""A hold that runs: let go of it, or ask to renew it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.pages import (
    FieldError,
    acted,
    actor_of,
    page,
)
from lachan.cases.pages.desk import case_tab
from lachan.holds import services
from lachan.kernel.time import clock_from_env


def _again(request: HttpRequest, hold_id: UUID) -> Callable[[list[FieldError], int], HttpResponse]:
    """The case's money tab once more, the errors at the fields of that hold."""

    def shown_again(errors: list[FieldError], status: int) -> HttpResponse:
        lines = [replace(one, field=f"{one.field or 'reason'}-{hold_id}") for one in errors]
        code = request.POST.get("case", "")
        return case_tab(request, code, "tien", lines, status=status, given_for=str(hold_id))

    return shown_again


@requires("hold.release")
@page
@require_http_methods(["POST"])
def release(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Let a pause or hold go before its end; one person suffices, for it only helps the holder."""
    return acted(
        request,
        lambda: services.propose_release(
            actor=actor_of(request),
            hold_id=hold_id,
            reason=request.POST.get("reason", ""),
            clock=clock_from_env(),
        ),
        to=reverse("case_tab", args=[request.POST.get("case") or "-", "tien"]),
        again=_again(request, hold_id),
        said=_("Đã gỡ; ngân hàng được báo ngay."),
    )


@requires("hold.renew")
@page
@require_http_methods(["POST"])
def renew(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Ask for one more lease: days, reason, what was done since."""
    days = request.POST.get("days", "").strip()[:3]
    return acted(
        request,
        lambda: services.propose_renewal(
            actor=actor_of(request),
            hold_id=hold_id,
            days=int(days) if days.isascii() and days.isdigit() else 0,
            reason=request.POST.get("reason", ""),
            progress=request.POST.get("progress", ""),
            clock=clock_from_env(),
        ),
        to=lambda made: reverse("sheet", args=[made.id]),
        again=_again(request, hold_id),
    )
