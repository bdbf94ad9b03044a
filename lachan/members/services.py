"""The verbs of the register of members, and what other parts ask of it.

Rows of officers and keys come signed by their own agency (`enrolment`); nothing here can make one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.evidence import services as evidence
from lachan.exchange.crypto import Jws, PrivateKey, kid_of, private_jwk
from lachan.exchange.crypto import verify as verify_jws
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.events import Event
from lachan.kernel.names import sort_key
from lachan.kernel.time import Clock, from_wire
from lachan.members.desks import (
    Desk,
    desk_address,
    desk_for,
    member_of_account,
    member_of_number,
    members_of_kind,
    unit_phone,
    unit_title,
)
from lachan.members.directory import (
    ROW,
    Directory,
    KeyRow,
    OfficerRow,
    is_address,
    row_bytes,
)
from lachan.members.errors import (
    AddressTaken,
    AddressUnfit,
    ConformanceMissing,
    NotEnrolled,
    StateNotAllowed,
    UnknownMember,
    UnknownUnit,
)
from lachan.members.events import (
    DirectoryPublished,
    KeyAdded,
    KeyRevoked,
    MemberRegistered,
    MemberStateChanged,
    OfficerEnrolled,
)
from lachan.members.keystore import wrap_under_data_key, wrap_under_passphrase
from lachan.members.kind import all_kinds
from lachan.members.models import Activation, Key, Member, Officer, RoleHeld, Unit
from lachan.members.publishing import (
    current_directory,
    deployment_root,
    directory_version,
    make_deployment,
)
from lachan.members.publishing import publish_directory as build_and_store
from lachan.members.roles import Connection, KeyUse, MemberKind, MemberState, Role
from lachan.members.rows import put, put_member, put_unit
from lachan.members.shifts import close_shift, current_shift, open_shift, shift_of_member
from lachan.members.unlocking import (
    UnlockedKey,
    decryption_keys,
    member_private_key,
    shift_key,
    unlock_officer_key,
)

__all__ = [
    "Desk",
    "MemberForm",
    "UnlockedKey",
    "activate",
    "add_key",
    "add_unit",
    "change_state",
    "close_shift",
    "current_directory",
    "current_shift",
    "decryption_keys",
    "deployment_root",
    "desk_address",
    "desk_for",
    "directory_version",
    "enrol_officer",
    "make_deployment",
    "member_of_account",
    "member_of_number",
    "member_private_key",
    "members_of_kind",
    "open_shift",
    "publish_directory",
    "register_member",
    "revoke_key",
    "shift_key",
    "shift_of_member",
    "unit_phone",
    "unit_title",
    "unlock_officer_key",
]

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
_REGISTRARS = frozenset({Role.REGISTRAR})


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


@verb("member.register", roles=_REGISTRARS, system=True, title=Text(vi="Ghi nhận thành viên", en="Register a member"))  # fmt: skip
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


@verb("member.state", roles=_REGISTRARS, system=True, title=Text(vi="Đổi trạng thái thành viên", en="Change a member's state"))  # fmt: skip
def change_state(
    actor: Actor, address: str, state: MemberState, *, reason: str, clock: Clock
) -> tuple[Member, Sequence[Event]]:
    """Move a member to TESTING, SUSPENDED, back to ACTIVE, or LEFT. Raises: StateNotAllowed."""
    member = _member(address)
    now_state = MemberState(member.state)
    if state not in _MOVES[now_state] or not reason:
        right = ", ".join(_MOVES[now_state]) or "-"
        raise StateNotAllowed(now=member.state, wanted=state.value, right=right)
    return member, (_set_state(member, state, clock.now()),)


@verb("member.activate", roles=_REGISTRARS, title=Text(vi="Kích hoạt thành viên", en="Activate a member"))  # fmt: skip
def activate(
    actor: Actor, address: str, *, clock: Clock, report_hash: str = "", waiver: bool = False
) -> tuple[Member, Sequence[Event]]:
    """One of two registrars' words that a TESTING member becomes ACTIVE; the second makes it so.

    report_hash: SHA-256 of the passed conformance report. waiver: in a demonstration only, logged and
    marked TRÌNH DIỄN on the member.
    Raises: StateNotAllowed, ConformanceMissing.
    """
    now = clock.now()
    member = _member(address)
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


@verb("member.unit", roles=_REGISTRARS | {Role.LIAISON}, system=True, title=Text(vi="Lập đơn vị", en="Add a unit"))  # fmt: skip
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
) -> tuple[Unit, Sequence[Event]]:
    """Add a unit, or change the one of that slug. Raises: AddressUnfit, UnknownMember, UnknownUnit."""
    now = clock.now()
    member = _member(address)
    if not is_address(f"{address}/{slug}"):
        raise AddressUnfit(field="slug", given=f"{address}/{slug}")
    above = _unit(member, parent) if parent else None
    unit, _ = Unit.objects.unscoped(reason=_REASON).update_or_create(
        member=member,
        slug=slug,
        defaults={"name_vi": name_vi, "area": area, "kinds": list(kinds), "phone": phone, "parent": above},
        create_defaults={
            "name_vi": name_vi, "area": area, "kinds": list(kinds), "phone": phone, "parent": above,
            "valid_from": now,
        },
    )  # fmt: skip
    put_unit(unit, now)
    return unit, ()


@verb("member.officer", roles=_REGISTRARS, system=True, title=Text(vi="Ghi danh cán bộ", en="Enrol an officer"))  # fmt: skip
def enrol_officer(
    actor: Actor, row: OfficerRow, *, clock: Clock, person_key: str = ""
) -> tuple[Officer, Sequence[Event]]:
    """Enter an officer's row, or a newer one of his, exactly as his agency signed it.

    person_key: keyed hash of the citizen id (never the id), by which two logins of one person are seen.
    Raises: NotEnrolled, UnknownMember, UnknownUnit.
    """
    now = clock.now()
    member = _member(row.member)
    _ensure_enrolled(member, row)
    unit = _unit(member, row.unit)
    values = {
        "member": member, "unit": unit, "name": row.name, "sort_key": sort_key(row.name),
        "staff_no": row.staff_no, "state": row.state, "valid_from": from_wire(row.valid_from),
        "valid_to": from_wire(row.valid_to) if row.valid_to else None,
    }  # fmt: skip
    if person_key:
        values["person_key"] = person_key
    officer, _ = Officer.objects.unscoped(reason=_REASON).update_or_create(
        id=UUID(row.id), defaults=values
    )
    RoleHeld.objects.unscoped(reason=_REASON).filter(officer=officer, valid_to=None).update(
        valid_to=now
    )
    for held in row.roles:
        RoleHeld.objects.create(
            officer=officer,
            unit=_unit(member, held.unit),
            role=held.role.value,
            valid_from=from_wire(held.valid_from),
            valid_to=from_wire(held.valid_to) if held.valid_to else None,
        )
    put("officer", row.id, row, now)
    return officer, (OfficerEnrolled(officer.id, member.address, now),)


@verb("member.key", roles=_REGISTRARS, system=True, title=Text(vi="Ghi danh khóa", en="Enrol a key"))  # fmt: skip
def add_key(
    actor: Actor,
    row: KeyRow,
    *,
    clock: Clock,
    private: PrivateKey | None = None,
    passphrase: str = "",
) -> tuple[Key, Sequence[Event]]:
    """Enter a key's row as its agency (for an enrolment key: the root) signed it.

    private: the half that the centre is to keep; under the officer's passphrase for an officer's key,
    under the data folder's for a hosted member's. Omitted where the owner keeps it.
    Raises: NotEnrolled, UnknownMember.
    """
    now = clock.now()
    member = _member(row.member)
    _ensure_enrolled(member, row)
    wrapped = ""
    if private is not None:
        if kid_of(private) != row.kid or bool(row.officer) != bool(passphrase):
            raise ValueError("the private half of another key, or a passphrase where none belongs")
        plain = json.dumps(private_jwk(private)).encode()
        wrapped = (
            wrap_under_passphrase(plain, row.kid, passphrase)
            if row.officer
            else wrap_under_data_key(plain, row.kid)
        )
    key = Key.objects.create(
        kid=row.kid,
        use=row.use.value,
        member=member,
        officer_id=UUID(row.officer) if row.officer else None,
        alg=row.alg,
        jwk=row.jwk,
        storage=row.storage.value,
        wrapped=wrapped,
        valid_from=from_wire(row.valid_from),
        valid_to=from_wire(row.valid_to),
    )
    put("key", row.kid, row, now)
    evidence.append(
        "key", actor.log_name, now, sender=member.address, code=f"added:{row.use.value}"
    )
    return key, (KeyAdded(key.kid, member.address, now),)


@verb("member.revoke", roles=_REGISTRARS | {Role.LIAISON}, system=True, title=Text(vi="Thu hồi khóa", en="Revoke a key"))  # fmt: skip
def revoke_key(
    actor: Actor, kid: str, *, reason: str, clock: Clock, revoked_from: datetime | None = None
) -> tuple[Key, Sequence[Event]]:
    """Revoke a key, back-dated where the loss was; the directory is published at once. Raises: NotVisible."""
    now = clock.now()
    key = Key.objects.visible_to(actor).select_for_update(of=("self",)).get_or_refuse(kid)
    since = min(revoked_from or now, now)
    if key.revoked_from is None or since < key.revoked_from:
        key.revoked_from, key.reason = since, reason
        key.save(update_fields=["revoked_from", "reason"])
    evidence.append("key", actor.log_name, now, sender=key.member.address, code="revoked")
    directory = build_and_store(clock=clock)
    return key, (
        KeyRevoked(key.kid, key.member.address, since, now),
        DirectoryPublished(directory.version, now),
    )


@verb("member.publish", roles=_REGISTRARS, system=True, title=Text(vi="Công bố danh bạ", en="Publish the directory"))  # fmt: skip
def publish_directory(
    actor: Actor,
    *,
    clock: Clock,
    mandates_hash: str | None = None,
    calendar_hash: str | None = None,
    kinds_hash: str | None = None,
    never_block_hash: str | None = None,
) -> tuple[Directory, Sequence[Event]]:
    """The next version of the directory from the rows as they stand; a hash not given stays as it was."""
    directory = build_and_store(
        clock=clock,
        mandates_hash=mandates_hash,
        calendar_hash=calendar_hash,
        kinds_hash=kinds_hash,
        never_block_hash=never_block_hash,
    )
    return directory, (DirectoryPublished(directory.version, clock.now()),)


def _kind(address: str) -> MemberKind:
    parts = address.split("/")
    if not is_address(address) or len(parts) != 3:  # noqa: PLR2004 - country, class, member
        raise AddressUnfit(field="address", given=address)
    try:
        return MemberKind(parts[1])
    except ValueError as cause:
        raise AddressUnfit(field="address", given=address) from cause


def _member(address: str) -> Member:
    row = (
        Member.objects.unscoped(reason=_REASON).select_for_update().filter(address=address).first()
    )
    if row is None:
        raise UnknownMember(address=address)
    return row


def _unit(member: Member, slug: str) -> Unit:
    row = Unit.objects.unscoped(reason=_REASON).filter(member=member, slug=slug).first()
    if row is None:
        raise UnknownUnit(address=member.address, unit=slug)
    return row


def _set_state(member: Member, state: MemberState, now: datetime) -> Event:
    member.state = state.value
    member.valid_from = now
    member.save(update_fields=["state", "valid_from"])
    put_member(member, now)
    return MemberStateChanged(member.address, state.value, now)


def _ensure_enrolled(member: Member, row: OfficerRow | KeyRow) -> None:
    payload = row_bytes(row)
    if isinstance(row, KeyRow) and row.use is KeyUse.ENROL and _by_root(row, payload):
        return
    enrolling = Key.objects.unscoped(reason=_REASON).filter(member=member, use=KeyUse.ENROL)
    at = from_wire(row.valid_from)
    for key in enrolling:
        if key.usable_at(at) and any(_verifies(text, payload, key.jwk) for text in row.enrolled):
            return
    raise NotEnrolled(address=member.address)


def _by_root(row: KeyRow, payload: bytes) -> bool:
    try:
        deployment_root().require(payload, row.enrolled, typ=ROW)
    except LachanError:
        return False
    return True


def _verifies(text: str, payload: bytes, jwk: dict[str, str]) -> bool:
    try:
        verify_jws(Jws.parse(text), payload, jwk, typ=ROW)
    except LachanError:
        return False
    return True
