"""What the agency that asked says on a request's page. Each view calls one verb; refused input comes back with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lachan.access.decorators import requires
from lachan.access.pages import acted, actor_of, page
from lachan.cases.pages.record import conversation_page
from lachan.exchange import services as exchange
from lachan.kernel.time import clock_from_env


@requires("request.clarify")
@page
@require_http_methods(["POST"])
def clarify(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Answer the receiver's question."""
    return _move(
        request,
        conversation_id,
        "clarify",
        lambda: exchange.clarify(
            actor=actor_of(request),
            conversation=conversation_id,
            typed=request.POST.dict(),
            clock=clock_from_env(),
        ),
        _("Đã gửi nội dung làm rõ."),
    )


@requires("request.cancel")
@page
@require_http_methods(["POST"])
def cancel(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """End a request that nobody has answered."""
    return _move(
        request,
        conversation_id,
        "cancel",
        lambda: exchange.cancel(
            actor=actor_of(request), conversation=conversation_id, clock=clock_from_env()
        ),
        _("Đã gửi lệnh hủy; bên nhận thôi không trả lời nữa."),
    )


@requires("request.dispute")
@page
@require_http_methods(["POST"])
def dispute(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Ask for another look at an answer."""
    return _move(
        request,
        conversation_id,
        "dispute",
        lambda: exchange.dispute(
            actor=actor_of(request),
            conversation=conversation_id,
            typed=request.POST.dict(),
            clock=clock_from_env(),
        ),
        _("Đã gửi đề nghị xem lại."),
    )


@requires("request.review")
@page
@require_http_methods(["POST"])
def review(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The unit head's conclusion on a legal objection."""
    return _move(
        request,
        conversation_id,
        "review",
        lambda: exchange.review_objection(
            actor=actor_of(request),
            conversation=conversation_id,
            typed=request.POST.dict(),
            clock=clock_from_env(),
        ),
        _("Đã ghi kết luận xem xét."),
    )


def _move(
    request: HttpRequest, conversation_id: UUID, act: str, do: Callable[[], object], said: str
) -> HttpResponse:
    return acted(
        request,
        do,
        to=reverse("conversation", args=[conversation_id]),
        again=lambda errors, status: conversation_page(
            request, conversation_id, act=act, errors=errors, status=status
        ),
        said=said,
    )
