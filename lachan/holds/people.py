"""An actor as a signer: the human behind the login, his unit, agency and roles."""

from __future__ import annotations

from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.errors import NotVisible
from lachan.holds.rules.values import Signer
from lachan.members.models.officers import Officer

NOBODY = UUID(int=0)


def signer_of(actor: Actor) -> Signer:
    """The person acting. Raises: NotVisible for what is no officer."""
    officer = officer_of(actor)
    return Signer(
        person=officer.person_key or str(officer.pk),
        officer=str(officer.pk),
        unit=actor.address,
        agency=actor.agency,
        roles=actor.roles,
    )


def officer_of(actor: Actor) -> Officer:
    """The officer's record. Raises: NotVisible."""
    found = (
        Officer.objects.unscoped(reason="the actor himself")
        .filter(pk=actor.officer_id or NOBODY)
        .first()
    )
    if found is None:
        raise NotVisible(what="officer")
    return found


def unit_slug(address: str) -> str:
    """The unit's part of an address, as approvals carry it."""
    parts = address.split("/")
    return parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 - country, class, member, unit
