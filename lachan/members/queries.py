"""Reading who is a member and who is on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.permissions import declare
from lachan.access.visible import VisibleQuerySet
from lachan.kernel.errors import Text
from lachan.kernel.time import Clock, clock_from_env
from lachan.members.errors import UnknownMember
from lachan.members.models.keys import Shift
from lachan.members.models.officers import Officer, RoleHeld
from lachan.members.models.organisations import Member
from lachan.members.roles import MemberKind, Role

READ_MEMBERS = declare(
    "member.read", roles=Role, title=Text(vi="Xem danh bạ thành viên", en="Read the directory")
)
READ_SHIFT = declare(
    "shift.read",
    roles={Role.DUTY_OFFICER, Role.UNIT_HEAD, Role.INVESTIGATOR, Role.AGENCY_HEAD},
    title=Text(vi="Xem ca trực", en="See the shift"),
)


@dataclass(frozen=True, slots=True)
class ShiftView:
    """A shift as its page shows it."""

    id: UUID
    unit: str
    opened_by: str
    officer_id: UUID
    opened_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    kinds: tuple[str, ...]
    cap: int
    is_open: bool


def members(actor: Actor) -> list[Member]:
    """All members, by name."""
    return list(Member.objects.visible_to(actor).order_by("sort_key"))


def member(actor: Actor, address: str) -> Member:
    """The member of an address, its unit ignored. Raises: UnknownMember."""
    plain = "/".join(address.split("/")[:3])
    found = Member.objects.visible_to(actor).filter(address=plain).first()
    if found is None:
        raise UnknownMember(address=address)
    return found


def member_name(address: str, lang: str = "vi") -> str:
    """A member's name for a page; the address itself when nobody has it."""
    plain = "/".join(address.split("/")[:3])
    found = (
        Member.objects.unscoped(reason="names of members are public").filter(address=plain).first()
    )
    if found is None:
        return address
    return found.name_en if lang == "en" else found.name_vi


def current_shift(actor: Actor, *, clock: Clock | None = None) -> ShiftView | None:
    """The shift open in the actor's unit now."""
    if actor.unit_id is None:
        return None
    now = (clock or clock_from_env()).now()
    row = _shifts(actor).filter(Shift.open_at(now), unit_id=actor.unit_id).first()
    return None if row is None else _view(row, now)


def recent_shifts(actor: Actor, *, clock: Clock | None = None) -> list[ShiftView]:
    """The last twenty shifts of the actor's member, newest first."""
    now = (clock or clock_from_env()).now()
    return [_view(row, now) for row in _shifts(actor).order_by("-opened_at", "-id")[:20]]


def officers_with(role: Role, unit_id: UUID, now: datetime) -> list[Officer]:
    """Who holds a role in a unit then, by name; for routing and for who can see a thing."""
    held = RoleHeld.objects.unscoped(reason="who may be asked to sign").filter(
        RoleHeld.at(now), role=role, unit_id=unit_id, officer__state="ACTIVE"
    )
    found = {row.officer_id: row.officer for row in held.select_related("officer")}
    return sorted(found.values(), key=lambda officer: officer.sort_key)


def is_hosted(address: str) -> bool:
    """The centre keeps this member's keys and acts for it."""
    plain = "/".join(address.split("/")[:3])
    return (
        Member.objects.unscoped(reason="routing: members are public")
        .filter(address=plain, connection="hosted")
        .exists()
    )


def kind_of(address: str) -> MemberKind:
    """The kind, which is the class in the address. Raises: UnknownMember."""
    try:
        return MemberKind(address.split("/")[1])
    except (ValueError, IndexError) as cause:
        raise UnknownMember(address=address) from cause


def _shifts(actor: Actor) -> VisibleQuerySet[Shift]:
    return Shift.objects.visible_to(actor).select_related("unit__member", "officer", "key")


def _view(row: Shift, now: datetime) -> ShiftView:
    scope = row.key.scope or {}
    ended = row.closed_at is not None and row.closed_at <= now
    return ShiftView(
        id=row.id,
        unit=f"{row.unit.shown}, {row.unit.member.shown}",
        opened_by=row.officer.name,
        officer_id=row.officer_id,
        opened_at=row.opened_at,
        ends_at=row.ends_at,
        closed_at=row.closed_at,
        kinds=tuple(scope.get("kinds", ())),
        cap=int(scope.get("cap", 0)),
        is_open=not ended and row.opened_at <= now < row.ends_at,
    )
