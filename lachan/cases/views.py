"""What pages read of a case: frozen values, codes in lower case, money in đồng."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lachan.cases.models import AskRecord, BoardRowRecord, CaseRecord, TimelineRecord
from lachan.cases.names import shown_name
from lachan.cases.services import who_can_see
from lachan.cases.standing import Standing
from lachan.kernel.accounts import AccountRef
from lachan.kernel.errors import LachanError, Text

_SELF = "parts of a case that the caller may see"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An institution that has not answered yet."""

    member: str
    name: str
    kind: str
    due_at: datetime | None
    late: bool
    level: int
    conversation: UUID | None = None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One case on the board."""

    code: str
    transferred_at: datetime | None
    reported: int
    held: int
    moved_on: int
    withdrawn: int
    unresolved: int
    reachable: int
    loss_per_minute: int
    hops: int
    waiting: int
    slowest: Waiting | None
    signatures_missing: int
    next_due_at: datetime | None
    next_act: str
    flags: tuple[str, ...]
    taken_by: str
    mine: bool
    sheet_id: UUID | None
    paused: int


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board; `after` is the cursor of the next, "" when there is none."""

    version: int
    as_of: datetime
    rows: tuple[BoardRow, ...]
    after: str
    open_cases: int
    reachable: int
    held: int
    no_shift: bool


@dataclass(frozen=True, slots=True)
class CaseList:
    """Cases found, in the order of `sort`; `after` is the cursor of the next page, "" when there is none."""

    rows: tuple[BoardRow, ...]
    sort: str
    after: str


@dataclass(frozen=True, slots=True)
class SumsView:
    """The five figures, with what of `held` is only paused, and what was given back."""

    reported: int
    held: int
    moved_on: int
    withdrawn: int
    unresolved: int
    paused: int
    returned: int


@dataclass(frozen=True, slots=True)
class Leg:
    """One account that the money reached."""

    id: int
    institution: str
    institution_name: str
    account: str
    ref: str
    holder: str
    layer: int
    state: str
    received: int
    held: int
    moved_on: int
    withdrawn: int
    unresolved: int
    at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the case, and from where that is known."""

    role: str
    name: str
    phone: str
    account: str
    source: str


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of the timeline."""

    seq: int
    at: datetime
    kind: str
    actor: str
    unit: str
    what: str
    reason: str = ""
    log_index: int | None = None


@dataclass(frozen=True, slots=True)
class WhoCanSee:
    """The units that may see a thing, and how many officers."""

    units: tuple[str, ...]
    officers: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case in full."""

    code: str
    procedure: str
    money: str
    opened_at: datetime
    transferred_at: datetime | None
    unit: str
    taken_by: str
    mine: bool
    scam_type: str
    sums: SumsView
    legs: tuple[Leg, ...]
    holds: tuple[Any, ...]
    reports: tuple[Any, ...]
    people: tuple[Person, ...]
    messages: tuple[Any, ...]
    timeline: tuple[TimelineLine, ...]
    evidence: tuple[Any, ...]
    waiting: tuple[Waiting, ...]
    flags: tuple[str, ...]
    sheets: tuple[Any, ...]
    who: WhoCanSee
    as_of: datetime
    may: frozenset[str]
    not_sent: tuple[tuple[str, str], ...]
    requests: tuple[str, ...]
    indicators: tuple[tuple[str, str, str], ...]
    method: str
    verify_ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One account of the plan; `left_out` is a code, "" when it is in."""

    ref: str
    account: str
    institution_name: str
    holder_kind: str
    layer: int
    taint: int
    taint_min: int
    taint_max: int
    balance: int | None
    amount: int
    w: int
    innocent: int
    recover: int
    confidence: int
    never_block: str
    left_out: str
    colour: str
    already: str
    reasons: tuple[str, ...]
    said: str = ""
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan and its forecast. All weights are invented (`calibrated` is false until outcomes exist)."""

    colour: str
    amount: int
    innocent: int
    share_bp: int
    stop: str | Text
    rows: tuple[PlanRow, ...]
    left_out: tuple[PlanRow, ...]
    forecast_version: str
    calibrated: bool
    verified: bool


@dataclass(frozen=True, slots=True)
class FlowTransfer:
    """One tainted transfer, as the table beside the picture shows it."""

    at: datetime
    from_account: str
    from_institution: str
    to_account: str
    to_institution: str
    amount: int
    tainted: int
    from_ref: str
    to_ref: str
    kind: str


@dataclass(frozen=True, slots=True)
class FlowNode:
    """One account of the picture."""

    ref: str
    account: str
    institution_name: str
    holder: str
    layer: int
    tainted: int
    left: int
    state: str


@dataclass(frozen=True, slots=True)
class MethodFigures:
    """What one method says of the whole case."""

    method: str
    kept: int
    withdrawn: int
    unresolved: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Picture, table and plan under one method."""

    code: str
    method: str
    methods: tuple[MethodFigures, ...]
    as_of: datetime
    svg: str
    transfers: tuple[FlowTransfer, ...]
    nodes: tuple[FlowNode, ...]
    plan: PlanView
    changed: str | Text
    unanswered: tuple[Waiting, ...]
    sums: SumsView
    version: int
    settled: bool


def masked(account: str) -> str:
    """`···6789`."""
    try:
        return AccountRef.parse(account).masked()
    except LachanError:
        return f"···{account[-4:]}"


def board_row(row: BoardRowRecord, officer: UUID | None) -> BoardRow:
    """The record as the page reads it."""
    slow = row.slowest or {}
    return BoardRow(
        code=row.code,
        transferred_at=row.transferred_at,
        reported=row.reported,
        held=row.held,
        moved_on=row.moved_on,
        withdrawn=row.withdrawn,
        unresolved=row.unresolved,
        reachable=row.unresolved,
        loss_per_minute=row.loss_per_minute,
        hops=row.hops,
        waiting=row.waiting,
        slowest=_slowest(slow) if slow else None,
        signatures_missing=row.signatures_missing,
        next_due_at=row.next_due_at,
        next_act=row.next_act,
        flags=tuple(row.flags),
        taken_by=row.taken_name,
        mine=officer is not None and row.taken_by == officer,
        sheet_id=row.sheet,
        paused=row.paused,
    )


def _slowest(kept: dict[str, Any]) -> Waiting:
    due = kept.get("due_at")
    return Waiting(
        member=kept["member"],
        name=kept["name"],
        kind=kept["kind"],
        due_at=datetime.fromisoformat(due) if due else None,
        late=kept["late"],
        level=kept["level"],
    )


def waiting_of(case: CaseRecord) -> tuple[Waiting, ...]:
    """Institutions that have not answered this case, soonest deadline first."""
    rows = AskRecord.objects.unscoped(reason=_SELF).filter(case=case, state="WAITING")
    return tuple(
        Waiting(
            one.receiver, shown_name(one.receiver), one.kind, one.due_at, one.late, one.level,
            one.conversation,
        )
        for one in rows.order_by("due_at", "id")
    )  # fmt: skip


def waiting_in(standing: Standing) -> tuple[Waiting, ...]:
    """The same out of how the case stands, when that has been read already."""
    return tuple(
        Waiting(
            one.member, shown_name(one.member), one.kind, one.due_at, one.late, one.level,
            UUID(one.conversation),
        )
        for one in standing.unanswered
    )  # fmt: skip


def who(case: CaseRecord) -> WhoCanSee:
    """Who can see this case."""
    units, officers = who_can_see(case)
    return WhoCanSee(units, officers)


def timeline_lines(case: CaseRecord) -> tuple[TimelineLine, ...]:
    """The timeline, newest first."""
    rows = TimelineRecord.objects.unscoped(reason=_SELF).filter(case=case).order_by("-seq")
    return tuple(
        TimelineLine(one.seq, one.at, one.kind, one.actor, one.unit, _what(one), one.reason)
        for one in rows
    )


def _what(one: TimelineRecord) -> str:
    where = shown_name(one.field) if one.field.count("/") >= 2 else one.field  # noqa: PLR2004 - an address
    moved = f"{one.previous} → {one.new}" if one.previous else one.new
    return f"{where}: {moved}" if where else moved
