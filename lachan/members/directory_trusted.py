"""The rows of one version of the directory, and which officers and keys of it may be relied on. Pure.

Two signatures stand behind every officer and key: the directory key's over the whole file, and the
enrolment key's of the row's own agency over the row, which the centre never holds. A row with the
first alone is unknown here (`exchange.signer_unknown`), so nobody at the centre can invent a signer.

Times in rows are wire texts of fixed width, so that comparing text compares time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire
from lachan.members.directory_rows import (
    ROW,
    SHIFT_KINDS,
    SHIFT_LIFE,
    Agreement,
    KeyRow,
    MemberRow,
    OfficerRow,
    Revocation,
    Row,
    UnitRow,
    covers,
    in_force,
    own_kid,
    row_bytes,
)
from lachan.members.roles import KeyUse, Role
from lachan.members.root import Root, signer_of


class Body(Row, frozen=True, kw_only=True):
    v: str
    version: int
    prev_hash: str | None
    issued_at: str
    next_update: str
    members: tuple[MemberRow, ...]
    units: tuple[UnitRow, ...]
    officers: tuple[OfficerRow, ...]
    keys: tuple[KeyRow, ...]
    revocations: tuple[Revocation, ...]
    agreements: tuple[Agreement, ...]
    mandates_hash: str
    calendar_hash: str
    kinds_hash: str
    never_block_hash: str | None


@dataclass(frozen=True)
class Trusted:
    """The officers and keys of one version that may be relied on: each enrolled by its own agency."""

    root: Root
    read: Body

    @cached_property
    def officers(self) -> dict[str, list[OfficerRow]]:
        found: dict[str, list[OfficerRow]] = {}
        for row in sorted(self.read.officers, key=lambda row: row.valid_from):
            if self._enrolled(row):
                found.setdefault(row.id, []).append(row)
        return found

    def officer(self, officer_id: str, at: datetime | None = None) -> OfficerRow | None:
        """An officer whose own agency enrolled him."""
        return in_force(self.officers.get(officer_id, []), at)

    @cached_property
    def _enrol_keys(self) -> dict[str, list[KeyRow]]:
        """Agencies' enrolment keys: under the root's threshold, or under the key before."""
        trusted: dict[str, list[KeyRow]] = {}
        waiting = [row for row in self.read.keys if row.use is KeyUse.ENROL and own_kid(row)]
        progress = True
        while progress:
            progress = False
            for row in list(waiting):
                if self._by_root(row) or self._by_key(row, trusted.get(row.member, [])):
                    trusted.setdefault(row.member, []).append(row)
                    waiting.remove(row)
                    progress = True
        return trusted

    def _by_root(self, row: KeyRow) -> bool:
        try:
            self.root.require(row_bytes(row), row.enrolled, typ=ROW)
        except LachanError:
            return False
        return True

    def _by_key(self, row: KeyRow | OfficerRow, keys: Sequence[KeyRow]) -> bool:
        usable = {k.kid: k.jwk for k in keys if self.lasts(k, row.valid_from)}
        payload = row_bytes(row)
        return any(signer_of(text, payload, usable, ROW) for text in row.enrolled)

    def _enrolled(self, row: KeyRow | OfficerRow) -> bool:
        return self._by_key(row, self._enrol_keys.get(row.member, []))

    @cached_property
    def keys(self) -> dict[str, KeyRow]:
        found = {row.kid: row for rows in self._enrol_keys.values() for row in rows}
        plain = [row for row in self.read.keys if row.use not in {KeyUse.ENROL, KeyUse.SHIFT}]
        for row in plain:
            if own_kid(row) and self._enrolled(row):
                owner = self.officer(row.officer) if row.officer else None
                if row.officer is None or (owner is not None and owner.member == row.member):
                    found[row.kid] = row
        signers: dict[str, list[KeyRow]] = {}
        for row in found.values():
            if row.officer is not None and row.use is KeyUse.SIGN:
                signers.setdefault(row.officer, []).append(row)
        for row in self.read.keys:
            if row.use is KeyUse.SHIFT and self._good_shift(row, signers):
                found[row.kid] = row
        return found

    def _good_shift(self, row: KeyRow, signers: Mapping[str, list[KeyRow]]) -> bool:
        if row.scope is None or row.officer is None or not own_kid(row):
            return False
        start, end = from_wire(row.valid_from), from_wire(row.valid_to)
        officer = self.officer(row.officer, start)
        if officer is None or officer.member != row.member:
            return False
        on_duty = any(h.role is Role.DUTY_OFFICER and covers(h, start) for h in officer.roles)
        short = start < end <= start + SHIFT_LIFE
        return (
            on_duty
            and short
            and set(row.scope.kinds) <= SHIFT_KINDS
            and self._by_key(row, signers.get(row.officer, []))
        )

    @cached_property
    def _revoked(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for row in self.read.revocations:
            found[row.kid] = min(row.revoked_from, found.get(row.kid, row.revoked_from))
        return found

    def lasts(self, row: KeyRow, wire: str) -> bool:
        revoked = self._revoked.get(row.kid)
        return row.valid_from <= wire < row.valid_to and (revoked is None or wire < revoked)
