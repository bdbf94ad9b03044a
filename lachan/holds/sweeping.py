"""What falls due: ends of leases, stale sheets, silence, notices, reviews that nobody decided.

Each row is one transaction of its own and safe to repeat. A stopped sweep prolongs nothing: an end is
counted whenever a row is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from lachan.access.steps import step
from lachan.cases import services as cases
from lachan.exchange import services as exchange
from lachan.holds import following, reviewing
from lachan.holds.models import HoldRecord, PauseRecord, ReviewRecord, SheetRecord
from lachan.holds.rules import orders, pauses, renewals, reviews
from lachan.holds.rules.orders import SILENCE
from lachan.holds.rules.values import BINDING, LIVE_PAUSE, WAITING, HoldState, PauseState
from lachan.kernel.events import Event
from lachan.kernel.time import Clock

_SELF = "the clock acts for no person"
LIMIT = 500


def sweep(*, clock: Clock) -> int:
    """Everything that is due now; answers how many rows moved. Called every 5 s by the clock process."""
    now = clock.now()
    moved = 0
    for pk in _ids(HoldRecord, state__in=BINDING, expires_at__lte=now):
        moved += end_hold(hold_id=pk, now=now)
    for pk in _ids(PauseRecord, state__in=LIVE_PAUSE, until__lte=now):
        moved += end_pause(pause_id=pk, now=now)
    for pk in _ids(
        HoldRecord, state__in=WAITING, sent_at__lte=now - SILENCE[0], silence__lt=len(SILENCE) - 1
    ):
        moved += silent_hold(hold_id=pk, now=now)
    quiet = [PauseState.REQUESTED, PauseState.SILENT]
    for pk in _ids(
        PauseRecord,
        state__in=quiet,
        requested_at__lte=now - SILENCE[0],
        silence__lt=len(SILENCE) - 1,
    ):
        moved += silent_pause(pause_id=pk, now=now)
    for pk in _ids(SheetRecord, state__in=["PROPOSED", "SIGNED_1"], due_at__lte=now):
        moved += stale_sheet(sheet_id=pk, now=now)
    for pk in _ids(ReviewRecord, state__in=reviews.OPEN, default_at__lte=now):
        moved += decide_by_silence(review_id=pk, now=now)
    for pk in _ids(HoldRecord, state="EFFECTIVE", notice_state="DUE"):
        moved += send_notice(instrument_id=pk, now=now)
    for pk in _ids(PauseRecord, state="EFFECTIVE", notice_state="DUE"):
        moved += send_notice(instrument_id=pk, now=now)
    for pk in _ids(HoldRecord, state="EFFECTIVE"):
        moved += warn_of_last_lease(hold_id=pk, now=now)
    return moved


@step
def end_hold(*, hold_id: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """Write a lapse down; the institution releases by its own clock."""
    record = HoldRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=hold_id)
    value, facts = orders.expire(record.value(), now=now)
    record.take(value)
    return int(bool(facts)), facts


@step
def end_pause(*, pause_id: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """Write a pause's lapse down."""
    record = PauseRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=pause_id)
    value, facts = pauses.lapse(record.value(), now=now)
    record.take(value)
    return int(bool(facts)), facts


@step
def silent_hold(*, hold_id: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """60 s alarm, 5 min L1, 20 min L2, 65 min L3."""
    record = HoldRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=hold_id)
    value, facts = orders.note_silence(record.value(), now=now)
    record.take(value)
    return int(bool(facts)), facts


@step
def silent_pause(*, pause_id: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """The same of a pause."""
    record = PauseRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=pause_id)
    value, facts = pauses.note_silence(record.value(), now=now)
    record.take(value)
    return int(bool(facts)), facts


@step
def stale_sheet(*, sheet_id: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """A sheet that nobody signed in time; its orders and drafts go with it."""
    sheet = SheetRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=sheet_id)
    if sheet.state not in {"PROPOSED", "SIGNED_1"}:
        return 0, ()
    facts: list[Event] = []
    for one in sheet.drafts:
        exchange.withdraw(UUID(one["draft"]))
    for hold in HoldRecord.objects.unscoped(reason=_SELF).select_for_update().filter(sheet=sheet):
        value, more = orders.expire(hold.value(), now=now)
        hold.take(value)
        facts += more
    sheet.state = "STALE"
    sheet.save()
    cases.set_waiting_sheet(sheet.case, None, 0)
    facts += cases.touch(sheet.case, "sheet", "STALE", at=now)
    return 1, facts


@step
def decide_by_silence(*, review_id: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """An identified holder waited long enough: released."""
    record = ReviewRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=review_id)
    value, facts = reviews.silence(record.value(), now=now)
    if not facts:
        return 0, ()
    return 1, [*facts, *reviewing.close(record, value, amount=None, now=now)]


@step
def send_notice(*, instrument_id: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """A notice that could not be written at its effect."""
    record = following.instrument(str(instrument_id))
    if record is None or record.notice_state != "DUE":
        return 0, ()
    following.send_notice(record, now=now)
    return int(record.notice_state == "SENT"), ()


@step
def warn_of_last_lease(*, hold_id: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """From 7 days before the last end that the rows allow, the board lists the sum with its exits."""
    record = HoldRecord.objects.unscoped(reason=_SELF).get(pk=hold_id)
    value = record.value()
    if value.state_at(now) is not HoldState.EFFECTIVE:
        return 0, ()
    if renewals.last_end(value) - now > renewals.LAST_LEASE_WARNING:
        return 0, ()
    cases.set_case_flag(record.case, "last_lease", on=True)
    return 0, ()


def _ids(model: type, **where: object) -> list[UUID]:
    rows = model.objects.unscoped(reason=_SELF).filter(**where)  # type: ignore[attr-defined] # records of this context
    return list(rows.order_by("pk").values_list("pk", flat=True)[:LIMIT])
