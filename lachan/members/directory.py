"""The signed directory: who is a member, who may sign, with which key, since when. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property

import msgspec

from lachan.exchange.crypto import PrivateKey, sign
from lachan.exchange.errors import DirectoryRollback, DirectoryStale, Malformed
from lachan.exchange.signer_errors import KeyRevoked, SignatureBad, SignerUnknown
from lachan.kernel.canonical import canonical
from lachan.kernel.time import from_wire, to_wire
from lachan.members.directory_rows import (
    Agreement,
    KeyRow,
    MemberRow,
    OfficerRow,
    Revocation,
    UnitRow,
    covers,
    in_force,
    member_address,
    unit_of,
)
from lachan.members.directory_trusted import Body, Trusted
from lachan.members.roles import KeyUse, Role
from lachan.members.root import Root, decode_body, signer_of

DIRECTORY = "lachan-directory+jws"
STALE_AFTER = timedelta(hours=24)
NEXT_UPDATE = timedelta(hours=1)


class Freshness(Enum):
    """How far a directory may be relied on."""

    FRESH = "fresh"
    DUE = "due"  # past next_update: fetch, but go on
    STALE = "stale"  # older than 24 h: no new ask or order


@dataclass(frozen=True)
class Directory:
    """One version of the directory, its signatures checked; what nobody enrolled is left out."""

    body: bytes
    jws: str
    root: Root = field(repr=False)
    read: Body = field(repr=False)

    @classmethod
    def from_bytes(cls, root: Root, body: bytes, jws: str) -> Directory:
        """Check the directory key's signature (the key is in the root) and read.

        Raises: Malformed, NotCanonical, SignatureBad.
        """
        if not signer_of(jws, body, root.directory_keys, DIRECTORY):
            raise SignatureBad.because("directory signature")
        read = decode_body(body, Body)
        if read.v != "lachan-directory/1":
            raise Malformed(why="a directory of another protocol")
        return cls(body=body, jws=jws, root=root, read=read)

    @property
    def version(self) -> int:
        return self.read.version

    @property
    def mandates_hash(self) -> str:
        return self.read.mandates_hash

    @property
    def calendar_hash(self) -> str:
        return self.read.calendar_hash

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the body, hex; the next version's `prev_hash`."""
        return hashlib.sha256(self.body).hexdigest()

    @cached_property
    def issued_at(self) -> datetime:
        return from_wire(self.read.issued_at)

    def freshness(self, now: datetime) -> Freshness:
        if now - self.issued_at > STALE_AFTER:
            return Freshness.STALE
        return Freshness.DUE if to_wire(now) > self.read.next_update else Freshness.FRESH

    def ensure_fresh(self, now: datetime) -> None:
        """Before a new ask or order is signed or accepted. Raises: DirectoryStale."""
        if self.freshness(now) is Freshness.STALE:
            raise DirectoryStale(issued_at=self.read.issued_at)

    def ensure_follows(self, seen: Directory | None) -> None:
        """Refuse what goes back or forks. Raises: DirectoryRollback.

        Between distant versions the chain is checked by whoever fetches the versions between.
        """
        if seen is None or seen.body == self.body:
            return
        chained = self.version > seen.version + 1 or self.read.prev_hash == seen.hash
        if self.version <= seen.version or not chained:
            raise DirectoryRollback(got=self.version, seen=seen.version)

    @cached_property
    def _trusted(self) -> Trusted:
        return Trusted(self.root, self.read)

    # --- who ------------------------------------------------------------------------------

    @cached_property
    def _members(self) -> dict[str, list[MemberRow]]:
        found: dict[str, list[MemberRow]] = {}
        for row in sorted(self.read.members, key=lambda row: row.valid_from):
            found.setdefault(row.address, []).append(row)
        return found

    def members(self, at: datetime | None = None) -> list[MemberRow]:
        """Every member's row in force (the newest when no time is given), by address."""
        rows = (self.member(address, at) for address in sorted(self._members))
        return [row for row in rows if row is not None]

    def member(self, address: str, at: datetime | None = None) -> MemberRow | None:
        """The member of an address, its unit ignored; the newest row, or the one in force then."""
        return in_force(self._members.get(member_address(address), []), at)

    def unit(self, address: str) -> UnitRow | None:
        """The unit that a full address names."""
        member, slug = member_address(address), unit_of(address)
        return next(
            (row for row in self.read.units if row.member == member and row.slug == slug), None
        )

    def units(self, address: str) -> list[UnitRow]:
        """The units of a member."""
        return [row for row in self.read.units if row.member == member_address(address)]

    def by_bin(self, bank: str, at: datetime | None = None) -> MemberRow | None:
        """The member that issues accounts under a NAPAS BIN or provider code."""
        return next((row for row in self.members(at) if bank in row.bins), None)

    def officers(self, address: str | None = None) -> list[OfficerRow]:
        """The newest row of every enrolled officer (of one member)."""
        rows = [rows[-1] for rows in self._trusted.officers.values()]
        return [row for row in rows if address is None or row.member == member_address(address)]

    def officer(self, officer_id: str, at: datetime | None = None) -> OfficerRow | None:
        """An officer whose own agency enrolled him."""
        return self._trusted.officer(officer_id, at)

    def holds_role(self, officer_id: str, role: Role, unit: str, at: datetime) -> bool:
        """He holds that role in that unit at that time."""
        row = self.officer(officer_id, at)
        if row is None or row.state != "ACTIVE":
            return False
        return any(
            held.role is role and held.unit == unit and covers(held, at) for held in row.roles
        )

    # --- keys -----------------------------------------------------------------------------

    @cached_property
    def _of_member(self) -> dict[tuple[str, KeyUse], list[KeyRow]]:
        """Members' own keys and shifts: asked for on every message."""
        found: dict[tuple[str, KeyUse], list[KeyRow]] = {}
        for row in self._trusted.keys.values():
            if row.officer is None or row.use is KeyUse.SHIFT:
                found.setdefault((row.member, row.use), []).append(row)
        return found

    def key(self, kid: str) -> KeyRow | None:
        """A key that its own agency enrolled, whatever its period."""
        return self._trusted.keys.get(kid)

    def all_keys(self) -> list[KeyRow]:
        """Every key that may be relied on, whatever its period."""
        return list(self._trusted.keys.values())

    def key_valid(self, kid: str, at: datetime) -> bool:
        """Known, in its period and not revoked at that (log) time; a shift ends with its officer's key."""
        row = self._trusted.keys.get(kid)
        return row is not None and self._trusted.lasts(row, to_wire(at))

    def require_key(self, kid: str, at: datetime) -> KeyRow:
        """Raises: SignerUnknown, KeyRevoked."""
        row = self._trusted.keys.get(kid)
        if row is None:
            raise SignerUnknown
        if not self._trusted.lasts(row, to_wire(at)):
            raise KeyRevoked
        return row

    def _member_key(self, address: str, use: KeyUse, at: datetime) -> KeyRow | None:
        wire = to_wire(at)
        rows = self._of_member.get((member_address(address), use), [])
        return max(
            (row for row in rows if self._trusted.lasts(row, wire)),
            key=lambda row: (row.valid_from, row.kid),
            default=None,
        )

    def sign_key(self, address: str, at: datetime) -> KeyRow | None:
        """The member's newest key for seals and receipts."""
        return self._member_key(address, KeyUse.SIGN, at)

    def encrypt_key(self, address: str, at: datetime) -> KeyRow | None:
        """The member's newest key for parts addressed to it."""
        return self._member_key(address, KeyUse.ENCRYPT, at)

    def shift(self, address: str, at: datetime) -> KeyRow | None:
        """The shift key open at a member then; the newest one."""
        return self._member_key(address, KeyUse.SHIFT, at)

    def log_keys(self) -> dict[str, dict[str, str]]:
        """The centre's log keys by kid: the root's and those enrolled."""
        rows = {row.kid: row.jwk for row in self._trusted.keys.values() if row.use is KeyUse.LOG}
        return {**rows, **self.root.log_keys}

    def agreements(self, one: str, other: str, at: datetime) -> list[Agreement]:
        """Agreements in force that bind both members."""
        wire, pair = to_wire(at), {member_address(one), member_address(other)}
        return [
            row
            for row in self.read.agreements
            if pair <= set(row.parties) and row.valid_from <= wire < row.valid_to
        ]


def build_directory(
    key: PrivateKey,
    *,
    root: Root,
    version: int,
    prev_hash: str | None,
    issued_at: datetime,
    members: Sequence[MemberRow],
    units: Sequence[UnitRow],
    officers: Sequence[OfficerRow],
    keys: Sequence[KeyRow],
    revocations: Sequence[Revocation] = (),
    agreements: Sequence[Agreement] = (),
    mandates_hash: str = "",
    calendar_hash: str = "",
    kinds_hash: str = "",
    never_block_hash: str | None = None,
) -> Directory:
    """Sign a version and read it back, so that nothing is published which nobody can read."""
    rows = Body(
        v="lachan-directory/1",
        version=version,
        prev_hash=prev_hash,
        issued_at=to_wire(issued_at),
        next_update=to_wire(issued_at + NEXT_UPDATE),
        members=tuple(members),
        units=tuple(units),
        officers=tuple(officers),
        keys=tuple(keys),
        revocations=tuple(revocations),
        agreements=tuple(agreements),
        mandates_hash=mandates_hash,
        calendar_hash=calendar_hash,
        kinds_hash=kinds_hash,
        never_block_hash=never_block_hash,
    )
    body = canonical(msgspec.to_builtins(rows))
    return Directory.from_bytes(root, body, sign(body, key, typ=DIRECTORY).text)
