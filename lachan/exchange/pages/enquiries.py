"""Asks outside a case: what may be asked, its form signed by one officer, and the member's own conversations."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import FieldError, acted, actor_of, language, page, shown
from lachan.access.tables import Column, Table, ordering
from lachan.exchange import enquiring, talking
from lachan.exchange.askable import Askable
from lachan.exchange.desk_errors import NotAskable
from lachan.exchange.forms.declared import fields
from lachan.exchange.kinds import all_kinds
from lachan.exchange.pages.inputs import inputs, typed_in
from lachan.exchange.talking import TalkLine
from lachan.holds.views import mandate
from lachan.kernel.names import sort_key
from lachan.kernel.time import clock_from_env

_SECRET = frozenset({"passphrase", "totp"})


@requires("enquiry.send")
@page
@require_http_methods(["GET"])
def kinds(request: HttpRequest) -> HttpResponse:
    """What this officer may ask without a case, under which rows."""
    found = enquiring.possible(actor_of(request), now=clock_from_env().now())
    named = sorted(found.values(), key=lambda one: sort_key(one.kind.title.in_(language())))
    return shown(request, "exchange/enquiry_kinds.html", {"now": named})


@requires("enquiry.send")
@page
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of one kind with the signature; sent, it is a conversation of its own."""
    if kind not in all_kinds():
        raise NotVisible(what=kind)
    actor = actor_of(request)
    found = enquiring.possible(actor, now=clock_from_env().now()).get(kind)
    if found is None:
        raise NotAskable(kind=kind)
    typed = {name: text for name, text in typed_in(request).items() if name not in _SECRET}

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        return _form(request, found, typed, errors, status=status)

    if request.method == "GET":
        return again([], 200)
    return acted(
        request,
        lambda: enquiring.ask_alone(
            actor=actor,
            kind_name=kind,
            receiver=typed.get("receiver", ""),
            typed=typed,
            passphrase=request.POST.get("passphrase", ""),
            totp=request.POST.get("totp", ""),
            clock=clock_from_env(),
        ),
        to=lambda made: reverse("conversation", args=[made]),
        again=again,
        said=_("Đã ký và gửi yêu cầu."),
    )


@requires("talk.read")
@page
@require_http_methods(["GET"])
def talks(request: HttpRequest) -> HttpResponse:
    """The member's conversations outside its cases, with state and deadline."""
    found = talking.talks(
        actor_of(request), sort=request.GET.get("sort", ""), after=request.GET.get("after", "")
    )
    table = Table(talk_columns(), found.rows, found.sort)
    return shown(request, "exchange/talks.html", {"table": table, "after": found.after})


def talk_columns() -> tuple[Column[TalkLine], ...]:
    """The database orders the list, by `talking.ORDERS`."""
    return (
        ordering("title", _("Yêu cầu"), lambda row: row.title.in_(language())),
        Column("party", _("Với"), lambda row: row.party),
        ordering("state", _("Trạng thái"), lambda row: row.state, words="state"),
        ordering("sent_at", _("Lập lúc"), lambda row: row.sent_at, downwards_first=True),
        ordering("due_at", _("Hạn"), lambda row: row.due_at),
    )


def _form(
    request: HttpRequest,
    found: Askable,
    typed: dict[str, str],
    errors: list[FieldError],
    *,
    status: int,
) -> HttpResponse:
    english = language() == "en"
    known = enquiring.receivers(found, but=actor_of(request).agency)
    named = [(address, en if english and en else vi) for address, vi, en in known]
    context = {
        "found": found, "inputs": inputs(fields(found.kind.ask), typed),
        "receivers": sorted(named, key=lambda one: sort_key(one[1])), "receiver": typed.get("receiver", ""),
        "mandates": [mandate(row.code, enquiring.STAGE) for row in found.rows],
    }  # fmt: skip
    return shown(request, "exchange/enquiry_form.html", context, errors=errors, status=status)
