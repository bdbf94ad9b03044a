"""A member's life in the register: it applies, is tested, is let in by two, is suspended, leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.evidence import services as evidence
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.names import sort_key
from lachan.kernel.time import Clock
from lachan.members.directory_rows import is_address
from lachan.members.errors import (
    AddressTaken,
    AddressUnfit,
    ConformanceMissing,
    StateNotAllowed,
)
from lachan.members.events import MemberRegistered, MemberStateChanged
from lachan.members.found import REGISTRARS, ensure_own, member_at, unit_at
from lachan.members.kind import all_kinds
from lachan.members.models.officers import Activation, Officer
from lachan.members.models.organisations import Member, Unit
from lachan.members.roles import Connection, MemberKind, MemberState, Role
from lachan.members.rows import put_member, put_unit

REGISTRARS_NEEDED = 2
WAIVER = "TRÌNH DIỄN: miễn báo cáo thử nghiệm"
_MOVES = {
    MemberState.APPLIED: (MemberState.TESTING, MemberState.LEFT),
    MemberState.TESTING: (MemberState.LEFT,),  # ACTIVE by `activate` alone
    MemberState.ACTIVE: (MemberState.SUSPENDED, MemberState.LEFT),
    MemberState.SUSPENDED: (MemberState.ACTIVE, MemberState.LEFT),
    MemberState.LEFT: (),
}
_REASON = "the register works on every member"


@dataclass(frozen=True, slots=True)
class MemberForm:
    """What a member says when it applies."""

    address: str
    name_vi: str
    name_en: str
    connection: Connection
    regulator: str = ""
    official_id: str = ""
    bins: tuple[str, ...] = ()
    msisdn_prefixes: tuple[str, ...] = ()
    asns: tuple[int, ...] = ()
    participation: int | None = None


@verb(
    "member.register", roles=REGISTRARS, system=True, title=Text(vi="Ghi nhận thành viên", en="Register a member"))  # fmt: skip
def register_member(
    actor: Actor, form: MemberForm, *, clock: Clock
) -> tuple[Member, Sequence[Event]]:
    """Enter a member that applies. Raises: AddressUnfit, AddressTaken."""
    now = clock.now()
    kind = _kind(form.address)
    if Member.objects.unscoped(reason=_REASON).filter(address=form.address).exists():
        raise AddressTaken(field="address", address=form.address)
    member = Member.objects.create(
        address=form.address,
        kind=kind.value,
        name_vi=form.name_vi,
        name_en=form.name_en,
        sort_key=sort_key(form.name_vi),
        regulator=form.regulator,
        official_id=form.official_id,
        bins=list(form.bins),
        msisdn_prefixes=list(form.msisdn_prefixes),
        asns=list(form.asns),
        state=MemberState.APPLIED.value,
        connection=form.connection.value,
        participation=form.participation if all_kinds()[kind].holds_accounts else None,
        valid_from=now,
    )
    put_member(member, now)
    return member, (MemberRegistered(member.address, now),)


@verb(
    "member.state", roles=REGISTRARS, system=True, title=Text(vi="Đổi trạng thái thành viên", en="Change a member's state"))  # fmt: skip
def change_state(
    actor: Actor, address: str, state: MemberState, *, reason: str, clock: Clock
) -> tuple[Member, Sequence[Event]]:
    """Move a member to TESTING, SUSPENDED, back to ACTIVE, or LEFT. Raises: StateNotAllowed."""
    member = member_at(address)
    now_state = MemberState(member.state)
    if state not in _MOVES[now_state] or not reason:
        right = ", ".join(_MOVES[now_state]) or "-"
        raise StateNotAllowed(now=member.state, wanted=state.value, right=right)
    return member, (_set_state(member, state, clock.now()),)


@verb(
    "member.activate", roles=REGISTRARS, title=Text(vi="Kích hoạt thành viên", en="Activate a member"))  # fmt: skip
def activate(
    actor: Actor, address: str, *, clock: Clock, report_hash: str = "", waiver: bool = False
) -> tuple[Member, Sequence[Event]]:
    """One of two registrars' words that a TESTING member becomes ACTIVE; the second makes it so.

    report_hash: SHA-256 of the passed conformance report. waiver: in a demonstration only, logged and
    marked TRÌNH DIỄN on the member.
    Raises: StateNotAllowed, ConformanceMissing.
    """
    now = clock.now()
    member = member_at(address)
    if member.state != MemberState.TESTING:
        right = ", ".join(_MOVES[MemberState(member.state)]) or "-"
        raise StateNotAllowed(now=member.state, wanted="ACTIVE", right=right)
    if waiver and (settings.LACHAN_DEMO or settings.LACHAN_PROFILE == "demo"):
        member.conformance = WAIVER
        evidence.append(
            "key", actor.log_name, now, sender=member.address, code="conformance:waived"
        )
    elif len(report_hash) == 64:  # noqa: PLR2004 - SHA-256 in hex
        member.conformance = report_hash
    elif not member.conformance:
        raise ConformanceMissing(field="report_hash")
    member.save(update_fields=["conformance"])
    words = Activation.objects.unscoped(reason=_REASON).filter(member=member)
    registrar = Officer.objects.visible_to(actor).get_or_refuse(actor.officer_id)
    words.get_or_create(member=member, officer=registrar, defaults={"at": now})
    # One person with two logins is one registrar.
    persons = {
        one.officer.person_key or str(one.officer_id) for one in words.select_related("officer")
    }
    if len(persons) < REGISTRARS_NEEDED:
        return member, ()
    return member, (_set_state(member, MemberState.ACTIVE, now),)


@verb(
    "member.unit", roles=REGISTRARS | {Role.LIAISON}, system=True, title=Text(vi="Lập đơn vị", en="Add a unit"))  # fmt: skip
def add_unit(
    actor: Actor,
    address: str,
    slug: str,
    name_vi: str,
    *,
    clock: Clock,
    area: str = "",
    kinds: Sequence[str] = (),
    phone: str = "",
    parent: str = "",
    name_en: str = "",
) -> tuple[Unit, Sequence[Event]]:
    """Add a unit, or change the one of that slug. Raises: AddressUnfit, UnknownMember, UnknownUnit."""
    now = clock.now()
    member = member_at(address)
    ensure_own(actor, member)
    if not is_address(f"{address}/{slug}"):
        raise AddressUnfit(field="slug", given=f"{address}/{slug}")
    above = unit_at(member, parent) if parent else None
    said = {
        "name_vi": name_vi, "name_en": name_en, "area": area, "kinds": list(kinds), "phone": phone,
        "parent": above,
    }  # fmt: skip
    unit, _ = Unit.objects.unscoped(reason=_REASON).update_or_create(
        member=member, slug=slug, defaults=said, create_defaults={**said, "valid_from": now}
    )
    put_unit(unit, now)
    return unit, ()


def _kind(address: str) -> MemberKind:
    parts = address.split("/")
    if not is_address(address) or len(parts) != 3:  # noqa: PLR2004 - country, class, member
        raise AddressUnfit(field="address", given=address)
    try:
        return MemberKind(parts[1])
    except ValueError as cause:
        raise AddressUnfit(field="address", given=address) from cause


def _set_state(member: Member, state: MemberState, now: datetime) -> Event:
    member.state = state.value
    member.valid_from = now
    member.save(update_fields=["state", "valid_from"])
    put_member(member, now)
    return MemberStateChanged(member.address, state.value, now)
