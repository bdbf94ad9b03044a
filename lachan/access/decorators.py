"""What every view says about itself: `@requires("perm", …)` or `@public`. Without either it is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from lachan.access import permissions
from lachan.access.actors import Actor
from lachan.access.errors import NotAllowed, PurposeNotServed

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """Any one of `names` opens the view; `public` opens it to everybody."""

    names: tuple[str, ...] = ()
    public: bool = False

    def check(self, actor: Actor) -> None:
        """Raises: NotAllowed, PurposeNotServed (those of the last name)."""
        for name in self.names[:-1]:
            try:
                permissions.require(actor, name)
            except (NotAllowed, PurposeNotServed):
                continue
            return
        permissions.require(actor, self.names[-1])


def requires(*names: str) -> Callable[[V], V]:
    """Open to actors with any of these permissions, for the purposes that they serve."""
    if not names:
        raise TypeError("name a permission, or say @public")

    def mark(view: V) -> V:
        view.access_rule = Rule(names)  # type: ignore[attr-defined] # read by the middleware
        return view

    return mark


def public(view: V) -> V:
    """Open to everybody, signed in or not."""
    view.access_rule = Rule(public=True)  # type: ignore[attr-defined] # read by the middleware
    return view


def signed_in(view: V) -> V:
    """Open to everybody who has signed in, whatever the role."""
    return requires("signed_in")(view)
