"""Where a person signs what came on paper: the answer as it was read, to be held beside the scan."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.pages import FieldError, acted, actor_of, language, page, shown
from lachan.exchange import replies, reply_views
from lachan.web.clock import clock


@requires("paper.transcribe")
@page
@require_http_methods(["GET"])
def waiting(request: HttpRequest) -> HttpResponse:
    """The replies that wait for my signature."""
    found = reply_views.waiting_replies(actor_of(request))
    return shown(request, "web/paper_replies.html", {"replies": found})


@requires("paper.transcribe")
@page
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    """One reply; signing it sends it."""

    def again(errors: list[FieldError], status: int) -> HttpResponse:
        found = reply_views.look(
            actor_of(request), reply_id=reply_id, lang=language(), clock=clock()
        )
        return shown(request, "web/paper_reply.html", {"one": found}, errors=errors, status=status)

    if request.method == "GET":
        return again([], 200)
    return acted(
        request,
        lambda: replies.transcribe(
            actor_of(request),
            reply_id=reply_id,
            passphrase=request.POST.get("passphrase", ""),
            totp=request.POST.get("totp", ""),
            clock=clock(),
        ),
        to=reverse("paper_replies"),
        again=again,
        said=_("Đã ký và gửi trả lời."),
    )
