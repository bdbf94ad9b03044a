"""Reads of reports, each through `visible_to`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.tables import page_of
from lachan.reports.models import AdditionRecord, ContactRecord, ReportRecord, TransferRecord

PAGE = 50


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of the list of reports. Amounts in đồng."""

    id: UUID
    received_at: datetime
    channel: str
    unit: UUID | None
    scam_type: str
    reported: int
    held: int
    state: str
    withheld: str
    case_code: str
    verify_ends_at: datetime


@dataclass(frozen=True, slots=True)
class ReportList:
    """One page of the list in the order of `sort`; `after` is the cursor of the next, "" when there is none."""

    rows: tuple[ReportRow, ...]
    sort: str
    after: str


@dataclass(frozen=True, slots=True)
class Addition:
    """What was told later, word for word, as (field, words)."""

    at: datetime
    by_officer: bool
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """A report as its officer reads it."""

    row: ReportRow
    victim_name: str
    phone: str
    phone_given: str
    identity: str
    narrative: str
    secrets_shared: tuple[str, ...]
    warnings: tuple[dict[str, str], ...]
    transfers: tuple[TransferRecord, ...]
    contacts: tuple[ContactRecord, ...]
    additions: tuple[Addition, ...]


ORDERS = {name: name for name in ("received_at", "reported", "held")}


def listed(actor: Actor, *, sort: str = "", after: str = "", size: int = PAGE) -> ReportList:
    """A page of `size`, newest first unless `sort` names another of `ORDERS`. Raises: CursorUnreadable."""
    rows = ReportRecord.objects.visible_to(actor)
    found, order, cursor = page_of(rows, ORDERS, sort, after, key="id", size=size)
    return ReportList(tuple(_row(record) for record in found), order, cursor)


def detail(actor: Actor, report_id: UUID) -> ReportDetail | None:
    """One report with its rows, or None when it is not the actor's to see."""
    record = ReportRecord.objects.visible_to(actor).filter(pk=report_id).first()
    if record is None:
        return None
    return ReportDetail(
        row=_row(record), victim_name=record.victim_name, phone=record.phone, phone_given=record.phone_given,
        identity=record.identity, narrative=record.narrative, secrets_shared=tuple(record.secrets_shared),
        warnings=tuple(record.warnings),
        transfers=tuple(TransferRecord.objects.visible_to(actor).filter(report=record).order_by("id")),
        contacts=tuple(ContactRecord.objects.visible_to(actor).filter(report=record).order_by("id")),
        additions=tuple(
            Addition(one.at, one.taken_by is not None, _lines(one.said))
            for one in AdditionRecord.objects.visible_to(actor).filter(report=record).order_by("at", "id")
        ),
    )  # fmt: skip


def _lines(said: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    lines = []
    for name, value in said.items():
        if name == "channel":
            continue
        for one in value if isinstance(value, list) else [value]:
            parts = (
                one.values() if isinstance(one, dict) else one if isinstance(one, list) else [one]
            )
            lines.append(
                (name, " · ".join(str(part) for part in parts if part and part != "UNKNOWN"))
            )
    return tuple(lines)


def of_case(actor: Actor, case_code: str) -> list[ReportRow]:
    """The reports of one case that the actor may see, oldest first."""
    rows = (
        ReportRecord.objects.visible_to(actor)
        .filter(case_code=case_code)
        .order_by("received_at", "id")
    )
    return [_row(record) for record in rows]


def people_of_case(actor: Actor, case_code: str) -> list[tuple[str, str]]:
    """Name and telephone of who reports in a case, oldest report first; whoever gave neither is left out."""
    rows = ReportRecord.objects.visible_to(actor).filter(case_code=case_code)
    said = rows.order_by("received_at", "id").values_list("victim_name", "phone")
    return [(name, phone) for name, phone in said if name or phone]


def _row(record: ReportRecord) -> ReportRow:
    return ReportRow(
        record.id, record.received_at, record.channel, record.unit, record.scam_type, record.reported, record.held,
        record.state, record.withheld, record.case_code, record.verify_ends_at,
    )  # fmt: skip
