"""Whose desk is it: which unit takes a report, which member an account or a number belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleQuerySet
from lachan.kernel.accounts import AccountRef
from lachan.members.errors import UnknownMember
from lachan.members.models.organisations import Member, Unit
from lachan.members.roles import MemberKind, MemberState

_REASON = "routing: every member and unit is public"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a report goes: the asking agency's address, the unit, and by which rule."""

    member: str
    unit: UUID
    rule: str


def desk_for(*, area: str | None, officer: Actor | None = None) -> Desk:
    """The agency that asks for a report.

    That of the police officer who took it; else the police of the victim's province; else the national
    duty desk: a police unit without an area, a duty unit first.

    Raises: UnknownMember when no police member is active.
    """
    if officer is not None and officer.is_officer and officer.unit_id is not None:
        taking = (
            Unit.objects.unscoped(reason=_REASON).select_related("member").get(pk=officer.unit_id)
        )
        if taking.member.kind == MemberKind.POLICE:
            return Desk(taking.member.address, taking.id, "taken_by")
    units = Unit.objects.unscoped(reason=_REASON).filter(
        member__kind=MemberKind.POLICE, member__state=MemberState.ACTIVE, valid_to=None
    )
    if area:
        local = _duty_first(units.filter(area=area))
        if local is not None:
            return Desk(local.member.address, local.id, "province")
    national = _duty_first(units.filter(area="")) or _duty_first(units)
    if national is None:
        raise UnknownMember(address="police")
    return Desk(national.member.address, national.id, "national_duty")


def unit_title(unit_id: UUID | None) -> str:
    """`Trực ban, Cục A05`: the unit and its member in the page's language; empty for none."""
    if unit_id is None:
        return ""
    unit = Unit.objects.unscoped(reason=_REASON).select_related("member").filter(pk=unit_id).first()
    return "" if unit is None else f"{unit.shown}, {unit.member.shown}"


def unit_names(member: str) -> dict[str, str]:
    """The names of a member's units in the page's language, by slug; signatures name slugs."""
    rows = Unit.objects.unscoped(reason=_REASON).filter(member__address=member)
    return {unit.slug: unit.shown for unit in rows}


def unit_phone(unit_id: UUID | None) -> str:
    """The unit's public telephone; empty when none is known."""
    if unit_id is None:
        return ""
    unit = Unit.objects.unscoped(reason=_REASON).filter(pk=unit_id).first()
    return "" if unit is None else unit.phone


def member_phone(bank: str) -> str:
    """The public telephone of the member with this bank code; empty when none is known."""
    member = member_of_account(f"{bank}:")
    rows = Unit.objects.unscoped(reason=_REASON).filter(member=member, valid_to=None)
    named = rows.exclude(phone="").order_by("slug") if member is not None else rows.none()
    return next((unit.phone for unit in named), "")


def member_of_account(account: AccountRef | str) -> Member | None:
    """The member that holds an account, by its BIN or provider code; suspended ones still answer."""
    bank = account.bank if isinstance(account, AccountRef) else account.partition(":")[0]
    live = Member.objects.unscoped(reason=_REASON).filter(
        state__in=[MemberState.ACTIVE, MemberState.SUSPENDED]
    )
    # A JSON list is not indexed; two hundred members fit in one read.
    return next((member for member in live.order_by("address") if bank in member.bins), None)


def member_of_number(e164: str) -> Member | None:
    """The operator of a telephone number, by the longest prefix (national form `09…` or `+849…`)."""
    national = "0" + e164.removeprefix("+84")
    telecoms = Member.objects.unscoped(reason=_REASON).filter(
        kind=MemberKind.TELECOM, state__in=[MemberState.ACTIVE, MemberState.SUSPENDED]
    )
    fits = [
        (len(prefix), member)
        for member in telecoms.order_by("address")
        for prefix in member.msisdn_prefixes
        if national.startswith(prefix) or e164.startswith(prefix)
    ]
    return max(fits, key=lambda one: one[0])[1] if fits else None


def members_of_kind(*kinds: MemberKind) -> list[Member]:
    """Live members of these kinds, by address."""
    rows = Member.objects.unscoped(reason=_REASON).filter(
        kind__in=kinds, state__in=[MemberState.ACTIVE, MemberState.SUSPENDED]
    )
    return list(rows.order_by("address"))


def desk_address(member: Member, kind: str) -> str:
    """The full address that takes messages of a kind at a member.

    Its unit for the kind, else a general one, else the member itself.
    """
    units = list(
        Unit.objects.unscoped(reason=_REASON).filter(member=member, valid_to=None).order_by("slug")
    )
    for unit in units:
        if kind in unit.kinds:
            return f"{member.address}/{unit.slug}"
    return next((f"{member.address}/{one.slug}" for one in units if not one.kinds), member.address)


def _duty_first(units: VisibleQuerySet[Unit]) -> Unit | None:
    duty = Q(slug__in=["duty", "truc-ban"])
    chosen = units.select_related("member").order_by("member__address", "slug")
    return chosen.filter(duty).first() or chosen.first()
