"""The holder's door (đề nghị xem xét lại): look, ask, be identified; and who decides, within what time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.cases import services as cases
from lachan.holds import following, views
from lachan.holds.errors import OrderUnknown, ReviewUnknown, TextRequired, TooManyTries
from lachan.holds.models import HoldRecord, PauseRecord, ReviewAttempt, ReviewRecord
from lachan.holds.pausing import fifth_working_day
from lachan.holds.people import signer_of
from lachan.holds.rules import orders, pauses, reviews
from lachan.holds.rules.reviews import Outcome
from lachan.holds.rules.values import Reason
from lachan.kernel.codes import CodeUnreadable, read_code
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.ids import keyed_hash
from lachan.kernel.time import Clock
from lachan.members.roles import Role
from lachan.members.vault import secret

_DOOR = "the holder's own door: code and digits are the key"
PER_ADDRESS = (10, timedelta(hours=1))
PER_CODE = (5, timedelta(minutes=15))
MAX_TEXT = 5_000
DECIDERS = frozenset({Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.PROCURATOR, Role.LEGAL_OFFICER})
DESKS = frozenset(
    {Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER, Role.CITIZEN_OFFICE}
)
REVIEWING = frozenset({Purpose.GLD, Purpose.INV})


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """What a holder writes."""

    text: str
    contact: str = ""
    identified_by: str = ""  # VNEID, BRANCH, POLICE, LOGIN; only set by who has proved it


def follow_review(
    *, actor: Actor, code: str, last4: str, clock: Clock, address: str = ""
) -> views.ReviewPublic:
    """What the code and four digits open. Raises: ReviewUnknown (alike for both), TooManyTries."""
    view = look(actor=actor, code=code, last4=last4, clock=clock, address=address)
    if view is None:  # raised out here, so that the try stays counted
        raise ReviewUnknown(field="code")
    return view


@verb(
    "review.follow",
    public=True,
    system=True,
    roles=Role,
    title=Text(vi="Xem việc giữ tiền của mình", en="See one's own hold"),
)
def look(
    *, actor: Actor, code: str, last4: str, clock: Clock, address: str = ""
) -> tuple[views.ReviewPublic | None, Sequence[Event]]:
    """One counted try at the holder's door; None when code and digits open nothing."""
    _ = actor
    now = clock.now()
    _count(address, code, now)
    try:
        record, review = _door(code, last4)
    except ReviewUnknown:
        return None, ()
    return views.public_view(record, review, now), ()


@verb(
    "review.file",
    public=True,
    system=True,
    roles=DESKS,
    title=Text(vi="Đề nghị xem xét lại", en="Ask for review"),
)
def file_review(
    *, actor: Actor, code: str, last4: str, form: ReviewForm, clock: Clock
) -> tuple[views.ReviewPublic, Sequence[Event]]:
    """File a review; free, never refused. A second one adds to the first. Raises: ReviewUnknown, TextRequired."""
    now = clock.now()
    record, before = _door(code, last4)
    if not form.text.strip():
        raise TextRequired(field="text")
    if before is not None and before.state in reviews.OPEN:
        before.text = f"{before.text}\n\n{form.text.strip()}"[:MAX_TEXT]
        before.save()
        return views.public_view(record, before, now), ()
    persons, unit = _involved(record)
    identified = bool(form.identified_by) and actor.is_officer
    value, facts = reviews.file(
        id="", code=record.review_code, hold=str(record.pk), fast=following.fast_lane(record),
        persons=persons, unit_of_signer_1=unit, identified=identified,
        fifth_working_day=fifth_working_day(now), now=now,
    )  # fmt: skip
    review = ReviewRecord(
        code=record.review_code, instrument=record.pk, instrument_kind=following.kind_of(record),
        case=record.case, account=record.account, agency=record.agency, amount=record.held or record.amount,
        text=form.text.strip()[:MAX_TEXT], contact=form.contact.strip()[:120], fast=value.fast,
        persons=sorted(persons), unit_of_signer_1=unit, filed_at=now, decide_by=value.decide_by,
        extended_by=value.extended_by, identified_how=form.identified_by if identified else "",
    )  # fmt: skip
    review.take(reviews.acknowledge(value))
    cases.set_case_flag(record.case, "review", on=True)
    more = cases.touch(record.case, "review", "FILED", at=now, field=f"···{record.account[-4:]}")
    return views.public_view(record, review, now), [*facts, *more]


@verb(
    "review.identify",
    roles=DESKS,
    system=True,
    purposes=REVIEWING,
    title=Text(vi="Xác định chủ tài khoản", en="Identify the holder"),
)
def identify_holder(
    *, actor: Actor, review_id: UUID, by: str, clock: Clock
) -> tuple[ReviewRecord, Sequence[Event]]:
    """The holder has proved who he is (BRANCH, POLICE, VNEID, LOGIN): the default's instant is fixed."""
    review, now = _review(actor, review_id), clock.now()
    review.identified_how = review.identified_how or by[:20]
    review.take(reviews.identify(review.value(), now=now))
    return review, cases.touch(review.case, "review", "IDENTIFIED", at=now, actor=actor, field=by)


@verb(
    "review.extend",
    roles=DECIDERS,
    purposes=REVIEWING,
    title=Text(vi="Kéo dài thời hạn xem xét", en="Extend a review"),
)
def extend_review(
    *, actor: Actor, review_id: UUID, reason: str, clock: Clock
) -> tuple[ReviewRecord, Sequence[Event]]:
    """Answer by the instant fixed at filing; once. Raises: ReviewExtended, ReasonRequired, StateForbids."""
    review, now = _review(actor, review_id), clock.now()
    review.take(reviews.extend(review.value(), reason=reason))
    return review, cases.touch(
        review.case, "review", "EXTENDED", at=now, actor=actor, reason=reason
    )


@verb(
    "review.decide",
    roles=DECIDERS,
    purposes=REVIEWING,
    title=Text(vi="Quyết định xem xét lại", en="Decide a review"),
)
def decide_review(
    *,
    actor: Actor,
    review_id: UUID,
    decision: str,
    reason: str,
    clock: Clock,
    amount: int | None = None,
) -> tuple[ReviewRecord, Sequence[Event]]:
    """UPHELD, REDUCED (by `amount`) or RELEASED. Raises: DeciderInvolved, ReasonRequired, StateForbids."""
    review, now = _review(actor, review_id), clock.now()
    outcome = Outcome(decision.upper()) if decision.upper() in set(Outcome) else Outcome.UPHELD
    if outcome is Outcome.REDUCED and not amount:
        raise TextRequired(field="amount")
    value, facts = reviews.decide(
        review.value(), signer_of(actor), outcome=outcome, reason=reason, now=now
    )
    review.decided_by, review.reason = actor.name, reason.strip()
    return review, [*facts, *close(review, value, amount=amount, now=now, actor=actor)]


def close(
    review: ReviewRecord,
    value: reviews.Review,
    *,
    amount: int | None,
    now: datetime,
    actor: Actor | None = None,
) -> list[Event]:
    """Write a decision down and let the money go that it frees; never later than in this transaction."""
    record = following.instrument(str(review.instrument))
    facts: list[Event] = []
    if record is not None and value.outcome in {Outcome.RELEASED, Outcome.REDUCED}:
        before = record.held
        part = amount if value.outcome is Outcome.REDUCED else None
        facts += let_go(
            record, amount=part, reason=Reason.APPEAL, source=f"review:{review.pk}", now=now
        )
        review.released = before - record.held
    review.take(value)
    open_left = (
        ReviewRecord.objects.unscoped(reason=_DOOR)
        .filter(case=review.case, state__in=reviews.OPEN)
        .exists()
    )
    cases.set_case_flag(review.case, "review", on=open_left)
    what = f"{value.outcome}{' (default)' if value.by_default else ''}"
    facts += cases.touch(review.case, "review", what, at=now, actor=actor, reason=review.reason)
    return facts


def let_go(
    record: HoldRecord | PauseRecord,
    *,
    amount: int | None,
    reason: Reason,
    source: str,
    now: datetime,
) -> list[Event]:
    """Release all or a part of an instrument, whatever it is."""
    if isinstance(record, HoldRecord):
        value, facts = orders.release(
            record.value(), reason=reason, source=source, now=now, amount=amount
        )
        record.take(value)
        return list(facts)
    paused = record.value()
    gone, more = (
        pauses.release(paused, source=source, now=now)
        if amount is None
        else pauses.reduce(paused, amount=amount, source=source, now=now)
    )
    record.take(gone)
    return list(more)


@verb(
    "hold.release",
    roles=frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER}),
    purposes=REVIEWING,
    title=Text(vi="Giải tỏa", en="Release"),
)
def propose_release(
    *,
    actor: Actor,
    hold_id: UUID,
    reason: str,
    clock: Clock,
    amount: int | None = None,
    ground: str = "CANCEL",
) -> tuple[views.HoldLine, Sequence[Event]]:
    """Let money go before its end. One person suffices and nothing waits: it only helps the holder."""
    now = clock.now()
    record = following.instrument(str(hold_id))
    if record is None or record.agency != actor.agency:
        raise OrderUnknown
    cases.visible(actor, record.case)
    facts = let_go(
        record, amount=amount, reason=Reason(ground), source=f"release:{now.isoformat()}", now=now
    )
    facts += cases.touch(record.case, "hold", "RELEASE", at=now, actor=actor, reason=reason)
    return views.hold_line(record, now), facts


def _review(actor: Actor, review_id: UUID) -> ReviewRecord:
    review = ReviewRecord.objects.visible_to(actor).select_for_update().filter(pk=review_id).first()
    if review is None:
        raise OrderUnknown
    return review


def _door(code: str, last4: str) -> tuple[HoldRecord | PauseRecord, ReviewRecord | None]:
    try:
        plain = read_code(code)
    except CodeUnreadable as cause:
        raise ReviewUnknown(field="code") from cause
    for model in (HoldRecord, PauseRecord):
        record = model.objects.unscoped(reason=_DOOR).filter(review_code=plain).first()
        if record is not None and last4.strip() == record.account[-4:]:
            rows = ReviewRecord.objects.unscoped(reason=_DOOR).filter(instrument=record.pk)
            return record, rows.order_by("-filed_at", "-id").first()
    raise ReviewUnknown(field="code")


def _involved(record: HoldRecord | PauseRecord) -> tuple[frozenset[str], str]:
    """Everybody who had a part in it, and the first signer's unit."""
    if isinstance(record, PauseRecord):
        return frozenset(), ""
    value = record.value()
    return value.persons, value.signatures[0].unit if value.signatures else ""


def _count(address: str, code: str, now: datetime) -> None:
    """Tries are counted whatever comes of them; ten an hour from one address, five for one code."""
    rows = ReviewAttempt.objects.unscoped(reason=_DOOR)
    rows.filter(at__lt=now - timedelta(days=1)).delete()
    for kind, text, (most, within) in (
        ("address", address, PER_ADDRESS),
        ("code", code.strip().upper(), PER_CODE),
    ):
        if not text:
            continue
        key = keyed_hash(secret("review-tries"), kind, text)
        if rows.filter(key=key, at__gt=now - within).count() >= most:
            raise TooManyTries(minutes=int(within.total_seconds() // 60))
        ReviewAttempt.objects.create(key=key, at=now)
