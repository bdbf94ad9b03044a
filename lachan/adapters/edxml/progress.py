"""The edXML status that a conversation of ours has reached (exchange.md §4, §6). Pure."""

from __future__ import annotations

from lachan.adapters.edxml.records import StatusCode
from lachan.exchange.conversation_states import Status

_AT_WORK = {
    "delivered": StatusCode.INBOX,
    "accepted": StatusCode.ACCEPTED,
    "working": StatusCode.PROCESSING,
    "clarifying": StatusCode.PROCESSING,
    "partly_disclosed": StatusCode.PROCESSING,
}
_ENDED = {
    Status.DISCLOSED: StatusCode.FINISHED,
    Status.NOT_AVAILABLE: StatusCode.FINISHED,
    Status.REJECTED: StatusCode.REJECTED,
    Status.INVALID: StatusCode.REJECTED,
    Status.CANCELLED: StatusCode.REVOKED,
}


def status_of(status: Status, substate: str) -> StatusCode | None:
    """What to tell a body outside the exchange; None where there is nothing to tell yet.

    `04` is not said of a conversation: who works on it at the receiver is the receiver's own affair.
    """
    if status is Status.AWAITING_DISCLOSURE:
        return _AT_WORK.get(substate)
    return _ENDED.get(status)
