"""Who asks, and may they: every request gets an actor, every view must have said who may open it.

A session ends 30 minutes after the last act and 12 hours after the sign-in, whatever happens. A page
that refreshes itself does not count as an act: a board left open signs its reader out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views import defaults

from lachan.access import permissions
from lachan.access.actors import Actor
from lachan.access.decorators import Rule
from lachan.access.errors import NotAllowed, PurposeNotServed
from lachan.access.sessions import actor_of, is_over, touch
from lachan.kernel.errors import LachanError


class ActorRequest(HttpRequest):
    """A request after the middleware."""

    actor: Actor


class ActorMiddleware:
    """Sets `request.actor`; refuses what no rule opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        # The machine's clock: a demonstration's fast clock must not sign people out in half a minute.
        now = datetime.now(UTC)
        request.actor = Actor.public()
        if request.user.is_authenticated:
            if is_over(request.session, now):
                logout(request)
            else:
                if "v" not in request.GET:
                    touch(request.session, now)
                request.actor = actor_of(request.session, request.user) or Actor.public(
                    purpose=None
                )
        return self.get_response(request)

    def process_view(
        self, request: ActorRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        rule = getattr(view, "access_rule", None)
        if not isinstance(rule, Rule):
            raise Http404  # nobody said who may open it: nobody may
        if rule.public:
            return None
        if request.actor.is_public:
            return _to_sign_in(request)
        try:
            rule.check(request.actor)
        except (NotAllowed, PurposeNotServed) as refused:
            raise PermissionDenied(refused.message()) from refused
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Refusals that a page did not show itself: 404 and 403 as everywhere, the rest is a defect."""
        if not isinstance(error, LachanError):
            return None
        if error.status == 404:  # noqa: PLR2004 - HTTP
            return defaults.page_not_found(request, Http404(error.message()))
        if error.status == 403:  # noqa: PLR2004 - HTTP
            return defaults.permission_denied(request, PermissionDenied(error.message()))
        return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method not in {"GET", "HEAD"}:
        raise PermissionDenied("sign in first")
    back = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{back}")


def may(request: ActorRequest, name: str) -> bool:
    """For menus: would this permission pass? Never a check that protects anything."""
    return permissions.allowed(request.actor, name)
