"""The verbs of a sheet: lay it before signers, open it, sign it, take it back.

The first signature binds to the sheet's hash; the second sends every order in the same transaction.
Before each, all guards run again on fresh data: what changed voids what was signed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.cases import services as cases
from lachan.cases.standing import Standing
from lachan.exchange import services as exchange
from lachan.exchange.kinds import Priority
from lachan.exchange.kinds import kind as declared
from lachan.exchange.messages import hold as hold_kind
from lachan.exchange.messages import renew as renew_kind
from lachan.holds import bodies, forecast, sending
from lachan.holds.errors import (
    NeverBlock,
    NoMandate,
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
from lachan.holds.events import HoldChanged, Proposed, Signed
from lachan.holds.models import (
    FollowUp,
    HoldRecord,
    PauseRecord,
    SheetOpening,
    SheetRecord,
    SignatureRecord,
)
from lachan.holds.notices import review_link
from lachan.holds.outside import never_blocked
from lachan.holds.people import officer_of, signer_of, unit_slug
from lachan.holds.planning import Plan, plan_of
from lachan.holds.rules import orders, pauses, renewals
from lachan.holds.rules.sheets import Opening, check_opened, sheet_hash
from lachan.holds.rules.values import (
    BINDING,
    LIVE_PAUSE,
    STALE_OTHERWISE,
    STALE_URGENT,
    HoldState,
    Reason,
    Signature,
    Signer,
)
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, from_wire, short_ict, to_wire
from lachan.members import services as members
from lachan.members.roles import Role

_SELF = "a sheet and its own orders"
SIGNERS = frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER})
GOLDEN = frozenset({Purpose.GLD, Purpose.INV})
OPEN = ("PROPOSED", "SIGNED_1")
REASON_LENGTH = 10


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
    facts = _write_holds(sheet, standing, plan, proposer=signer.person, now=now)
    cases.touch(case_code, "sheet", f"PROPOSED {sheet.amount}", at=now, actor=actor)
    cases.set_waiting_sheet(case_code, sheet.pk, len(sheet.required))
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
        _check_renewal(sheet, signer, now=now)
    role = _role_of(sheet, signer)
    facts: list[Event] = []
    first = not _valid_signatures(sheet)
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
    for hold in _holds(sheet):
        value, more = orders.sign(
            hold.value(), signer, shown=shown, now=now, required=_roles(sheet)
        )
        hold.take(value)
        facts += more
    missing = _missing(sheet)
    cases.touch(
        sheet.case, "signature", f"{len(sheet.required) - len(missing)}/{len(sheet.required)}", at=now,
        actor=actor, evidence=sheet.body_hash, reason=soft_reason,
    )  # fmt: skip
    if missing:
        sheet.state = "SIGNED_1"
        sheet.save()
    else:
        facts += _send(sheet, signer, now=now)
    cases.set_waiting_sheet(sheet.case, sheet.pk if missing else None, len(missing))
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
    if len(reason.strip()) < REASON_LENGTH // 2:
        raise ReasonRequired(field="reason", length=REASON_LENGTH // 2)
    facts = _drop_orders(sheet, now=now)
    sheet.state, sheet.reason = "WITHDRAWN", reason.strip()[:500]
    sheet.save()
    cases.touch(sheet.case, "sheet", "WITHDRAWN", at=now, actor=actor, reason=reason)
    cases.set_waiting_sheet(sheet.case, None, 0)
    return sheet, facts


@verb(
    "hold.renew",
    roles=SIGNERS,
    purposes=GOLDEN,
    title=Text(vi="Đề nghị gia hạn", en="Propose a renewal"),
)
def propose_renewal(
    *, actor: Actor, hold_id: UUID, reason: str, clock: Clock, days: int = 7, progress: str = "",
    until: datetime | None = None,
) -> tuple[SheetRecord, Sequence[Event]]:  # fmt: skip
    """Lay a renewal before a third person of another unit. Raises: as `renewals.check`, less the person's."""
    hold, now = _hold(actor, hold_id), clock.now()
    value = hold.value()
    standing = cases.standing(hold.case)
    until = until or min(
        hold.expires_at + timedelta(days=days),
        renewals.latest_end(value, now=now, never_past=standing.never_past),
    )
    why = f"{reason.strip()} {progress.strip()}".strip()
    stand_in = Signer("", "", "", hold.agency, frozenset(renewals.RENEWERS))
    renewals.check(
        value, stand_in, until=until, reason=why, now=now, never_past=standing.never_past
    )
    amount = value.held_at(now)
    body = {
        "kind": "renew", "case": hold.case, "agency": hold.agency, "hold": str(hold.pk), "order": hold.h,
        "account": hold.account, "institution": hold.institution, "amount": amount, "taint": hold.taint,
        "until": to_wire(until), "expires_at": to_wire(until), "reason": why, "mandates": sorted(hold.codes),
        "method": hold.method, "stage": hold.stage, "renewal": len(value.renewals) + 1,
    }  # fmt: skip
    sheet = _simple_sheet(actor, hold.case, "renew", body, amount=amount, now=now)
    made = sending.draft_order(
        asker=hold.agency, kind="renew",
        question=renew_kind.Ask(order=hold.h, until=to_wire(until), amount=amount, reason=why[:2000]),
        receiver=hold.receiver, stage=standing.stage, case=hold.case, sheet_hash=sheet.body_hash, now=now,
        amount=amount, until=until, in_reply_to=hold.h, codes=tuple(hold.codes),
        priority=renew_kind.KIND.priority,
    )  # fmt: skip
    _attach(sheet, [(made, "renew", hold.receiver, str(hold.pk))])
    cases.touch(hold.case, "sheet", "RENEWAL", at=now, actor=actor, reason=why)
    return sheet, [Proposed(str(sheet.pk), hold.case, actor.agency, now)]


@verb(
    "hold.request",
    roles=SIGNERS,
    purposes=frozenset({*GOLDEN, Purpose.TKD}),
    title=Text(vi="Lập yêu cầu thông tin, gỡ bỏ", en="Make requests"),
)
def propose_request(
    *, actor: Actor, case_code: str, kind: str, clock: Clock, value: str = ""
) -> tuple[SheetRecord, Sequence[Event]]:
    """Requests about a number, domain or page, for an officer and a unit head to sign."""
    case, now = cases.visible(actor, case_code), clock.now()
    standing = cases.standing(case_code)
    wanted = cases.ask(case=case, kind=kind, actor=actor, now=now, value=value)
    body = {
        "kind": "ask", "case": case_code, "agency": actor.agency, "request": kind, "stage": standing.stage,
        "items": [
            {"receiver": one.receiver, "subject": one.subject} for one in wanted
        ],
    }  # fmt: skip
    sheet = _simple_sheet(actor, case_code, "ask", body, amount=0, now=now)
    made = [
        (
            sending.draft_order(
                asker=actor.agency, kind=one.kind, question=one.question, receiver=one.receiver,
                stage=standing.stage, case=case_code, sheet_hash=sheet.body_hash, now=now,
                until=from_wire(one.question.until) if kind == "take_down" else None,  # type: ignore[attr-defined] # its field
                priority=exchange_priority(kind), purpose=_purpose(kind),
            ),
            one.kind, one.receiver, one.subject,
        )
        for one in wanted
    ]  # fmt: skip
    _attach(sheet, made)
    cases.touch(case_code, "sheet", kind, at=now, actor=actor)
    return sheet, [Proposed(str(sheet.pk), case_code, actor.agency, now)]


# -- the inside ---------------------------------------------------------------------------------------


def exchange_priority(kind: str) -> Any:
    """P0 while the golden hour runs for what a connector may answer alone, else the kind's own."""
    return Priority.P0 if declared(kind).auto_only_p0 else declared(kind).priority


def _purpose(kind: str) -> Purpose:
    return Purpose.TKD if kind in {"take_down", "identify_domain_holder"} else Purpose.GLD


def _visible(actor: Actor, sheet_id: UUID) -> SheetRecord:
    sheet = SheetRecord.objects.visible_to(actor).select_for_update().filter(pk=sheet_id).first()
    if sheet is None:
        raise OrderUnknown
    cases.visible(actor, sheet.case)  # locks the case: two sheets of a case never send at once
    return sheet


def _hold(actor: Actor, hold_id: UUID) -> HoldRecord:
    hold: HoldRecord | None = (
        HoldRecord.objects.visible_to(actor).select_for_update().filter(pk=hold_id).first()
    )
    if hold is None:
        raise OrderUnknown
    return hold


def _expect_open(sheet: SheetRecord, command: str, now: datetime) -> None:
    if sheet.state in OPEN and now >= sheet.due_at:
        raise SheetStale(at=short_ict(sheet.due_at))
    if sheet.state not in OPEN:
        raise StateForbids(state=sheet.state, command=command, allowed="–")


def _openings(sheet: SheetRecord) -> list[Opening]:
    rows = SheetOpening.objects.unscoped(reason=_SELF).filter(sheet=sheet)
    return [Opening(one.person, one.body_hash, one.at) for one in rows]


def _holds(sheet: SheetRecord) -> list[HoldRecord]:
    rows = HoldRecord.objects.unscoped(reason=_SELF).select_for_update().filter(sheet=sheet)
    return list(rows.filter(state__in=["PROPOSED", "SIGNED_1", "SIGNED_2"]).order_by("account"))


def _valid_signatures(sheet: SheetRecord) -> list[SignatureRecord]:
    rows = SignatureRecord.objects.unscoped(reason=_SELF).filter(sheet=sheet)
    return list(rows.filter(body_hash=sheet.body_hash).order_by("at", "id"))


def _missing(sheet: SheetRecord) -> list[str]:
    """Needs (roles, `a|b` for any of them) that no valid signature fills."""
    left = list(sheet.required)
    for one in _valid_signatures(sheet):
        fit = next((need for need in left if one.role in need.split("|")), None)
        if fit is not None:
            left.remove(fit)
    return left


def _roles(sheet: SheetRecord) -> tuple[Role, ...]:
    return tuple(Role(one.split("|")[0]) for one in sheet.required)


def _role_of(sheet: SheetRecord, signer: Signer) -> Role:
    """The role in which the signer fills what is missing. Raises: SignerSamePerson, SignerRole, renewer's errors."""
    if any(one.person == signer.person for one in _valid_signatures(sheet)):
        raise SignerSamePerson
    missing = _missing(sheet)
    for need in missing:
        for role in need.split("|"):
            if Role(role) in signer.roles:
                return Role(role)
    raise SignerRole(expected=", ".join(missing), got=", ".join(sorted(signer.roles)))


def _guard_holds(sheet: SheetRecord, ticks: Collection[str], *, now: datetime) -> None:
    """Everything again with fresh data, inside the transaction that sends."""
    holds = _holds(sheet)
    for hold in holds:
        if never_blocked(hold.account):
            raise NeverBlock(field="account", account=f"···{hold.account[-4:]}")
    standing, plan = _fresh(sheet, holds, now=now)
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


def _fresh(
    sheet: SheetRecord, holds: Sequence[HoldRecord], *, now: datetime
) -> tuple[Standing, Plan]:
    standing = cases.standing(sheet.case)
    chosen = [one["account"] for one in sheet.body["orders"]]
    plan = plan_of(
        standing, now=now, chosen=chosen, losses=standing.losses, ignore=[one.pk for one in holds]
    )
    return standing, plan


def _refresh(sheet: SheetRecord, *, now: datetime) -> list[Event]:
    """Make the sheet anew when what it rests on changed: signatures are void, orders drafted again."""
    holds = _holds(sheet)
    standing, plan = _fresh(sheet, holds, now=now)
    fresh = bodies.hold_body(
        standing, plan, expires_at=from_wire(sheet.body["expires_at"]), codes=sheet.body["mandates"]
    )
    if sheet_hash(fresh) == sheet.body_hash:
        return []
    before = sheet.body
    facts = _drop_orders(sheet, now=now)
    if not fresh["orders"]:
        sheet.state, sheet.changes = "STALE", bodies.changes(before, fresh)
        sheet.save()
        cases.set_waiting_sheet(sheet.case, None, 0)
        return facts
    facts += _write_holds(sheet, standing, plan, proposer=sheet.proposer, now=now)
    sheet.changes = bodies.changes(before, sheet.body)
    sheet.state = "PROPOSED"
    sheet.save()
    cases.touch(sheet.case, "sheet", "CHANGED", at=now)
    cases.set_waiting_sheet(sheet.case, sheet.pk, len(sheet.required))
    return facts


def _drop_orders(sheet: SheetRecord, *, now: datetime) -> list[Event]:
    facts: list[Event] = []
    for one in sheet.drafts:
        exchange.withdraw(UUID(one["draft"]))
    for hold in _holds(sheet):
        value, more = orders.withdraw(hold.value(), now=now)
        hold.take(value)
        facts += more
    sheet.drafts = []
    return facts


def _write_holds(
    sheet: SheetRecord, standing: Standing, plan: Plan, *, proposer: str, now: datetime
) -> list[Event]:
    """The sheet's body, and one hold and one draft an order."""
    codes = _codes(standing, now)
    expires_at = bodies.end_of_lease(standing, now)
    sheet.body = bodies.hold_body(standing, plan, expires_at=expires_at, codes=codes)
    sheet.body_hash = sheet_hash(sheet.body)
    sheet.colour, sheet.amount = str(plan.forecast.colour), plan.forecast.amount
    sheet.save()
    made: list[tuple[exchange.DraftView, str, str, str]] = []
    facts: list[Event] = []
    for order in sheet.body["orders"]:
        member = members.member_of_account(order["account"])
        receiver = order["institution"] if member is None else members.desk_address(member, "hold")
        pause = _live_pause(sheet.case, order["account"], now)
        hold = HoldRecord(
            case=sheet.case, account=order["account"], institution=order["institution"],
            agency=sheet.agency, amount=order["amount"], state=HoldState.PROPOSED, sheet=sheet,
            proposer=proposer, drafted_at=now, expires_at=expires_at, body_hash=sheet.body_hash,
            taint=order["taint"], method=standing.method, w=order["w"], merchant=order["merchant"],
            converts=None if pause is None else pause.pk, codes=codes, stage=standing.stage, receiver=receiver,
        )  # fmt: skip
        question = hold_kind.Ask(
            account=order["account"], amount=order["amount"], lease_until=to_wire(expires_at),
            case=sheet.case, taint_proof=order["proof"] or "0" * 64, appeal_link=review_link(),
            converts=None if pause is None else pause.h, top_up=True,
        )  # fmt: skip
        draft = sending.draft_order(
            asker=sheet.agency, kind="hold", question=question, receiver=receiver, stage=standing.stage,
            case=sheet.case, sheet_hash=sheet.body_hash, now=now, amount=order["amount"], until=expires_at,
            codes=tuple(codes),
        )  # fmt: skip
        hold.draft, hold.h, hold.conversation = draft.id, draft.h, draft.conversation
        hold.save(force_insert=True)
        made.append((draft, "hold", receiver, str(hold.pk)))
        facts.append(
            HoldChanged(
                str(hold.pk),
                sheet.case,
                hold.account,
                HoldState.PROPOSED,
                0,
                now,
                "hold",
                expires_at,
            )
        )
    _attach(sheet, made)
    return facts


def _codes(standing: Standing, now: datetime) -> list[str]:
    rows = exchange.usable_rows(
        "hold", asker=standing.member, stage=standing.stage, priority=Priority.P0,
        purpose=Purpose.GLD, now=now,
    )  # fmt: skip
    if rows is None:
        raise NoMandate(kind="hold")
    return [row.code for row in rows]


def _live_pause(case: str, account: str, now: datetime) -> PauseRecord | None:
    for one in PauseRecord.objects.unscoped(reason=_SELF).filter(case=case, account=account):
        if one.value().state_at(now) in LIVE_PAUSE:
            return one
    return None


def _simple_sheet(
    actor: Actor, case: str, kind: str, body: dict[str, Any], *, amount: int, now: datetime
) -> SheetRecord:
    signer, officer = signer_of(actor), officer_of(actor)
    sheet = SheetRecord(
        case=case, agency=actor.agency, kind=kind, body=body, body_hash=sheet_hash(body), amount=amount,
        proposer=signer.person, proposer_officer=officer.pk,
        proposer_name=officer.name, proposer_unit=actor.address,
        made_at=now, due_at=now + (STALE_URGENT if kind == "ask" else STALE_OTHERWISE),
    )  # fmt: skip
    sheet.save(force_insert=True)
    return sheet


def _attach(sheet: SheetRecord, made: Sequence[tuple[exchange.DraftView, str, str, str]]) -> None:
    sheet.drafts = [
        {"draft": str(one.id), "h": one.h, "conversation": str(one.conversation), "kind": kind,
         "receiver": receiver, "subject": subject}
        for one, kind, receiver, subject in made
    ]  # fmt: skip
    sheet.required = sorted(need.role for need in made[0][0].required)
    sheet.save()


def _send(sheet: SheetRecord, signer: Signer, *, now: datetime) -> list[Event]:
    """Every order of the sheet, or with the transaction none."""
    facts: list[Event] = []
    for hold in _holds(sheet):
        value, more = orders.send(hold.value(), now=now, required=_roles(sheet))
        hold.take(value)
        facts += more
    if sheet.kind == "renew":
        facts += _renew(sheet, signer, now=now)
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


def _check_renewal(sheet: SheetRecord, signer: Signer, *, now: datetime) -> Signature:
    """The third person's signature, when everything still allows it."""
    hold = HoldRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=sheet.body["hold"])
    return renewals.check(
        hold.value(), signer, until=from_wire(sheet.body["until"]), reason=sheet.body["reason"],
        now=now, never_past=cases.standing(sheet.case).never_past,
    )  # fmt: skip


def _renew(sheet: SheetRecord, signer: Signer, *, now: datetime) -> list[Event]:
    """The end moves when the institution has said so: until then silence releases at the old instant."""
    signature = _check_renewal(sheet, signer, now=now)
    FollowUp.objects.create(
        instrument=UUID(sheet.body["hold"]),
        instrument_kind="hold",
        kind="renew",
        conversation=UUID(sheet.drafts[0]["conversation"]),
        h=sheet.drafts[0]["h"],
        reason=sheet.body["until"],
        sent_at=now,
        outcome={
            "person": signature.person,
            "officer": signature.officer,
            "unit": signature.unit,
            "role": str(signature.role),
        },
    )
    return []


@verb(
    "hold.cancel",
    roles=frozenset({Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.INVESTIGATOR}),
    purposes=GOLDEN,
    title=Text(vi="Hủy các yêu cầu của vụ việc", en="Cancel a case's holds"),
)
def cancel_case(
    *, actor: Actor, case_code: str, reason: str, clock: Clock
) -> tuple[int, Sequence[Event]]:
    """Withdraw what has not left and release what has, all at once; a late effect is released again.

    Answers how many instruments ended. Raises: ReasonRequired.
    """
    cases.visible(actor, case_code)
    now = clock.now()
    if len(reason.strip()) < REASON_LENGTH:
        raise ReasonRequired(field="reason", length=REASON_LENGTH)
    facts: list[Event] = []
    ended = 0
    rows = (
        SheetRecord.objects.unscoped(reason=_SELF)
        .select_for_update()
        .filter(case=case_code, state__in=OPEN)
    )
    for sheet in rows:
        ended += len(_holds(sheet))
        facts += _drop_orders(sheet, now=now)
        sheet.state, sheet.reason = "WITHDRAWN", reason.strip()[:500]
        sheet.save()
    for hold in (
        HoldRecord.objects.unscoped(reason=_SELF)
        .select_for_update()
        .filter(case=case_code, state__in=BINDING)
    ):
        value, more = orders.release(hold.value(), reason=Reason.CANCEL, source="cancel", now=now)
        hold.take(value)
        facts += more
        ended += 1
    for pause in (
        PauseRecord.objects.unscoped(reason=_SELF)
        .select_for_update()
        .filter(case=case_code, state__in=LIVE_PAUSE)
    ):
        gone, more = pauses.release(pause.value(), source="cancel", now=now)
        pause.take(gone)
        facts += more
        ended += 1
    cases.set_waiting_sheet(case_code, None, 0)
    facts += cases.touch(case_code, "hold", "CANCELLED", at=now, actor=actor, reason=reason)
    return ended, facts
