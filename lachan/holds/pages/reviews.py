"""Requests for review, and what is decided on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import (
    FieldError,
    acted,
    actor_of,
    language,
    page,
    shown,
)
from lachan.access.tables import arranged
from lachan.holds import queries, services
from lachan.holds.pages import columns
from lachan.holds.pages.sheets import SIGNERS
from lachan.kernel.money import Vnd
from lachan.kernel.time import clock_from_env

permissions.declare("review.read", roles=SIGNERS)


@requires("review.read")
@page
@require_http_methods(["GET"])
def reviews(request: HttpRequest) -> HttpResponse:
    """Requests for review, soonest deadline first."""
    found = queries.reviews(actor_of(request))
    table = arranged(found, columns.of_reviews(), request.GET.get("sort", ""))
    return shown(request, "holds/reviews.html", {"table": table})


@requires("review.read")
@page
@require_http_methods(["GET"])
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One request for review beside the order that it is about."""
    return _review(request, review_id)


def _review(
    request: HttpRequest,
    review_id: UUID,
    errors: list[FieldError] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    found = queries.review(actor_of(request), review_id)
    if found is None:
        raise NotVisible(what=str(review_id))
    context = {"review": found, "given": request.POST}
    return shown(request, "holds/review.html", context, errors=errors, status=status)


@requires("review.decide")
@page
@require_http_methods(["POST"])
def decide(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Upheld, reduced or released; by somebody who had no part in the order."""

    def run() -> Any:
        typed = request.POST.get("amount", "").strip()
        return services.decide_review(
            actor=actor_of(request),
            review_id=review_id,
            decision=request.POST.get("decision", ""),
            amount=Vnd.parse(typed, language()).dong if typed else None,
            reason=request.POST.get("reason", ""),
            clock=clock_from_env(),
        )

    return acted(
        request,
        run,
        to=reverse("reviews"),
        again=lambda errors, status: _review(request, review_id, errors, status=status),
        said=_("Đã quyết định."),
    )


@requires("review.identify")
@page
@require_http_methods(["POST"])
def identify(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """The person has shown who he is: from now on silence releases."""
    return acted(
        request,
        lambda: services.identify_holder(
            actor=actor_of(request),
            review_id=review_id,
            by=request.POST.get("by", ""),
            clock=clock_from_env(),
        ),
        to=reverse("review", args=[review_id]),
        again=lambda errors, status: _review(request, review_id, errors, status=status),
        said=_("Đã ghi nhận người đề nghị."),
    )


@requires("review.extend")
@page
@require_http_methods(["POST"])
def extend(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Once, with a reason, to five working days."""
    return acted(
        request,
        lambda: services.extend_review(
            actor=actor_of(request),
            review_id=review_id,
            reason=request.POST.get("why", ""),
            clock=clock_from_env(),
        ),
        to=reverse("review", args=[review_id]),
        again=lambda errors, status: _review(request, review_id, errors, status=status),
    )
