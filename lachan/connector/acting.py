"""Works the inbox: decide, ask the core, answer; the answer and everything it rests on in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lachan.connector import crash, moving, outbox, tasks
from lachan.connector.answering import Asked, Refused, Told, handlers
from lachan.connector.cores.by_hand import AwaitsHand
from lachan.connector.decide import Decision, Facts, Way, by_hand, decide
from lachan.connector.member import Member
from lachan.connector.port import CoreUnavailable
from lachan.connector.store import Received
from lachan.exchange.conversation_states import RefusalReason
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import TooLarge
from lachan.exchange.kinds import Answer, MessageType, Priority, Question, Row, from_json, kind
from lachan.exchange.manifest import Outcome
from lachan.exchange.moves import RefusalWords
from lachan.kernel.errors import LachanError
from lachan.kernel.time import to_wire

CORE_DOWN, TOO_LARGE = "core_unavailable", "too_large"
EFFECTIVE = frozenset({"pause", "hold", "renew", "release", "notify_holder"})  # acts on an account
_TRIES = 3  # a fault of ours or of the core; then a person looks


def work(member: Member) -> int:
    """Go through everything that waits; answers how many messages moved."""
    now = member.clock.now()
    moved = 0
    for row in member.store.waiting("clarifying", now):
        moving.resume(row, member)
        moved += 1
    for row in member.store.waiting("desk", now):
        moved += _revive(row, member)
    for row in member.store.waiting("hand", now):
        moved += _resume(row, member, now)
    for row in member.store.waiting("new", now):
        moved += _one(row, member)
    return moved


def question(row: Received) -> Question:
    """The ask as a value. Raises: SchemaMismatch (never for a row that was accepted)."""
    return from_json(kind(row.kind).ask, row.body or {})


def propose(row: Received, member: Member) -> Told | Refused:
    """What this member's records would answer. Raises: CoreUnavailable."""
    return handlers()[row.kind](question(row), Asked(row, member, member.clock.now()))


def _one(row: Received, member: Member) -> bool:
    if row.reason:
        return refuse_invalid(row, member)
    if member.simulator.silent:
        return False
    delay = timedelta(seconds=member.simulator.delay_seconds)
    if member.clock.now() < row.received_at + delay:
        return False
    decision = decided(row, member)
    if decision.way is not Way.AUTO or row.kind not in handlers():
        with member.store.transaction():
            member.store.move(row.h, "desk", reason=decision.why or "no_handler")
        return True
    return act(row, member)


def act(row: Received, member: Member, *, by: str = "") -> bool:
    """Ask the core and answer; what fails is tried again and then shown to the desk."""
    try:
        told = propose(row, _with_hands(row, member))
    except AwaitsHand:
        member.store.move(row.h, "hand", reason="by_hand")
        return True
    except CoreUnavailable:
        member.store.move(row.h, "desk", reason=CORE_DOWN)
        return True
    except LachanError as fault:
        return _fault(row, member, fault.code)
    except Exception as fault:  # noqa: BLE001 - one bad ask must not stop the others
        return _fault(row, member, f"{type(fault).__name__}: {fault}")
    if isinstance(told, Refused):
        refuse(row, member, told, by=by)
    else:
        try:
            tell(row, member, told, by=by)
        except TooLarge:
            member.store.move(row.h, "desk", reason=TOO_LARGE)
    return True


def tell(row: Received, member: Member, told: Told, *, by: str = "") -> None:
    """Answer, with what the answer rests on, its effect and its log entries."""
    now = member.clock.now()
    crash.point("before_answer")
    with member.store.transaction():
        if told.keep is not None:
            told.keep(member.store)
        outcome = Outcome(status="Disclosed", substate="complete", effect=told.effect)
        h = outbox.say(
            row, member, type_=MessageType.ANSWER, outcome=outcome, body=told.answer,
            rows=told.rows, now=now,
        )  # fmt: skip
        member.store.move(row.h, "answered")
        if told.effect is not None:
            member.store.note(
                "effect",
                now,
                by or member.address,
                h=row.h,
                conversation=row.conversation,
                kind=row.kind,
            )
        member.store.note(
            "delivered",
            now,
            by or member.address,
            h=h,
            conversation=row.conversation,
            kind=row.kind,
        )
    crash.point("after_answer")


def refuse(row: Received, member: Member, refused: Refused, *, by: str = "") -> None:
    """Say no, with the reason that the protocol knows."""
    status, substate = refused.reason.leads_to
    outcome = Outcome(
        status=status.value,
        substate=substate,
        reason=refused.reason.value,
        verdict=refused.verdict,
        try_address=refused.elsewhere,
    )
    _refuse(row, member, outcome, by, refused.words)


def refuse_invalid(row: Received, member: Member) -> bool:
    """A message that failed the receiver's checks: said so, whatever it asked."""
    substate, reason, code = row.reason.split(":", 2)
    status = "Rejected" if reason else "Invalid"
    shown = "auto_scope" if reason else substate
    outcome = Outcome(status=status, substate=shown, reason=reason or "TECHNICAL", verdict=code)
    _refuse(row, member, outcome, "")
    return True


def _refuse(
    row: Received, member: Member, outcome: Outcome, by: str, words: RefusalWords | None = None
) -> None:
    now = member.clock.now()
    with member.store.transaction():
        h = outbox.say(row, member, type_=MessageType.REFUSE, outcome=outcome, body=words, now=now)
        member.store.move(row.h, "refused", reason=outcome.reason or "")
        member.store.note(
            "refused",
            now,
            by or member.address,
            h=h,
            conversation=row.conversation,
            kind=row.kind,
            code=outcome.reason,
        )


def _with_hands(row: Received, member: Member) -> Member:
    """The member as the handler of this ask sees it: its core may be people."""
    if member.by_hand is None or row.kind not in EFFECTIVE:
        return member
    handed = by_hand(_facts(row, member), member.config.read.policy, member.clock.now())
    return replace(member, core=member.by_hand) if handed else member


def _resume(row: Received, member: Member, now: datetime) -> bool:
    """A person has confirmed the order, or its end has come: the handler goes on where it waited."""
    found = tasks.task(member.store, row.id)
    if found is None:
        return False
    if found.over(now):
        tasks.put(member.store, replace(found, state=tasks.WITHDRAWN, at=to_wire(now)))
        refuse(row, member, Refused(RefusalReason.MANDATE_EXPIRED))
        return True
    return found.state == tasks.DONE and act(row, member, by=found.by)


def decided(row: Received, member: Member) -> Decision:
    """By whom the ask is answered."""
    return decide(_facts(row, member), member.config.read.policy, member.clock.now())


def _facts(row: Received, member: Member) -> Facts:
    manifest = Envelope.from_bytes(row.envelope).manifest
    own = member.row
    subjects = _subjects(question(row))
    return Facts(
        kind=kind(row.kind),
        ask=row.body or {},
        mandates=frozenset(ref.code for ref in manifest.mandates),
        priority=Priority(row.priority),
        participation=None if own is None else own.participation,
        core_ready=member.core.ready(),
        anchored=member.store.anchored(row.case_ref, subjects),
    )


def _subjects(ask: Question) -> list[str]:
    accounts = getattr(ask, "accounts", None)
    return list(accounts) if isinstance(accounts, list) else []


def _revive(row: Received, member: Member) -> bool:
    """Back from the desk's queue: the core answers again, or the simulated people have made up their mind."""
    if row.reason == CORE_DOWN and member.core.ready():
        member.store.move(row.h, "new")
        return True
    seconds = member.simulator.desk_seconds
    if not seconds or member.simulator.silent or row.kind not in handlers():
        return False
    if member.clock.now() < row.received_at + timedelta(seconds=seconds):
        return False
    return act(row, member)


def _fault(row: Received, member: Member, why: str) -> bool:
    pause = timedelta(seconds=2 ** min(row.tries, 5))
    member.store.later(row.h, member.clock.now() + pause, why)
    if row.tries + 1 >= _TRIES:
        member.store.move(row.h, "desk", reason="fault")
    return False


def answer_by_desk(
    row: Received, member: Member, answer: Answer, rows: Sequence[Row] = (), *, by: str
) -> None:
    """The desk's own words in place of the proposal; effects on the core stay the core's."""
    tell(row, member, Told(answer, rows=tuple(rows)), by=by)
