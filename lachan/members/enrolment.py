"""What an agency does with its own enrolment key, in its own safe: sign the rows of its officers and keys. Pure.

The centre never holds these keys. For a hosted member, too, they stay in the agency's safe; a
demonstration keeps all safes in one folder, apart from the data folder.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Self
from uuid import UUID

import msgspec

from lachan.exchange.crypto import (
    PrivateKey,
    alg_of,
    kid_of,
    load_key,
    new_sign_key,
    private_jwk,
    public_jwk,
)
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire
from lachan.members.directory_rows import KeyRow, OfficerRow, RelyingParty, RoleHeld, sign_row
from lachan.members.errors import NoKey, RequestUnread
from lachan.members.roles import KeyStorage, KeyUse, Role

LIFE = {
    KeyUse.ENROL: timedelta(days=3 * 365),
    KeyUse.SIGN: timedelta(days=2 * 365),
    KeyUse.ENCRYPT: timedelta(days=2 * 365),
    KeyUse.TLS: timedelta(days=2 * 365),
    KeyUse.LOG: timedelta(days=2 * 365),
}
OFFICER_LIFE = timedelta(days=365)
ROOT_KEYS = 3
_MAX_REQUEST = 16_384


class KeyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file that asks an agency to enrol an officer's security key; name and number are for its own people to check."""

    v: Literal["lachan-key-request/1"] = "lachan-key-request/1"
    member: str
    officer: str
    name: str
    staff_no: str
    kid: str
    alg: str
    jwk: dict[str, str]
    relying_party: RelyingParty

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Raises: RequestUnread, also when `kid` is not the key's own."""
        try:
            request = msgspec.json.decode(data, type=cls)
            if len(data) > _MAX_REQUEST or kid_of(request.jwk) != request.kid:
                raise RequestUnread
        except (msgspec.DecodeError, LachanError, UnicodeError) as cause:
            raise RequestUnread from cause
        return request


def security_key_row(request: KeyRequest, *, enrol: PrivateKey, at: datetime) -> KeyRow:
    """The row of an officer's security key, signed by the agency: a year, as its software keys."""
    row = KeyRow(
        kid=request.kid,
        use=KeyUse.SIGN,
        member=request.member,
        alg=request.alg,
        jwk=request.jwk,
        storage=KeyStorage.WEBAUTHN,
        valid_from=to_wire(at),
        valid_to=to_wire(at + OFFICER_LIFE),
        officer=request.officer,
        relying_party=request.relying_party,
    )
    return sign_row(row, enrol)


class Safe:
    """A folder of private keys, one file each, readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def key(self, name: str) -> PrivateKey:
        """The key of that name, made when it is not there yet. Slashes become dots in the file's name."""
        path = self.folder / f"{name.replace('/', '.')}.jwk"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            text = json.dumps(private_jwk(new_sign_key()))
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
        return load_key(json.loads(path.read_text(encoding="utf-8")))

    def kept(self, name: str) -> PrivateKey:
        """A key that is there already. Raises: NoKey."""
        if not (self.folder / f"{name.replace('/', '.')}.jwk").exists():
            raise NoKey(holder=name, use=KeyUse.ENROL.value)
        return self.key(name)

    def root_keys(self) -> list[PrivateKey]:
        """The three keys of the root; in earnest each lies in another safe."""
        return [self.key(f"root-{n}") for n in range(1, ROOT_KEYS + 1)]

    def enrol_key(self, address: str) -> PrivateKey:
        """The enrolment key of an agency."""
        return self.key(f"enrol.{address}")


def enrol_key_row(
    address: str, key: PrivateKey, *, signers: Sequence[PrivateKey], at: datetime
) -> KeyRow:
    """The row of an enrolment key: signed by two root keys, or by the key that it replaces."""
    return sign_row(_key_row(address, key, KeyUse.ENROL, at=at, life=LIFE[KeyUse.ENROL]), *signers)


def key_row(
    address: str,
    key: PrivateKey,
    use: KeyUse,
    *,
    enrol: PrivateKey,
    at: datetime,
    officer: UUID | None = None,
    storage: KeyStorage = KeyStorage.SOFT,
) -> KeyRow:
    """The row of a member's or an officer's key, signed by the agency."""
    life = OFFICER_LIFE if officer else LIFE[use]
    return sign_row(
        _key_row(address, key, use, at=at, life=life, officer=officer, storage=storage), enrol
    )


def officer_row(
    address: str,
    *,
    enrol: PrivateKey,
    officer: UUID,
    unit: str,
    name: str,
    staff_no: str,
    roles: Iterable[tuple[Role, str]],
    at: datetime,
    state: str = "ACTIVE",
) -> OfficerRow:
    """The row of an officer with (role, unit) pairs held from `at` on, signed by the agency.

    A change is a newer row of the same officer with all that holds from then on.
    """
    start = to_wire(at)
    row = OfficerRow(
        id=str(officer),
        member=address,
        unit=unit,
        name=name,
        staff_no=staff_no,
        roles=tuple(RoleHeld(role=role, unit=where, valid_from=start) for role, where in roles),
        state=state,
        valid_from=start,
    )
    return sign_row(row, enrol)


def _key_row(
    address: str,
    key: PrivateKey,
    use: KeyUse,
    *,
    at: datetime,
    life: timedelta,
    officer: UUID | None = None,
    storage: KeyStorage = KeyStorage.SOFT,
) -> KeyRow:
    return KeyRow(
        kid=kid_of(key),
        use=use,
        member=address,
        alg=alg_of(key) if use is not KeyUse.ENCRYPT else "ECDH-ES+A256KW",
        jwk=public_jwk(key),
        storage=storage,
        valid_from=to_wire(at),
        valid_to=to_wire(at + life),
        officer=str(officer) if officer else None,
    )
