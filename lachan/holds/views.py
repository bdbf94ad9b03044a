"""What pages read of holds: frozen values, codes in lower case, money in đồng."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lachan.cases.names import shown_name
from lachan.exchange import catalogue
from lachan.exchange.forms.showing import Shown
from lachan.holds import following, notices
from lachan.holds.bodies import STOP_WORDS
from lachan.holds.models import HoldRecord, PauseRecord, ReviewRecord, SheetRecord
from lachan.holds.rules.values import HoldState
from lachan.kernel.accounts import AccountRef
from lachan.kernel.errors import LachanError, Text


@dataclass(frozen=True, slots=True)
class Mandate:
    """A row of the catalogue as a signer reads it."""

    code: str
    title: Text
    article: str
    verified: bool
    adopted: bool
    stage: str


@dataclass(frozen=True, slots=True)
class Order:
    """One order of a sheet."""

    id: UUID | None
    account: str
    ref: str
    institution_name: str
    holder_kind: str
    amount: int
    taint: int
    taint_min: int
    taint_max: int
    balance: int | None
    w: int
    innocent: int
    confidence: int
    living_money: int | None
    never_block: str
    never_block_at: datetime | None
    expires_at: datetime | None
    lease_seconds: int
    notice: Text | str
    words: Text | str
    state: str
    reasons: tuple[str, ...] = ()
    tick: bool = False
    question: tuple[Shown, ...] = ()  # of a request: what is asked, field by field


@dataclass(frozen=True, slots=True)
class SignedBy:
    """One person's signature."""

    person: str
    role: str
    unit: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet in a list."""

    id: UUID
    case_code: str
    kind: str
    orders: int
    amount: int
    state: str
    signatures: int
    required: int
    due_at: datetime
    by: str
    colour: str


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A pause or hold in a case."""

    id: UUID
    instrument: str
    account: str
    institution_name: str
    state: str
    outcome: str
    amount: int
    effect: int
    effective_at: datetime | None
    expires_at: datetime | None
    notice_at: datetime | None
    notice_state: str
    notice_code: str
    sheet_id: UUID | None
    conversation: UUID | None
    refused: str
    carved: int
    renewals: int
    silence: int


@dataclass(frozen=True, slots=True)
class ReviewPublic:
    """What a holder sees behind his own door."""

    code: str
    state: str
    instrument: str
    amount: int
    authority: str
    mandate: str | Text
    words: str | Text
    filed_at: datetime | None
    due_at: datetime | None
    expires_at: datetime | None
    decided_at: datetime | None
    decision: str
    reason: str
    released: int
    identified: bool


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review in the officers' list."""

    id: UUID
    code: str
    case_code: str
    institution_name: str
    account: str
    amount: int
    filed_at: datetime
    due_at: datetime
    identified: bool
    state: str
    lane: str
    may_decide: bool
    why_not: str | Text


@dataclass(frozen=True, slots=True)
class ReviewView(ReviewLine):
    """One review beside its order."""

    text: str
    contact: str
    order_words: str | Text
    mandates: tuple[Mandate, ...]
    taint: int
    history: tuple[Any, ...]
    default_at: datetime | None
    decision: str
    reason: str


def mandate(code: str, stage: str) -> Mandate:
    """A catalogue row; an unknown one shows its code."""
    row = catalogue.row(code)
    return Mandate(
        code, Text(vi=row.title_vi, en=row.title_en), f"{row.instrument}, {row.article}",
        row.verified, row.adopted_at is not None, stage,
    )  # fmt: skip


def masked(account: str) -> str:
    """`···6789`."""
    try:
        return AccountRef.parse(account).masked()
    except LachanError:
        return f"···{account[-4:]}"


def hold_line(record: HoldRecord | PauseRecord, now: datetime) -> HoldLine:
    """A record as a line, its lapse counted."""
    hold = record if isinstance(record, HoldRecord) else None
    return HoldLine(
        id=record.pk,
        instrument=following.kind_of(record),
        account=masked(record.account),
        institution_name=shown_name(record.institution),
        state=str(record.state_at(now)).lower(),
        outcome=record.extent.lower(),
        amount=record.amount,
        effect=record.held_at(now),
        effective_at=record.effective_at,
        expires_at=following.end_of(record),
        notice_at=record.notice_at,
        notice_state=record.notice_state.lower(),
        notice_code=record.review_code,
        sheet_id=None if hold is None else hold.sheet_id,
        conversation=record.conversation,
        refused=record.refused or ("" if hold is None else hold.ended.lower()),
        carved=record.carved,
        renewals=0 if hold is None else len(hold.renewals),
        silence=record.silence,
    )


def lines_of_case(case: str, now: datetime) -> tuple[HoldLine, ...]:
    """The case's pauses and holds that ever left or wait to, oldest first."""
    why = "the lines of a case that the caller may see"
    pauses = list(
        PauseRecord.objects.unscoped(reason=why).filter(case=case).order_by("requested_at", "id")
    )
    holds = list(
        HoldRecord.objects.unscoped(reason=why)
        .filter(case=case)
        .exclude(state__in=[HoldState.WITHDRAWN, HoldState.STALE])
        .order_by("drafted_at", "id")
    )
    return (*(hold_line(one, now) for one in pauses), *(hold_line(one, now) for one in holds))


def sheet_line(sheet: SheetRecord, signatures: int) -> SheetLine:
    """A sheet as a line."""
    body = sheet.body
    return SheetLine(
        id=sheet.pk,
        case_code=sheet.case,
        kind=sheet.kind,
        orders=len(body.get("orders") or body.get("items") or [1]),
        amount=sheet.amount,
        state=sheet.state.lower(),
        signatures=signatures,
        required=len(sheet.required),
        due_at=sheet.due_at,
        by=sheet.proposer_name,
        colour=sheet.colour,
    )


def public_view(
    record: HoldRecord | PauseRecord, review: ReviewRecord | None, now: datetime
) -> ReviewPublic:
    """The order's own words to its holder; nobody else's name or account."""
    line = hold_line(record, now)
    words = notices.holder_text(
        instrument=line.instrument, agency=record.agency, codes=record.codes,
        amount=record.held or record.amount, since=record.effective_at or now,
        until=following.end_of(record), code=record.review_code, fast=following.fast_lane(record),
    )  # fmt: skip
    return ReviewPublic(
        code=record.review_code,
        state=line.state if review is None else review.state.lower(),
        instrument=line.instrument,
        amount=record.held or record.amount,
        authority=shown_name(record.agency),
        mandate=Text(vi=notices.articles(record.codes), en=notices.articles(record.codes, "en")),
        words=words,
        filed_at=None if review is None else review.filed_at,
        due_at=None if review is None else review.value().due_at,
        expires_at=following.end_of(record),
        decided_at=None if review is None else review.decided_at,
        decision="" if review is None else review.outcome.lower(),
        reason="" if review is None else review.reason,
        released=0 if review is None else review.released,
        identified=review is not None and review.identified_at is not None,
    )


def stop_text(stop: tuple[str, ...]) -> Text | str:
    """The sentence that stands where the sign button was."""
    if not stop:
        return ""
    words = [STOP_WORDS[one] for one in stop]
    return Text(vi="; ".join(one for one, _ in words), en="; ".join(two for _, two in words))
