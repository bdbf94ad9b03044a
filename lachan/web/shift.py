"""The duty officer's shift: under it the automatic asks of the golden hour go out (cases-and-holds.md §1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import requires
from lachan.access.pages import FieldError, acted, actor_of, page, shown
from lachan.members import queries, services
from lachan.web.clock import clock


def _shown(
    request: HttpRequest, errors: list[FieldError] | None = None, *, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    context: dict[str, Any] = {
        "shift": queries.current_shift(actor, clock=clock()),
        "recent": queries.recent_shifts(actor, clock=clock()),
        "may_open": permissions.allowed(actor, "shift.open"),
        "may_close": permissions.allowed(actor, "shift.close"),
        "hours": request.POST.get("hours", "12"),
    }
    return shown(request, "web/shift.html", context, errors=errors, status=status)


@requires("shift.read")
@page
@require_http_methods(["GET"])
def shift(request: HttpRequest) -> HttpResponse:
    """Who is on duty in my unit, since when, until when."""
    return _shown(request)


@requires("shift.open")
@page
@require_http_methods(["POST"])
def open_(request: HttpRequest) -> HttpResponse:
    """Certify a shift key with my own; at most twelve hours."""
    hours = request.POST.get("hours", "")
    return acted(
        request,
        lambda: services.open_shift(
            actor=actor_of(request),
            passphrase=request.POST.get("passphrase", ""),
            totp=request.POST.get("totp", ""),
            hours=int(hours) if hours.isascii() and hours.isdigit() else 0,
            clock=clock(),
        ),
        to=reverse("shift"),
        again=lambda errors, status: _shown(request, errors, status=status),
        said=_("Đã mở ca trực."),
    )


@requires("shift.close")
@page
@require_http_methods(["POST"])
def close(request: HttpRequest, shift_id: UUID) -> HttpResponse:
    """End it before its time."""
    return acted(
        request,
        lambda: services.close_shift(actor_of(request), shift_id, clock=clock()),
        to=reverse("shift"),
        again=lambda errors, status: _shown(request, errors, status=status),
        said=_("Đã đóng ca trực."),
    )
