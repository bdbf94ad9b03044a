"""The verbs of a sheet before and beside its signatures (signing): lay it before signers, open it, take it back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.cases import services as cases
from lachan.holds import bodies, drafting
from lachan.holds.errors import (
    NothingChosen,
    OrderUnknown,
    ReasonRequired,
    SheetStale,
    StateForbids,
)
from lachan.holds.events import Proposed
from lachan.holds.models import (
    SheetOpening,
    SheetRecord,
)
from lachan.holds.people import officer_of, signer_of
from lachan.holds.planning import plan_of
from lachan.holds.rules.sheets import sheet_hash
from lachan.holds.rules.values import (
    STALE_URGENT,
)
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, from_wire, short_ict
from lachan.members.roles import Role

_SELF = "a sheet and its own orders"
SIGNERS = frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER})
GOLDEN = frozenset({Purpose.GLD, Purpose.INV})
OPEN = ("PROPOSED", "SIGNED_1")
REASON_LENGTH = 5


@verb(
    "hold.propose",
    roles=SIGNERS,
    purposes=GOLDEN,
    title=Text(vi="Lập phiếu ký", en="Make a signing sheet"),
)
def propose_sheet(
    *, actor: Actor, case_code: str, chosen: Collection[str], clock: Clock,
    reasons: Mapping[str, str] | None = None, method: str = "",
) -> tuple[SheetRecord, Sequence[Event]]:  # fmt: skip
    """Orders for the chosen accounts, laid before signers; what was left out carries its reason.

    Raises: NothingChosen, StopRule, the amounts' errors, NoMandate, and the case's ReasonMissing.
    """
    case, now = cases.visible(actor, case_code), clock.now()
    if method and method != case.method:
        cases.replan.inside(actor=actor, code=case_code, method=method, clock=clock)
    given = tuple(dict.fromkeys(chosen))
    if not given:
        raise NothingChosen(field="account")
    said = {one: text for one, text in (reasons or {}).items() if one not in given and text.strip()}
    cases.leave_out(case, said, actor=actor, now=now)
    standing = cases.standing(case_code)
    plan = plan_of(standing, now=now, chosen=given, losses=standing.losses)
    bodies.check_chosen(standing, plan, given, now=now)
    bodies.ensure_not_stopped(plan.forecast)
    signer = signer_of(actor)
    officer = officer_of(actor)
    sheet = SheetRecord(
        case=case_code,
        agency=actor.agency,
        kind="hold",
        body={},
        body_hash="",
        proposer=signer.person,
        proposer_officer=officer.pk,
        proposer_name=officer.name,
        proposer_unit=actor.address,
        made_at=now,
        due_at=now + STALE_URGENT,
    )
    facts = drafting.write_holds(sheet, standing, plan, proposer=signer.person, now=now)
    facts += cases.touch(case_code, "sheet", f"PROPOSED {sheet.amount}", at=now, actor=actor)
    facts += cases.set_waiting_sheet(case_code, sheet.pk, len(sheet.required), at=now)
    return sheet, [Proposed(str(sheet.pk), case_code, actor.agency, now), *facts]


@verb(
    "sheet.open",
    roles=SIGNERS,
    purposes=GOLDEN,
    title=Text(vi="Mở phiếu ký", en="Open a signing sheet"),
)
def open_sheet(
    *, actor: Actor, sheet_id: UUID, clock: Clock
) -> tuple[SheetRecord, Sequence[Event]]:
    """Note that this person has the sheet on the screen, made anew when the facts under it changed."""
    sheet, now = visible(actor, sheet_id), clock.now()
    facts: list[Event] = []
    if sheet.state in OPEN and now < sheet.due_at and sheet.kind == "hold":
        facts += _refresh(sheet, now=now)
    SheetOpening.objects.create(
        sheet=sheet,
        person=signer_of(actor).person,
        officer=officer_of(actor).pk,
        body_hash=sheet.body_hash,
        at=now,
    )
    return sheet, facts


@verb(
    "hold.withdraw",
    roles=SIGNERS,
    purposes=GOLDEN,
    title=Text(vi="Rút phiếu ký", en="Withdraw a sheet"),
)
def withdraw_sheet(
    *, actor: Actor, sheet_id: UUID, reason: str, clock: Clock
) -> tuple[SheetRecord, Sequence[Event]]:
    """Take a sheet back before it is sent. Raises: StateForbids, ReasonRequired."""
    sheet, now = visible(actor, sheet_id), clock.now()
    expect_open(sheet, "withdraw", now)
    if len(reason.strip()) < REASON_LENGTH:
        raise ReasonRequired(field="reason", length=REASON_LENGTH)
    facts = drafting.drop_orders(sheet, now=now)
    sheet.state, sheet.reason = "WITHDRAWN", reason.strip()[:500]
    sheet.save()
    facts += cases.touch(sheet.case, "sheet", "WITHDRAWN", at=now, actor=actor, reason=reason)
    facts += cases.set_waiting_sheet(sheet.case, None, 0, at=now)
    return sheet, facts


def visible(actor: Actor, sheet_id: UUID) -> SheetRecord:
    """The sheet, it and its case locked. Raises: OrderUnknown."""
    sheet = SheetRecord.objects.visible_to(actor).select_for_update().filter(pk=sheet_id).first()
    if sheet is None:
        raise OrderUnknown
    cases.visible(actor, sheet.case)  # locks the case: two sheets of a case never send at once
    return sheet


def expect_open(sheet: SheetRecord, command: str, now: datetime) -> None:
    """Raises: SheetStale, StateForbids."""
    if sheet.state in OPEN and now >= sheet.due_at:
        raise SheetStale(at=short_ict(sheet.due_at))
    if sheet.state not in OPEN:
        raise StateForbids(state=sheet.state, command=command, allowed="–")


def _refresh(sheet: SheetRecord, *, now: datetime) -> list[Event]:
    """Make the sheet anew when what it rests on changed: signatures are void, orders drafted again."""
    holds = drafting.holds_of(sheet)
    standing, plan = drafting.fresh(sheet, holds, now=now)
    fresh = bodies.hold_body(
        standing, plan, expires_at=from_wire(sheet.body["expires_at"]), codes=sheet.body["mandates"]
    )
    if sheet_hash(fresh) == sheet.body_hash:
        return []
    before = sheet.body
    facts = drafting.drop_orders(sheet, now=now)
    if not fresh["orders"]:
        sheet.state, sheet.changes = "STALE", bodies.changes(before, fresh)
        sheet.save()
        facts += cases.set_waiting_sheet(sheet.case, None, 0, at=now)
        return facts
    facts += drafting.write_holds(sheet, standing, plan, proposer=sheet.proposer, now=now)
    sheet.changes = bodies.changes(before, sheet.body)
    sheet.state = "PROPOSED"
    sheet.save()
    facts += cases.touch(sheet.case, "sheet", "CHANGED", at=now)
    facts += cases.set_waiting_sheet(sheet.case, sheet.pk, len(sheet.required), at=now)
    return facts
