"""Which roles may do what. A permission is declared beside the verb or page that it guards, once.

Default is no: an act without a declared permission is refused, and so is a permission without roles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lachan.access.actors import Actor, ActorKind
from lachan.access.errors import NotAllowed, PurposeNotServed
from lachan.access.purposes import Purpose
from lachan.kernel.errors import Text
from lachan.members.roles import Role


@dataclass(frozen=True, slots=True)
class Permission:
    """`roles` of officers; `system` and `public` say whether those kinds of actor may, too.

    `purposes`: those that the act serves; empty where no personal datum is touched.
    """

    name: str
    roles: frozenset[Role]
    purposes: frozenset[Purpose]
    system: bool
    public: bool
    title: Text


_DECLARED: dict[str, Permission] = {}


def declare(
    name: str,
    *,
    roles: Iterable[Role] = (),
    purposes: Iterable[Purpose] = (),
    system: bool = False,
    public: bool = False,
    title: Text | None = None,
) -> Permission:
    """Put a permission into the register; the same declaration twice is one, another is a defect."""
    new = Permission(
        name, frozenset(roles), frozenset(purposes), system, public, title or Text(vi=name, en=name)
    )
    if _DECLARED.setdefault(name, new) != new:
        raise ValueError(f"permission {name} is declared twice, differently")
    return new


def all_permissions() -> list[Permission]:
    """Every declared permission, by name."""
    return [_DECLARED[name] for name in sorted(_DECLARED)]


def permission(name: str) -> Permission:
    """Raises: LookupError for a name that nobody declared (a defect)."""
    try:
        return _DECLARED[name]
    except KeyError as cause:
        raise LookupError(f"no permission {name}: declare it beside its verb or page") from cause


def allowed(actor: Actor, name: str) -> bool:
    """The actor's kind or roles carry the permission, whatever the purpose; what nobody declared is closed."""
    wanted = _DECLARED.get(name)
    if wanted is None:
        return False
    if actor.kind is ActorKind.SYSTEM:
        return wanted.system
    return wanted.public or not wanted.roles.isdisjoint(actor.roles)


def require(actor: Actor, name: str) -> None:
    """Raises: NotAllowed, PurposeNotServed."""
    wanted = _DECLARED.get(name)
    if wanted is None or not allowed(actor, name):
        right = "" if wanted is None else ", ".join(sorted(wanted.roles))
        raise NotAllowed(permission=name, right=right or "-")
    if wanted.purposes and actor.purpose not in wanted.purposes:
        raise PurposeNotServed(
            permission=name,
            purpose=actor.purpose or "-",
            right=", ".join(sorted(wanted.purposes)),
        )


SIGNED_IN = declare("signed_in", roles=Role, title=Text(vi="Đã đăng nhập", en="Signed in"))
