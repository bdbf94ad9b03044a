"""Records of the exchange at the centre: what hosted members send, what everybody sent, what waits for whom.

Parts stay encrypted here. The question of a hosted member is kept readable beside its message, since the member itself
keeps a readable copy; the parts of connected members never are (exchange.md §11, I12).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7


def _of(field: str, agency: str) -> Q:
    """A full address that is the agency's own or one of its units'; `vn/bank/1` is no part of `vn/bank/12`."""
    return Q(**{field: agency}) | Q(**{f"{field}__startswith": f"{agency}/"})


def _from(agency: str) -> Q:
    return _of("sender", agency)


class ConversationRecord(models.Model):
    """One question and what became of it, as the centre has seen it."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    asker = models.CharField(max_length=80)  # full addresses
    answerer = models.CharField(max_length=80)
    asker_member = models.CharField(max_length=60)
    answerer_member = models.CharField(max_length=60)
    case_ref = models.CharField(max_length=40, db_index=True)
    purpose = models.CharField(max_length=4)
    priority = models.CharField(max_length=2)
    ask_h = models.CharField(max_length=64, unique=True)
    question = models.BinaryField(null=True)  # canonical bytes, of hosted askers only
    answer = models.BinaryField(null=True)  # canonical bytes, for hosted askers only
    answer_h = models.CharField(max_length=64, blank=True)
    state = models.JSONField()  # exchange.conversation's value
    status = models.CharField(max_length=24)
    substate = models.CharField(max_length=24)
    outcome = models.JSONField(default=dict)
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    automatic_at = models.DateTimeField(
        null=True
    )  # when a connector should have answered by itself
    next_level_at = models.DateTimeField(null=True)
    level = models.IntegerField(default=-1)
    ended_at = models.DateTimeField(null=True)
    test = models.BooleanField(default=False)
    # How the first period ended (exchange.punctuality): what the league table counts.
    ending = models.CharField(max_length=9, blank=True)
    end_reason = models.CharField(max_length=24, blank=True)
    late = models.BooleanField(default=False)
    worked_seconds = models.IntegerField(null=True)
    created_at = models.DateTimeField()

    objects = VisibleManager["ConversationRecord"]()

    privacy: ClassVar[dict[str, str]] = {
        "id": "B", "kind": "B", "asker": "B", "answerer": "B", "asker_member": "B", "answerer_member": "B",
        "case_ref": "B", "purpose": "P", "priority": "P", "ask_h": "B", "question": "S", "answer": "S",
        "answer_h": "B", "state": "B", "status": "B", "substate": "B", "outcome": "B", "asked_at": "B",
        "due_at": "B", "automatic_at": "B", "next_level_at": "B", "level": "B", "ended_at": "B", "test": "B",
        "ending": "B", "end_reason": "B", "late": "B", "worked_seconds": "B", "created_at": "B",
    }  # fmt: skip

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_level_at"], name="conversation_level",
                         condition=Q(next_level_at__isnull=False)),
            models.Index(fields=["asked_at"], name="conversation_asked"),
        ]  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """The two parties; nobody else sees a conversation."""
        if not actor.is_officer:
            return Q(pk__in=[])
        return Q(asker_member=actor.agency) | Q(answerer_member=actor.agency)


class OutgoingRecord(models.Model):
    """The outbox: a message of a hosted member from its draft to the centre's receipt."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    conversation = models.UUIDField(db_index=True)
    h = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    type = models.CharField(max_length=14)
    sender = models.CharField(max_length=80)
    receiver = models.CharField(max_length=80)
    case_ref = models.CharField(max_length=40)
    priority = models.CharField(max_length=2)
    manifest = models.BinaryField()
    parts = models.JSONField()  # encrypted, as the envelope carries them
    approvals = models.JSONField(default=list)
    required = models.JSONField(default=list)
    question = models.BinaryField(null=True)
    sheet_hash = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=10, default="DRAFTED")  # READY, SENT, REFUSED, CANCELLED
    refusal = models.JSONField(null=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    try_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    faults = models.IntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    objects = VisibleManager["OutgoingRecord"]()

    privacy: ClassVar[dict[str, str]] = {
        "id": "B", "conversation": "B", "h": "B", "kind": "B", "type": "B", "sender": "B", "receiver": "B",
        "case_ref": "B", "priority": "P", "manifest": "B", "parts": "B", "approvals": "B", "required": "B",
        "question": "S", "sheet_hash": "B", "state": "B", "refusal": "B", "created_at": "B", "ready_at": "B",
        "try_at": "B", "tries": "B", "faults": "B", "fault": "B", "sent_at": "B",
    }  # fmt: skip

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["priority", "ready_at", "id"],
                name="outgoing_ready",
                condition=Q(state="READY"),
            )
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return _from(actor.agency) if actor.is_officer else Q(pk__in=[])


class MessageRecord(models.Model):
    """An envelope that the centre has accepted, with the receipt it gave."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    message_id = models.UUIDField()
    h = models.CharField(max_length=64, db_index=True)
    conversation = models.UUIDField(db_index=True)
    sender = models.CharField(max_length=80)
    receiver = models.CharField(max_length=80)
    type = models.CharField(max_length=14)
    kind = models.CharField(max_length=40)
    seq = models.IntegerField()
    in_reply_to = models.CharField(max_length=64, blank=True)
    case_ref = models.CharField(max_length=40, db_index=True)
    envelope = models.BinaryField()
    receipt = models.TextField()
    entry = models.UUIDField()  # evidence entry
    directory_version = models.IntegerField()
    logged_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    objects = VisibleManager["MessageRecord"]()

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ["id", "message_id", "h", "conversation", "sender", "receiver", "type", "kind", "seq", "in_reply_to",
         "case_ref", "envelope", "receipt", "entry", "directory_version", "logged_at", "due_at"], "B",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar[list[str]] = ["logged_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sender", "message_id"], name="message_once"),
            models.UniqueConstraint(
                fields=["conversation", "sender", "seq"], name="message_in_order"
            ),
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        if not actor.is_officer:
            return Q(pk__in=[])
        return _from(actor.agency) | _of("receiver", actor.agency)


class DeliveryRecord(models.Model):
    """A message in its receiver's queue; only the receiver's own receipt takes it out."""

    id = models.BigAutoField(primary_key=True)
    message = models.OneToOneField(MessageRecord, on_delete=models.PROTECT, related_name="delivery")
    receiver_member = models.CharField(max_length=60)
    overtakes = models.BooleanField(
        default=False
    )  # release, unfreeze and cancel pass everything queued
    hosted = models.BooleanField()
    receipted_at = models.DateTimeField(null=True)
    receiver_receipt = models.TextField(blank=True)
    faults = models.IntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True)
    try_at = models.DateTimeField(null=True)

    objects = VisibleManager["DeliveryRecord"]()

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ["id", "message", "receiver_member", "overtakes", "hosted", "receipted_at", "receiver_receipt", "faults",
         "fault", "try_at"], "B",
    )  # fmt: skip

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["receiver_member", "id"], name="delivery_waiting",
                         condition=Q(receipted_at__isnull=True)),
            models.Index(fields=["hosted", "id"], name="delivery_hosted", condition=Q(receipted_at__isnull=True)),
        ]  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(receiver_member=actor.agency) if actor.is_officer else Q(pk__in=[])


class HeardRecord(models.Model):
    """What the exchange port last heard of a connected member; nothing about any message."""

    member = models.CharField(max_length=60, primary_key=True)
    polled_at = models.DateTimeField(null=True)
    clock_offset_seconds = models.IntegerField(
        null=True
    )  # theirs less ours, as the poll was signed
    directory_version = models.IntegerField(null=True)  # the one that it fetched last

    objects = VisibleManager["HeardRecord"]()

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ["member", "polled_at", "clock_offset_seconds", "directory_version"], "B"
    )

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(member=actor.agency) if actor.is_officer else Q(pk__in=[])


class RefusedRecord(models.Model):
    """A message that was refused, with the signed refusal: logged on this side, kept for the same answer again."""

    id = models.BigAutoField(primary_key=True)
    h = models.CharField(max_length=64, db_index=True)
    sender = models.CharField(max_length=80)
    code = models.CharField(max_length=60)
    detail = models.CharField(max_length=300, blank=True)
    refusal = models.TextField()
    at = models.DateTimeField()

    objects = VisibleManager["RefusedRecord"]()

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ["id", "h", "sender", "code", "detail", "refusal", "at"], "B"
    )

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return _from(actor.agency) if actor.is_officer else Q(pk__in=[])
