"""The victim's own door: a report by its code and the last four digits of its telephone. Tries are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.verbs import verb
from lachan.evidence import services as evidence
from lachan.evidence.services import Place
from lachan.kernel.events import Event
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.reports.errors import NotFollowed, RateLimited
from lachan.reports.models import ReportRecord
from lachan.reports.rules import receipt_notice_due
from lachan.reports.tries import hashed, note_wrong, plain_code, wait

ADDING = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FollowView:
    """What a victim may see: state, unit, next date, the own sums. Amounts in đồng."""

    state: str
    unit: str
    received_at: datetime
    verify_ends_at: datetime
    contained_at: datetime | None
    first_ask_at: datetime | None
    withheld: str
    reported: int
    held: int
    moved_on: int
    withdrawn: int
    unresolved: int
    returned: int
    own: UUID | None = None
    adds_to: UUID | None = None  # the report, while it may be added to by its code
    unit_phone: str = ""
    notice_due_at: datetime | None = None  # the written notice of receipt, while it is ahead
    receipt: Place | None = None  # its entry of the evidence log


@verb("report.follow", public=True)
def _try_follow(
    *, actor: Actor, code: str, last4: str, address: str, clock: Clock
) -> tuple[FollowView | int | None, Sequence[Event]]:
    """The view, or minutes to wait, or None. Tries are remembered whatever comes out."""
    now, plain = clock.now(), plain_code(code)
    minutes = wait(address, plain, now)
    if minutes:
        return minutes, ()
    report = (
        ReportRecord.objects.unscoped(reason="followed by its code")
        .filter(
            code_hash=hashed("report-code", plain), pin_hash=hashed("report-pin", last4.strip())
        )
        .first()
    )
    if report is None:
        note_wrong(address, plain, now)
        return None, ()
    return follow_view(report, now), ()


def follow(*, actor: Actor, code: str, last4: str, address: str, clock: Clock) -> FollowView:
    """A report by its code and the last four digits of its telephone (or the PIN). Raises: NotFollowed, RateLimited."""
    found = _try_follow(actor=actor, code=code, last4=last4, address=address, clock=clock)
    if isinstance(found, int):
        raise RateLimited(minutes=found)
    if found is None:
        raise NotFollowed(field="code")
    return found


@verb("report.own", public=True)
def own_view(*, actor: Actor, report_id: UUID, clock: Clock) -> tuple[FollowView, Sequence[Event]]:
    """The report that this session has just sent or opened: no code is tried, so no try is counted."""
    rows = ReportRecord.objects.unscoped(reason="the reporter's own session")
    return follow_view(rows.get(pk=report_id), clock.now()), ()


def follow_view(report: ReportRecord, now: datetime) -> FollowView:
    """The victim's own figures and dates."""
    due = receipt_notice_due(report.received_at)
    return FollowView(
        state=report.state, unit=members.unit_title(report.unit), received_at=report.received_at,
        verify_ends_at=report.verify_ends_at, contained_at=report.contained_at, first_ask_at=report.first_ask_at,
        withheld=report.withheld, reported=report.reported, held=report.held, moved_on=report.moved_on,
        withdrawn=report.withdrawn, unresolved=report.unresolved, returned=report.returned,
        own=report.id, adds_to=report.id if now - report.received_at <= ADDING else None,
        unit_phone=members.unit_phone(report.unit), notice_due_at=due if now < due else None,
        receipt=evidence.place(report.entry),
    )  # fmt: skip
