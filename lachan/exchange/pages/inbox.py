"""The desk of a hosted member: what waits, one ask with its check line by line, the answer or the refusal."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.errors import NotVisible
from lachan.access.pages import FieldError, acted, actor_of, page, shown
from lachan.exchange import inbox, queries, replying
from lachan.exchange.conversation_states import BY_DESK
from lachan.exchange.pages.inputs import inputs, typed_in
from lachan.kernel.time import clock_from_env


@requires("inbox.read")
@page
@require_http_methods(["GET"])
def waiting(request: HttpRequest) -> HttpResponse:
    """Asks that wait for the desk, the least time left first."""
    found = inbox.inbox(actor_of(request))
    return shown(request, "exchange/inbox.html", {"rows": found, "most": inbox.MOST})


@requires("inbox.read")
@page
@require_http_methods(["GET"])
def ask(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One ask; once it is answered, the page of the conversation."""
    return _ask(request, conversation_id)


def _ask(
    request: HttpRequest,
    conversation_id: UUID,
    errors: list[FieldError] | None = None,
    *,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    found = inbox.ask(actor, conversation_id)
    if found is None:
        if queries.conversation(actor, conversation_id) is None:
            raise NotVisible(what=str(conversation_id))
        return HttpResponseRedirect(reverse("conversation", args=[conversation_id]))
    given = typed or ({} if found.first is None else dict(found.first.typed))
    made = inputs(found.fields, given)
    context = {
        "ask": found,
        "inputs": [one for one in made if not one.form.name.startswith("coverage.")],
        "coverage": [one for one in made if one.form.name.startswith("coverage.")],
        "covered": any(one.value for one in made if one.form.name.startswith("coverage.")),
        "reasons": [one.value for one in BY_DESK],
        "reason": given.get("reason", ""),
        "explanation": given.get("explanation", ""),
    }
    return shown(request, "exchange/inbox_ask.html", context, errors=errors, status=status)


@requires("inbox.answer")
@page
@require_http_methods(["POST"])
def answer(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The answer by the form; of two persons, the first or the second word."""
    typed = typed_in(request)
    return acted(
        request,
        lambda: replying.answer_ask(
            actor=actor_of(request),
            conversation_id=conversation_id,
            typed=typed,
            clock=clock_from_env(),
        ),
        to=_next,
        again=lambda errors, status: _ask(
            request, conversation_id, errors, typed=typed, status=status
        ),
        said=_("Đã ghi nhận câu trả lời."),
    )


@requires("inbox.refuse")
@page
@require_http_methods(["POST"])
def refuse(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """A refusal with its reason."""
    typed = typed_in(request)
    return acted(
        request,
        lambda: replying.refuse_ask(
            actor=actor_of(request),
            conversation_id=conversation_id,
            reason=typed.get("reason", ""),
            explanation=typed.get("explanation", ""),
            clock=clock_from_env(),
        ),
        to=_next,
        again=lambda errors, status: _ask(
            request, conversation_id, errors, typed=typed, status=status
        ),
        said=_("Đã từ chối yêu cầu."),
    )


def _next(said: replying.Said) -> str:
    name = "conversation" if said.h else "inbox_ask"
    return reverse(name, args=[said.conversation])
