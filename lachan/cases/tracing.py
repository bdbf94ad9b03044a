"""The federated trace of a case: start it, merge whatever comes, ask on, and keep the legs.

The engine's session is pure and lives in a row. An answer is used when it comes and may come twice;
a bank that is late is the frontier's until it answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from lachan.cases import asking
from lachan.cases.board import institution_of
from lachan.cases.models import AskRecord, CaseRecord, CaseTransfer, LegRecord, TraceRecord
from lachan.cases.rules.figures import Traced, traced
from lachan.cases.timeline import Kind, note
from lachan.exchange import services as exchange
from lachan.exchange.kinds import from_json
from lachan.exchange.messages import trace_credit
from lachan.kernel.ids import uuid7
from lachan.tracing.errors import PositionChanged
from lachan.tracing.federated import (
    WRONG_SUMS,
    AskOut,
    FederatedResult,
    SeedReport,
    TraceSession,
)

_SELF = "a case's own trace"


def start(case: CaseRecord, *, now: datetime) -> None:
    """Ask for all of the case's payments: a new trace as of now, which replaces an older one."""
    seeds = _seeds(case)
    if not seeds:
        return
    session = TraceSession(trace=str(uuid7(now)), until=int(now.timestamp()))
    asks = session.start(seeds)
    row = TraceRecord.objects.unscoped(reason=_SELF).filter(case=case).first() or TraceRecord(
        case=case
    )
    row.started_at = now
    AskRecord.objects.unscoped(reason=_SELF).filter(
        case=case, kind="trace_credit", state="WAITING"
    ).update(state="REPLACED")
    note(case, Kind.TRACE, "started", at=now, field=session.trace)
    send(case, session, asks, now=now)
    _store(case, row, session, now=now)


def session_of(case: CaseRecord) -> TraceSession | None:
    """The session as it stands."""
    row = TraceRecord.objects.unscoped(reason=_SELF).filter(case=case).first()
    return None if row is None else TraceSession.from_json(row.session)


def merge(
    case: CaseRecord, ask: AskRecord, answer: msgspec.Struct, *, h: str, now: datetime
) -> None:
    """Take an answer in and ask on. Idempotent; an answer to an older trace says nothing."""
    row = _row(case)
    if row is None:
        return
    session = TraceSession.from_json(row.session)
    body = full(answer)
    try:
        asks = session.on_answer(ask.detail["bank"], body)
    except PositionChanged:
        note(case, Kind.REFUSAL, "position_changed", at=now, field=ask.receiver)
        session.on_late(ask.detail["bank"])
        asks = []
    note(case, Kind.ANSWER, "trace_credit", at=now, field=ask.receiver, evidence=h)
    if session.silent.get(ask.detail["bank"]) == WRONG_SUMS:
        note(case, Kind.REFUSAL, WRONG_SUMS, at=now, field=ask.receiver, evidence=h)
    send(case, session, asks, now=now)
    _store(case, row, session, now=now, proof=(ask.detail["bank"], body, h))


def late(case: CaseRecord, bank: str, *, now: datetime) -> None:
    """Nobody answered in time: the trace goes on, the amount is the frontier's."""
    row = _row(case)
    if row is None:
        return
    session = TraceSession.from_json(row.session)
    session.on_late(bank)
    _store(case, row, session, now=now)


def refused(case: CaseRecord, bank: str, reason: str, *, now: datetime) -> None:
    """A bank will not: the amount is the frontier's, with the reason."""
    row = _row(case)
    if row is None:
        return
    session = TraceSession.from_json(row.session)
    session.on_refused(bank, None, reason)
    _store(case, row, session, now=now)


def again(case: CaseRecord, *, now: datetime) -> int:
    """Ask everything unanswered once more, word for word; answers how many left."""
    row = _row(case)
    if row is None:
        return 0
    session = TraceSession.from_json(row.session)
    asks = session.again()
    send(case, session, asks, now=now)
    _store(case, row, session, now=now)
    return len(asks)


def send(case: CaseRecord, session: TraceSession, asks: Iterable[AskOut], *, now: datetime) -> None:
    """Put asks on the wire; a bank that cannot be asked is silent with the reason."""
    for one in asks:
        question = from_json(trace_credit.Ask, one.ask)
        sent = asking.ask(
            case,
            "trace_credit",
            question,
            f"{one.bank}:0000",
            now=now,
            subject=one.bank,
            detail={"bank": one.bank, "round": one.ask["round"]},
            subjects=max(1, len(one.ask["items"])),
        )
        if isinstance(sent, exchange.NotSent):
            session.silent[one.bank] = sent.reason


def result_of(case: CaseRecord) -> FederatedResult | None:
    """The trace as it stands, of all methods."""
    session = session_of(case)
    return None if session is None else session.result()


def keep_legs(case: CaseRecord, result: FederatedResult) -> list[Traced]:
    """Write the legs of the case's method from a result; a leg never disappears, its figures may."""
    homes = frozenset(
        CaseTransfer.objects.unscoped(reason=_SELF)
        .filter(case=case)
        .exclude(from_account="")
        .values_list("from_account", flat=True)
    )
    rows = traced(result, case.method, homes=homes)
    known = {leg.account: leg for leg in LegRecord.objects.unscoped(reason=_SELF).filter(case=case)}
    for one in rows:
        leg = known.pop(one.found.account, None) or LegRecord(case=case, account=one.found.account)
        _fill(leg, one)
        leg.save()
    for gone in known.values():  # a retraction: nothing of this case passed there after all
        gone.figures, gone.taint, gone.taint_min, gone.taint_max = {}, 0, 0, 0
        gone.save()
    return rows


def full(value: Any) -> Any:
    """A struct as plain data with every field present (the wire leaves defaults out)."""
    if isinstance(value, msgspec.Struct):
        return {name: full(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {key: full(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [full(one) for one in value]
    return str(value) if isinstance(value, str) else value


def _fill(leg: LegRecord, one: Traced) -> None:
    found = one.found
    leg.institution = leg.institution or institution_of(found.account)
    leg.layer = found.layer
    leg.taint, leg.taint_min, leg.taint_max = one.taint, one.taint_min, one.taint_max
    leg.kappa_percent, leg.holdable = one.kappa_percent, one.holdable
    leg.bands = {**leg.bands, **one.bands}
    leg.kind, leg.answered = one.kind, found.answered
    leg.credit = dict(one.credit)
    leg.figures = {
        "found": {
            "residual": found.residual, "followed": found.followed, "cash": found.cash,
            "off_rail": found.off_rail, "waiting": found.waiting,
        },
        "per_method": dict(one.per_method),
    }  # fmt: skip
    if one.state == "NOT_FOUND":
        leg.state = "NOT_FOUND"
    if one.first_at:
        leg.at = datetime.fromtimestamp(one.first_at, UTC)


def _seeds(case: CaseRecord) -> Sequence[SeedReport]:
    seeds = []
    rows = CaseTransfer.objects.unscoped(reason=_SELF).filter(case=case).select_related("report")
    for one in rows.order_by("at", "id"):
        payer_bank, _, payer = one.from_account.partition(":")
        payee_bank, _, payee = one.to_account.partition(":")
        if not payee:
            continue
        seeds.append(
            SeedReport(
                label=one.report.label,
                amount=one.amount,
                payer_bank=payer_bank,
                payer_account=payer,
                payee_bank=payee_bank,
                payee_account=payee,
                ref=one.booked_ref or one.ref or None,
                time=int((one.booked_at or one.at).timestamp()),
            )
        )
    return seeds


def _row(case: CaseRecord) -> TraceRecord | None:
    return TraceRecord.objects.unscoped(reason=_SELF).select_for_update().filter(case=case).first()


def _store(
    case: CaseRecord,
    row: TraceRecord,
    session: TraceSession,
    *,
    now: datetime,
    proof: tuple[str, dict[str, Any], str] | None = None,
) -> None:
    row.session = session.to_json()
    row.changed_at, row.rounds = now, session.rounds
    row.settled_at = (row.settled_at or now) if session.settled else None
    row.save()
    keep_legs(case, session.result())
    if proof is not None:
        bank, body, h = proof
        names = [
            one["account"] if ":" in one["account"] else f"{bank}:{one['account']}"
            for one in body["items"]
        ]
        LegRecord.objects.unscoped(reason=_SELF).filter(case=case, account__in=names).update(
            answer_h=h
        )
