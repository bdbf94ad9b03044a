"""A country of the kit's own making: root, directory, askers with their officers, and the member that is tried.

Of the member only its public keys are needed; everything else is made here and believed by nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from msgspec.structs import replace as changed

from lachan.exchange import crypto
from lachan.exchange.crypto import Jwk, PrivateKey
from lachan.exchange.mandates import Catalogue
from lachan.kernel.time import to_wire
from lachan.members.directory import Directory, build_directory
from lachan.members.directory_rows import (
    KeyRow,
    MemberRow,
    OfficerRow,
    Revocation,
    RoleHeld,
    sign_row,
)
from lachan.members.roles import Connection, KeyStorage, KeyUse, MemberKind, MemberState, Role
from lachan.members.root import Root, make_root

UNITS = ("mot", "hai", "ba")  # the last one's keys are those that will be revoked
REVOKED_UNIT = UNITS[-1]


@dataclass(frozen=True, slots=True)
class Tried:
    """The member under test. `code` is that of its accounts; "" when it holds none."""

    address: str
    code: str
    sign: Jwk
    encrypt: Jwk

    @property
    def kind(self) -> MemberKind:
        """The class in its address. Raises: ValueError for none that is known."""
        return MemberKind(self.address.split("/")[1])


@dataclass(frozen=True, slots=True)
class Officer:
    id: str
    role: Role
    unit: str
    key: PrivateKey


@dataclass(slots=True)
class World:
    """Keys that only the kit holds, and the newest directory. `publish` makes the next version."""

    tried: Tried
    catalogue: Catalogue
    root: Root
    log_key: PrivateKey
    keys: dict[str, PrivateKey]
    officers: list[Officer]
    directory: Directory
    _directory_key: PrivateKey = field(repr=False)
    _rows: _Rows = field(repr=False)

    def asker(self, kind: MemberKind) -> str:
        """The address from which the kit asks as a member of a kind."""
        return _asker(self.tried, kind)

    @property
    def other(self) -> str:
        """Another member of the same class, whose messages are not for the one that is tried."""
        return _other(self.tried)

    def officer(self, kind: MemberKind, roles: Iterable[str], unit: str) -> Officer:
        """Raises: LookupError."""
        member = self.asker(kind)
        wanted = {f"{member}#{role}-{unit}" for role in roles}
        found = next((one for one in self.officers if one.id in wanted), None)
        if found is None:
            raise LookupError(f"{sorted(wanted)}")
        return found

    def publish(
        self,
        issued_at: datetime,
        *,
        revoked_from: datetime | None = None,
        suspended: MemberKind | None = None,
    ) -> None:
        """The next version; what it does not say again is taken back."""
        rows, suspended_at = self._rows, None if suspended is None else self.asker(suspended)
        members = [
            changed(one, state=MemberState.SUSPENDED) if one.address == suspended_at else one
            for one in rows.members
        ]
        revocations = [
            Revocation(kid=crypto.kid_of(one.key), revoked_from=to_wire(revoked_from), reason="thử")
            for one in self.officers
            if revoked_from is not None and one.unit == REVOKED_UNIT
        ]
        self.directory = _built(
            replace(rows, members=tuple(members)),
            self._directory_key,
            self.root,
            self.catalogue,
            issued_at=issued_at,
            before=self.directory,
            revocations=revocations,
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    members: tuple[MemberRow, ...]
    officers: tuple[OfficerRow, ...]
    keys: tuple[KeyRow, ...]


def make_world(
    tried: Tried, catalogue: Catalogue, asking: dict[MemberKind, set[Role]], now: datetime
) -> World:
    """A country in which members of these kinds have officers of these roles, in three units each."""
    roots = [crypto.new_sign_key() for _ in range(3)]
    directory_key, log_key = crypto.new_sign_key(), crypto.new_sign_key()
    root = make_root(
        roots,
        directory_keys=[crypto.public_jwk(directory_key)],
        log_keys=[crypto.public_jwk(log_key)],
        country=tried.address.split("/")[0],
        issued_at=now - timedelta(days=1),
    )
    making = _Making(roots[:2], now)
    making.member(
        tried.address, tried.kind, code=tried.code, sign=tried.sign, encrypt=tried.encrypt
    )
    making.member(_other(tried), tried.kind)
    for kind, roles in sorted(asking.items()):
        address = _asker(tried, kind)
        making.member(address, kind)
        for role in sorted(roles):
            for unit in UNITS:
                making.officer(address, role, unit)
    rows = _Rows(tuple(making.members), tuple(making.officers), tuple(making.rows))
    directory = _built(rows, directory_key, root, catalogue, issued_at=now)
    return World(
        tried, catalogue, root, log_key, making.keys, making.people, directory, directory_key, rows
    )


class _Making:
    """Rows and keys of members, each signed as its own agency would."""

    def __init__(self, roots: Sequence[PrivateKey], now: datetime) -> None:
        self._roots = roots
        self._from, self._to = to_wire(now - timedelta(days=1)), to_wire(now + timedelta(days=30))
        self.keys: dict[str, PrivateKey] = {}
        self.members: list[MemberRow] = []
        self.officers: list[OfficerRow] = []
        self.rows: list[KeyRow] = []
        self.people: list[Officer] = []

    def member(
        self,
        address: str,
        kind: MemberKind,
        *,
        code: str = "",
        sign: Jwk | None = None,
        encrypt: Jwk | None = None,
    ) -> None:
        """A member; its keys are made here unless they are given (public halves)."""
        enrol = self.keys[f"{address}#enrol"] = crypto.new_sign_key()
        if sign is None or encrypt is None:
            own = self.keys[f"{address}#sign"] = crypto.new_sign_key()
            opening = self.keys[f"{address}#encrypt"] = crypto.new_encrypt_key()
            sign, encrypt = crypto.public_jwk(own), crypto.public_jwk(opening)
        self.members.append(
            MemberRow(
                id=address, address=address, kind=kind, name_vi=address, name_en=address, state=MemberState.ACTIVE,
                connection=Connection.CONNECTED, valid_from=self._from, bins=(code,) if code else (),
                participation=5 if code else None,
            )
        )  # fmt: skip
        self._key(crypto.public_jwk(enrol), KeyUse.ENROL, address, *self._roots)
        self._key(sign, KeyUse.SIGN, address, enrol)
        self._key(encrypt, KeyUse.ENCRYPT, address, enrol)

    def officer(self, member: str, role: Role, unit: str) -> None:
        made = Officer(f"{member}#{role}-{unit}", role, unit, crypto.new_sign_key())
        enrol = self.keys[f"{member}#enrol"]
        plain = OfficerRow(
            id=made.id, member=member, unit=unit, name=made.id, staff_no=made.id, state="ACTIVE",
            valid_from=self._from, roles=(RoleHeld(role=role, unit=unit, valid_from=self._from),),
        )  # fmt: skip
        self.officers.append(sign_row(plain, enrol))
        self._key(crypto.public_jwk(made.key), KeyUse.SIGN, member, enrol, officer=made.id)
        self.people.append(made)

    def _key(
        self, public: Jwk, use: KeyUse, member: str, *by: PrivateKey, officer: str | None = None
    ) -> None:
        loaded = crypto.load_key(public)
        shown = crypto.public_jwk(loaded)
        plain = KeyRow(
            kid=crypto.kid_of(shown), use=use, member=member, officer=officer, alg=crypto.alg_of(loaded), jwk=shown,
            storage=KeyStorage.SOFT, valid_from=self._from, valid_to=self._to,
        )  # fmt: skip
        self.rows.append(sign_row(plain, *by))


def _built(
    rows: _Rows,
    key: PrivateKey,
    root: Root,
    catalogue: Catalogue,
    *,
    issued_at: datetime,
    before: Directory | None = None,
    revocations: Sequence[Revocation] = (),
) -> Directory:
    return build_directory(
        key,
        root=root,
        version=1 if before is None else before.version + 1,
        prev_hash=None if before is None else before.hash,
        issued_at=issued_at,
        members=rows.members,
        units=[],
        officers=rows.officers,
        keys=rows.keys,
        revocations=revocations,
        mandates_hash=catalogue.hash,
    )


def _asker(tried: Tried, kind: MemberKind) -> str:
    return f"{tried.address.split('/')[0]}/{kind}/kiem-tra"


def _other(tried: Tried) -> str:
    return f"{tried.address.split('/')[0]}/{tried.kind}/kiem-tra-khac"
