"""Whose figures an officer may see by name: the centre everybody's, a regulator its members', a member its own (exchange.md §9)."""

from dataclasses import dataclass

from lachan.access.actors import Actor
from lachan.members import services as members
from lachan.members.directory_rows import MemberRow
from lachan.members.roles import MemberKind, Role

OVERSEERS = (Role.SUPERVISOR, Role.AUDITOR)
CENTRE = (Role.REGISTRAR, *OVERSEERS)
READERS = frozenset(
    {
        *CENTRE, Role.DESK, Role.DESK_HEAD, Role.LIAISON, Role.UNIT_HEAD, Role.AGENCY_HEAD,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """`own` is the actor's member; `rows` are the members that it may see, itself among them."""

    own: str
    rows: dict[str, MemberRow]

    def __contains__(self, address: str) -> bool:
        return address in self.rows


def scope_of(actor: Actor) -> Scope:
    """By the directory as it is now; nobody but an officer sees anything."""
    if not actor.is_officer:
        return Scope("", {})
    everybody = {row.address: row for row in members.current_directory().members()}
    own = everybody.get(actor.agency)
    if own is None:
        return Scope(actor.agency, {})
    if own.kind == MemberKind.CENTRE and actor.has(*CENTRE):
        return Scope(own.address, everybody)
    seen = {own.address: own}
    if actor.has(*OVERSEERS):
        seen |= {one.address: one for one in everybody.values() if one.regulator == own.address}
    return Scope(own.address, seen)
