"""What waits for my signature, and the signing sheet.

The second signer cannot sign before opening the sheet in person: opening is recorded by the server
(cases-and-holds.md §5, interface.md §5 "Confirm and sign").
"""

from __future__ import annotations

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
    page,
    shown,
)
from lachan.access.tables import arranged
from lachan.holds import queries, services
from lachan.holds.pages import columns
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


@requires("sheet.read")
@page
@require_http_methods(["GET"])
def to_sign(request: HttpRequest) -> HttpResponse:
    """Sheets that wait for me, soonest deadline first."""
    found = queries.to_sign(actor_of(request))
    table = arranged(found, columns.of_sheets(), request.GET.get("sort", ""))
    return shown(request, "holds/to_sign.html", {"table": table})


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
