"""The step that puts a ready message on the wire.

Sealing and the centre's acceptance are one transaction: a message is SENT and logged, or it is still READY. Several messages may
share it (`access.steps.together`). A message that fails is tried again with growing pauses and never holds up the others.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from lachan.access.compiled import update, update_later
from lachan.access.steps import step, together
from lachan.evidence.driver import here, moment, query
from lachan.exchange import envelope as wire
from lachan.exchange import lookups, router, writing
from lachan.exchange.approvals import read_approval
from lachan.exchange.crypto import b64decode
from lachan.exchange.envelope import Draft
from lachan.exchange.events import NotAccepted, Sent
from lachan.exchange.kinds import MessageType
from lachan.kernel.events import Event
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.directory_rows import member_address
from lachan.members.roles import KeyUse

RETRY = timedelta(seconds=1)
_PAUSES = (1, 5, 30, 120, 600)  # seconds between tries of a message that failed


def ready(*, now: datetime, limit: int = 50) -> list[UUID]:
    """Messages waiting to be sealed, most urgent first, and what only closes a conversation after the rest."""
    rows = query(_READY, [moment(now, here()), limit])
    return [key if isinstance(key, UUID) else UUID(key) for (key,) in rows]


# Plain, for it is asked fifty times a second and after each answer (see access.compiled).
_READY = (
    "SELECT id FROM exchange_outgoingrecord WHERE state = 'READY' AND (try_at IS NULL OR try_at <= %s) "
    "ORDER BY (type = 'acknowledge'), priority, ready_at, id LIMIT %s"
)


def send(outgoing: Sequence[UUID], *, clock: Clock) -> list[str]:
    """Seal messages and give them to the router, as many as one short transaction takes; answers their new states.

    Safe to repeat at any moment.
    """

    def failed(one: UUID, fault: Exception) -> str:
        return _note_fault(outgoing_id=one, why=f"{type(fault).__name__}: {fault}", clock=clock)

    return together(lambda one: _send(one, clock), outgoing, failed=failed)


def send_one(*, outgoing_id: UUID, clock: Clock) -> str:
    """One message alone."""
    return send([outgoing_id], clock=clock)[0]


@step
def _note_fault(*, outgoing_id: UUID, why: str, clock: Clock) -> tuple[str, Iterable[Event]]:
    record = lookups.outgoing.first(outgoing_id)
    if record is None or record.state != "READY":
        return "GONE" if record is None else record.state, ()
    record.fault = why[:300]
    record.try_at = clock.now() + timedelta(seconds=_PAUSES[min(record.faults, len(_PAUSES) - 1)])
    record.faults += 1
    update(record, "fault", "faults", "try_at")
    return "FAULT", ()


def _send(outgoing_id: UUID, clock: Clock) -> tuple[str, Iterable[Event]]:
    now = clock.now()
    record = lookups.outgoing.first(outgoing_id)
    if record is None or record.state != "READY":
        return "GONE" if record is None else record.state, ()
    key = members.member_private_key(member_address(record.sender), KeyUse.SIGN, clock=clock)
    message = Draft(
        bytes(record.manifest), {name: b64decode(text) for name, text in record.parts.items()}
    )
    approvals = [read_approval(one) for one in record.approvals]
    verdict = router.accept(wire.seal(message, approvals, key, now), now=now, never_seen=True)
    if isinstance(verdict, router.Accepted):
        record.state, record.sent_at = "SENT", now
        update_later(record, "state", "sent_at")
        return "SENT", (
            Sent(record.h, record.conversation, record.kind, record.receiver, record.case_ref, now),
        )
    record.tries += 1
    if verdict.retry and record.tries < 60:  # noqa: PLR2004 - a minute of one-second tries, then a person looks
        record.try_at = now + RETRY
        update(record, "tries", "try_at")
        return "READY", ()
    record.state, record.refusal = "REFUSED", verdict.body
    update(record, "state", "refusal", "tries")
    if record.type != MessageType.ASK.value:
        writing.close_gap(record.conversation, record.sender)
        return "REFUSED", ()  # the conversation went on meanwhile; its page says so
    fact = NotAccepted(
        record.h,
        record.conversation,
        record.kind,
        record.receiver,
        record.case_ref,
        verdict.code,
        now,
    )
    return "REFUSED", (fact,)
