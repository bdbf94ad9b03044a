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
    AmountOverCap,
    DocumentMissing,
    LeaseTooLong,
    MandateAsker,
    MandateExpired,
    MandateRefused,
    MandateUnknown,
    NotAdopted,
    OutOfScope,
    ProtectedSubject,
    SignersInsufficient,
    StageNotPermitted,
    TooBroad,
)
from lachan.exchange.mandate_rows import MandateRow
from lachan.exchange.manifest import MandateRef, SignerNeed
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.time import from_wire, to_wire
from lachan.members.roles import MemberKind


@dataclass(frozen=True, kw_only=True)
class AskFacts:
    """What is known of a message where it is checked.

    The centre cannot read the question: there `amount`, `lease_until` and `subjects` are None and
    what the manifest claims is checked; the receiver fills them from the opened question.
    """

    kind: MessageKind
    priority: Priority
    purpose: str
    sender: str
    sender_kind: MemberKind
    receiver_kind: MemberKind
    required: tuple[SignerNeed, ...]
    at: datetime
    test: bool = False
    forms: frozenset[str] = frozenset()  # of the approvals; a standing one has none
    standing: bool = False
    shift_open: bool = True  # the asker has an open shift in the directory then
    amount: int | None = None
    lease_until: datetime | None = None
    subjects: int | None = None
    protected: bool = False
    follows: OrderFollowed | None = None


@dataclass(frozen=True, kw_only=True)
class OrderFollowed:
    """The order that a release, notice or renewal follows, with who signed it and its renewals."""

    h: str
    kind: str
    sender: str
    mandates: tuple[MandateRef, ...]
    logged_at: datetime
    officers: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    renewals: int = 0
    lease_until: datetime | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the check, for the desk page: which row, what was looked at, how it went."""

    mandate: str
    step: str
    ok: bool
    error: MandateRefused | None = None


_STEPS = (
    "known", "in_force", "adopted", "kind", "stage", "asker", "answerer",
    "signers", "document", "cap", "lease", "subjects", "never_block",
)  # fmt: skip


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
        for ref in refs:
            row = self.row(ref.code, ref.version)
            for step in _STEPS:
                error = None if row is None else self._step(step, row, ref, refs, facts)
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
            elif facts.required != _follow_needs(facts.kind):
                error = SignersInsufficient(mandate=ref.code, right=_say(_follow_needs(facts.kind)))
            lines.append(_line(ref.code, "in_force", error))
            if error is not None:
                break
        return lines

    def _step(  # noqa: C901, PLR0911, PLR0912 - one branch a step, in the order of the protocol
        self,
        step: str,
        row: MandateRow,
        ref: MandateRef,
        refs: Sequence[MandateRef],
        facts: AskFacts,
    ) -> MandateRefused | None:
        code, kind = row.code, facts.kind
        if step == "in_force" and not (
            row.in_force(facts.at) and from_wire(ref.valid_until) > facts.at
        ):
            return MandateExpired(mandate=code)
        if step == "adopted" and not (row.usable(facts.at) or facts.test):
            return NotAdopted(mandate=code)
        if step == "kind":
            if kind.name not in row.kinds:
                return OutOfScope(mandate=code, what=kind.name, right=", ".join(row.kinds))
            if facts.purpose not in row.purposes:
                return OutOfScope(mandate=code, what=facts.purpose, right=", ".join(row.purposes))
        if step == "stage" and not any(
            rule.admits(ref.stage, kind.name, facts.priority) for rule in row.stages
        ):
            right = ", ".join(sorted({rule.stage.value for rule in row.stages}))
            return StageNotPermitted(mandate=code, stage=ref.stage, right=right)
        if step == "asker":
            named = not row.agency_only or facts.sender in row.agency_only
            if facts.sender_kind not in row.askers or not named:
                right = ", ".join(row.agency_only or tuple(one.value for one in row.askers))
                return MandateAsker(mandate=code, asker=facts.sender_kind.value, right=right)
        if step == "answerer" and facts.receiver_kind not in row.answerers:
            right = ", ".join(one.value for one in row.answerers)
            return OutOfScope(mandate=code, what=facts.receiver_kind.value, right=right)
        if step == "signers":
            return self._signers(row, refs, facts)
        if step == "document" and row.document_required and ref.document_part is None:
            return DocumentMissing(mandate=code)
        if step == "cap":
            return _cap(row, ref, refs, facts)
        if step == "lease":
            return self._lease(row, ref, facts)
        if step == "subjects":
            most = min(row.subjects_max or ref.subjects, ref.subjects)
            if ref.subjects > most or (facts.subjects is not None and facts.subjects > most):
                return TooBroad(mandate=code, right=most)
        if step == "never_block" and facts.protected and kind.order:
            return ProtectedSubject(mandate=code)
        return None

    def _signers(
        self, row: MandateRow, refs: Sequence[MandateRef], facts: AskFacts
    ) -> MandateRefused | None:
        rows = [found for ref in refs if (found := self.row(ref.code, ref.version)) is not None]
        needed = required(facts.kind, rows, priority=facts.priority, sender_kind=facts.sender_kind)
        free = not facts.shift_open and all(found.unsigned_without_shift for found in rows)
        if facts.required != needed and not (free and not facts.required):
            return SignersInsufficient(mandate=row.code, right=_say(needed))
        admitted = facts.test or facts.standing or facts.forms <= set(row.signer_forms)
        if not admitted:
            return SignersInsufficient(mandate=row.code, right=", ".join(row.signer_forms))
        return None

    def _lease(self, row: MandateRow, ref: MandateRef, facts: AskFacts) -> MandateRefused | None:
        if facts.kind.lease is None:
            return None
        longest = row.longest(facts.kind.name, facts.at, self.calendar)
        if longest is None:
            return OutOfScope(mandate=row.code, what=facts.kind.name, right=", ".join(row.kinds))
        right = to_wire(longest)
        if ref.lease_until is None or ref.lease_until > right:
            return LeaseTooLong(mandate=row.code, right=right)
        if facts.lease_until is not None and to_wire(facts.lease_until) > ref.lease_until:
            return LeaseTooLong(mandate=row.code, right=ref.lease_until)
        before = facts.follows
        if facts.kind.name == "renew" and before is not None and before.renewals >= row.renewals:
            ends = before.lease_until or facts.at
            return LeaseTooLong(mandate=row.code, right=to_wire(ends))
        return None


def required(
    kind: MessageKind,
    rows: Iterable[MandateRow],
    *,
    priority: Priority,
    sender_kind: MemberKind,
) -> tuple[SignerNeed, ...]:
    """The manifest's `required[]`: the union over the rows, in the order of their roles.

    What follows an order needs one signature of any of the kind's roles.
    """
    if kind.follows:
        return _follow_needs(kind)
    needs: dict[str, SignerNeed] = {}
    for row in rows:
        fitting = (one for one in row.signing if one.fits(kind.name, priority, sender_kind))
        for need in next((one.signers for one in fitting), ()):
            known = needs.get(need.role)
            stricter = known is None or (need.distinct_unit_from and not known.distinct_unit_from)
            if stricter:
                needs[need.role] = need
    return tuple(needs[role] for role in sorted(needs))


def _follow_needs(kind: MessageKind) -> tuple[SignerNeed, ...]:
    return (SignerNeed(role="|".join(sorted(role.value for role in kind.follow_roles))),)


def _cap(
    row: MandateRow, ref: MandateRef, refs: Sequence[MandateRef], facts: AskFacts
) -> MandateRefused | None:
    if facts.kind.money is None:
        return None
    if ref.cap_vnd is None or (row.cap_vnd is not None and ref.cap_vnd > row.cap_vnd):
        return AmountOverCap(mandate=row.code, right=row.cap_vnd or 0)
    least = min(one.cap_vnd for one in refs if one.cap_vnd is not None)
    if facts.amount is not None and facts.amount > least:
        return AmountOverCap(mandate=row.code, right=least)
    return None


def _same_codes(refs: Sequence[MandateRef], others: Sequence[MandateRef]) -> bool:
    return {(one.code, one.version) for one in refs} == {(one.code, one.version) for one in others}


def _follow_error(refs: Sequence[MandateRef]) -> MandateRefused:
    named = " + ".join(ref.code for ref in refs) or "-"
    return OutOfScope(mandate=named, what="follow-up", right="as parent")


def _line(mandate: str, step: str, error: MandateRefused | None) -> Line:
    return Line(mandate, step, error is None, error)


def _say(needs: Sequence[SignerNeed]) -> str:
    return ", ".join(need.role for need in needs) or "-"
