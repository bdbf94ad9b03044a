"""Pages of holds: what waits for my signature, the signing sheet, reviews, and the holder's own door.

The second signer cannot sign before opening the sheet in person: opening is recorded by the server
(cases-and-holds.md §5, interface.md §5 "Confirm and sign").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import public, requires
from lachan.access.errors import NotVisible
from lachan.access.pages import (
    FieldError,
    acted,
    actor_of,
    as_lines,
    language,
    page,
    shown,
)
from lachan.cases.pages import case_tab
from lachan.holds import queries, services
from lachan.kernel.errors import LachanError
from lachan.kernel.money import Vnd
from lachan.kernel.time import clock_from_env
from lachan.members.roles import Role

SIGNERS = (
    Role.INVESTIGATOR,
    Role.UNIT_HEAD,
    Role.AGENCY_HEAD,
    Role.DUTY_OFFICER,
    Role.PROCURATOR,
    Role.LEGAL_OFFICER,
)
OPEN = ("proposed", "signed_1")
permissions.declare("sheet.read", roles=SIGNERS)
permissions.declare("review.read", roles=SIGNERS)


@requires("sheet.read")
@page
@require_http_methods(["GET"])
def to_sign(request: HttpRequest) -> HttpResponse:
    """Sheets that wait for me, soonest deadline first."""
    return shown(request, "holds/to_sign.html", {"sheets": queries.to_sign(actor_of(request))})


@requires("sheet.read")
@page
@require_http_methods(["GET"])
def sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Every order of one sheet in full; reading it is remembered, for only who has read may sign."""
    return _sheet(request, sheet_id)


def _sheet(
    request: HttpRequest,
    sheet_id: UUID,
    errors: list[FieldError] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    view = queries.sheet(actor, sheet_id)
    if view is not None and view.state in OPEN and permissions.allowed(actor, "sheet.open"):
        # Opening makes the sheet anew when the facts under it have changed, so it is read again.
        services.open_sheet(actor=actor, sheet_id=sheet_id, clock=clock_from_env())
        view = queries.sheet(actor, sheet_id)
    if view is None:
        raise NotVisible(what=str(sheet_id))
    return shown(request, "holds/sheet.html", {"sheet": view}, errors=errors, status=status)


@requires("hold.sign")
@page
@require_http_methods(["POST"])
def sign(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """One unlock of the key signs every order of the sheet; the digest says exactly what was shown."""
    return acted(
        request,
        lambda: services.sign_sheet(
            actor=actor_of(request),
            sheet_id=sheet_id,
            passphrase=request.POST.get("passphrase", ""),
            totp=request.POST.get("totp", ""),
            sheet_hash=request.POST.get("sheet_hash", ""),
            ticks=frozenset(request.POST.getlist("tick")),
            soft_reason=request.POST.get("soft_reason", ""),
            clock=clock_from_env(),
        ),
        to=reverse("sheet", args=[sheet_id]),
        again=lambda errors, status: _sheet(request, sheet_id, errors, status=status),
        said=_("Đã ký."),
    )


@requires("hold.withdraw")
@page
@require_http_methods(["POST"])
def withdraw(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Take a sheet back before it is sent, with a reason."""
    return acted(
        request,
        lambda: services.withdraw_sheet(
            actor=actor_of(request),
            sheet_id=sheet_id,
            reason=request.POST.get("reason", ""),
            clock=clock_from_env(),
        ),
        to=reverse("to_sign"),
        again=lambda errors, status: _sheet(request, sheet_id, errors, status=status),
    )


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


@requires("review.read")
@page
@require_http_methods(["GET"])
def reviews(request: HttpRequest) -> HttpResponse:
    """Requests for review, soonest deadline first."""
    return shown(request, "holds/reviews.html", {"reviews": queries.reviews(actor_of(request))})


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


@requires("hold.request")
@page
@require_http_methods(["POST"])
def propose_request(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet that asks a telecom, a registrar or a platform about a number, a domain or a page."""
    return acted(
        request,
        lambda: services.propose_request(
            actor=actor_of(request),
            case_code=code,
            kind=request.POST.get("kind", ""),
            value=request.POST.get("value", "").strip(),
            clock=clock_from_env(),
        ),
        to=lambda made: reverse("sheet", args=[made.id]),
    )


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
