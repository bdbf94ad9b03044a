"""The holder's own door: a request for review by the code of the notice."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import public
from lachan.access.pages import (
    FieldError,
    actor_of,
    as_lines,
    page,
    shown,
)
from lachan.holds import services
from lachan.kernel.errors import LachanError
from lachan.kernel.time import clock_from_env


@public
@page
@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest) -> HttpResponse:
    """The holder's door: the code of the notice and four digits open the order's own words."""
    given = request.POST if request.method == "POST" else request.GET
    code, last4 = given.get("code", ""), given.get("last4", "")
    if request.method == "GET":
        return shown(request, "holds/appeal.html", {"given": given})
    clock = clock_from_env()

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        return shown(
            request,
            "holds/appeal.html",
            {"given": given, "view": view},
            errors=errors,
            status=status,
        )

    view: Any = None
    try:
        view = services.follow_review(
            actor=actor_of(request), code=code, last4=last4, address=_address(request), clock=clock
        )
        if request.POST.get("verb") == "file":
            form = services.ReviewForm(
                text=request.POST.get("text", ""), contact=request.POST.get("contact", "")
            )
            view = services.file_review(
                actor=actor_of(request), code=code, last4=last4, form=form, clock=clock
            )
    except LachanError as error:
        status = error.status if error.status in (409, 429) else 422
        return again(as_lines(error, default_field="code"), status)
    return again([], 200)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
