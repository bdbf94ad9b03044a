"""By what right: the mandate catalogue, and the check of a message against its rows. Pure.

Every order names one to three rows; all must pass. The asker, the centre and the receiver run the
same check on their own copy of the catalogue, in the same order, and the first failure answers. A
live order needs a row that is verified, or adopted by a named legal officer with a document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import msgspec

from lachan.exchange.deadlines import WorkCalendar
from lachan.exchange.errors import SchemaMismatch
from lachan.exchange.kinds import MessageKind, Priority
from lachan.exchange.mandate_errors import (
    MandateExpired,
    MandateRefused,
    MandateUnknown,
    OutOfScope,
    SignersInsufficient,
)
from lachan.exchange.mandate_facts import AskFacts
from lachan.exchange.mandate_rows import MandateRow
from lachan.exchange.mandate_signers import follow_needs, required, say
from lachan.exchange.mandate_steps import STEPS, check_step
from lachan.exchange.manifest import MandateRef, SignerNeed
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.members.roles import MemberKind


class Line(msgspec.Struct, frozen=True):
    """One step of the check, for the desk page: which row, what was looked at, how it went."""

    mandate: str
    step: str
    ok: bool
    error: MandateRefused | None = None


@dataclass(frozen=True)
class Catalogue:
    """The rows of a profile, and the calendar that its leases count with."""

    rows: tuple[MandateRow, ...]
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    kind_codes: Mapping[str, tuple[frozenset[str], ...]] | None = None  # another country's

    @cached_property
    def _by_code(self) -> dict[str, list[MandateRow]]:
        found: dict[str, list[MandateRow]] = {}
        for row in sorted(self.rows, key=lambda row: row.version):
            found.setdefault(row.code, []).append(row)
        return found

    def row(self, code: str, version: int | None = None) -> MandateRow | None:
        """A row by code; the newest version when none is named."""
        rows = self._by_code.get(code, [])
        if version is None:
            return rows[-1] if rows else None
        return next((row for row in rows if row.version == version), None)

    def to_bytes(self) -> bytes:
        """Canonical, as members fetch it; the directory carries its hash."""
        rows = sorted(self.rows, key=lambda row: (row.code, row.version))
        return canonical({"rows": [msgspec.to_builtins(row) for row in rows]})

    @cached_property
    def hash(self) -> str:
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @classmethod
    def from_bytes(cls, data: bytes, calendar: WorkCalendar | None = None) -> Catalogue:
        """Read a fetched catalogue. Raises: SchemaMismatch, CatalogueWrong."""
        read = parse_canonical(data)
        try:
            rows = msgspec.convert(read["rows"], tuple[MandateRow, ...])
        except (msgspec.ValidationError, KeyError, TypeError) as cause:
            raise SchemaMismatch(why=str(cause)) from cause
        return cls(rows, calendar or WorkCalendar())

    def alternatives(self, kind: MessageKind) -> tuple[frozenset[str], ...]:
        """Sets of codes under which a kind may be asked here."""
        if self.kind_codes is not None:
            return self.kind_codes.get(kind.name, ())
        return tuple(one.codes for one in kind.mandates)

    def usable_alternatives(
        self,
        kind: MessageKind,
        *,
        sender_kind: MemberKind,
        stage: str,
        priority: Priority,
        at: datetime,
        purpose: str | None = None,
    ) -> list[tuple[MandateRow, ...]]:
        """Rows of every alternative that this sender may use now, in the kind's order."""
        found: list[tuple[MandateRow, ...]] = []
        for codes in self.alternatives(kind):
            rows = [self.row(code) for code in sorted(codes)]
            if all(
                row is not None
                and row.in_force(at)
                and row.usable(at)
                and kind.name in row.kinds
                and sender_kind in row.askers
                and (purpose is None or purpose in row.purposes)
                and any(rule.admits(stage, kind.name, priority) for rule in row.stages)
                for row in rows
            ):
                found.append(tuple(row for row in rows if row is not None))
        return found

    def usable_alternative(
        self,
        kind: MessageKind,
        *,
        sender_kind: MemberKind,
        stage: str,
        priority: Priority,
        at: datetime,
        purpose: str | None = None,
    ) -> tuple[MandateRow, ...] | None:
        """Rows of the first alternative that this sender may use now, or None: what the board offers."""
        found = self.usable_alternatives(
            kind, sender_kind=sender_kind, stage=stage, priority=priority, at=at, purpose=purpose
        )
        return found[0] if found else None

    def required(
        self,
        kind: MessageKind,
        rows: Iterable[MandateRow],
        *,
        priority: Priority,
        sender_kind: MemberKind,
    ) -> tuple[SignerNeed, ...]:
        """The approvals that a message needs: the union over its rows, sorted."""
        return required(kind, rows, priority=priority, sender_kind=sender_kind)

    def check(self, refs: Sequence[MandateRef], facts: AskFacts) -> list[Line]:
        """Every step of every row in order, up to the first failure."""
        lines: list[Line] = []
        if facts.kind.follows:
            refs_ok = facts.follows is None or _same_codes(refs, facts.follows.mandates)
            lines.append(_line("-", "kind", None if refs_ok else _follow_error(refs)))
            if not refs_ok:
                return lines
            return [*lines, *self._follow(refs, facts)]
        named = frozenset(ref.code for ref in refs)
        unknown = next((ref.code for ref in refs if self.row(ref.code, ref.version) is None), None)
        if unknown is not None:
            return [_line(unknown, "known", MandateUnknown(mandate=unknown))]
        if named not in self.alternatives(facts.kind):
            right = "; ".join(" + ".join(sorted(a)) for a in self.alternatives(facts.kind))
            return [
                _line(
                    " + ".join(sorted(named)) or "-",
                    "kind",
                    OutOfScope(
                        mandate=" + ".join(sorted(named)) or "-",
                        what=facts.kind.name,
                        right=right or "-",
                    ),
                )
            ]
        rows = [row for ref in refs if (row := self.row(ref.code, ref.version)) is not None]
        for ref in refs:
            row = self.row(ref.code, ref.version)
            for step in STEPS:
                error = (
                    None
                    if row is None
                    else check_step(step, row, ref, refs, facts, rows=rows, calendar=self.calendar)
                )
                lines.append(_line(ref.code, step, error))
                if error is not None:
                    return lines
        return lines

    def ensure(self, refs: Sequence[MandateRef], facts: AskFacts) -> None:
        """Raises: the first MandateRefused."""
        for line in self.check(refs, facts):
            if line.error is not None:
                raise line.error

    def _follow(self, refs: Sequence[MandateRef], facts: AskFacts) -> list[Line]:
        """What follows an order needs that its rows were in force when the order was logged, and one signer."""
        lines = []
        at = facts.follows.logged_at if facts.follows is not None else facts.at
        for ref in refs:
            row = self.row(ref.code, ref.version)
            error: MandateRefused | None = None
            if row is None:
                error = MandateUnknown(mandate=ref.code)
            elif facts.follows is not None and not row.in_force(at):
                error = MandateExpired(mandate=ref.code)
            elif facts.required != follow_needs(facts.kind):
                error = SignersInsufficient(mandate=ref.code, right=say(follow_needs(facts.kind)))
            lines.append(_line(ref.code, "in_force", error))
            if error is not None:
                break
        return lines


def _same_codes(refs: Sequence[MandateRef], others: Sequence[MandateRef]) -> bool:
    return {(one.code, one.version) for one in refs} == {(one.code, one.version) for one in others}


def _follow_error(refs: Sequence[MandateRef]) -> MandateRefused:
    named = " + ".join(ref.code for ref in refs) or "-"
    return OutOfScope(mandate=named, what="follow-up", right="as parent")


def _line(mandate: str, step: str, error: MandateRefused | None) -> Line:
    return Line(mandate, step, error is None, error)
