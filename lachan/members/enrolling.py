"""Officers and keys enter as their own agency signed them; keys leave at once when they are lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.errors import NotVisible
from lachan.access.verbs import verb
from lachan.evidence import services as evidence
from lachan.exchange.crypto import Jws, PrivateKey, kid_of, private_jwk
from lachan.exchange.crypto import verify as verify_jws
from lachan.kernel.citizens import CitizenId
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.events import Event
from lachan.kernel.ids import keyed_hash
from lachan.kernel.names import sort_key
from lachan.kernel.time import Clock, from_wire
from lachan.members.directory_rows import ROW, KeyRow, OfficerRow, row_bytes
from lachan.members.errors import NotEnrolled
from lachan.members.events import DirectoryPublished, KeyAdded, KeyRevoked, OfficerEnrolled
from lachan.members.found import REGISTRARS, ensure_own, member_at, unit_at
from lachan.members.keystore import wrap_under_data_key, wrap_under_passphrase
from lachan.members.models.keys import Key
from lachan.members.models.officers import Officer, RoleHeld
from lachan.members.models.organisations import Member
from lachan.members.publishing import deployment_root
from lachan.members.publishing import publish_directory as build_and_store
from lachan.members.roles import KeyUse, Role
from lachan.members.rows import put
from lachan.members.vault import secret

_REASON = "the register works on every member"


@verb(
    "member.officer", roles=REGISTRARS, system=True, title=Text(vi="Ghi danh cán bộ", en="Enrol an officer"))  # fmt: skip
def enrol_officer(
    actor: Actor, row: OfficerRow, *, clock: Clock, person_key: str = ""
) -> tuple[Officer, Sequence[Event]]:
    """Enter an officer's row, or a newer one of his, exactly as his agency signed it.

    person_key: keyed hash of the citizen id (never the id), by which two logins of one person are seen.
    Raises: NotEnrolled, UnknownMember, UnknownUnit.
    """
    now = clock.now()
    member = member_at(row.member)
    _ensure_enrolled(member, row)
    unit = unit_at(member, row.unit)
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
            unit=unit_at(member, held.unit),
            role=held.role.value,
            valid_from=from_wire(held.valid_from),
            valid_to=from_wire(held.valid_to) if held.valid_to else None,
        )
    put("officer", row.id, row, now)
    return officer, (OfficerEnrolled(officer.id, member.address, now),)


@verb(
    "member.key", roles=REGISTRARS, system=True, title=Text(vi="Ghi danh khóa", en="Enrol a key"))  # fmt: skip
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
    member = member_at(row.member)
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
    return _enter(row, member, by=actor.log_name, now=now, wrapped=wrapped), (
        KeyAdded(row.kid, member.address, now),
    )


def enter_key(row: KeyRow, *, by: str, now: datetime) -> Key:
    """Enter a row whose private half its owner keeps; for verbs with a permission of their own.

    Raises: NotEnrolled, UnknownMember.
    """
    member = member_at(row.member)
    _ensure_enrolled(member, row)
    return _enter(row, member, by=by, now=now, wrapped="")


def _enter(row: KeyRow, member: Member, *, by: str, now: datetime, wrapped: str) -> Key:
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
    evidence.append("key", by, now, sender=member.address, code=f"added:{row.use.value}")
    return key


@verb(
    "member.revoke", roles=REGISTRARS | {Role.LIAISON}, system=True, title=Text(vi="Thu hồi khóa", en="Revoke a key"))  # fmt: skip
def revoke_key(
    actor: Actor, kid: str, *, reason: str, clock: Clock, revoked_from: datetime | None = None
) -> tuple[Key, Sequence[Event]]:
    """Revoke a key, back-dated where the loss was; the directory is published at once. Raises: NotVisible."""
    now = clock.now()
    key = Key.objects.visible_to(actor).select_for_update(of=("self",)).get_or_refuse(kid)
    ensure_own(actor, key.member)
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


def person_key(citizen: CitizenId) -> str:
    """The keyed hash by which two logins of one person are seen; the number itself is not kept."""
    return keyed_hash(secret("person"), "citizen", citizen.digits)


def person_of(officer_id: UUID) -> tuple[str, str]:
    """The human behind an officer's row, as (who, name): two rows of one person have one `who`. Raises: NotVisible."""
    officer = Officer.objects.unscoped(reason="whose word it is").filter(pk=officer_id).first()
    if officer is None:
        raise NotVisible(what="officer")
    return officer.person_key or str(officer.pk), officer.name


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
