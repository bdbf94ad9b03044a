"""Containment starts by itself: pause and trace at the payee's institution, confirm at the payer's.

Nothing of it is an order: the receiver pauses only what its own ledger confirms. Widening to the next
hop goes on while the plan is GREEN and a person has looked at what the shift key sent; an AMBER or RED
plan waits for a person (cases-and-holds §1, §3.3).
"""

from __future__ import annotations

from datetime import datetime

from lachan.cases import asking, board, filing, tracing
from lachan.cases.models import AskRecord, CaseRecord, CaseTransfer, LegRecord
from lachan.cases.services import LOOK_WITHIN
from lachan.cases.standing import standing_of
from lachan.cases.timeline import Kind, note
from lachan.exchange import services as exchange
from lachan.exchange.messages import confirm_transfer
from lachan.holds import services as holds
from lachan.holds.forecast import Bands, Colour, may_widen
from lachan.holds.rules.amounts import LOW_VALUE
from lachan.kernel.events import Event
from lachan.kernel.time import to_wire
from lachan.reports.events import ContainmentWanted

_SELF = "containment acts for the case"
MAX_HOPS = 7


def contain(fact: ContainmentWanted) -> list[Event]:
    """Ask the institutions of a report's payments, all in parallel."""
    case = filing.of_report(fact.report_id)
    if case is None:
        return []
    fresh = list(
        CaseTransfer.objects.unscoped(reason=_SELF).filter(
            case=case, report__report=fact.report_id, contained=False
        )
    )
    if not fresh:
        return []
    facts: list[Event] = []
    for one in fresh:
        facts += _pause_payee(case, one, fact.at)
        _confirm_payer(case, one, fact.at)
        one.contained = True
        one.save()
    tracing.start(case, now=fact.at)
    case.contained_at = case.contained_at or fact.at
    case.save()
    return [*facts, *asking.first_ask(case, fact.at), *board.keep(case, fact.at)]


def resume(case: CaseRecord, now: datetime) -> list[Event]:
    """A shift opened (or a row was adopted): what could not leave leaves now."""
    case.not_sent = []
    case.save()
    facts: list[Event] = []
    asked = set(
        AskRecord.objects.unscoped(reason=_SELF)
        .filter(case=case, kind="confirm_transfer")
        .values_list("subject", flat=True)
    )
    for one in CaseTransfer.objects.unscoped(reason=_SELF).filter(case=case, contained=True):
        facts += _pause_payee(case, one, now)
        if one.from_account not in asked and not one.confirmed:
            _confirm_payer(case, one, now)
    tracing.again(case, now=now)
    return [*facts, *asking.first_ask(case, now), *board.keep(case, now)]


def widen(case: CaseRecord, now: datetime) -> list[Event]:
    """Pause the money that the latest answers found, account by account, within the limits."""
    if case.abuse:
        return []
    if _unseen(case, now):
        board.set_flag(case, "needs_person", on=True)
        return []
    standing = standing_of(case)
    plan = holds.plan_of(standing, now=now)
    colour = plan.forecast.colour
    board.set_flag(case, "red_plan", on=colour is Colour.RED)
    board.set_flag(case, "amber_plan", on=colour is Colour.AMBER)
    if colour is not Colour.GREEN:
        return []
    facts: list[Event] = []
    kept = {one.account for one in plan.forecast.kept}
    for account in standing.accounts:
        if account.account not in kept or account.left_out or not account.answered:
            continue
        if account.layer > MAX_HOPS or account.account in plan.bound:
            continue
        if may_widen(
            Bands(**plan.bands(account)),
            taint=account.taint,
            low_value=LOW_VALUE,
            kind=account.kind,
        ):
            continue
        credit = account.credit
        if not credit:
            continue
        facts += _pause(
            case, account.account, ref=credit["ref"], at=datetime.fromtimestamp(credit["time"], now.tzinfo),
            credit=int(credit["amount"]), amount=min(account.taint, int(credit["amount"])), now=now,
        )  # fmt: skip
    return facts


def _unseen(case: CaseRecord, now: datetime) -> bool:
    """The shift key's work has waited 15 minutes for a person's look."""
    rows = AskRecord.objects.unscoped(reason=_SELF).filter(case=case, automatic=True)
    if case.shift_seen_at is not None:
        rows = rows.filter(asked_at__gt=case.shift_seen_at)
    oldest = rows.order_by("asked_at").values_list("asked_at", flat=True).first()
    return oldest is not None and now - oldest > LOOK_WITHIN


def _pause_payee(case: CaseRecord, one: CaseTransfer, now: datetime) -> list[Event]:
    if not one.to_account:
        return []
    LegRecord.objects.unscoped(reason=_SELF).get_or_create(
        case=case,
        account=one.to_account,
        defaults={
            "institution": board.institution_of(one.to_account),
            "layer": 1,
            "figures": {"found": {"waiting": one.amount}},
            "at": one.at,
        },
    )
    return _pause(
        case, one.to_account, ref=one.ref, at=one.at, credit=one.amount, amount=one.amount, now=now
    )


def _pause(
    case: CaseRecord, account: str, *, ref: str, at: datetime, credit: int, amount: int, now: datetime
) -> list[Event]:  # fmt: skip
    stage = asking.stage_for(case, "pause", now)
    outcome = holds.request_pause(
        case=case.code, agency=case.member, account=account, credit_ref=ref, credit_at=at,
        credit_amount=credit, amount=amount, stage=stage, now=now,
    )  # fmt: skip
    if outcome is None:
        return []
    sent, receiver, facts = outcome
    if isinstance(sent, exchange.NotSent):
        asking.keep_back(case, sent)
        return []
    asking.remember(
        case, sent, "pause", receiver, now=now, subject=account, automatic=True, detail={}
    )
    note(case, Kind.PAUSE, "REQUESTED", at=now, field=f"···{account[-4:]}", evidence=sent.h)
    return facts


def _confirm_payer(case: CaseRecord, one: CaseTransfer, now: datetime) -> None:
    if not (one.from_account and one.to_account):
        return
    question = confirm_transfer.Ask(
        time=to_wire(one.at),
        amount=one.amount,
        from_account=one.from_account,
        to_account=one.to_account,
        ref=one.ref or None,
    )
    asking.ask(
        case,
        "confirm_transfer",
        question,
        one.from_account,
        now=now,
        detail={"transfer": str(one.pk)},
    )
