"""The record of a conversation, moved by the state machine when the centre accepts a message.

A row stays locked until the transaction ends, so what its state remembers of earlier messages is all of them.
"""

from datetime import datetime
from operator import attrgetter

from lachan.access.compiled import fresh, insert, update
from lachan.exchange import catalogue, conversation, lateness, lookups
from lachan.exchange.conversation_guards import ensure_takes
from lachan.exchange.conversation_seen import Seen
from lachan.exchange.errors import (
    ConversationUnknown,
    Duplicate,
    ReplyHash,
    SequenceGap,
    StateConflict,
)
from lachan.exchange.kinds import MessageType, Priority
from lachan.exchange.manifest import Manifest
from lachan.exchange.models import ConversationRecord
from lachan.exchange.verify_outcome import CheckedMessage
from lachan.members.directory_rows import member_address

STATE = ("state", "status", "substate")  # the columns that a message moves
_SEQ = attrgetter("seq")


def taken_by(checked: CheckedMessage, now: datetime) -> ConversationRecord:
    """The conversation that the message belongs to, with its order kept. Raises: exchange errors of state."""
    manifest = checked.manifest
    talk = lookups.talk.first(manifest.conversation)
    if manifest.type is MessageType.ASK:
        if talk is not None and talk.ask_h != checked.h:
            raise Duplicate(h=talk.ask_h)
        talk = talk or _opened(checked, now)
        _move(talk, state_of(talk), checked, now)
        return talk
    if talk is None:
        raise ConversationUnknown(field="conversation")
    if member_address(manifest.sender) not in (talk.asker_member, talk.answerer_member):
        raise ConversationUnknown(field="conversation")
    state = state_of(talk)
    _ensure_order(manifest, state)
    _ensure_reply(manifest, talk, state)
    _move(talk, state, checked, now)
    return talk


def _move(
    talk: ConversationRecord,
    state: conversation.Conversation,
    checked: CheckedMessage,
    now: datetime,
) -> None:
    """Let the state machine take the message. Raises: StateConflict, ReplyHash."""
    seen = Seen.of(checked.envelope, now)
    calendar = catalogue.profile().calendar
    ensure_takes(state, seen, calendar)
    after, _ = conversation.step(state, seen, now)
    _keep(talk, after)
    lateness.follow(talk, after, at=now)


def mark_delivered(talk: ConversationRecord, *, at: datetime) -> None:
    """The receiver's receipt came. The caller saves nothing further."""
    _keep(talk, conversation.mark(state_of(talk), "delivered", at))
    update(talk, *STATE)


def state_of(talk: ConversationRecord) -> conversation.Conversation:
    """What the messages that the centre has accepted amount to."""
    if talk.state:
        return conversation.Conversation.from_json(talk.state)
    begun = conversation.start(
        id=str(talk.pk),
        kind=talk.kind,
        priority=Priority(talk.priority),
        asker=talk.asker,
        answerer=talk.answerer,
    )
    return conversation.mark(begun, "queued", talk.created_at)


def _keep(talk: ConversationRecord, state: conversation.Conversation) -> None:
    talk.state = state.to_json()
    talk.status, talk.substate = state.status.value, state.substate


def _opened(checked: CheckedMessage, now: datetime) -> ConversationRecord:
    manifest = checked.manifest
    talk = fresh(
        ConversationRecord,
        id=manifest.conversation,
        kind=manifest.kind,
        asker=manifest.sender,
        answerer=manifest.receiver,
        asker_member=member_address(manifest.sender),
        answerer_member=member_address(manifest.receiver),
        case_ref=manifest.mandates[0].case_ref if manifest.mandates else "",
        purpose=manifest.purpose,
        priority=manifest.priority.value,
        ask_h=checked.h,
        state={},
        status="AwaitingDisclosure",
        substate="queued",
        created_at=now,
    )
    insert(talk)
    return talk


def _ensure_order(manifest: Manifest, state: conversation.Conversation) -> None:
    """The seq counts 1, 2, 3… per conversation and sender, each naming the one before. Raises: SequenceGap."""
    sender = member_address(manifest.sender)
    last = max((one for one in state.messages if one.sender == sender), key=_SEQ, default=None)
    expected, prev = (1, None) if last is None else (last.seq + 1, last.h)
    if manifest.seq > expected:
        raise SequenceGap(missing=expected)
    if manifest.seq < expected or manifest.prev != prev:
        raise StateConflict(state=f"seq {expected}", allowed=f"seq {expected}")


def _ensure_reply(
    manifest: Manifest, talk: ConversationRecord, state: conversation.Conversation
) -> None:
    named = manifest.in_reply_to
    if named is None:
        return
    if named != talk.ask_h and all(one.h != named for one in state.messages):
        raise ReplyHash
    names_ask = {MessageType.ANSWER, MessageType.PARTIAL, MessageType.REFUSE}
    if manifest.type in names_ask and manifest.in_reply_to != talk.ask_h:
        raise ReplyHash
