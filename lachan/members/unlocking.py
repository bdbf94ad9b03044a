"""An officer's signing key, unwrapped once after passphrase and code, for one sheet, then forgotten."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from uuid import UUID

from lachan.access.errors import LockedOut
from lachan.access.models import Login
from lachan.access.services import ensure_open, note_failure, use_code
from lachan.exchange.crypto import PrivateKey, load_key
from lachan.kernel.time import Clock, SystemClock, clock_from_env
from lachan.members.errors import KeyUsedUp, NoKey, PassphraseWrong
from lachan.members.keystore import unwrap_under_data_key, unwrap_under_passphrase
from lachan.members.models.keys import Key, Shift
from lachan.members.models.officers import Officer
from lachan.members.publishing import current_directory
from lachan.members.roles import KeyStorage, KeyUse

_REASON = "the key is its officer's, who proves it by passphrase and code"


@dataclass
class UnlockedKey:
    """A private key in memory. Use it as a context manager: at the end it is gone.

    `sheet_hash`, where given, is the one sheet that it may sign: say it to `for_sheet`.
    """

    officer_id: UUID
    member: str
    unit: str
    kid: str
    storage: KeyStorage
    sheet_hash: str | None = None
    _key: PrivateKey | None = field(default=None, repr=False)

    @property
    def key(self) -> PrivateKey:
        """The private key. Raises: KeyUsedUp after `close`."""
        if self._key is None:
            raise KeyUsedUp
        return self._key

    def for_sheet(self, sheet_hash: str | None) -> PrivateKey:
        """The private key for a manifest of that sheet; the first sheet named is the only one.

        Raises: KeyUsedUp for another sheet.
        """
        if self.sheet_hash is None:
            self.sheet_hash = sheet_hash
        if self.sheet_hash != sheet_hash:
            raise KeyUsedUp
        return self.key

    def close(self) -> None:
        """Forget the key: the last reference goes (Python cannot wipe memory)."""
        self._key = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def unlock_officer_key(
    officer_id: UUID,
    passphrase: str,
    totp: str,
    *,
    sheet_hash: str | None = None,
    clock: Clock | None = None,
    machine: Clock | None = None,
) -> UnlockedKey:
    """Unwrap the officer's newest software key. Inside a verb: what is wrong is counted after the rollback.

    clock: the business time in which the key is valid. machine: the time of the person's authenticator.
    Raises: PassphraseWrong, LockedOut, NoKey.
    """
    now = (machine or SystemClock()).now()
    login = Login.objects.select_for_update().filter(officer_id=officer_id, is_active=True).first()
    row = _newest_key(officer_id, clock or clock_from_env())
    if login is None or row is None or row.officer is None:
        raise NoKey(holder=str(officer_id), use="sign")
    ensure_open(login, now)
    if not use_code(login, totp, now):
        raise PassphraseWrong(field="totp", officer=officer_id)
    try:
        plain = unwrap_under_passphrase(row.wrapped, row.kid, passphrase)
    except PassphraseWrong as cause:
        raise PassphraseWrong(field="passphrase", officer=officer_id) from cause
    login.failures = 0
    login.save(update_fields=["failures", "totp_step"])
    return UnlockedKey(
        officer_id=officer_id,
        member=row.member.address,
        unit=row.officer.unit.slug,
        kid=row.kid,
        storage=KeyStorage(row.storage),
        sheet_hash=sheet_hash,
        _key=load_key(json.loads(plain)),
    )


def note_wrong_try(officer_id: UUID, *, machine: Clock | None = None) -> None:
    """Count it with the sign-in's failures: guessing is guessing."""
    now = (machine or SystemClock()).now()
    for login in Login.objects.select_for_update().filter(officer_id=officer_id):
        try:
            ensure_open(login, now)
        except LockedOut:
            continue
        note_failure(login, now)


def member_private_key(address: str, use: KeyUse, *, clock: Clock) -> PrivateKey:
    """A hosted member's own key (seal, or opening parts), which the centre keeps wrapped. Raises: NoKey."""
    now = clock.now()
    for row, key in _kept_keys(address, use):
        if row.usable_at(now):
            return key
    raise NoKey(holder=address, use=use.value)


def decryption_keys(address: str) -> list[PrivateKey]:
    """All of a hosted member's keys for opening parts, retired ones too, newest first."""
    return [key for _, key in _kept_keys(address, KeyUse.ENCRYPT)]


def shift_key(shift: Shift) -> PrivateKey:
    """The private half of an open shift's key."""
    opened = _opened()
    if shift.key_id not in opened.shifts:
        opened.shifts[shift.key_id] = open_wrapped(shift.key)
    return opened.shifts[shift.key_id]


@dataclass
class _Opened:
    """Keys of the machinery, opened once under each directory: who is no longer in it is forgotten with it."""

    directory: str
    members: dict[tuple[str, KeyUse], list[tuple[Key, PrivateKey]]] = field(default_factory=dict)
    shifts: dict[str, PrivateKey] = field(default_factory=dict, repr=False)


_LAST: dict[str, _Opened] = {}


def _opened() -> _Opened:
    version = current_directory().jws
    kept = _LAST.get(version)
    if (
        kept is None
    ):  # another thread may do the same at once: each answers with what it has in its hand
        kept = _Opened(version)
        _LAST.clear()
        _LAST[version] = kept
    return kept


def _kept_keys(address: str, use: KeyUse) -> list[tuple[Key, PrivateKey]]:
    members = _opened().members
    if (address, use) not in members:
        rows = Key.objects.unscoped(reason="the centre acts for a hosted member").filter(
            member__address=address, use=use, officer=None
        )
        members[address, use] = [
            (row, open_wrapped(row)) for row in rows.order_by("-valid_from", "kid") if row.wrapped
        ]
    return members[address, use]


def open_wrapped(row: Key) -> PrivateKey:
    """A key under the data folder's wrapping. Raises: KeyDamaged."""
    return load_key(json.loads(unwrap_under_data_key(row.wrapped, row.kid)))


def _newest_key(officer_id: UUID, clock: Clock) -> Key | None:
    now = clock.now()
    rows = (
        Key.objects.unscoped(reason=_REASON)
        .select_related("member", "officer__unit")
        .filter(officer_id=officer_id, use=KeyUse.SIGN)
        .exclude(wrapped="")
        .order_by("-valid_from", "kid")
    )
    return next((row for row in rows if row.usable_at(now)), None)


def has_signing_key(officer: Officer, *, clock: Clock | None = None) -> bool:
    """Whether he could sign now with a software key that the centre keeps."""
    return _newest_key(officer.id, clock or clock_from_env()) is not None
