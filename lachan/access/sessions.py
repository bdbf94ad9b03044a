"""From a session to an actor: unit, roles held there now, and the purpose that was chosen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase

from lachan.access.actors import Actor, ActorKind
from lachan.access.errors import PostNotHeld
from lachan.access.models import Login
from lachan.access.purposes import Purpose, purposes_of
from lachan.kernel.time import Clock, SystemClock, clock_from_env
from lachan.members.models.officers import Officer, RoleHeld
from lachan.members.models.organisations import Unit
from lachan.members.roles import Role

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
_TOUCH_EVERY = 60  # seconds: a session row is not written for every click
_REASON = "building the actor: nobody acts yet"


def begin(session: SessionBase, now: datetime) -> None:
    """Start the session's two clocks; the machine's time."""
    session["began"] = session["seen"] = int(now.timestamp())


def touch(session: SessionBase, now: datetime) -> None:
    """Somebody did something."""
    if int(now.timestamp()) - session.get("seen", 0) >= _TOUCH_EVERY:
        session["seen"] = int(now.timestamp())


def is_over(session: SessionBase, now: datetime) -> bool:
    """Idle for too long, too old, or without clocks."""
    began = datetime.fromtimestamp(session.get("began", 0), UTC)
    seen = datetime.fromtimestamp(session.get("seen", 0), UTC)
    return now - began >= ABSOLUTE or now - seen >= IDLE


def posts(officer: Officer, *, clock: Clock | None = None) -> list[tuple[Unit, frozenset[Role]]]:
    """The units in which an officer holds roles now, his own unit first."""
    now = (clock or clock_from_env()).now()
    if officer.state != "ACTIVE":
        return []
    held = RoleHeld.objects.unscoped(reason=_REASON).select_related("unit__member")
    found: dict[UUID, tuple[Unit, set[Role]]] = {}
    for row in held.filter(RoleHeld.at(now), officer=officer).order_by("id"):
        found.setdefault(row.unit_id, (row.unit, set()))[1].add(Role(row.role))
    listed = [(unit, frozenset(roles)) for unit, roles in found.values()]
    return sorted(listed, key=lambda post: (post[0].id != officer.unit_id, post[0].slug))


def actor_for(
    officer: Officer,
    *,
    unit_id: UUID | None = None,
    purpose: Purpose | None = None,
    clock: Clock | None = None,
) -> Actor:
    """The actor that an officer is in one of his units, for a purpose that his roles carry.

    Without a unit: his first post; without a purpose: the first that fits.
    Raises: PostNotHeld.
    """
    held = posts(officer, clock=clock)
    post = next((one for one in held if unit_id in {None, one[0].id}), None)
    if post is None:
        raise PostNotHeld
    unit, roles = post
    fitting = purposes_of(roles)
    if purpose is not None and purpose not in fitting:
        raise PostNotHeld
    return Actor(
        ActorKind.OFFICER,
        name=officer.name,
        address=unit.address,
        officer_id=officer.id,
        member_id=unit.member_id,
        unit_id=unit.id,
        roles=roles,
        purpose=purpose or (fitting[0] if fitting else None),
    )


def actor_of(session: SessionBase, user: AbstractBaseUser | AnonymousUser) -> Actor | None:
    """The actor of a signed-in request; roles are read anew, so that a lost role is lost at once."""
    if not isinstance(user, Login) or user.officer_id is None:
        return None
    officer = (
        Officer.objects.unscoped(reason=_REASON).select_related("member").get(pk=user.officer_id)
    )
    unit = session.get("unit")
    purpose = session.get("purpose")
    try:
        return actor_for(
            officer,
            unit_id=UUID(unit) if unit else None,
            purpose=Purpose(purpose) if purpose else None,
        )
    except PostNotHeld:
        session.pop("unit", None)
        session.pop("purpose", None)
        try:
            return actor_for(officer)
        except PostNotHeld:
            return None


def choose_post(session: SessionBase, user: Login, *, unit_id: UUID, purpose: Purpose) -> Actor:
    """Act from now on in that unit for that purpose. Raises: PostNotHeld."""
    if user.officer_id is None:
        raise PostNotHeld
    officer = Officer.objects.unscoped(reason=_REASON).get(pk=user.officer_id)
    actor = actor_for(officer, unit_id=unit_id, purpose=purpose)
    session["unit"] = str(unit_id)
    session["purpose"] = purpose.value
    touch(session, SystemClock().now())
    return actor
