"""What stands in writing: one request to a member, and the case's evidence."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lachan.access import permissions
from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import FieldError, actor_of, download, page, shown
from lachan.cases import queries
from lachan.cases.pages.columns import lines_table
from lachan.cases.pages.desk import CASE_READERS
from lachan.cases.pages.moves import forms_of
from lachan.exchange import queries as exchange
from lachan.exchange.lines import lines
from lachan.holds.views import mandate
from lachan.members.roles import Role

FIRST_LINES = 50  # of a statement on the page; the file has them all
permissions.declare("request.read", roles=CASE_READERS)
permissions.declare("evidence.read", roles=(*CASE_READERS, Role.JUDGE, Role.AUDITOR))


@requires("request.read", "talk.read")
@page
@require_http_methods(["GET"])
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One request to a member: what was asked, under which articles, who signed, what came back and when.

    Both sides read it. A desk that reads no cases sees what its member was asked, and what it asked outside a case.
    """
    return conversation_page(request, conversation_id)


def conversation_page(
    request: HttpRequest,
    conversation_id: UUID,
    *,
    act: str = "",
    errors: list[FieldError] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, after a refused act with its errors and what was typed. act: the message type of the form. Raises: NotVisible."""
    actor = actor_of(request)
    found = exchange.conversation(actor, conversation_id)
    reads_cases = permissions.allowed(actor, "request.read")
    if found is None or (found.own and found.case_ref and not reads_cases):
        raise NotVisible(what=str(conversation_id))
    mandates = [
        mandate(str(one.get("code", "")), str(one.get("stage", ""))) for one in found.mandates
    ]
    beside = lines(actor, conversation_id)
    table = None if beside is None else lines_table(beside, request.GET.get("sort", ""))
    context = {
        "one": found, "mandates": mandates, "table": table, "first": FIRST_LINES, "act": act,
        "own_case": found.case_ref if found.own and reads_cases else "", "may_print": reads_cases,
        "forms": forms_of(found, actor, {name: request.POST.get(name, "") for name in request.POST} if act else {}),
    }  # fmt: skip
    return shown(request, "cases/conversation.html", context, errors=errors, status=status)


@requires("evidence.read")
@page
@require_http_methods(["GET"])
def evidence(request: HttpRequest, code: str) -> HttpResponse:
    """What a court needs, and how to check it offline."""
    view = queries.case_view(actor_of(request), code)
    if view is None:
        raise NotVisible(what=code)
    return shown(request, "cases/evidence.html", {"case": view})


@requires("evidence.read")
@page
@require_http_methods(["POST"])
def evidence_bundle(request: HttpRequest, code: str) -> HttpResponse:
    """The bundle of a case as one file; taking it is itself an entry of the log."""
    body = queries.evidence_bundle(actor_of(request), code)
    if body is None:
        raise NotVisible(what=code)
    return download(bytes(body), f"chung-cu-{code}.zip", "application/zip")
