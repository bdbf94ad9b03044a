"""What a case makes of other contexts' facts. Each runs in the transaction of the fact; all may repeat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from lachan.access.bus import on
from lachan.access.compiled import LookUp
from lachan.cases import asking, board, containment, filing, tracing
from lachan.cases.events import WideningWanted
from lachan.cases.models import (
    AskRecord,
    CaseRecord,
    CaseTransfer,
    IndicatorRecord,
    InstrumentRecord,
    LegRecord,
)
from lachan.cases.timeline import Kind, note
from lachan.exchange import services as exchange
from lachan.exchange.events import (
    Answered,
    AskCancelled,
    Late,
    NotAccepted,
    RefusedByReceiver,
    TurnChanged,
)
from lachan.exchange.messages import (
    confirm_transfer,
    hold,
    identify_domain_holder,
    identify_subscriber,
    pause,
    take_down,
)
from lachan.holds.events import HoldChanged, SilenceNoted
from lachan.kernel.events import Event
from lachan.kernel.time import from_wire
from lachan.members.events import ShiftOpened
from lachan.reports.events import ContainmentWanted, ReportAdded, ReportFiled

_SELF = "a case follows its own conversations"
LOW_SHARE = "LOW_SHARE"  # a connector's reason beside DECLINED
_IDENTIFY = {"identify_subscriber", "identify_domain_holder", "take_down"}


@on(ReportFiled)
def open_case(fact: ReportFiled) -> Iterable[Event]:
    """A case opens by itself."""
    return filing.take_report(fact)


@on(ReportAdded)
def add(fact: ReportAdded) -> Iterable[Event]:
    """A reporter told more."""
    return filing.add_to_report(fact)


@on(ContainmentWanted)
def start_containment(fact: ContainmentWanted) -> Iterable[Event]:
    """Ask the institutions now."""
    return containment.contain(fact)


@on(WideningWanted)
def go_on(fact: WideningWanted) -> Iterable[Event]:
    """A person looked at the shift's work."""
    case = filing.by_code(fact.case_code)
    if case is None:
        return []
    return [*containment.widen(case, fact.at), *board.keep(case, fact.at)]


@on(ShiftOpened)
def resume(fact: ShiftOpened) -> Iterable[Event]:
    """What waited for a duty officer leaves now."""
    facts: list[Event] = []
    rows = CaseRecord.objects.unscoped(reason=_SELF).filter(member=fact.member).exclude(not_sent=[])
    for case in rows.exclude(procedure="CLOSED"):
        facts += containment.resume(filing.locked(case.pk), fact.at)
    return facts


@on(Answered)
def take_answer(fact: Answered) -> Iterable[Event]:
    """Merge an answer to one of the case's asks; widen when the trace has grown."""
    case, ask = _ask_of(fact.conversation)
    if case is None or ask is None:
        return []
    if fact.final:
        ask.state, ask.late = "ANSWERED", False
        ask.save()
    facts: list[Event] = []
    if fact.kind == "trace_credit":
        tracing.merge(case, ask, fact.answer, h=fact.h, now=fact.at)
        facts += containment.widen(case, fact.at)
    elif isinstance(fact.answer, confirm_transfer.Reply):
        _confirm(case, ask, fact.answer, fact)
    elif fact.kind in _IDENTIFY:
        _identified(case, ask, fact)
    elif isinstance(fact.answer, pause.Reply | hold.Reply):
        _keep_bands(case, ask.subject, fact.answer.bands)
    return [*facts, *asking.first_ask(case, fact.at), *board.keep(case, fact.at)]


@on(RefusedByReceiver)
def take_refusal(fact: RefusedByReceiver) -> Iterable[Event]:
    """A refusal by the name of a rule; its amount stays unresolved."""
    return _refused(fact.conversation, fact.reason, fact.at, text=fact.text)


@on(NotAccepted)
def take_back(fact: NotAccepted) -> Iterable[Event]:
    """The centre's own checks stopped a message of ours."""
    return _refused(fact.conversation, fact.code, fact.at)


@on(AskCancelled)
def take_cancel(fact: AskCancelled) -> Iterable[Event]:
    """The agency withdrew an ask: nothing of it is waited for."""
    case, ask = _ask_of(fact.conversation)
    if case is None or ask is None or ask.state != "WAITING":
        return []
    ask.state, ask.late = "CANCELLED", False
    ask.save()
    note(case, Kind.ASK, "cancelled", at=fact.at, field=ask.receiver)
    return board.keep(case, fact.at)


@on(TurnChanged)
def follow_turn(fact: TurnChanged) -> Iterable[Event]:
    """A receiver asks back or objects on legal grounds: a person must act, and the board says so until it is done."""
    case = filing.by_code(fact.case_ref)
    if case is None:
        return []
    if fact.what:
        note(case, Kind(fact.what), fact.kind, at=fact.at, field=fact.receiver)
    waiting = exchange.turns(fact.case_ref)
    for flag in board.TURNS:
        board.set_flag(case, flag, on=flag in waiting)
    return board.keep(case, fact.at)


@on(Late)
def note_late(fact: Late) -> Iterable[Event]:
    """An institution is silent: the trace goes on without it, the board says so. A level that an officer raised is not noted again."""
    case, ask = _ask_of(fact.conversation)
    if case is None or ask is None or ask.state != "WAITING":
        return []
    if ask.late and fact.level <= ask.level:
        return []
    ask.late, ask.level = True, max(ask.level, fact.level)
    ask.due_at = fact.due_at
    ask.save()
    if fact.kind == "trace_credit":
        tracing.late(case, ask.detail["bank"], now=fact.at)
    note(case, Kind.SILENCE, f"L{fact.level}", at=fact.at, field=ask.receiver)
    return board.keep(case, fact.at)


@on(HoldChanged)
def follow_instrument(fact: HoldChanged) -> Iterable[Event]:
    """A pause or hold moved: keep what this context knows of it, add the case up again."""
    case = filing.by_code(fact.case)
    if case is None:
        return []
    row = InstrumentRecord.objects.unscoped(reason=_SELF).filter(instrument=fact.hold).first()
    if row is None:
        row = InstrumentRecord(case=case, instrument=fact.hold, account=fact.account, state="")
    moved = (row.state, row.held) != (fact.state, fact.held)
    row.kind = fact.kind or row.kind
    row.state, row.held, row.ends_at = fact.state, fact.held, fact.ends_at or row.ends_at
    row.save()
    if moved:
        kind = Kind.PAUSE if row.kind == "pause" else Kind.HOLD
        note(case, kind, f"{fact.state} {fact.held}", at=fact.at, field=f"···{fact.account[-4:]}")
    return board.keep(case, fact.at)


@on(SilenceNoted)
def follow_silence(fact: SilenceNoted) -> Iterable[Event]:
    """No effect answer to a pause or hold."""
    row = (
        InstrumentRecord.objects.unscoped(reason=_SELF)
        .select_related("case")
        .filter(instrument=fact.hold)
        .first()
    )
    if row is None:
        return []
    row.silence = fact.level
    row.save()
    note(row.case, Kind.SILENCE, f"L{fact.level}", at=fact.at, field=f"···{row.account[-4:]}")
    return board.keep(row.case, fact.at)


_ASKED = LookUp(
    AskRecord, "conversation", reason=_SELF
)  # asked for at every answer of the exchange


def _ask_of(conversation: UUID) -> tuple[CaseRecord | None, AskRecord | None]:
    found = _ASKED.first(conversation)
    if found is None:
        return None, None
    case = filing.locked(found.case_id)
    # Read again under the case's lock: another process may have answered meanwhile.
    return case, AskRecord.objects.unscoped(reason=_SELF).get(pk=found.pk)


def _refused(conversation: UUID, reason: str, at: datetime, *, text: str = "") -> Iterable[Event]:
    case, ask = _ask_of(conversation)
    if case is None or ask is None:
        return []
    ask.state, ask.reason = "REFUSED", reason[:60]
    ask.save()
    if ask.kind == "trace_credit":
        tracing.refused(case, ask.detail["bank"], reason, now=at)
    told = CaseTransfer.objects.unscoped(reason=_SELF).filter(case=case, to_account=ask.subject)
    if ask.kind == "pause" and LOW_SHARE in f"{reason} {text}" and told.exists():
        # Rule A1: a tiny deposit into a busy account. Automation stops; a person looks within 4 h.
        case.abuse = "A1"
        case.save()
        board.set_flag(case, "needs_person", on=True)
    note(case, Kind.REFUSAL, reason, at=at, field=ask.receiver, reason=text)
    return board.keep(case, at)


def _confirm(
    case: CaseRecord, ask: AskRecord, answer: confirm_transfer.Reply, fact: Answered
) -> None:
    """SETTLED makes the loss verified."""
    row = CaseTransfer.objects.unscoped(reason=_SELF).filter(pk=ask.detail["transfer"]).first()
    if row is None:
        return
    row.confirmed = str(answer.outcome)
    row.booked_ref = answer.ref or ""
    row.booked_at = from_wire(answer.booked_at) if answer.booked_at else None
    row.save()
    note(case, Kind.LEG, row.confirmed, at=fact.at, field="confirm_transfer", evidence=fact.h)


def _keep_bands(case: CaseRecord, account: str, bands: dict[str, bool]) -> None:
    """The institution's yes/no bands beside an effect; the forecast reads them."""
    leg = LegRecord.objects.unscoped(reason=_SELF).filter(case=case, account=account).first()
    if leg is not None and bands:
        leg.bands = {**leg.bands, **bands}
        leg.save()


def _identified(case: CaseRecord, ask: AskRecord, fact: Answered) -> None:
    row = (
        IndicatorRecord.objects.unscoped(reason=_SELF).filter(case=case, value=ask.subject).first()
    )
    answer = fact.answer
    outcome = "ANSWERED"
    if isinstance(answer, take_down.Reply):
        outcome = str(answer.outcome)
    elif isinstance(answer, identify_subscriber.Reply | identify_domain_holder.Reply):
        outcome = "FOUND" if answer.found else "NOT_FOUND"
    if row is not None:
        row.answered = {**row.answered, fact.kind: outcome}
        row.save()
    note(
        case, Kind.ANSWER, f"{fact.kind} {outcome}", at=fact.at, field=ask.receiver, evidence=fact.h
    )
