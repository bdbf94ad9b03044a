"""What is told after a report was sent: each addition an act of its own, with its own entry of the evidence log.

Empty fields of the report are filled, told ones stay; payments and contacts go on to the case (cases-and-holds §1).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.errors import NotVisible
from lachan.access.verbs import verb
from lachan.kernel.events import Event
from lachan.kernel.ids import uuid7
from lachan.kernel.time import Clock
from lachan.reports import rules
from lachan.reports.errors import AddingClosed, EmptyAddition
from lachan.reports.events import ReportAdded, ReportFiled, WantedTransfer
from lachan.reports.following import ADDING
from lachan.reports.forms import ReportForm
from lachan.reports.models import AdditionRecord, ReportRecord, TransferRecord
from lachan.reports.payments import as_read, contain, keep_rows, wanted_of
from lachan.reports.receipts import OFFICERS, logged
from lachan.reports.tries import hashed

FILLED = {"victim_name": 200, "citizen_id": 20, "receipt_book": 40}  # field: its length


@dataclass(frozen=True, slots=True)
class Added:
    """An addition that was taken. `withheld`: why its payments started nothing by themselves, "" when they did."""

    id: UUID
    at: datetime
    payments: int
    withheld: str
    warnings: tuple[rules.Warned, ...] = field(default=())


@verb("report.add", roles=OFFICERS, public=True)
def add_to_report(
    *, actor: Actor, report_id: UUID, form: ReportForm, clock: Clock
) -> tuple[Added, Sequence[Event]]:
    """Add payments, contacts or words to a report that was sent; the same form twice is one act.

    Raises: NotVisible for another agency's officer, AddingClosed after 7 days (public), EmptyAddition.
    """
    now = clock.now()
    report = _report(actor, report_id)
    key = hashed("idempotency", f"{report.id}:{form.key}")
    before = AdditionRecord.objects.unscoped(reason="the same form sent twice")
    known = before.filter(idempotency_key=key).first()
    if known is not None:
        return Added(known.id, known.at, 0, report.withheld), ()
    if not actor.is_officer and now - report.received_at > ADDING:
        raise AddingClosed
    if form.empty:
        raise EmptyAddition(field="narrative")
    reading = rules.read(form.transfers, form.contacts, form.phone, now=now)
    asked = {row.id for row in wanted_of(report)}
    keep_rows(report, reading)
    _fill(report, form, reading)
    wanted = wanted_of(report)
    new = tuple(row for row in wanted if row.id not in asked)
    report.reported += sum(row.amount for row in new)
    report.unresolved += sum(row.amount for row in new)
    addition = uuid7()
    warnings = [{"field": w.field, "given": w.given, "code": w.code} for w in reading.warnings]
    report.warnings = [*report.warnings, *warnings]
    AdditionRecord(
        id=addition, report=report, idempotency_key=key, taken_by=actor.officer_id, at=now, said=form.said(),
        warnings=warnings, entry=logged(actor, "report.added", addition, form.said(), at=now),
    ).save(force_insert=True)  # fmt: skip
    contacts = tuple((row.kind, row.value) for row in reading.contacts if row.value)
    whole = None if report.case_code or report.unit is None else _whole(report, report.unit, wanted)
    facts: list[Event] = [ReportAdded(report.id, new, contacts, now, report.scam_type, whole)]
    if new:
        confirmed = report.identity != "L0"
        facts.append(contain(report, as_read(report), phone_confirmed=confirmed, now=now))
    report.save()
    return Added(addition, now, len(new), report.withheld, reading.warnings), facts


def _report(actor: Actor, report_id: UUID) -> ReportRecord:
    rows = (
        ReportRecord.objects.visible_to(actor)
        if actor.is_officer
        else ReportRecord.objects.unscoped(reason="opened by its code")
    )
    report = rows.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise NotVisible(what=str(report_id))
    return report


def _fill(report: ReportRecord, form: ReportForm, reading: rules.Reading) -> None:
    """Put what was missing into the report; a second answer to the same question stays in the addition alone."""
    for name, limit in FILLED.items():
        if not getattr(report, name):
            setattr(report, name, getattr(form, name).strip()[:limit])
    if reading.phone and not report.phone:
        report.phone, report.phone_given = reading.phone, form.phone.strip()[:60]
    if report.scam_type in ("", "UNKNOWN"):
        report.scam_type = form.scam_type[:30]
    report.secrets_shared = sorted({*report.secrets_shared, *form.secrets_shared})
    if form.narrative.strip():
        told = f"{report.narrative}\n\n{form.narrative.strip()}".strip()
        report.narrative = told[: rules.MAX_NARRATIVE]
    if form.ref.strip():
        first = TransferRecord.objects.unscoped(reason="own rows").filter(report=report, ref="")
        row = first.order_by("id").first()
        if row is not None:
            row.ref = form.ref.strip()[:64]
            row.save(update_fields=["ref"])


def _whole(report: ReportRecord, unit: UUID, wanted: tuple[WantedTransfer, ...]) -> ReportFiled:
    """The report as it stands now, for the case that opens only with what was added."""
    return ReportFiled(
        report_id=report.id, channel=report.channel, member=report.member, unit=unit,
        scam_type=report.scam_type, transfers=wanted,
        contacts=tuple(
            (row.kind, row.value) for row in report.contacts.unscoped(reason="own rows") if row.value
        ),
        received_at=report.received_at, loss=report.reported,
    )  # fmt: skip
