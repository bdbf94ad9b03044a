"""What waits for my signature, and the signing sheet.

The second signer cannot sign before opening the sheet in person: opening is recorded by the server
(cases-and-holds.md §5, interface.md §5 "Confirm and sign").
"""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
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
from lachan.exchange.assertions import challenge
from lachan.holds import queries, services
from lachan.holds.pages import columns
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import clock_from_env
from lachan.members import services as members
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
_MAX_ANSWER = 16_384
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
            answer=_answer(request),
            sheet_hash=request.POST.get("sheet_hash", ""),
            ticks=frozenset(request.POST.getlist("tick")),
            soft_reason=request.POST.get("soft_reason", ""),
            clock=clock_from_env(),
        ),
        to=reverse("sheet", args=[sheet_id]),
        again=lambda errors, status: _sheet(request, sheet_id, errors, status=status),
        said=_("Đã ký."),
    )


def _answer(request: HttpRequest) -> services.KeyAnswer | None:
    """What a security key answered, when one was asked. Raises: KeyAnswerWrong."""
    texts = [request.POST.get(name, "") for name in ("context", "answer")]
    if not any(texts):
        return None
    try:
        context, answer = (json.loads(text) if len(text) <= _MAX_ANSWER else None for text in texts)
    except (ValueError, RecursionError):
        context = answer = None
    return services.KeyAnswer.parse(context, answer)


@requires("hold.sign")
@require_http_methods(["POST"])
def ask_key(request: HttpRequest, sheet_id: UUID, kid: str) -> HttpResponse:
    """What a security key of mine is to sign for this sheet, as its browser asks for it."""
    try:
        context = services.question(
            actor_of(request), sheet_id, kid=kid, shown=request.POST.get("sheet_hash", ""),
            clock=clock_from_env(),
        )  # fmt: skip
        options = members.signing_options(
            actor_of(request), kid, challenge=challenge(context), clock=clock_from_env()
        )
    except LachanError as error:
        body = {"code": error.code, "text": error.message(language())}
        return JsonResponse(body, status=error.status)
    answer = JsonResponse({"options": options, "context": canonical(context).decode()})
    answer["Cache-Control"] = "no-store"
    return answer


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
