"""Who calls an operation: an officer with a session and the page's permission, or a member's desk.

Every operation but the state of health names one of these; a test walks the register and says so.
"""

from typing import Any

from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from lachan.access import permissions
from lachan.access.actors import Actor
from lachan.api.desks import desk_of


class Officer(APIKeyCookie):
    """The session that the pages use; a change needs the CSRF value as a form does."""

    param_name = "sessionid"

    def __init__(self, permission: str) -> None:
        self.permission = permission
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:  # noqa: ARG002 - the middleware has read it
        """Raises: NotAllowed, PurposeNotServed."""
        actor: Actor = request.actor  # type: ignore[attr-defined] # ActorMiddleware adds it
        if not actor.is_officer:
            return None
        permissions.require(actor, self.permission)
        return actor


class Desk(HttpBearer):
    """A member's desk, by its token."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002 - the port's signature
        return desk_of(token)


def caller(request: HttpRequest) -> Actor:
    """Whom the operation's rule let in."""
    actor: Actor = request.auth  # type: ignore[attr-defined] # ninja adds it
    return actor
