"""A report's payments: written down, and decided whether containment starts by itself."""

from datetime import datetime
from uuid import UUID

from lachan.kernel.events import Event
from lachan.reports import rules
from lachan.reports.events import ContainmentWanted, ContainmentWithheld, WantedTransfer
from lachan.reports.models import ContactRecord, ReportRecord, TransferRecord
from lachan.reports.outside import never_blocked
from lachan.reports.rules import Channel, Seen


def keep_rows(report: ReportRecord, reading: rules.Reading) -> None:
    """Write what was read, each payment beside the first telling of the same."""
    for row in reading.transfers:
        TransferRecord(
            report=report, rail=row.rail, from_account=row.from_account, to_account=row.to_account,
            amount=row.amount, at=row.at, precision=row.precision, ref=row.ref, status=row.status,
            payee=row.payee, raw=row.raw, voice_of_id=_first_voice(report, row),
        ).save(force_insert=True)  # fmt: skip
    for contact in reading.contacts:
        ContactRecord(
            report=report, kind=contact.kind[:8], value=contact.value[:300], raw=contact.raw[:500]
        ).save(force_insert=True)


def _first_voice(report: ReportRecord, row: rules.Transfer) -> UUID | None:
    if not row.traceable():
        return None
    rows = TransferRecord.objects.unscoped(reason="the same payment told twice").filter(
        to_account=row.to_account, voice_of=None
    ) | TransferRecord.objects.unscoped(reason="the same payment told twice").filter(
        from_account=row.from_account, voice_of=None
    )
    seen = (
        Seen(old.id, old.report_id, old.from_account, old.to_account, old.amount, old.at, old.ref)
        for old in rows
        if old.amount is not None and old.at is not None
    )
    return rules.same_transfer(row, seen, report=report.id)


def _rows(report: ReportRecord) -> list[TransferRecord]:
    return list(
        TransferRecord.objects.unscoped(reason="own rows").filter(report=report).order_by("id")
    )


def as_read(report: ReportRecord) -> tuple[rules.Transfer, ...]:
    """The report's payments as values."""
    return tuple(
        rules.Transfer(
            rules.Rail(row.rail), row.from_account, row.to_account, row.amount, row.at, row.precision,
            row.ref, row.status, row.payee, row.raw,
        )
        for row in _rows(report)
    )  # fmt: skip


def wanted_of(report: ReportRecord) -> tuple[WantedTransfer, ...]:
    """The report's payments that can be asked about; one that another report told first is not asked again."""
    found: list[WantedTransfer] = []
    for row in _rows(report):
        if not (row.from_account and row.to_account and row.amount and row.at):
            continue
        if row.rail not in (rules.Rail.BANK, rules.Rail.WALLET) or row.voice_of_id is not None:
            continue
        found.append(
            WantedTransfer(
                row.id,
                row.rail,
                row.from_account.partition(":")[0],
                row.from_account,
                row.to_account.partition(":")[0],
                row.to_account,
                row.amount,
                row.at,
                row.precision,
                row.ref or None,
            )
        )
    return tuple(found)


def contain(
    report: ReportRecord,
    transfers: tuple[rules.Transfer, ...],
    *,
    phone_confirmed: bool,
    now: datetime,
) -> Event:
    """Decide and remember; the fact says which payments, or why none."""
    payees = {row.to_account for row in transfers if row.to_account}
    victims = (
        TransferRecord.objects.unscoped(reason="how many victims paid this payee")
        .filter(to_account__in=payees)
        .values("report")
        .distinct()
        .count()
    )
    indexes, reason = rules.containment(
        Channel(report.channel), transfers, phone_confirmed=phone_confirmed, scam_type=report.scam_type,
        victims_of_payee=victims, never_block=never_blocked, now=now,
    )  # fmt: skip
    if reason is not None:
        report.withheld = reason
        return ContainmentWithheld(report.id, reason, now)
    report.withheld = ""
    report.contained_at = now
    chosen = {
        (transfers[index].from_account, transfers[index].to_account, transfers[index].amount)
        for index in indexes
    }
    wanted = tuple(
        row for row in wanted_of(report) if (row.from_account, row.to_account, row.amount) in chosen
    )
    return ContainmentWanted(report.id, report.member, wanted, now)
