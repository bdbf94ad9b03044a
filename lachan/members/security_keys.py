"""An officer's own security keys: registered by him, enrolled by his agency, then his to sign with.

Registering proves that he holds the key; it gives no right. The agency takes the request file into its safe, signs the
key's row there (`lachan safe sign`), and the officer hands the row in: its signature is what counts, not who brings it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.access.visible import VisibleQuerySet
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock
from lachan.members.directory_rows import KeyRow, RelyingParty
from lachan.members.enrolling import enter_key
from lachan.members.enrolment import KeyRequest
from lachan.members.errors import (
    LabelMissing,
    NoSecurityKey,
    RegistrationUnread,
    RowOfAnotherKey,
    SecurityKeyKnown,
)
from lachan.members.events import DirectoryPublished, KeyAdded
from lachan.members.key_ceremony import asking_options, read_registration, registration_options
from lachan.members.models.keys import Key
from lachan.members.models.officers import Officer
from lachan.members.models.security_keys import SecurityKey
from lachan.members.publishing import publish_directory
from lachan.members.roles import KeyStorage, KeyUse, Role

_OWN = "keys of the officer himself"
_NOBODY = UUID(int=0)
_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class SecurityKeyView:
    """A security key as its owner sees it. state: waiting, enrolled, ended."""

    id: UUID
    label: str
    kid: str
    alg: str
    registered_at: datetime
    state: str
    valid_to: datetime | None


def relying_party() -> RelyingParty:
    """Where this deployment's officers sign: LACHAN_KEY_ORIGIN and its host."""
    origin = str(settings.LACHAN_KEY_ORIGIN)
    return RelyingParty(id=urlsplit(origin).hostname or "", origin=origin)


def begin_registration(actor: Actor, *, label: str, challenge: bytes) -> str:
    """JSON for the browser; the name is looked at first, so that no key is touched in vain.

    Raises: LabelMissing, NotVisible for what is no officer.
    """
    _ensure_label(label)
    officer = _officer(actor)
    known = SecurityKey.objects.visible_to(actor).values_list("credential", flat=True)
    return registration_options(
        relying_party(), challenge=challenge, user=officer.id.bytes, name=officer.name, known=known
    )


@verb("member.security_key", roles=Role, title=Text(vi="Đăng ký khóa bảo mật", en="Register a security key"))  # fmt: skip
def register_security_key(
    actor: Actor, *, label: str, answer: dict[str, Any], challenge: bytes | None, clock: Clock
) -> tuple[SecurityKey, Sequence[Event]]:
    """Keep a new credential of the actor's. challenge: what was asked within five minutes, None when nothing was.

    Raises: LabelMissing, RegistrationUnread, SecurityKeyKnown.
    """
    _ensure_label(label)
    if challenge is None:
        raise RegistrationUnread
    party = relying_party()
    made = read_registration(answer, challenge=challenge, party=party)
    every = SecurityKey.objects.unscoped(reason="a credential belongs to one person")
    if every.filter(kid=made.kid).exists() or every.filter(credential=made.credential).exists():
        raise SecurityKeyKnown
    key = SecurityKey.objects.create(
        officer=_officer(actor), label=label.strip(), credential=made.credential, kid=made.kid,
        alg=made.alg, jwk=made.jwk, transports=list(made.transports), party=party.id,
        origin=party.origin, registered_at=clock.now(),
    )  # fmt: skip
    return key, ()


@verb("member.security_key_row", roles=Role, title=Text(vi="Nộp tệp ghi danh khóa bảo mật", en="Hand in a security key's row"))  # fmt: skip
def enter_security_key(
    actor: Actor, key_id: UUID, *, row: KeyRow, clock: Clock
) -> tuple[Key, Sequence[Event]]:
    """Enter the row that the agency signed for this key; the directory is published at once.

    Raises: NotVisible, RowOfAnotherKey, SecurityKeyKnown, NotEnrolled.
    """
    mine = SecurityKey.objects.visible_to(actor).select_for_update().get_or_refuse(key_id)
    party = RelyingParty(id=mine.party, origin=mine.origin)
    fits = (
        (row.kid, row.alg, row.jwk, row.party) == (mine.kid, mine.alg, mine.jwk, party)
        and (row.member, row.officer) == (actor.agency, str(mine.officer_id))
        and (row.use, row.storage, row.scope) == (KeyUse.SIGN, KeyStorage.WEBAUTHN, None)
    )
    if not fits:
        raise RowOfAnotherKey(field="row")
    if _keys_of(actor).filter(kid=row.kid).exists():
        raise SecurityKeyKnown
    now = clock.now()
    key = enter_key(row, by=actor.log_name, now=now)
    directory = publish_directory(clock=clock)
    return key, (
        KeyAdded(key.kid, row.member, now),
        DirectoryPublished(directory.version, now),
    )


def request_of(actor: Actor, key_id: UUID) -> KeyRequest:
    """What the agency is asked to sign for a key of the actor's own. Raises: NotVisible."""
    key = SecurityKey.objects.visible_to(actor).select_related("officer__member").get_or_refuse(key_id)  # fmt: skip
    return KeyRequest(
        member=key.officer.member.address,
        officer=str(key.officer_id),
        name=key.officer.name,
        staff_no=key.officer.staff_no,
        kid=key.kid,
        alg=key.alg,
        jwk=key.jwk,
        relying_party=RelyingParty(id=key.party, origin=key.origin),
    )


def security_keys(actor: Actor, *, clock: Clock) -> list[SecurityKeyView]:
    """The actor's own, newest first."""
    now = clock.now()
    rows = {row.kid: row for row in _keys_of(actor)}
    return [
        SecurityKeyView(
            id=one.id,
            label=one.label,
            kid=one.kid,
            alg=one.alg,
            registered_at=one.registered_at,
            state=_state(rows.get(one.kid), now),
            valid_to=rows[one.kid].valid_to if one.kid in rows else None,
        )
        for one in SecurityKey.objects.visible_to(actor).order_by("-registered_at", "-id")
    ]


def usable_security_keys(actor: Actor, *, clock: Clock) -> list[SecurityKey]:
    """Those with which the actor could sign here and now: enrolled, in their period, of this relying party."""
    now, party = clock.now(), relying_party()
    good = {row.kid for row in _keys_of(actor) if row.usable_at(now)}
    rows = SecurityKey.objects.visible_to(actor).filter(
        kid__in=good, party=party.id, origin=party.origin
    )
    return list(rows.order_by("-registered_at", "-id"))


def usable_security_key(actor: Actor, kid: str, *, clock: Clock) -> SecurityKey:
    """The actor's own key of that kid. Raises: NoSecurityKey."""
    for one in usable_security_keys(actor, clock=clock):
        if one.kid == kid:
            return one
    raise NoSecurityKey


def _ensure_label(label: str) -> None:
    if not 1 <= len(label.strip()) <= _LONGEST_LABEL:
        raise LabelMissing(field="label", most=_LONGEST_LABEL)


def signing_options(actor: Actor, kid: str, *, challenge: bytes, clock: Clock) -> dict[str, Any]:
    """JSON values for `navigator.credentials.get`, for that one key. Raises: NoSecurityKey."""
    key = usable_security_key(actor, kid, clock=clock)
    return asking_options(
        challenge=challenge, party=key.party, credential=key.credential, transports=key.transports
    )


def _state(row: Key | None, now: datetime) -> str:
    if row is None:
        return "waiting"
    return "enrolled" if row.usable_at(now) else "ended"


def _keys_of(actor: Actor) -> VisibleQuerySet[Key]:
    return Key.objects.unscoped(reason=_OWN).filter(
        officer_id=actor.officer_id or _NOBODY, storage=KeyStorage.WEBAUTHN
    )


def _officer(actor: Actor) -> Officer:
    return Officer.objects.visible_to(actor).get_or_refuse(actor.officer_id)
