"""The public page that says whether a printed order is real: the fact of it, nothing of what it says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import public
from lachan.access.pages import actor_of, as_lines, page, shown
from lachan.exchange.public_check import check_order
from lachan.kernel.errors import LachanError
from lachan.reports.pages.citizen import address_of
from lachan.web.clock import clock


@public
@page
@require_http_methods(["GET", "POST"])
def order_check(request: HttpRequest) -> HttpResponse:
    """A form for the scanned text or the typed code; the code travels in the body, not in an address."""
    given = request.POST.get("code", "")
    if request.method == "GET":
        return shown(request, "web/order_check.html")
    try:
        order = check_order(
            actor=actor_of(request), text=given, address=address_of(request), clock=clock()
        )
    except LachanError as error:
        return shown(
            request,
            "web/order_check.html",
            {"given": given[:120]},
            errors=as_lines(error, default_field="code"),
            status=error.status if error.status == 429 else 422,  # noqa: PLR2004 - HTTP
        )
    return shown(request, "web/order_checked.html", {"order": order})
