"""A request of any kind: which may be asked at this stage, and the form that its declaration gives."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import FieldError, acted, actor_of, language, page, shown
from lachan.cases import services as cases
from lachan.exchange.askable import Askable, askable, by_hand
from lachan.exchange.forms.declared import fields
from lachan.exchange.pages.inputs import inputs, typed_in
from lachan.holds import services
from lachan.holds.errors import NoMandate
from lachan.holds.views import mandate
from lachan.kernel.names import sort_key
from lachan.kernel.time import clock_from_env


@requires("hold.ask")
@page
@require_http_methods(["GET"])
def kinds(request: HttpRequest, code: str) -> HttpResponse:
    """What may be asked now, and what the stage or an unadopted row still keeps back."""
    possible = _possible(request, code)
    now = sorted(possible.values(), key=lambda one: sort_key(one.kind.title.in_(language())))
    later = [one for one in by_hand() if one.name not in possible]
    later.sort(key=lambda one: sort_key(one.title.in_(language())))
    return shown(request, "holds/ask_kinds.html", {"code": code, "now": now, "later": later})


@requires("hold.ask")
@page
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The form of one kind; sent, it is a sheet that waits for its signers."""
    found = _possible(request, code).get(kind)
    if found is None:
        known = any(one.name == kind for one in by_hand())
        raise NoMandate(kind=kind) if known else NotVisible(what=kind)
    typed = typed_in(request)

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        return _form(request, code, found, typed, errors, status=status)

    if request.method == "GET":
        return again([], 200)
    return acted(
        request,
        lambda: services.propose_question(
            actor=actor_of(request),
            case_code=code,
            kind=kind,
            receiver=typed.get("receiver", ""),
            typed=typed,
            clock=clock_from_env(),
        ),
        to=lambda made: reverse("sheet", args=[made.id]),
        again=again,
        said=_("Đã lập phiếu; phiếu chờ ký."),
    )


def _possible(request: HttpRequest, code: str) -> dict[str, Askable]:
    actor = actor_of(request)
    cases.visible(actor, code)
    stage = cases.standing(code).stage
    return askable(asker=actor.agency, stage=stage, now=clock_from_env().now())


def _form(
    request: HttpRequest,
    code: str,
    found: Askable,
    typed: dict[str, str],
    errors: list[FieldError],
    *,
    status: int,
) -> HttpResponse:
    english = language() == "en"
    known = services.receivers(found, but=actor_of(request).agency)
    named = [(address, en if english and en else vi) for address, vi, en in known]
    stage = cases.standing(code).stage
    context = {
        "code": code, "found": found, "inputs": inputs(fields(found.kind.ask), typed),
        "receivers": sorted(named, key=lambda one: sort_key(one[1])), "receiver": typed.get("receiver", ""),
        "mandates": [mandate(row.code, stage) for row in found.rows],
    }  # fmt: skip
    return shown(request, "holds/ask_form.html", context, errors=errors, status=status)
