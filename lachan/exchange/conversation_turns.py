"""Whose turn it is: which types of message each side sends, and which move which state (protocol §4). Pure."""

from __future__ import annotations

from lachan.exchange.conversation_states import Status
from lachan.exchange.kinds import MessageType

BY_ASKER = frozenset(
    {
        MessageType.ASK,
        MessageType.CLARIFICATION,
        MessageType.CANCEL,
        MessageType.ACKNOWLEDGE,
        MessageType.DISPUTE,
        MessageType.NOTICE,
    }
)
BY_ANSWERER = frozenset(
    {
        MessageType.PARTIAL,
        MessageType.ANSWER,
        MessageType.CLARIFY,
        MessageType.REFUSE,
        MessageType.NOTICE,
    }
)
_OPEN = frozenset({"queued", "sent", "delivered", "accepted", "working", "partly_disclosed"})
# (status, substate) → types that move it; notices and acknowledged late answers aside.
TAKES: dict[tuple[Status, str], frozenset[MessageType]] = {
    **{
        (Status.AWAITING_DISCLOSURE, sub): frozenset(
            {
                MessageType.PARTIAL,
                MessageType.ANSWER,
                MessageType.CLARIFY,
                MessageType.REFUSE,
                MessageType.CANCEL,
            }
        )
        for sub in _OPEN
    },
    (Status.AWAITING_DISCLOSURE, "clarifying"): frozenset(
        {
            MessageType.CLARIFICATION,
            MessageType.PARTIAL,
            MessageType.ANSWER,
            MessageType.REFUSE,
            MessageType.CANCEL,
        }
    ),
    (Status.DISCLOSED, "complete"): frozenset({MessageType.ACKNOWLEDGE, MessageType.DISPUTE}),
    (Status.DISCLOSED, "acknowledged"): frozenset({MessageType.DISPUTE}),
    (Status.ERROR, "receiver_fault"): frozenset(
        {MessageType.ANSWER, MessageType.PARTIAL, MessageType.REFUSE, MessageType.CANCEL}
    ),
    (Status.ERROR, "undeliverable"): frozenset(
        {MessageType.ANSWER, MessageType.PARTIAL, MessageType.REFUSE, MessageType.CANCEL}
    ),
}
