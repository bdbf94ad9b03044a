"""The money flow of a case: picture, table, and the plan of holds under it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import acted, actor_of, page, shown
from lachan.access.tables import arranged
from lachan.cases import queries, services
from lachan.cases.pages import columns
from lachan.holds import services as holds
from lachan.kernel.time import clock_from_env

METHODS = ("fifo", "lifo", "haircut", "libr", "tainted_first")


@requires("case.replan")
@page
@require_http_methods(["POST"])
def replan(request: HttpRequest, code: str) -> HttpResponse:
    """Reckon the plan anew under a method; the choice is recorded."""
    method = request.POST.get("method", "")
    return acted(
        request,
        lambda: services.replan(
            actor=actor_of(request),
            code=code,
            method=method if method in METHODS else "",
            clock=clock_from_env(),
        ),
        to=reverse("flow", args=[code]),
    )


@requires("case.read")
@page
@require_http_methods(["GET"])
def flow(request: HttpRequest, code: str) -> HttpResponse:
    """Picture and table of the money, and the plan of holds under it."""
    return _flow(request, code)


def _flow(
    request: HttpRequest, code: str, errors: list[Any] | None = None, *, status: int = 200
) -> HttpResponse:
    method = request.GET.get("method", "")
    view = queries.flow(actor_of(request), code, method=method if method in METHODS else "")
    if view is None:
        raise NotVisible(what=code)
    chosen = request.POST.getlist("account") if request.method == "POST" else None
    why = {
        row.ref: request.POST.get(f"why-{row.ref}", "")
        for row in (*view.plan.rows, *view.plan.left_out)
    }
    context = {
        "flow": view,
        "chosen": chosen,
        "why": why,
        "method_codes": METHODS,
        "code": code,
        "table": arranged(view.transfers, columns.of_transfers(), request.GET.get("sort", "")),
    }
    return shown(request, "cases/flow.html", context, errors=errors, status=status)


@requires("hold.propose")
@page
@require_http_methods(["POST"])
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """From the ticked accounts to a sheet of orders; what was left out carries its reason."""
    chosen = request.POST.getlist("account")
    reasons = {
        key.removeprefix("why-"): value.strip()
        for key, value in request.POST.items()
        if key.startswith("why-") and isinstance(value, str) and value.strip()
    }
    return acted(
        request,
        lambda: holds.propose_sheet(
            actor=actor_of(request),
            case_code=code,
            chosen=chosen,
            reasons=reasons,
            method=request.POST.get("method", ""),
            clock=clock_from_env(),
        ),
        to=lambda sheet: reverse("sheet", args=[sheet.id]),
        again=lambda errors, status: _flow(request, code, errors, status=status),
    )
