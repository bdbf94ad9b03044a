"""Finding the member or unit that an act is about, and whose word counts for it."""

from __future__ import annotations

from lachan.access.actors import Actor
from lachan.access.errors import NotVisible
from lachan.members.errors import UnknownMember, UnknownUnit
from lachan.members.models.organisations import Member, Unit
from lachan.members.roles import Role

REGISTRARS = frozenset({Role.REGISTRAR})
_REASON = "the register works on every member"


def ensure_own(actor: Actor, member: Member) -> None:
    """A liaison's word counts for his own member only."""
    if not (actor.is_system or actor.has(Role.REGISTRAR) or actor.agency == member.address):
        raise NotVisible(what=member.address)


def member_at(address: str) -> Member:
    """The member of exactly that address, its row locked. Raises: UnknownMember."""
    row = (
        Member.objects.unscoped(reason=_REASON).select_for_update().filter(address=address).first()
    )
    if row is None:
        raise UnknownMember(address=address)
    return row


def unit_at(member: Member, slug: str) -> Unit:
    """A member's unit. Raises: UnknownUnit."""
    row = Unit.objects.unscoped(reason=_REASON).filter(member=member, slug=slug).first()
    if row is None:
        raise UnknownUnit(address=member.address, unit=slug)
    return row
