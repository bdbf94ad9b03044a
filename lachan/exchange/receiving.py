"""The inbox of hosted members: verify again as the receiver, open, record, receipt, tell the other contexts.

A delivery and everything that follows from it is one transaction, which several may share. What fails is tried again with growing pauses and
kept with it; it never blocks the deliveries behind it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from lachan.access.compiled import update, update_later
from lachan.access.purposes import Purpose
from lachan.access.steps import step, together
from lachan.evidence import services as evidence
from lachan.evidence.driver import here, moment, query
from lachan.exchange import asker_moves, catalogue, lookups, router, writing
from lachan.exchange.conversation_states import Status
from lachan.exchange.envelope import Envelope
from lachan.exchange.events import Answered, Noticed, RefusedByReceiver, TurnChanged
from lachan.exchange.kinds import Answer, MessageType, Priority, Question, decode, encode, kind
from lachan.exchange.letters import Letter
from lachan.exchange.models import ConversationRecord, DeliveryRecord, MessageRecord
from lachan.exchange.receipts import receiver_receipt
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import CheckedMessage, Refusal
from lachan.kernel.events import Event
from lachan.kernel.time import Clock
from lachan.members import services as members
from lachan.members.roles import KeyUse

_OWN = "deliveries to hosted members"
_PAUSES = (1, 5, 30, 120, 600)  # seconds between tries of a delivery that failed


def waiting(*, now: datetime, limit: int = 50) -> list[int]:
    """Deliveries to hosted members that nobody has taken, oldest first, releases before the rest."""
    rows = query(_WAITING, [True, moment(now, here()), limit])
    return [int(key) for (key,) in rows]


_WAITING = (
    "SELECT id FROM exchange_deliveryrecord WHERE hosted = %s AND receipted_at IS NULL "
    "AND (try_at IS NULL OR try_at <= %s) ORDER BY overtakes DESC, id LIMIT %s"
)


def take_all(deliveries: Sequence[int], *, clock: Clock) -> list[str]:
    """Take deliveries, as many as one short transaction allows; answers what happened to each of those.

    A failure is noted with the time of the next try.
    """

    def failed(one: int, fault: Exception) -> str:
        return _note_fault(delivery=one, why=f"{type(fault).__name__}: {fault}", clock=clock)

    return together(lambda one: _take(one, clock), deliveries, failed=failed)


def take(*, delivery: int, clock: Clock) -> str:
    """One delivery alone."""
    return take_all([delivery], clock=clock)[0]


def _take(delivery: int, clock: Clock) -> tuple[str, Iterable[Event]]:
    record = lookups.delivery.first(delivery)
    if record is None or record.receipted_at is not None:
        return "taken", ()
    message = record.message = message_of(record)
    checked = check_delivery(record, clock)
    note_receipt(record, checked, clock)
    if isinstance(checked, Refusal):
        return "refused", ()
    talk = lookups.talk.first(message.conversation)
    if talk is None:
        raise LookupError(f"conversation {message.conversation}")
    now = clock.now()
    if checked.manifest.type is MessageType.ANSWER and talk.question is not None:
        _acknowledge(checked, talk, now)
    return "taken", _facts(checked, talk, now)


def message_of(record: DeliveryRecord) -> MessageRecord:
    """The message of a delivery. Raises: LookupError (a defect)."""
    found = lookups.message.first(record.message_id)
    if found is None:
        raise LookupError(f"message {record.message_id}")
    return found


def note_receipt(record: DeliveryRecord, checked: CheckedMessage | Refusal, clock: Clock) -> None:
    """The receiver's signed receipt and its line of the log, for a message that passed or did not."""
    now, message = clock.now(), record.message
    signer = members.member_private_key(record.receiver_member, KeyUse.SIGN, clock=clock)
    record.receipted_at = now
    record.receiver_receipt = receiver_receipt(message.h, signer, at=now)
    record.fault = "" if isinstance(checked, CheckedMessage) else checked.detail[:300]
    update_later(record, "receipted_at", "receiver_receipt", "fault")
    evidence.append(
        "delivered" if isinstance(checked, CheckedMessage) else "refused",
        record.receiver_member,
        now,
        h=message.h,
        conversation=message.conversation,
        code=None if isinstance(checked, CheckedMessage) else checked.code,
        kind=message.kind,
    )


@step
def _note_fault(*, delivery: int, why: str, clock: Clock) -> tuple[str, Iterable[Event]]:
    record = DeliveryRecord.objects.unscoped(reason=_OWN).get(pk=delivery)
    record.fault = why[:300]
    record.try_at = clock.now() + timedelta(seconds=_PAUSES[min(record.faults, len(_PAUSES) - 1)])
    record.faults += 1
    record.save()
    return "fault", ()


def check_delivery(record: DeliveryRecord, clock: Clock) -> CheckedMessage | Refusal:
    """What the receiver finds, with each decryption key in turn: a retired one is kept while parts addressed to it are.

    The desk's page shows the same check again. Raises: LookupError when the member has no key at all.
    """
    envelope = Envelope.from_bytes(bytes(record.message.envelope))
    verdict: CheckedMessage | Refusal | None = None
    for key in members.decryption_keys(record.receiver_member):
        verdict = check_envelope(
            envelope,
            directory=members.current_directory(),
            catalogue=catalogue.catalogue(),
            now=clock.now(),
            checker="receiver",
            own_address=record.receiver_member,
            logged_at=record.message.logged_at,
            private_key=key,
            follows=router.followed(envelope.manifest),
        )
        if not (isinstance(verdict, Refusal) and verdict.code == "exchange.decrypt"):
            return verdict
    if verdict is None:
        raise LookupError(f"{record.receiver_member} has no key to open parts")
    return verdict


def _acknowledge(checked: CheckedMessage, talk: ConversationRecord, now: datetime) -> None:
    """Tell the answerer that its answer is in the asker's file, which closes the conversation (protocol §4).

    A late answer to a conversation that has ended otherwise is only noted.
    """
    if (talk.status, talk.substate) != (Status.DISCLOSED, "complete"):
        return
    letter = Letter(
        asker=talk.asker,
        kind_name=talk.kind,
        body=None,
        receiver=talk.answerer,
        mandates=(),
        purpose=Purpose(talk.purpose),
        priority=Priority(talk.priority),
        case_ref=talk.case_ref,
        type_=MessageType.ACKNOWLEDGE,
        in_reply_to=checked.h,
        conversation=talk.pk,
    )
    writing.post(letter, now=now)


def _facts(checked: CheckedMessage, talk: ConversationRecord, now: datetime) -> Iterable[Event]:
    manifest = checked.manifest
    if manifest.type is MessageType.NOTICE:
        return [_noticed(checked, talk, now)]
    if talk.question is None:
        return []  # another hosted member's own ask: its desk answers it
    ask = decode(kind(talk.kind).ask, bytes(talk.question))
    facts: list[Event] = []
    if manifest.type in {MessageType.ANSWER, MessageType.PARTIAL} and isinstance(
        checked.body, Answer
    ):
        facts = [_answered(checked, talk, ask, checked.body, now)]
    elif manifest.type is MessageType.REFUSE:
        facts = [_refused(checked, talk, ask, now)]
    return [*facts, *_turn(checked, talk, now)]


def _turn(checked: CheckedMessage, talk: ConversationRecord, now: datetime) -> Iterable[Event]:
    """Whether the asker must act, or need not any more. Most conversations never come here."""
    what = ""
    if checked.manifest.type is MessageType.CLARIFY:
        what = "clarify"
    elif talk.outcome.get("reason") == asker_moves.OBJECTION:
        what = "objection"
    elif all(one["type"] != MessageType.CLARIFY for one in talk.state["messages"]):
        return ()
    return (TurnChanged(talk.pk, talk.kind, talk.answerer, talk.case_ref, what, now),)


def _answered(
    checked: CheckedMessage, talk: ConversationRecord, ask: Question, answer: Answer, now: datetime
) -> Answered:
    final = checked.manifest.type is MessageType.ANSWER
    talk.answer, talk.answer_h = encode(answer), checked.h
    talk.outcome = _outcome(checked)
    update_later(talk, "answer", "answer_h", "outcome")
    return Answered(
        talk.pk, checked.h, talk.ask_h, talk.kind, talk.asker, talk.answerer, talk.case_ref, ask, answer,
        talk.outcome, final, now,
    )  # fmt: skip


def _refused(
    checked: CheckedMessage, talk: ConversationRecord, ask: Question, now: datetime
) -> RefusedByReceiver:
    talk.outcome = _outcome(checked)
    talk.answer_h = checked.h
    update(talk, "answer_h", "outcome")  # at once: who hears of it asks what waits
    reason = str(talk.outcome.get("reason", "DECLINED"))
    return RefusedByReceiver(
        talk.pk, checked.h, talk.ask_h, talk.kind, talk.asker, talk.answerer, talk.case_ref, ask, reason,
        str(talk.outcome.get("verdict", "")), now,
    )  # fmt: skip


def _noticed(checked: CheckedMessage, talk: ConversationRecord, now: datetime) -> Noticed:
    return Noticed(
        talk.pk, talk.kind, checked.manifest.sender, checked.manifest.receiver, talk.case_ref,
        _outcome(checked), now,
    )  # fmt: skip


def _outcome(checked: CheckedMessage) -> dict[str, object]:
    outcome = checked.manifest.outcome
    return {} if outcome is None else dict(msgspec.to_builtins(outcome))
