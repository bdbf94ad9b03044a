"""The duty officer's shift: for at most twelve hours, automatic asks of the golden hour go under his name.

He signs a fresh shift key with his own; the directory rises by one version when it opens or closes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.access.visible import VisibleQuerySet
from lachan.exchange.crypto import alg_of, kid_of, new_sign_key, private_jwk, public_jwk
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, short_ict, to_wire
from lachan.members.directory_rows import SHIFT_KINDS, KeyRow, ShiftScope, sign_row
from lachan.members.errors import NoShift, ShiftOpen, ShiftTooLong
from lachan.members.events import DirectoryPublished, ShiftClosed, ShiftOpened
from lachan.members.keystore import wrap_under_data_key
from lachan.members.models.keys import Key, Shift
from lachan.members.models.officers import Officer
from lachan.members.models.organisations import Unit
from lachan.members.publishing import current_directory, publish_directory
from lachan.members.roles import KeyStorage, KeyUse, Role
from lachan.members.rows import put
from lachan.members.unlocking import unlock_officer_key

MAX_HOURS = 12
DEFAULT_CAP = 10**13  # đồng a single automatic request may name: the largest transfer of a report


@verb(
    "shift.open",
    roles={Role.DUTY_OFFICER},
    purposes={Purpose.GLD},
    title=Text(vi="Mở ca trực", en="Open a shift"),
)
def open_shift(
    actor: Actor,
    *,
    passphrase: str,
    totp: str,
    clock: Clock,
    hours: int = MAX_HOURS,
    kinds: Sequence[str] = tuple(sorted(SHIFT_KINDS)),
    cap: int = DEFAULT_CAP,
    machine: Clock | None = None,
) -> tuple[Shift, Sequence[Event]]:
    """Open a shift in the actor's unit under the actor's own signature.

    Raises: ShiftTooLong, ShiftOpen, PassphraseWrong, LockedOut, NoKey.
    """
    if not 1 <= hours <= MAX_HOURS:
        raise ShiftTooLong(field="hours", given=hours)
    now = clock.now()
    unit = Unit.objects.visible_to(actor).select_related("member").get_or_refuse(actor.unit_id)
    before = current_shift(unit.id, now)
    if before is not None:
        raise ShiftOpen(until=short_ict(before.ends_at))
    officer = Officer.objects.visible_to(actor).get_or_refuse(actor.officer_id)
    ends_at = now + timedelta(hours=hours)
    fresh = new_sign_key()
    row = KeyRow(
        kid=kid_of(fresh),
        use=KeyUse.SHIFT,
        member=actor.agency,
        alg=alg_of(fresh),
        jwk=public_jwk(fresh),
        storage=KeyStorage.SOFT,
        valid_from=to_wire(now),
        valid_to=to_wire(ends_at),
        officer=str(officer.id),
        scope=ShiftScope(kinds=tuple(sorted(kinds)), priority="P0", cap=cap),
    )
    with unlock_officer_key(officer.id, passphrase, totp, clock=clock, machine=machine) as unlocked:
        row = sign_row(row, unlocked.key)
    key = Key.objects.create(
        kid=row.kid,
        use=row.use.value,
        member=unit.member,
        officer=officer,
        alg=row.alg,
        jwk=row.jwk,
        storage=row.storage.value,
        scope={"kinds": sorted(kinds), "priority": "P0", "cap": cap},
        wrapped=wrap_under_data_key(json.dumps(private_jwk(fresh)).encode(), row.kid),
        valid_from=now,
        valid_to=ends_at,
    )
    put("key", row.kid, row, now)
    shift = Shift.objects.create(
        member=unit.member,
        unit=unit,
        officer=officer,
        key=key,
        opened_at=now,
        ends_at=ends_at,
    )
    directory = publish_directory(clock=clock)
    return shift, (
        ShiftOpened(shift.id, unit.id, unit.member.address, ends_at, now),
        DirectoryPublished(directory.version, now),
    )


@verb(
    "shift.close",
    roles={Role.DUTY_OFFICER, Role.UNIT_HEAD},
    purposes={Purpose.GLD},
    title=Text(vi="Đóng ca trực", en="Close a shift"),
)
def close_shift(actor: Actor, shift_id: UUID, *, clock: Clock) -> tuple[Shift, Sequence[Event]]:
    """Close it before its time; its key counts for nothing from now on. Raises: NotVisible, NoShift."""
    now = clock.now()
    shift = (
        Shift.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("member", "key")
        .get_or_refuse(shift_id)
    )
    if shift.closed_at is not None or shift.ends_at <= now:
        raise NoShift
    shift.closed_at = now
    shift.save(update_fields=["closed_at"])
    shift.key.revoked_from, shift.key.reason = now, "shift closed"
    shift.key.save(update_fields=["revoked_from", "reason"])
    directory = publish_directory(clock=clock)
    return shift, (
        ShiftClosed(shift.id, shift.unit_id, shift.member.address, now),
        DirectoryPublished(directory.version, now),
    )


def current_shift(unit_id: UUID, now: datetime) -> Shift | None:
    """The shift that is open in a unit then."""
    return _open(now).filter(unit_id=unit_id).first()


def shift_of_member(address: str, now: datetime) -> Shift | None:
    """The newest shift open anywhere in a member: whose key signs its automatic asks.

    Shifts begin and end with a version of the directory, so one look serves until the next.
    """
    version = current_directory().jws
    kept = _SHIFTS.get(version)
    if (
        kept is None
    ):  # another thread may do the same at once: each answers with what it has in its hand
        kept = {}
        _SHIFTS.clear()
        _SHIFTS[version] = kept
    found = kept.get(address)
    if found is None:
        rows = _shifts().filter(member__address=address, closed_at=None, ends_at__gt=now)
        found = kept[address] = list(rows.order_by("-opened_at", "-id"))
    return next((one for one in found if one.opened_at <= now < one.ends_at), None)


_SHIFTS: dict[str, dict[str, list[Shift]]] = {}


def _open(now: datetime) -> VisibleQuerySet[Shift]:
    return _shifts().filter(Shift.open_at(now))


def _shifts() -> VisibleQuerySet[Shift]:
    why = "automatic asks belong to the member, not to a reader"
    return Shift.objects.unscoped(reason=why).select_related("member", "unit", "officer", "key")
