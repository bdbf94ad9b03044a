"""Who is acting: an officer in one unit for one purpose, a part of the system, or the public. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from lachan.access.purposes import Purpose
from lachan.members.roles import Role


class ActorKind(StrEnum):
    """What stands behind an act."""

    OFFICER = "officer"
    SYSTEM = "system"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Actor:
    """Made by the middleware or by a process; given to every verb and every query.

    `address` is the officer's unit (`vn/police/a05/duty`) or the member for which the system acts.
    `roles` are those held in that unit now, not all that the person holds anywhere.
    """

    kind: ActorKind
    name: str = ""
    address: str = ""
    officer_id: UUID | None = None
    member_id: UUID | None = None
    unit_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    purpose: Purpose | None = None

    @classmethod
    def system(
        cls,
        address: str,
        *,
        purpose: Purpose | None = None,
        member_id: UUID | None = None,
        name: str = "system",
    ) -> Actor:
        """A step that no person takes, done for the member (or part of the centre) of that address."""
        return cls(
            ActorKind.SYSTEM, name=name, address=address, member_id=member_id, purpose=purpose
        )

    @classmethod
    def public(cls, purpose: Purpose | None = Purpose.RPT) -> Actor:
        """Somebody who has not signed in."""
        return cls(ActorKind.PUBLIC, name="public", purpose=purpose)

    def for_purpose(self, purpose: Purpose) -> Actor:
        """The same actor, acting for that purpose."""
        return replace(self, purpose=purpose)

    @property
    def agency(self) -> str:
        """The member's address: that of the unit without the unit."""
        return "/".join(self.address.split("/")[:3])

    @property
    def unit(self) -> str:
        """The unit's slug in the address, as signatures name it; empty for a whole member."""
        return self.address.split("/")[3] if self.address.count("/") == 3 else ""  # noqa: PLR2004 - parts of an address

    @property
    def log_name(self) -> str:
        """What the evidence log calls him: an officer's id, an address, or `public`. Never a name."""
        if self.officer_id is not None:
            return str(self.officer_id)
        return self.address or "public"

    @property
    def is_officer(self) -> bool:
        return self.kind is ActorKind.OFFICER

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    @property
    def is_public(self) -> bool:
        return self.kind is ActorKind.PUBLIC

    def has(self, *roles: Role) -> bool:
        """Holds at least one of these in the unit in which he acts."""
        return not self.roles.isdisjoint(roles)
