"""The steps that a row's check takes, in the order of the protocol. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from lachan.exchange.deadlines import WorkCalendar
from lachan.exchange.mandate_errors import (
    AmountOverCap,
    DocumentMissing,
    LeaseTooLong,
    MandateAsker,
    MandateExpired,
    MandateRefused,
    NotAdopted,
    OutOfScope,
    ProtectedSubject,
    SignersInsufficient,
    StageNotPermitted,
    TooBroad,
)
from lachan.exchange.mandate_facts import AskFacts
from lachan.exchange.mandate_rows import MandateRow
from lachan.exchange.mandate_signers import required, say
from lachan.exchange.manifest import MandateRef
from lachan.kernel.time import from_wire, to_wire

STEPS = (
    "known", "in_force", "adopted", "kind", "stage", "asker", "answerer",
    "signers", "document", "cap", "lease", "subjects", "never_block",
)  # fmt: skip


def check_step(  # noqa: C901, PLR0911, PLR0912 - one branch a step, in the order of the protocol
    step: str,
    row: MandateRow,
    ref: MandateRef,
    refs: Sequence[MandateRef],
    facts: AskFacts,
    *,
    rows: Sequence[MandateRow],
    calendar: WorkCalendar,
) -> MandateRefused | None:
    """What a row says against a message at one step; `rows` are those of all `refs`."""
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
        return _signers(row, rows, facts)
    if step == "document" and row.document_required and ref.document_part is None:
        return DocumentMissing(mandate=code)
    if step == "cap":
        return _cap(row, ref, refs, facts)
    if step == "lease":
        return _lease(row, ref, facts, calendar)
    if step == "subjects":
        most = min(row.subjects_max or ref.subjects, ref.subjects)
        if ref.subjects > most or (facts.subjects is not None and facts.subjects > most):
            return TooBroad(mandate=code, right=most)
    if step == "never_block" and facts.protected and kind.order:
        return ProtectedSubject(mandate=code)
    return None


def _signers(row: MandateRow, rows: Sequence[MandateRow], facts: AskFacts) -> MandateRefused | None:
    needed = required(facts.kind, rows, priority=facts.priority, sender_kind=facts.sender_kind)
    free = not facts.shift_open and all(found.unsigned_without_shift for found in rows)
    if facts.required != needed and not (free and not facts.required):
        return SignersInsufficient(mandate=row.code, right=say(needed))
    admitted = facts.test or facts.standing or facts.forms <= set(row.signer_forms)
    if not admitted:
        return SignersInsufficient(mandate=row.code, right=", ".join(row.signer_forms))
    return None


def _lease(
    row: MandateRow, ref: MandateRef, facts: AskFacts, calendar: WorkCalendar
) -> MandateRefused | None:
    if facts.kind.lease is None:
        return None
    longest = row.longest(facts.kind.name, facts.at, calendar)
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
