"""Reports: filed at a bank's desk or a police station, and read by the officers who may."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Router, Schema, Status
from pydantic import Field

from lachan.access.actors import Actor
from lachan.access.errors import NotVisible
from lachan.api.callers import Desk, Officer, caller
from lachan.api.errors import InputUnreadable
from lachan.api.shapes import REFUSALS, REFUSALS_OF_ONE, Line, plain
from lachan.kernel.time import clock_from_env
from lachan.reports import queries, services
from lachan.reports.queries import ReportRow
from lachan.reports.rules import MAX_NARRATIVE, Channel, TransferForm
from lachan.reports.services import FiledReport

router = Router(tags=["reports"])
Key = Annotated[
    str, Header(alias="Idempotency-Key", min_length=8, max_length=64, pattern=r"^[\x21-\x7e]+$")
]


class TransferGiven(Schema):
    """One payment as somebody typed it: `amount` as "1.200.000.000" or "1,2 tỷ", banks by their code."""

    rail: Literal["BANK", "WALLET", "CARD", "CASH", "CRYPTO", "GIFT_CARD"] = "BANK"
    from_bank: Line = ""
    from_account: Line = ""
    to_bank: Line = ""
    to_account: Line = ""
    amount: Line = ""
    at: Line = ""
    ref: Line = ""
    status: Literal["PENDING", "SETTLED", "UNKNOWN"] = "UNKNOWN"
    payee: Line = ""


class ContactGiven(Schema):
    """How the fraudster was met."""

    kind: Literal["PHONE", "URL", "DOMAIN", "HANDLE"]
    value: Line


class ReportGiven(Schema):
    """A report: any word or number makes one; what cannot be read is kept and marked."""

    channel: Literal["BANK_DESK", "POLICE"]
    transfers: Annotated[tuple[TransferGiven, ...], Field(max_length=20)] = ()
    contacts: Annotated[tuple[ContactGiven, ...], Field(max_length=20)] = ()
    phone: Line = ""
    victim_name: Line = ""
    citizen_id: Line = ""
    province: Line = ""
    scam_type: Annotated[str, Field(pattern=r"^[A-Z_]{1,30}$")] = "UNKNOWN"
    narrative: Annotated[str, plain(MAX_NARRATIVE)] = ""
    receipt_book: Line = ""


class Reports(Schema):
    """One page; `after` is the cursor of the next, "" when there is none."""

    rows: list[ReportRow]
    after: str


@router.post(
    "/reports",
    response={201: FiledReport, 200: FiledReport, **REFUSALS},
    auth=[Desk(), Officer("report.file")],
)
def file(request: HttpRequest, key: Key, given: ReportGiven) -> Status[FiledReport]:
    """File a report. 201 shows its code, once; the same key again answers 200 with the same report and no code."""
    actor = caller(request)
    if not actor.is_officer and given.channel != Channel.BANK_DESK:
        raise InputUnreadable(field="channel", where="channel", why="a desk files BANK_DESK")
    form = services.ReportForm(
        key=f"api:{_owner(actor)}:{key}",
        channel=Channel(given.channel),
        transfers=tuple(TransferForm(**one.dict()) for one in given.transfers),
        contacts=tuple((one.kind, one.value) for one in given.contacts),
        **given.dict(exclude={"channel", "transfers", "contacts"}),
    )
    filed = services.file_report(actor=actor, form=form, clock=clock_from_env())
    return Status(201 if filed.code else 200, filed)


@router.get("/reports", response={200: Reports, **REFUSALS}, auth=Officer("report.read"))
def reports(request: HttpRequest, after: str = "") -> Reports:
    """Newest first, fifty a page."""
    found = queries.listed(caller(request), after=after)
    return Reports.model_construct(rows=list(found.rows), after=found.after)


@router.get(
    "/reports/{report_id}",
    response={200: ReportRow, **REFUSALS_OF_ONE},
    auth=Officer("report.read"),
)
def report(request: HttpRequest, report_id: UUID) -> ReportRow:
    """One report: its state and figures."""
    found = queries.detail(caller(request), report_id)
    if found is None:
        raise NotVisible(what=str(report_id))
    return found.row


def _owner(actor: Actor) -> str:
    return actor.log_name
