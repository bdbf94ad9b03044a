"""The rows that every message needs, by the names of its path. Each is one compiled statement."""

from lachan.access.compiled import LookUp
from lachan.exchange.models import ConversationRecord, DeliveryRecord, MessageRecord, OutgoingRecord

_ALL = "the centre routes every member's messages"
_OWN = "the outbox and the inbox of hosted members"

message_by_id = LookUp(MessageRecord, "sender", "message_id", reason=_ALL)
ask_by_hash = LookUp(MessageRecord, "h", "type", reason=_ALL)
message = LookUp(MessageRecord, "id", reason=_OWN)
talk = LookUp(ConversationRecord, "id", lock=True, reason=_ALL)
outgoing = LookUp(OutgoingRecord, "id", lock=True, reason=_OWN)
delivery = LookUp(DeliveryRecord, "id", lock=True, reason=_OWN)
