"""What falls due: ends of leases, stale sheets, silence, notices, reviews that nobody decided.

Each row is one transaction of its own and safe to repeat. A stopped sweep prolongs nothing: an end is
counted whenever a row is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from lachan.access.steps import step
from lachan.cases import services as cases
from lachan.exchange import services as exchange
from lachan.holds import following, reviewing
from lachan.holds.models import HoldRecord, PauseRecord, ReviewRecord, SheetRecord
from lachan.holds.rules import orders, pauses, renewals, reviews
from lachan.holds.rules.orders import SILENCE
from lachan.holds.rules.values import (
    BINDING,
    LIVE_PAUSE,
    WAITING,
    HoldState,
    PauseState,
    Reason,
)
from lachan.kernel.events import Event
from lachan.kernel.time import Clock

_SELF = "the clock acts for no person"
LIMIT = 500
EXCESS_WAITS = timedelta(hours=4)  # §3.2: unsigned for 4 h, the excess releases itself


def sweep(*, clock: Clock) -> int:
    """Everything that is due now; answers how many rows moved. Called every 5 s by the clock process."""
    now = clock.now()
    quiet_since, not_told = now - SILENCE[0], len(SILENCE) - 1
    ending = now - renewals.WHOLE_LEASE + renewals.LAST_LEASE_WARNING
    asked = [PauseState.REQUESTED, PauseState.SILENT]
    due: tuple[tuple[Callable[..., int], list[UUID]], ...] = (
        (end_hold, _ids(HoldRecord, state__in=BINDING, expires_at__lte=now)),
        (end_pause, _ids(PauseRecord, state__in=LIVE_PAUSE, until__lte=now)),
        (
            silent_hold,
            _ids(HoldRecord, state__in=WAITING, sent_at__lte=quiet_since, silence__lt=not_told),
        ),
        (
            silent_pause,
            _ids(PauseRecord, state__in=asked, requested_at__lte=quiet_since, silence__lt=not_told),
        ),
        (stale_sheet, _ids(SheetRecord, state__in=["PROPOSED", "SIGNED_1"], due_at__lte=now)),
        (decide_by_silence, _ids(ReviewRecord, state__in=reviews.OPEN, default_at__lte=now)),
        (send_notice, _ids(HoldRecord, state="EFFECTIVE", notice_state="DUE")),
        (send_notice, _ids(PauseRecord, state="EFFECTIVE", notice_state="DUE")),
        (warn_of_last_lease, _ids(HoldRecord, state="EFFECTIVE", drafted_at__lte=ending)),
        (let_excess_go, _with_excess()),
    )
    return sum(act(pk=pk, now=now) for act, found in due for pk in found)


@step
def end_hold(*, pk: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """Write a lapse down; the institution releases by its own clock."""
    record = HoldRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=pk)
    value, facts = orders.expire(record.value(), now=now)
    record.take(value)
    return int(bool(facts)), facts


@step
def end_pause(*, pk: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """Write a pause's lapse down."""
    record = PauseRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=pk)
    value, facts = pauses.lapse(record.value(), now=now)
    record.take(value)
    return int(bool(facts)), facts


@step
def silent_hold(*, pk: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """60 s alarm, 5 min L1, 20 min L2, 65 min L3."""
    record = HoldRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=pk)
    value, facts = orders.note_silence(record.value(), now=now)
    record.take(value)
    return int(bool(facts)), facts


@step
def silent_pause(*, pk: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """The same of a pause."""
    record = PauseRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=pk)
    value, facts = pauses.note_silence(record.value(), now=now)
    record.take(value)
    return int(bool(facts)), facts


@step
def stale_sheet(*, pk: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """A sheet that nobody signed in time; its orders and drafts go with it."""
    sheet = SheetRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=pk)
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
    facts += cases.set_waiting_sheet(sheet.case, None, 0, at=now)
    facts += cases.touch(sheet.case, "sheet", "STALE", at=now)
    return 1, facts


@step
def decide_by_silence(*, pk: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """An identified holder waited long enough: released."""
    record = ReviewRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=pk)
    value, facts = reviews.silence(record.value(), now=now)
    if not facts:
        return 0, ()
    return 1, [*facts, *reviewing.close(record, value, amount=None, now=now)]


@step
def send_notice(*, pk: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """A notice that could not be written at its effect."""
    record = following.instrument(str(pk))
    if record is None or record.notice_state != "DUE":
        return 0, ()
    following.send_notice(record, now=now)
    return int(record.notice_state == "SENT"), ()


@step
def warn_of_last_lease(*, pk: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """From 7 days before the last end that the rows allow, the board lists the sum with its exits."""
    record = HoldRecord.objects.unscoped(reason=_SELF).get(pk=pk)
    value = record.value()
    live = value.state_at(now) is HoldState.EFFECTIVE
    if not live or value.drafted_at + renewals.WHOLE_LEASE - now > renewals.LAST_LEASE_WARNING:
        return 0, ()
    cases.set_case_flag(record.case, "last_lease", on=True)
    return 0, ()


@step
def let_excess_go(*, pk: UUID, now: datetime) -> tuple[int, Iterable[Event]]:
    """A re-trace found less than is held: a person is called at once; after 4 h the excess releases itself."""
    record = HoldRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=pk)
    held = record.value().held_at(now)
    if not held:
        return 0, ()
    taint = cases.taints({record.account}).get((record.case, record.account), 0)
    if taint >= held:
        if record.fell_at is not None:
            record.fell_at = None
            record.save()
        return 0, ()
    if record.fell_at is None:
        record.fell_at = now
        record.save()
        cases.set_case_flag(record.case, "needs_person", on=True)
        return 1, cases.touch(record.case, "hold", f"TAINT_FELL {held} {taint}", at=now)
    if now - record.fell_at < EXCESS_WAITS:
        return 0, ()
    record.fell_at = None
    facts = reviewing.let_go(
        record,
        amount=held - taint,
        reason=Reason.TAINT_FELL,
        source=f"fell:{now.isoformat()}",
        now=now,
    )
    return 1, facts


def _with_excess() -> list[UUID]:
    """Effective holds on which less is traced than is held, or was; read without a lock."""
    rows = HoldRecord.objects.unscoped(reason=_SELF).filter(state="EFFECTIVE")
    found = list(rows.values_list("pk", "case", "account", "held", "fell_at"))
    taints = cases.taints({account for _, _, account, _, _ in found})
    return [
        pk
        for pk, case, account, held, fell_at in found
        if fell_at is not None or taints.get((case, account), 0) < held
    ]


def _ids(model: type, **where: object) -> list[UUID]:
    rows = model.objects.unscoped(reason=_SELF).filter(**where)  # type: ignore[attr-defined] # records of this context
    return list(rows.order_by("pk").values_list("pk", flat=True)[:LIMIT])
