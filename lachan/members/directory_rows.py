"""Rows of the directory: members, units, officers, keys, and how the agency of a row signs it. Pure (protocol §1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from lachan.exchange.crypto import PrivateKey, kid_of, sign
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire
from lachan.members.roles import Connection, KeyStorage, KeyUse, MemberKind, MemberState, Role

ROW = "lachan-row+jws"


SHIFT_LIFE = timedelta(hours=12)


SHIFT_KINDS = frozenset({"confirm_transfer", "trace_credit", "pause"})


SignedRow = TypeVar("SignedRow", "KeyRow", "OfficerRow")


DatedRow = TypeVar("DatedRow", "MemberRow", "OfficerRow")


ReadRow = TypeVar("ReadRow", bound="Row")


_ADDRESS = re.compile(r"[a-z]{2}/[a-z]+/[a-z0-9][a-z0-9-]{0,31}(/[a-z0-9][a-z0-9-]{0,31})?")


def is_address(text: str) -> bool:
    """`<country>/<class>/<member>[/<unit>]`."""
    return _ADDRESS.fullmatch(text) is not None


def member_address(address: str) -> str:
    """The address without its unit."""
    return "/".join(address.split("/")[:3])


def unit_of(address: str) -> str | None:
    """The unit's slug, when the address names one."""
    parts = address.split("/")
    return parts[3] if len(parts) == 4 else None  # noqa: PLR2004 - country, class, member, unit


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row as it stands in the file; `null` where nothing is known."""


class MemberRow(Row, frozen=True, kw_only=True):
    id: str
    address: str
    kind: MemberKind
    name_vi: str
    name_en: str
    state: MemberState
    connection: Connection
    valid_from: str
    valid_to: str | None = None
    regulator: str | None = None  # address
    official_id: str | None = None
    bins: tuple[str, ...] = ()
    msisdn_prefixes: tuple[str, ...] = ()
    asns: tuple[int, ...] = ()
    participation: int | None = None  # 0–5; null for members that hold no accounts


class UnitRow(Row, frozen=True, kw_only=True):
    member: str
    slug: str
    name_vi: str
    parent: str | None = None
    area: str | None = None
    kinds: tuple[str, ...] = ()  # it is the desk for these; empty: for all that no other unit takes


class RoleHeld(Row, frozen=True, kw_only=True):
    role: Role
    unit: str
    valid_from: str
    valid_to: str | None = None


class OfficerRow(Row, frozen=True, kw_only=True):
    id: str
    member: str
    unit: str
    name: str
    staff_no: str
    roles: tuple[RoleHeld, ...]
    state: str
    valid_from: str
    valid_to: str | None = None
    enrolled: tuple[str, ...] = ()


class ShiftScope(Row, frozen=True, kw_only=True):
    kinds: tuple[str, ...]
    priority: str
    cap: int  # đồng a single request may name


class RelyingParty(Row, frozen=True, kw_only=True):
    """Where a security key answers: its relying party id (a domain) and the one origin of its pages."""

    id: str
    origin: str


class KeyRow(Row, frozen=True, kw_only=True):
    kid: str
    use: KeyUse
    member: str
    alg: str
    jwk: dict[str, str]
    storage: KeyStorage
    valid_from: str
    valid_to: str
    officer: str | None = None
    scope: ShiftScope | None = None
    # Absent, not null, where it does not apply: rows signed before security keys keep their bytes.
    relying_party: RelyingParty | msgspec.UnsetType = msgspec.UNSET
    enrolled: tuple[str, ...] = ()

    @property
    def party(self) -> RelyingParty | None:
        """Of a security key alone; any other key has none."""
        return None if self.relying_party is msgspec.UNSET else self.relying_party


class Revocation(Row, frozen=True, kw_only=True):
    kid: str
    revoked_from: str
    reason: str


class Agreement(Row, frozen=True, kw_only=True):
    """What two or more members agreed on; it narrows who asks whom, never widens a mandate."""

    parties: tuple[str, ...]
    kinds: tuple[str, ...]
    clauses: str
    document: str
    valid_from: str
    valid_to: str


def row_bytes(row: KeyRow | OfficerRow) -> bytes:
    """What an enrolment signature covers: the canonical row without `enrolled`."""
    plain = msgspec.to_builtins(row)
    del plain["enrolled"]
    return canonical(plain)


def sign_row(row: SignedRow, *keys: PrivateKey) -> SignedRow:
    """The row with enrolment signatures: the agency's key, two root keys, or for a shift the officer's."""
    payload = row_bytes(row)
    signed = tuple(sign(payload, key, typ=ROW).text for key in keys)
    return msgspec.structs.replace(row, enrolled=signed)


def in_force(rows: Sequence[DatedRow], at: datetime | None) -> DatedRow | None:
    if at is None:
        return rows[-1] if rows else None
    return next((row for row in reversed(rows) if covers(row, at)), None)


def covers(row: MemberRow | OfficerRow | RoleHeld, at: datetime) -> bool:
    wire = to_wire(at)
    return row.valid_from <= wire and (row.valid_to is None or wire < row.valid_to)


def own_kid(row: KeyRow) -> bool:
    try:
        return kid_of(row.jwk) == row.kid
    except LachanError:
        return False
