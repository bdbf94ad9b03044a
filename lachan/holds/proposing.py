"""Other sheets than a plan's holds: a renewal by a third person, requests to members; and the cancel of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lachan.access.actors import Actor
from lachan.access.purposes import Purpose
from lachan.access.verbs import verb
from lachan.cases import services as cases
from lachan.exchange.kinds import Priority, to_json
from lachan.exchange.kinds import kind as declared
from lachan.exchange.messages import renew as renew_kind
from lachan.holds import drafting, sending
from lachan.holds.errors import (
    OrderUnknown,
    ReasonRequired,
)
from lachan.holds.events import Proposed
from lachan.holds.models import (
    FollowUp,
    HoldRecord,
    PauseRecord,
    SheetRecord,
)
from lachan.holds.rules import orders, pauses, renewals
from lachan.holds.rules.values import (
    BINDING,
    LIVE_PAUSE,
    Reason,
    Signature,
    Signer,
)
from lachan.kernel.errors import Text
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, from_wire, to_wire
from lachan.members.roles import Role

_SELF = "a sheet and its own orders"
REASON_LENGTH = 10
SIGNERS = frozenset({Role.INVESTIGATOR, Role.UNIT_HEAD, Role.AGENCY_HEAD, Role.DUTY_OFFICER})
GOLDEN = frozenset({Purpose.GLD, Purpose.INV})
OPEN = ("PROPOSED", "SIGNED_1")


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
    sheet = drafting.simple_sheet(actor, hold.case, "renew", body, amount=amount, now=now)
    made = sending.draft_order(
        asker=hold.agency, kind="renew",
        question=renew_kind.Ask(order=hold.h, until=to_wire(until), amount=amount, reason=why[:2000]),
        receiver=hold.receiver, stage=standing.stage, case=hold.case, sheet_hash=sheet.body_hash, now=now,
        amount=amount, until=until, in_reply_to=hold.h, codes=tuple(hold.codes),
        priority=renew_kind.KIND.priority,
    )  # fmt: skip
    drafting.attach(sheet, [(made, "renew", hold.receiver, str(hold.pk))])
    facts = cases.touch(hold.case, "sheet", "RENEWAL", at=now, actor=actor, reason=why)
    facts += cases.set_waiting_sheet(hold.case, sheet.pk, len(sheet.required), at=now)
    return sheet, [Proposed(str(sheet.pk), hold.case, actor.agency, now), *facts]


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
            {"receiver": one.receiver, "subject": one.subject, "question": to_json(one.question)}
            for one in wanted
        ],
    }  # fmt: skip
    sheet = drafting.simple_sheet(actor, case_code, "ask", body, amount=0, now=now)
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
    drafting.attach(sheet, made)
    facts = cases.touch(case_code, "sheet", kind, at=now, actor=actor)
    facts += cases.set_waiting_sheet(case_code, sheet.pk, len(sheet.required), at=now)
    return sheet, [Proposed(str(sheet.pk), case_code, actor.agency, now), *facts]


def exchange_priority(kind: str) -> Any:
    """P0 while the golden hour runs for what a connector may answer alone, else the kind's own."""
    return Priority.P0 if declared(kind).auto_only_p0 else declared(kind).priority


def _purpose(kind: str) -> Purpose:
    return Purpose.TKD if kind in {"take_down", "identify_domain_holder"} else Purpose.GLD


def _hold(actor: Actor, hold_id: UUID) -> HoldRecord:
    hold: HoldRecord | None = (
        HoldRecord.objects.visible_to(actor).select_for_update().filter(pk=hold_id).first()
    )
    if hold is None:
        raise OrderUnknown
    return hold


def check_renewal(sheet: SheetRecord, signer: Signer, *, now: datetime) -> Signature:
    """The third person's signature, when everything still allows it."""
    hold = HoldRecord.objects.unscoped(reason=_SELF).select_for_update().get(pk=sheet.body["hold"])
    return renewals.check(
        hold.value(), signer, until=from_wire(sheet.body["until"]), reason=sheet.body["reason"],
        now=now, never_past=cases.standing(sheet.case).never_past,
    )  # fmt: skip


def renew(sheet: SheetRecord, signer: Signer, *, now: datetime) -> list[Event]:
    """The end moves when the institution has said so: until then silence releases at the old instant."""
    signature = check_renewal(sheet, signer, now=now)
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
        ended += len(drafting.holds_of(sheet))
        facts += drafting.drop_orders(sheet, now=now)
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
    facts += cases.set_waiting_sheet(case_code, None, 0, at=now)
    facts += cases.touch(case_code, "hold", "CANCELLED", at=now, actor=actor, reason=reason)
    return ended, facts
