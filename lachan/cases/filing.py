"""A case opens by itself when a report comes; a second report of the same money joins it.

A payment that two people tell (a victim by web, the bank's desk four minutes later) is one payment and
one loss. A report whose payment went to an account of an open case belongs to that case, whoever took it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from lachan.cases import board
from lachan.cases.events import CaseOpened
from lachan.cases.models import (
    CaseCounter,
    CaseRecord,
    CaseReport,
    CaseTransfer,
    IndicatorRecord,
)
from lachan.cases.timeline import Kind, note
from lachan.kernel.codes import case_code
from lachan.kernel.events import Event
from lachan.kernel.time import ICT
from lachan.reports.events import ReportAdded, ReportFiled, WantedTransfer

SAME_TX = timedelta(minutes=10)
FRESH = timedelta(hours=72)
_SELF = "a case is kept from facts, for no single person"


def take_report(fact: ReportFiled, *, at: datetime | None = None) -> list[Event]:
    """Open a case for a report with a fresh payment, or add the report to the case of that payment.

    at: when that payment was told, if later than the report.
    """
    now = at or fact.received_at
    fresh = [one for one in fact.transfers if now - one.at <= FRESH]
    known = _case_of(fact.transfers)
    if known is None and not fresh:
        return []
    case = known or _open(fact, fresh, now)
    number = case.reports.unscoped(reason=_SELF).count() + 1
    report = CaseReport.objects.create(
        case=case, report=fact.report_id, label=f"v{number}", received_at=fact.received_at
    )
    _add_transfers(case, report, fact.transfers)
    _add_indicators(case, fact.contacts, source=f"report:{report.label}")
    note(case, Kind.REPORT, report.label, at=now, field=fact.channel)
    ends = _verification_end(fact.received_at)
    if case.verify_ends_at is None or ends < case.verify_ends_at:
        case.verify_ends_at = ends
    case.save()
    return [
        CaseOpened(case.code, (fact.report_id,), case.unit, now),
        *board.keep(case, now),
    ]


def add_to_report(fact: ReportAdded) -> list[Event]:
    """What a reporter told later."""
    report = (
        CaseReport.objects.unscoped(reason=_SELF)
        .select_related("case")
        .filter(report=fact.report_id)
        .first()
    )
    if report is None:  # its first payment that can be followed may be the one that was added
        return [] if fact.whole is None else take_report(fact.whole, at=fact.at)
    if report.case.scam_type in ("", "UNKNOWN") and fact.scam_type:
        report.case.scam_type = fact.scam_type
        report.case.save(update_fields=["scam_type"])
    _add_transfers(report.case, report, fact.transfers)
    _add_indicators(report.case, fact.contacts, source=f"report:{report.label}")
    note(report.case, Kind.REPORT, report.label, at=fact.at, field="added")
    return board.keep(report.case, fact.at)


def locked(case_id: UUID) -> CaseRecord:
    """The case, locked until the transaction ends: two answers never add up the same figures at once."""
    return CaseRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=case_id)


def by_code(code: str) -> CaseRecord | None:
    """The case of a code, locked."""
    rows = CaseRecord.objects.unscoped(reason=_SELF).select_for_update()
    return rows.filter(code=code).first()


def of_report(report_id: UUID) -> CaseRecord | None:
    """The case that a report belongs to, locked."""
    row = CaseReport.objects.unscoped(reason=_SELF).filter(report=report_id).first()
    return None if row is None else locked(row.case_id)


def _open(fact: ReportFiled, fresh: list[WantedTransfer], now: datetime) -> CaseRecord:
    year = now.astimezone(ICT).year
    counter, _ = (
        CaseCounter.objects.unscoped(reason=_SELF).select_for_update().get_or_create(year=year)
    )
    counter.last += 1
    counter.save()
    case = CaseRecord.objects.create(
        code=case_code(year, counter.last),
        member=fact.member,
        unit=str(fact.unit),
        scam_type=fact.scam_type,
        opened_at=now,
        transferred_at=min(one.at for one in fresh),
    )
    note(case, Kind.STATE, case.procedure, at=now, field="procedure")
    return case


def _case_of(transfers: Iterable[WantedTransfer]) -> CaseRecord | None:
    for one in transfers:
        same = _same(one)
        if same is not None:
            return same.case
        row = (
            CaseTransfer.objects.unscoped(reason=_SELF)
            .select_related("case")
            .filter(to_account=one.to_account)
            .exclude(case__procedure="CLOSED")
            .order_by("id")
            .first()
        )
        if row is not None:
            return row.case
    return None


def _same(one: WantedTransfer) -> CaseTransfer | None:
    """SAME_TX of cases-and-holds §1: equal reference, or equal parties, amount and about the time."""
    rows = CaseTransfer.objects.unscoped(reason=_SELF).select_related("case")
    rows = rows.exclude(case__procedure="CLOSED")
    if one.ref:
        found = rows.filter(ref=one.ref, to_account=one.to_account).first()
        if found is not None:
            return found
        rows = rows.filter(ref="")
    return rows.filter(
        from_account=one.from_account,
        to_account=one.to_account,
        amount=one.amount,
        at__range=(one.at - SAME_TX, one.at + SAME_TX),
    ).first()


def _add_transfers(
    case: CaseRecord, report: CaseReport, transfers: Iterable[WantedTransfer]
) -> None:
    for one in transfers:
        if _same(one) is not None:
            continue  # another voice of a payment that is counted already
        CaseTransfer.objects.create(
            case=case,
            report=report,
            transfer=one.id,
            from_account=one.from_account,
            to_account=one.to_account,
            amount=one.amount,
            at=one.at,
            precision=one.precision,
            ref=one.ref or "",
        )
        report.loss += one.amount
        if case.transferred_at is None or one.at < case.transferred_at:
            case.transferred_at = one.at
    report.save()


def _add_indicators(case: CaseRecord, contacts: Iterable[tuple[str, str]], *, source: str) -> None:
    for kind, value in contacts:
        if value:
            IndicatorRecord.objects.unscoped(reason=_SELF).get_or_create(
                case=case, kind=kind, value=value[:300], defaults={"source": source}
            )


def _verification_end(received_at: datetime) -> datetime:
    """20 days, the day of receipt being day 1, to 24:00 ICT, no roll-over (law §2, strict)."""
    day = received_at.astimezone(ICT).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=20)
