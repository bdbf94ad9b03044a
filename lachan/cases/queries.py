"""Reads of cases, each through `visible_to`: the board, a case, its money flow and plan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from lachan.access import permissions
from lachan.access.actors import Actor
from lachan.access.tables import page_of
from lachan.cases import requests, tracing
from lachan.cases.models import (
    BoardRowRecord,
    BoardVersion,
    CaseRecord,
    IndicatorRecord,
    LegRecord,
)
from lachan.cases.names import bank_name, language, one_read, shown_name
from lachan.cases.services import METHODS
from lachan.cases.standing import standing_of
from lachan.cases.views import (
    Board,
    CaseList,
    CaseView,
    Flow,
    FlowNode,
    FlowTransfer,
    Leg,
    MethodFigures,
    Person,
    PlanRow,
    PlanView,
    SumsView,
    board_row,
    masked,
    timeline_lines,
    waiting_of,
    who,
)
from lachan.evidence import queries as evidence
from lachan.exchange import services as exchange
from lachan.holds import queries as holds
from lachan.holds.forecast import CALIBRATED, VERSION, Colour
from lachan.holds.outside import never_blocked
from lachan.holds.planning import Plan, Row, plan_of
from lachan.holds.views import lines_of_case, stop_text
from lachan.kernel.time import clock_from_env
from lachan.members import services as members
from lachan.members.models.organisations import Unit
from lachan.reports import queries as reports
from lachan.tracing.picture import layout
from lachan.tracing.picture_svg import svg

PAGE = 50
VERBS = {
    "take": "case.take", "expand": "case.expand", "escalate": "case.escalate", "plan": "case.replan",
    "sheet": "hold.propose", "ask": "hold.request", "release": "hold.release", "renew": "hold.renew",
    "look": "case.look", "advance": "case.advance",
}  # fmt: skip


def board(actor: Actor, after: str = "") -> Board:
    """50 open cases by money still reachable × urgency, ties by code; `after` is the cursor given before."""
    now = clock_from_env().now()
    rows = BoardRowRecord.objects.visible_to(actor).filter(open=True)
    totals = rows.aggregate(reachable=Sum("unresolved"), held=Sum("held"))
    page = list(_after(rows, after).order_by("-urgency", "code")[: PAGE + 1])
    shown = page[:PAGE]
    cursor = f"{shown[-1].urgency}|{shown[-1].code}" if len(page) > PAGE else ""
    return Board(
        version=_version(actor.agency),
        as_of=now,
        rows=tuple(board_row(one, actor.officer_id) for one in shown),
        after=cursor,
        open_cases=rows.count(),
        reachable=totals["reachable"] or 0,
        held=totals["held"] or 0,
        no_shift=members.shift_of_member(actor.agency, now) is None,
    )


def board_version(unit_id: UUID) -> int:
    """The version of a unit's board: a look-up of two rows by key."""
    unit = (
        Unit.objects.unscoped(reason="which agency a unit belongs to")
        .select_related("member")
        .filter(pk=unit_id)
        .first()
    )
    return 0 if unit is None else _version(unit.member.address)


def next_free(actor: Actor) -> str:
    """The first case on the board that nobody has taken; "" when there is none."""
    rows = BoardRowRecord.objects.visible_to(actor).filter(open=True, taken_by=None)
    code = rows.order_by("-urgency", "code").values_list("code", flat=True).first()
    return code or ""


_SUMS = ("reported", "held", "moved_on", "withdrawn", "unresolved")
ORDERS = {name: name for name in ("code", *_SUMS)}


def cases(
    actor: Actor, q: str = "", *, sort: str = "", after: str = "", size: int = PAGE
) -> CaseList:
    """Cases by code or account (part of either), newest first unless `sort` names another of `ORDERS`.

    Raises: CursorUnreadable.
    """
    rows = BoardRowRecord.objects.visible_to(actor)
    if q:
        legs = LegRecord.objects.visible_to(actor).filter(account__icontains=q).values("case_id")
        rows = rows.filter(Q(code__icontains=q) | Q(case_id__in=legs))
    shown, order, cursor = page_of(rows, ORDERS, sort, after, key="code", size=size)
    return CaseList(tuple(board_row(one, actor.officer_id) for one in shown), order, cursor)


@one_read()
def case_view(actor: Actor, code: str) -> CaseView | None:
    """One case, or None when it is not the actor's to see."""
    case = CaseRecord.objects.visible_to(actor).filter(code=code).first()
    if case is None:
        return None
    now = clock_from_env().now()
    row = BoardRowRecord.objects.visible_to(actor).get(case=case)
    legs = list(LegRecord.objects.visible_to(actor).filter(case=case))
    waiting = waiting_of(case)
    messages = exchange.conversations(actor, code)
    found = reports.of_case(actor, code)
    due = {one.member.rpartition("/")[0] or one.member: one.due_at for one in waiting}
    return CaseView(
        code=case.code,
        procedure=case.procedure.lower(),
        money=case.money.lower(),
        opened_at=case.opened_at,
        transferred_at=case.transferred_at,
        unit=_unit(case.unit),
        taken_by=case.taken_name,
        mine=actor.officer_id is not None and case.taken_by == actor.officer_id,
        scam_type=case.scam_type,
        sums=_sums(case, row),
        legs=tuple(_leg(one, due) for one in legs),
        holds=lines_of_case(code, now),
        reports=tuple(found),
        people=_people(actor, case, legs),
        messages=messages,
        timeline=timeline_lines(case),
        evidence=evidence.lines([one.h for one in messages if one.h]),
        waiting=waiting,
        flags=tuple(row.flags),
        sheets=holds.sheets_of_case(actor, code),
        who=who(case),
        as_of=now,
        may=frozenset(name for name, verb in VERBS.items() if permissions.allowed(actor, verb)),
        not_sent=tuple((one["kind"], one["reason"]) for one in case.not_sent),
        requests=requests.possible(case),
        indicators=tuple(
            (one.kind, one.value, ", ".join(f"{k}: {v}" for k, v in one.answered.items()))
            for one in IndicatorRecord.objects.visible_to(actor).filter(case=case).order_by("id")
        ),
        method=case.method,
        verify_ends_at=case.verify_ends_at,
    )


@one_read()
def flow(actor: Actor, code: str, method: str = "") -> Flow | None:
    """Picture, table and plan; `method` shows another one without choosing it."""
    case = CaseRecord.objects.visible_to(actor).filter(code=code).first()
    if case is None:
        return None
    now = clock_from_env().now()
    shown = method if method in METHODS else case.method
    row = BoardRowRecord.objects.visible_to(actor).get(case=case)
    result = tracing.result_of(case)
    legs = list(LegRecord.objects.visible_to(actor).filter(case=case))
    movements = () if result is None else result.methods[shown].movements
    marks = {
        **{leg.account: "never_block" for leg in legs if never_blocked(leg.account)},
        **{leg.account: "held" for leg in legs if leg.held},
    }
    drawing = (
        svg(
            layout(movements, _lane),
            lang=language(),
            lane_title=_lane_title,
            label=lambda ref: masked(ref) if ":" in ref else ref,
            marks=marks,
        )
        if movements
        else ""
    )
    plan = plan_of(standing_of(case), now=now)
    return Flow(
        code=case.code,
        method=shown,
        methods=() if result is None else tuple(_method(result, one) for one in METHODS),
        as_of=now,
        svg=drawing,
        transfers=tuple(_transfer(one) for one in movements),
        nodes=tuple(_node(leg) for leg in legs),
        plan=_plan(
            plan,
            verified=any(one.confirmed == "SETTLED" for one in case.transfers.visible_to(actor)),
        ),
        changed=_changed(result, case.method, shown),
        unanswered=waiting_of(case),
        sums=_sums(case, row),
        version=_version(case.member),
        settled=result is not None and result.state == "SETTLED",
    )


def evidence_bundle(actor: Actor, code: str) -> bytes | None:
    """The case's bundle as a ZIP, or None when it is not the actor's to see."""
    case = CaseRecord.objects.visible_to(actor).filter(code=code).first()
    if case is None:
        return None
    return exchange.export_bundle(actor=actor, case_ref=code, clock=clock_from_env())


def _after(rows: QuerySet[BoardRowRecord], after: str) -> QuerySet[BoardRowRecord]:
    urgency, _, code = after.partition("|")
    if not (urgency.isdecimal() and code):
        return rows
    return rows.filter(Q(urgency__lt=int(urgency)) | Q(urgency=int(urgency), code__gt=code))


def _version(member: str) -> int:
    row = BoardVersion.objects.unscoped(reason="a counter").filter(pk=member).first()
    return 0 if row is None else row.version


def _unit(unit: str) -> str:
    try:
        return members.unit_title(UUID(unit)) or unit
    except ValueError:
        return unit


def _sums(case: CaseRecord, row: BoardRowRecord) -> SumsView:
    return SumsView(
        case.reported,
        case.held,
        case.moved_on,
        case.withdrawn,
        case.unresolved,
        row.paused,
        case.returned,
    )


def _leg(leg: LegRecord, due: dict[str, datetime | None]) -> Leg:
    return Leg(
        id=leg.pk,
        institution=leg.institution,
        institution_name=shown_name(leg.institution) if leg.institution else "",
        account=masked(leg.account),
        ref=leg.account,
        holder=leg.holder,
        layer=leg.layer,
        state=leg.state.lower(),
        received=leg.received,
        held=leg.held,
        moved_on=leg.moved_on,
        withdrawn=leg.withdrawn,
        unresolved=leg.unresolved,
        at=leg.at,
        due_at=None if leg.answered else due.get(leg.institution),
    )


def _people(actor: Actor, case: CaseRecord, legs: list[LegRecord]) -> tuple[Person, ...]:
    people = [
        Person("victim", name, phone, "", "report")
        for name, phone in reports.people_of_case(actor, case.code)
    ]
    people += [
        Person("holder", leg.holder, "", masked(leg.account), leg.institution)
        for leg in legs
        if leg.holder
    ]
    return tuple(people)


def _lane(ref: str) -> str:
    return ref.partition(":")[0] if ":" in ref else ""


def _lane_title(code: str) -> str:
    return bank_name(code)


def _transfer(one: Any) -> FlowTransfer:
    src = one.src or ""
    return FlowTransfer(
        at=datetime.fromtimestamp(one.time, UTC),
        from_account=masked(src) if src else "",
        from_institution=_lane_title(src.partition(":")[0]) if ":" in src else "",
        to_account=masked(one.dst) if ":" in one.dst else one.dst,
        to_institution=_lane_title(one.dst.partition(":")[0]) if ":" in one.dst else "",
        amount=one.amount,
        tainted=one.tainted,
        from_ref=src,
        to_ref=one.dst,
        kind=one.exit_kind or "",
    )


def _node(leg: LegRecord) -> FlowNode:
    return FlowNode(
        leg.account, masked(leg.account), shown_name(leg.institution) if leg.institution else "", leg.holder,
        leg.layer, leg.received, leg.taint, leg.state.lower(),
    )  # fmt: skip


def _method(result: Any, method: str) -> MethodFigures:
    sums = result.methods[method]
    kept = _total(sums.residual)
    gone = _total(sums.exits)
    return MethodFigures(
        method, kept, gone, _total(sums.pending) + _total(sums.frontier) + _total(sums.truncated)
    )


def _total(table: dict[str, dict[str, int]]) -> int:
    return sum(sum(row.values()) for row in table.values())


def _changed(result: Any, chosen: str, shown: str) -> str:
    """Accounts whose taint differs between the chosen and the shown method, `···6789 a → b`."""
    if result is None or chosen == shown:
        return ""
    before, after = result.methods[chosen].residual, result.methods[shown].residual
    said = []
    for name in sorted(before.keys() | after.keys()):
        one, two = sum(before.get(name, {}).values()), sum(after.get(name, {}).values())
        if one != two:
            said.append(f"{masked(name)}: {one:,} → {two:,}".replace(",", "."))
    return "; ".join(said)


def _plan(plan: Plan, *, verified: bool) -> PlanView:
    outlook = plan.forecast
    rows = [
        _plan_row(one, plan)
        for one in plan.rows
        if one.account.taint or one.why_out != "nothing_left"
    ]
    return PlanView(
        colour=str(outlook.colour),
        amount=outlook.amount,
        innocent=outlook.innocent,
        share_bp=outlook.share_bp,
        stop=stop_text(outlook.stop),
        rows=tuple(one for one in rows if not one.left_out),
        left_out=tuple(one for one in rows if one.left_out),
        forecast_version=VERSION,
        calibrated=CALIBRATED,
        verified=verified,
    )


def _plan_row(row: Row, plan: Plan) -> PlanRow:
    account, verdict = row.account, row.verdict
    w = 0 if verdict is None else verdict.w
    colour = Colour.GREEN if w < 1_000 else Colour.AMBER if w < 3_000 else Colour.RED  # noqa: PLR2004 - §3.3
    return PlanRow(
        ref=account.account,
        account=masked(account.account),
        institution_name=shown_name(account.institution) if account.institution else "",
        holder_kind="merchant" if account.bands.get("merchant") else account.kind,
        layer=account.layer,
        taint=account.taint,
        taint_min=account.taint_min,
        taint_max=account.taint_max,
        balance=row.limits.balance,
        amount=row.amount,
        w=w,
        innocent=0 if verdict is None else verdict.innocent,
        recover=0 if verdict is None else verdict.recover,
        confidence=account.kappa_percent,
        never_block=row.never_block,
        left_out=row.why_out,
        colour=str(colour),
        already=row.already,
        reasons=() if verdict is None else verdict.reasons,
        said=account.left_out,
        narrow=account.account in plan.narrow,
    )
