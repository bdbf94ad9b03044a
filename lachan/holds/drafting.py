"""A sheet's body, its holds and its drafts: what is written when orders are laid before signers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.cases import services as cases
from lachan.cases.standing import Standing
from lachan.exchange import services as exchange
from lachan.exchange.kinds import Priority
from lachan.exchange.messages import hold as hold_kind
from lachan.holds import bodies, sending
from lachan.holds.errors import (
    NoMandate,
)
from lachan.holds.events import HoldChanged
from lachan.holds.models import (
    HoldRecord,
    PauseRecord,
    SheetRecord,
    SignatureRecord,
)
from lachan.holds.notices import review_link
from lachan.holds.people import officer_of, signer_of
from lachan.holds.planning import Plan, plan_of
from lachan.holds.rules import orders
from lachan.holds.rules.sheets import sheet_hash
from lachan.holds.rules.values import (
    LIVE_PAUSE,
    STALE_OTHERWISE,
    STALE_URGENT,
    HoldState,
)
from lachan.kernel.events import Event
from lachan.kernel.time import to_wire
from lachan.members import services as members
from lachan.members.roles import Role

_SELF = "a sheet and its own orders"


def holds_of(sheet: SheetRecord) -> list[HoldRecord]:
    rows = HoldRecord.objects.unscoped(reason=_SELF).select_for_update().filter(sheet=sheet)
    return list(rows.filter(state__in=["PROPOSED", "SIGNED_1", "SIGNED_2"]).order_by("account"))


def valid_signatures(sheet: SheetRecord) -> list[SignatureRecord]:
    rows = SignatureRecord.objects.unscoped(reason=_SELF).filter(sheet=sheet)
    return list(rows.filter(body_hash=sheet.body_hash).order_by("at", "id"))


def missing(sheet: SheetRecord) -> list[str]:
    """Needs (roles, `a|b` for any of them) that no valid signature fills."""
    left = list(sheet.required)
    for one in valid_signatures(sheet):
        fit = next((need for need in left if one.role in need.split("|")), None)
        if fit is not None:
            left.remove(fit)
    return left


def roles_of(sheet: SheetRecord) -> tuple[Role, ...]:
    return tuple(Role(one.split("|")[0]) for one in sheet.required)


def fresh(
    sheet: SheetRecord, holds: Sequence[HoldRecord], *, now: datetime
) -> tuple[Standing, Plan]:
    standing = cases.standing(sheet.case)
    chosen = [one["account"] for one in sheet.body["orders"]]
    plan = plan_of(
        standing, now=now, chosen=chosen, losses=standing.losses, ignore=[one.pk for one in holds]
    )
    return standing, plan


def drop_orders(sheet: SheetRecord, *, now: datetime) -> list[Event]:
    facts: list[Event] = []
    for one in sheet.drafts:
        exchange.withdraw(UUID(one["draft"]))
    for hold in holds_of(sheet):
        value, more = orders.withdraw(hold.value(), now=now)
        hold.take(value)
        facts += more
    sheet.drafts = []
    return facts


def write_holds(
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
    attach(sheet, made)
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


def simple_sheet(
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


def attach(sheet: SheetRecord, made: Sequence[tuple[exchange.DraftView, str, str, str]]) -> None:
    sheet.drafts = [
        {"draft": str(one.id), "h": one.h, "conversation": str(one.conversation), "kind": kind,
         "receiver": receiver, "subject": subject}
        for one, kind, receiver, subject in made
    ]  # fmt: skip
    sheet.required = sorted(need.role for need in made[0][0].required)
    sheet.save()
