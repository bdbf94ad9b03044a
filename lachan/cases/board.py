"""The board's projection: one row a case, kept with every change; and the case's own figures.

The page reads rows alone, so 50 of 10,000 cases cost one indexed read. Every change of a row raises
its agency's version, so that an unchanged poll costs nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import F

from lachan.cases.events import Sums, SumsChanged
from lachan.cases.models import (
    AskRecord,
    BoardRowRecord,
    BoardVersion,
    CaseRecord,
    CaseReport,
    InstrumentRecord,
    LegRecord,
)
from lachan.cases.rules import board as rules
from lachan.cases.rules.money import CaseSums, Found, case_sums, leg_state, leg_sums, split
from lachan.cases.rules.procedure import money_state
from lachan.kernel.events import Event
from lachan.members import services as members
from lachan.members.queries import member_name

_SELF = "a projection kept from the case's own rows"
LAST_LEASE = "last_lease"
TOLD_UNIT_HEAD = 2  # L2 of exchange.md §4: the asker's unit head and the member's liaison
TURNS = ("clarify", "objection")  # what a conversation waits for the agency with
_KEPT = frozenset({"red_plan", "amber_plan", "review", LAST_LEASE, "needs_person", *TURNS})


def keep(case: CaseRecord, now: datetime) -> list[Event]:
    """Add the case up again, write its row, raise its version; the facts that follow."""
    legs = list(LegRecord.objects.unscoped(reason=_SELF).filter(case=case))
    instruments = list(InstrumentRecord.objects.unscoped(reason=_SELF).filter(case=case))
    held: dict[str, int] = defaultdict(int)
    paused = 0
    for one in instruments:
        if one.held and (one.ends_at is None or one.ends_at > now):
            held[one.account] += one.held
            paused += one.held if one.kind == "pause" else 0
    _keep_legs(case, legs, held)
    reports = list(
        CaseReport.objects.unscoped(reason=_SELF).filter(case=case).order_by("received_at", "id")
    )
    reported = sum(one.loss for one in reports)
    found = [_found(leg) for leg in legs]
    sums = case_sums(reported, found, held, returned=case.returned)
    _write_case(case, sums, legs)
    _write_row(case, sums, legs, held=held, paused=min(paused, sums.held), now=now)
    per_report = tuple(
        (report.report, _sums(part))
        for report, part in zip(reports, split(sums, [one.loss for one in reports]), strict=True)
    )
    return [SumsChanged(case.code, per_report, now)]


def _keep_legs(case: CaseRecord, legs: list[LegRecord], held: dict[str, int]) -> None:
    waiting = {
        one.subject: one
        for one in AskRecord.objects.unscoped(reason=_SELF).filter(
            case=case, kind="trace_credit", state="WAITING"
        )
    }
    late = {one.receiver for one in waiting.values() if one.late}
    escalated = {one.receiver for one in waiting.values() if one.level >= TOLD_UNIT_HEAD}
    for leg in legs:
        found = _found(leg)
        sums = leg_sums(found, held.get(leg.account, 0))
        missing = leg.state == "NOT_FOUND" and not leg.answered
        silent = any(one.startswith(leg.institution) for one in late) if leg.institution else False
        state = leg_state(
            found, asked=True, late=silent,
            escalated=any(one.startswith(leg.institution) for one in escalated if leg.institution),
            missing=missing,
        )  # fmt: skip
        fresh = (sums.received, sums.held, sums.moved_on, sums.withdrawn, sums.unresolved, state)
        if fresh != (
            leg.received,
            leg.held,
            leg.moved_on,
            leg.withdrawn,
            leg.unresolved,
            leg.state,
        ):
            (leg.received, leg.held, leg.moved_on, leg.withdrawn, leg.unresolved, leg.state) = fresh
            leg.save()


def _found(leg: LegRecord) -> Found:
    figures: dict[str, int] = leg.figures.get("found", {})
    return Found(account=leg.account, layer=leg.layer, answered=leg.answered, **figures)


def _write_case(case: CaseRecord, sums: CaseSums, legs: list[LegRecord]) -> None:
    outstanding = AskRecord.objects.unscoped(reason=_SELF).filter(
        case=case, kind="trace_credit", state="WAITING"
    )
    case.reported, case.held, case.moved_on = sums.reported, sums.held, sums.moved_on
    case.withdrawn, case.unresolved = sums.withdrawn, sums.unresolved
    case.money = money_state(
        outstanding=outstanding.count() if legs else 1,
        held=sums.held,
        unresolved=sums.unresolved,
        returned=sums.returned,
        reported=sums.reported,
    )
    case.save()


def _write_row(
    case: CaseRecord, sums: CaseSums, legs: list[LegRecord], *, held: dict[str, int], paused: int,
    now: datetime,
) -> None:  # fmt: skip
    asks = list(AskRecord.objects.unscoped(reason=_SELF).filter(case=case, state="WAITING"))
    asks.sort(key=lambda one: (one.due_at is None, one.due_at or now))
    slowest = asks[0] if asks else None
    row = BoardRowRecord.objects.unscoped(reason=_SELF).filter(case=case).first() or BoardRowRecord(
        case=case, code=case.code, member=case.member
    )
    ends = [
        one.ends_at
        for one in InstrumentRecord.objects.unscoped(reason=_SELF).filter(case=case)
        if one.ends_at is not None and one.ends_at > now and (one.held or one.state == "REQUESTED")
    ]
    dues = [one.due_at for one in asks if one.due_at is not None]
    row.next_due_at = min([*ends, *dues], default=None)
    row.open = case.procedure != "CLOSED"
    row.transferred_at = case.transferred_at
    row.reported, row.held, row.moved_on = sums.reported, sums.held, sums.moved_on
    row.withdrawn, row.unresolved, row.paused = sums.withdrawn, sums.unresolved, paused
    unheld = [
        (
            max(0, leg.taint - held.get(leg.account, 0)),
            rules.hazard(gone_80_in_60=leg.bands.get("gone_80_in_60")),
        )
        for leg in legs
    ]
    row.loss_per_minute = rules.loss_per_minute(unheld)
    row.hops = max((leg.layer for leg in legs), default=0)
    row.waiting = len({one.receiver for one in asks})
    row.slowest = {} if slowest is None else waiting_json(slowest)
    row.taken_by, row.taken_name = case.taken_by, case.taken_name
    row.flags = _flags(case, row, asks)
    planable = sum(
        1 for leg in legs if leg.taint and not leg.left_out and leg.taint > held.get(leg.account, 0)
    )
    on_hold = {
        one.account
        for one in InstrumentRecord.objects.unscoped(reason=_SELF).filter(case=case, kind="hold")
    }
    to_convert = sum(1 for account in held if account not in on_hold)
    row.next_act = rules.next_act(
        taken=case.taken_by is not None, red="red_plan" in row.flags, sheet=row.sheet is not None,
        reviews="review" in row.flags, late=sum(one.late for one in asks), planable=planable + to_convert,
        waiting=row.waiting,
    )  # fmt: skip
    row.urgency = rules.urgency(sums.unresolved, row.next_due_at, now)
    row.changed_at = now
    row.save()
    raise_version(case.member)


def _flags(case: CaseRecord, row: BoardRowRecord, asks: list[AskRecord]) -> list[str]:
    kept = [flag for flag in row.flags if flag in _KEPT]
    if case.abuse:
        kept.append("abuse")
    if any(one.late for one in asks):
        kept.append("silent_bank")
    if any(one.level >= TOLD_UNIT_HEAD for one in asks):
        kept.append("unit_head_told")
    reasons = {one.get("reason") for one in case.not_sent}
    if "NOT_ADOPTED" in reasons:
        kept.append("rows_not_adopted")
    if reasons & {"NO_SHIFT", "SHIFT"}:
        kept.append("no_shift")
    return sorted(set(kept))


def set_flag(case: CaseRecord, flag: str, *, on: bool) -> None:
    """Raise or take down one of the flags that others decide (plan colour, review, last lease)."""
    row = BoardRowRecord.objects.unscoped(reason=_SELF).filter(case=case).first()
    if row is not None and (flag in row.flags) is not on:
        row.flags = sorted({*row.flags, flag} if on else set(row.flags) - {flag})
        row.save(update_fields=["flags"])


def set_sheet(case: CaseRecord, sheet: object, missing: int) -> None:
    """Which sheet waits on this case, and for how many signatures."""
    BoardRowRecord.objects.unscoped(reason=_SELF).filter(case=case).update(
        sheet=sheet, signatures_missing=missing
    )


def raise_version(member: str) -> None:
    """One up: every open board of the agency fetches its rows at the next poll."""
    rows = BoardVersion.objects.unscoped(reason=_SELF)
    if not rows.filter(pk=member).update(version=F("version") + 1):
        BoardVersion.objects.create(member=member, version=1)


def waiting_json(ask: AskRecord) -> dict[str, Any]:
    """An unanswered ask as the row keeps it."""
    return {
        "member": ask.receiver,
        "name": member_name(ask.receiver),
        "kind": ask.kind,
        "due_at": None if ask.due_at is None else ask.due_at.isoformat(),
        "late": ask.late,
        "level": ask.level,
    }


def institution_of(account: str) -> str:
    """Address of the member that holds an account; "" when none is known."""
    member = members.member_of_account(account)
    return "" if member is None else str(member.address)


def _sums(part: CaseSums) -> Sums:
    return Sums(
        part.reported, part.held, part.moved_on, part.withdrawn, part.unresolved, part.returned
    )
