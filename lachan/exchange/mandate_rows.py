"""Rows of the mandate catalogue: law as data, read from a profile and checked when it is loaded. Pure (protocol §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from lachan.exchange.deadlines import WorkCalendar, earliest_of, parse_duration
from lachan.exchange.kinds import Priority, all_kinds
from lachan.exchange.manifest import SignerNeed
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.time import to_wire
from lachan.members.roles import MemberKind, Role

SUSPENDING = frozenset({"pause", "hold", "renew", "suspend_number", "suspend_domain", "block_site"})


MONEY = frozenset({"pause", "hold", "renew", "freeze"})


FORMS = frozenset({"jws", "webauthn", "pkcs11"})


STRONG_FORMS = ("webauthn", "pkcs11")


_CAPS = frozenset(
    {"none", "taint", "credit", "transfer", "damage", "judgment", "held_share", "own"}
)


_PROCURACY = frozenset({"none", "notify", "approve"})


class Stage(StrEnum):
    """Of the proceedings; `any` in a row admits all."""

    REPORT = "report"
    VERIFY = "verify"
    PROSECUTED = "prosecuted"
    INVESTIGATE = "investigate"
    TRIAL = "trial"
    ENFORCE = "enforce"
    NONE = "none"
    ANY = "any"


class _Data(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """A table of a catalogue file."""


class StageRule(_Data, frozen=True, kw_only=True):
    """A stage, perhaps open to some kinds and one priority only."""

    stage: Stage
    kinds: tuple[str, ...] = ()
    priority: Priority | None = None

    def admits(self, stage: str, kind: str, priority: Priority) -> bool:
        return (
            self.stage in {stage, Stage.ANY}
            and (not self.kinds or kind in self.kinds)
            and self.priority in {None, priority}
        )


class Signing(_Data, frozen=True, kw_only=True):
    """Who signs, for these kinds, priorities and askers; the first that fits counts."""

    signers: tuple[SignerNeed, ...]
    kinds: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = ()
    askers: tuple[MemberKind, ...] = ()

    def fits(self, kind: str, priority: Priority, asker: MemberKind) -> bool:
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.priorities or priority in self.priorities)
            and (not self.askers or asker in self.askers)
        )


class MandateRow(_Data, frozen=True, kw_only=True):
    """One row of the catalogue; law.md says what each member means."""

    code: str
    version: int
    title_vi: str
    title_en: str
    instrument: str
    article: str
    kinds: tuple[str, ...]
    stages: tuple[StageRule, ...]
    purposes: tuple[str, ...]
    askers: tuple[MemberKind, ...]
    answerers: tuple[MemberKind, ...]
    cap: str
    signing: tuple[Signing, ...]
    procuracy: str
    document_required: bool
    verified: bool
    grade: str
    check: str
    strict: str
    valid_from: str
    valid_to: str | None = None
    max_lease: str | None = None
    max_working_days: int | None = None
    renewals: int = 0
    renewal_lease: str | None = None
    review: str | None = None
    subjects_max: int | None = None
    cap_vnd: int | None = None  # an absolute bound beside the rule
    agency_only: tuple[str, ...] = ()  # addresses of the only askers, when the law names them
    signer_forms: tuple[str, ...] = STRONG_FORMS
    unsigned_without_shift: bool = (
        False  # a request for a member's own power: no officer signs it then
    )
    default_confidential: bool = False
    reviewer: str | None = None
    adopted_by: str | None = None
    adopted_at: str | None = None
    adoption_document: str | None = None

    def in_force(self, at: datetime) -> bool:
        wire = to_wire(at)
        return self.valid_from <= wire and (self.valid_to is None or wire < self.valid_to)

    def usable(self, at: datetime) -> bool:
        """Verified, or adopted by then."""
        adopted = self.adopted_at is not None and self.adopted_at <= to_wire(at)
        return self.verified or (adopted and self.adopted_by is not None)

    def longest(self, kind: str, start: datetime, calendar: WorkCalendar) -> datetime | None:
        """The last instant to which a lease that starts now may run."""
        text = self.renewal_lease if kind == "renew" else self.max_lease
        if text is None:
            return None
        end = start + parse_duration(text)
        if self.max_working_days is not None:
            end = min(
                end, earliest_of(start, parse_duration(text), self.max_working_days, calendar)
            )
        return end


class CatalogueWrong(LachanError):
    """A catalogue file that must not be used: start-up stops, an update leaves the old one in force."""

    code = "exchange.catalogue"
    rule = "law §6"
    text = Text(
        vi="{file}, dòng danh mục {mandate}: {why}. Đúng là: {right}.",
        en="{file}, row {mandate}: {why}. Right would be: {right}.",
    )
    file: str
    mandate: str
    why: str
    right: str


def read_rows(tables: Sequence[Mapping[str, Any]], *, file: str) -> tuple[MandateRow, ...]:
    """Rows of a TOML file, each well-formed. Raises: CatalogueWrong."""
    rows = []
    for table in tables:
        try:
            rows.append(msgspec.convert(table, MandateRow))
        except msgspec.ValidationError as cause:
            raise CatalogueWrong(
                file=file, mandate=str(table.get("code", "?")), why=str(cause), right="law §1"
            ) from cause
    return tuple(rows)


def ensure_rows(rows: Sequence[MandateRow], *, file: str, at: datetime, jws_admitted: bool) -> None:
    """The loader's refusals (law.md §6).

    Raises: CatalogueWrong with file, row, reason and what would be right.
    """
    known = set(all_kinds())
    for row in rows:
        for why, right in _faults(row, known, jws_admitted=jws_admitted):
            raise CatalogueWrong(file=file, mandate=row.code, why=why, right=right)
    in_force = [row.code for row in rows if row.in_force(at)]
    for code in in_force:
        if in_force.count(code) > 1:
            raise CatalogueWrong(
                file=file, mandate=code, why="two rows in force", right="close the older"
            )


def _faults(  # noqa: C901, PLR0912 - one refusal of law §6 a line
    row: MandateRow, known: set[str], *, jws_admitted: bool
) -> Iterable[tuple[str, str]]:
    for kind in sorted(set(row.kinds) - known):
        yield f"unknown kind {kind}", ", ".join(sorted(known))
    roles = {role for one in row.signing for need in one.signers for role in need.roles}
    for role in sorted(roles - {role.value for role in Role}):
        yield f"unknown role {role}", ", ".join(Role)
    if not row.purposes:
        yield "no purposes", "at least one purpose code"
    if row.cap not in _CAPS or row.procuracy not in _PROCURACY or row.grade not in set("TOSN"):
        yield "cap, procuracy or grade outside its list", f"{sorted(_CAPS)}, {sorted(_PROCURACY)}"
    if not set(row.signer_forms) <= FORMS:
        yield "unknown form of signature", ", ".join(sorted(FORMS))
    leased = SUSPENDING & set(row.kinds)
    if leased - {"renew"} and row.max_lease is None:
        yield f"no max_lease on {min(leased)}", "an ISO 8601 duration"
    if "renew" in leased and row.renewal_lease is None:
        yield "no renewal_lease on renew", "an ISO 8601 duration"
    if "freeze" in row.kinds and row.review is None and row.max_lease is None:
        yield "a freeze without a review date", "review = 'P90D'"
    if MONEY & set(row.kinds) and row.cap == "none":
        yield "no cap on an order over money", "taint, credit, damage …"
    if not jws_admitted and {"hold", "freeze"} & set(row.kinds) and "jws" in row.signer_forms:
        yield "jws on a live hold or freeze", "webauthn, pkcs11"
    if row.verified and (row.grade not in {"T", "O"} or not row.article or not row.reviewer):
        yield "verified without grade T or O, article and reviewer", "verified = false"
    for text in (row.max_lease, row.renewal_lease, row.review):
        if text is not None:
            try:
                parse_duration(text)
            except ValueError as cause:
                yield str(cause), "PT72H"
