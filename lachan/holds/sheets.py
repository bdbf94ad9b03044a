"""The verbs of a sheet: lay it before signers, open it, sign it, take it back.

The first signature binds to the sheet's hash; the second sends every order in the same transaction.
Before each, all guards run again on fresh data: what changed voids what was signed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.cases import services as cases
from lachan.exchange import services as exchange
from lachan.holds import bodies, drafting, forecast, sending
from lachan.holds.errors import (
    NeverBlock,
    NothingChosen,
    OrderUnknown,
    ReasonRequired,
    SheetChanged,
    SheetStale,
    SignerRole,
    SignerSamePerson,
    StateForbids,
    TickRequired,
)
from lachan.holds.events import Proposed, Signed
from lachan.holds.models import (
    HoldRecord,
    SheetOpening,
    SheetRecord,
    SignatureRecord,
)
from lachan.holds.outside import never_blocked
from lachan.holds.people import officer_of, signer_of, unit_slug
from lachan.holds.planning import plan_of
from lachan.holds.proposing import check_renewal, renew
from lachan.holds.rules import orders
from lachan.holds.rules.sheets import Opening, check_opened, sheet_hash
from lachan.holds.rules.values import (
    STALE_URGENT,
    Signer,
)
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, from_wire, short_ict
from lachan.members import services as members
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
    sheet, now = _visible(actor, sheet_id), clock.now()
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


@verb("hold.sign", roles=SIGNERS, purposes=GOLDEN, title=Text(vi="Ký yêu cầu", en="Sign orders"))
def sign_sheet(
    *, actor: Actor, sheet_id: UUID, passphrase: str, totp: str, clock: Clock, sheet_hash: str = "",
    ticks: Collection[str] = frozenset(), soft_reason: str = "",
) -> tuple[SheetRecord, Sequence[Event]]:  # fmt: skip
    """Sign every order of a sheet with one unlock of the key; the last signature sends them all.

    Raises: StateForbids, SheetStale, SheetUnopened, SheetChanged, StopRule, TickRequired, NeverBlock,
    SignerSamePerson, SignerFromOtherAgency, SignerRole, PassphraseWrong.
    """
    sheet, now = _visible(actor, sheet_id), clock.now()
    _expect_open(sheet, "sign", now)
    signer, officer = signer_of(actor), officer_of(actor)
    shown = sheet_hash or sheet.body_hash
    if shown != sheet.body_hash:
        raise SheetChanged
    check_opened(_openings(sheet), person=signer.person, shown=shown, now=now)
    if sheet.kind == "hold":
        _guard_holds(sheet, ticks, now=now)
    elif sheet.kind == "renew":
        check_renewal(sheet, signer, now=now)
    role = _role_of(sheet, signer)
    facts: list[Event] = []
    first = not drafting.valid_signatures(sheet)
    with members.unlock_officer_key(
        officer.pk,
        passphrase,
        totp,
        sheet_hash=sheet.body_hash,
        clock=clock,
    ) as key:
        for one in sheet.drafts:
            sending.sign(
                UUID(one["draft"]), key, officer=officer.pk, role=role,
                unit=unit_slug(actor.address), first=first, sheet_hash=sheet.body_hash, at=now,
            )  # fmt: skip
    SignatureRecord.objects.create(
        sheet=sheet, person=signer.person, officer=officer.pk,
        name=officer.name, unit=actor.address, role=role,
        body_hash=sheet.body_hash, ticked=sorted(ticks), at=now,
    )  # fmt: skip
    for hold in drafting.holds_of(sheet):
        value, more = orders.sign(
            hold.value(), signer, shown=shown, now=now, required=drafting.roles_of(sheet)
        )
        hold.take(value)
        facts += more
    missing = drafting.missing(sheet)
    cases.touch(
        sheet.case, "signature", f"{len(sheet.required) - len(missing)}/{len(sheet.required)}", at=now,
        actor=actor, evidence=sheet.body_hash, reason=soft_reason,
    )  # fmt: skip
    if missing:
        sheet.state = "SIGNED_1"
        sheet.save()
    else:
        facts += _send(sheet, signer, now=now)
    facts += cases.set_waiting_sheet(
        sheet.case, sheet.pk if missing else None, len(missing), at=now
    )
    facts.append(Signed(str(sheet.pk), signer.person, not missing, now))
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
    sheet, now = _visible(actor, sheet_id), clock.now()
    _expect_open(sheet, "withdraw", now)
    if len(reason.strip()) < REASON_LENGTH:
        raise ReasonRequired(field="reason", length=REASON_LENGTH)
    facts = drafting.drop_orders(sheet, now=now)
    sheet.state, sheet.reason = "WITHDRAWN", reason.strip()[:500]
    sheet.save()
    facts += cases.touch(sheet.case, "sheet", "WITHDRAWN", at=now, actor=actor, reason=reason)
    facts += cases.set_waiting_sheet(sheet.case, None, 0, at=now)
    return sheet, facts


def _visible(actor: Actor, sheet_id: UUID) -> SheetRecord:
    sheet = SheetRecord.objects.visible_to(actor).select_for_update().filter(pk=sheet_id).first()
    if sheet is None:
        raise OrderUnknown
    cases.visible(actor, sheet.case)  # locks the case: two sheets of a case never send at once
    return sheet


def _expect_open(sheet: SheetRecord, command: str, now: datetime) -> None:
    if sheet.state in OPEN and now >= sheet.due_at:
        raise SheetStale(at=short_ict(sheet.due_at))
    if sheet.state not in OPEN:
        raise StateForbids(state=sheet.state, command=command, allowed="–")


def _openings(sheet: SheetRecord) -> list[Opening]:
    rows = SheetOpening.objects.unscoped(reason=_SELF).filter(sheet=sheet)
    return [Opening(one.person, one.body_hash, one.at) for one in rows]


def _role_of(sheet: SheetRecord, signer: Signer) -> Role:
    """The role in which the signer fills what is missing. Raises: SignerSamePerson, SignerRole, renewer's errors."""
    if any(one.person == signer.person for one in drafting.valid_signatures(sheet)):
        raise SignerSamePerson
    missing = drafting.missing(sheet)
    for need in missing:
        for role in need.split("|"):
            if Role(role) in signer.roles:
                return Role(role)
    raise SignerRole(expected=", ".join(missing), got=", ".join(sorted(signer.roles)))


def _guard_holds(sheet: SheetRecord, ticks: Collection[str], *, now: datetime) -> None:
    """Everything again with fresh data, inside the transaction that sends."""
    holds = drafting.holds_of(sheet)
    for hold in holds:
        if never_blocked(hold.account):
            raise NeverBlock(field="account", account=f"···{hold.account[-4:]}")
    standing, plan = drafting.fresh(sheet, holds, now=now)
    fresh = bodies.hold_body(
        standing, plan, expires_at=from_wire(sheet.body["expires_at"]), codes=sheet.body["mandates"]
    )
    if sheet_hash(fresh) != sheet.body_hash:
        raise SheetChanged
    bodies.ensure_not_stopped(plan.forecast)
    if plan.forecast.colour is forecast.Colour.AMBER:
        doubtful = [hold for hold in holds if hold.w >= forecast.TICKED]
        left = [one for one in doubtful if str(one.pk) not in set(map(str, ticks))]
        if left:
            raise TickRequired(
                field="tick", accounts=", ".join(f"···{one.account[-4:]}" for one in left)
            )


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


def _send(sheet: SheetRecord, signer: Signer, *, now: datetime) -> list[Event]:
    """Every order of the sheet, or with the transaction none."""
    facts: list[Event] = []
    for hold in drafting.holds_of(sheet):
        value, more = orders.send(hold.value(), now=now, required=drafting.roles_of(sheet))
        hold.take(value)
        facts += more
    if sheet.kind == "renew":
        facts += renew(sheet, signer, now=now)
    for one in sheet.drafts:
        exchange.dispatch(UUID(one["draft"]), now=now)
        view = exchange.DraftView(UUID(one["draft"]), one["h"], UUID(one["conversation"]), (), b"")
        account = next(
            (
                x["account"]
                for x in sheet.body.get("orders", [])
                if one["kind"] == "hold" and _is(one, x)
            ),
            one["subject"],
        )
        cases.remember_ask(sheet.case, view, one["kind"], one["receiver"], subject=account, now=now)
    sheet.state, sheet.sent_at = "SENT", now
    sheet.save()
    return facts


def _is(draft: Mapping[str, str], order: Mapping[str, Any]) -> bool:
    hold = HoldRecord.objects.unscoped(reason=_SELF).filter(pk=draft["subject"]).first()
    return hold is not None and hold.account == order["account"]
