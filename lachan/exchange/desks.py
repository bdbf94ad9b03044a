"""Who sits at a hosted member's desk, and for which purposes a desk serves (exchange.md §1)."""

from __future__ import annotations

from lachan.access.actors import Actor
from lachan.access.errors import NotVisible
from lachan.access.permissions import declare
from lachan.access.purposes import Purpose
from lachan.kernel.errors import Text
from lachan.members.kind import all_kinds
from lachan.members.roles import MemberKind, Role

_EVERYWHERE = frozenset({Role.DESK, Role.DESK_HEAD, Role.LIAISON})
_OTHERS = frozenset({Purpose.AUD, Purpose.SUB, Purpose.CHK})  # oversight, holders and machines
# The centre's own people keep the register; they are nobody's desk.
DESKS: frozenset[Role] = _EVERYWHERE.union(
    *(one.desks for one in all_kinds().values() if one.name is not MemberKind.CENTRE)
)
SERVED = frozenset(Purpose) - _OTHERS

declare(
    "inbox.read",
    roles=DESKS,
    purposes=SERVED,
    title=Text(vi="Xem hộp đến của đơn vị", en="Read the member's inbox"),
)
declare(
    "talk.read",
    roles=DESKS,
    purposes=SERVED,
    title=Text(vi="Xem trao đổi của đơn vị", en="Read the member's conversations"),
)


def desk_roles(agency: str) -> frozenset[Role]:
    """Roles that make a desk officer at this member; its kind says which beside the usual ones."""
    try:
        return _EVERYWHERE | all_kinds()[MemberKind(agency.split("/")[1])].desks
    except (IndexError, KeyError, ValueError):
        return _EVERYWHERE


def ensure_at_desk(actor: Actor) -> None:
    """A role of another kind of member opens no inbox here. Raises: NotVisible."""
    if not at_desk(actor):
        raise NotVisible(what=actor.agency)


def at_desk(actor: Actor) -> bool:
    """Whether the actor answers for the member in whose unit he acts."""
    return actor.is_officer and not actor.roles.isdisjoint(desk_roles(actor.agency))
