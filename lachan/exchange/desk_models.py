"""The table of a hosted desk: what a person there has said to an ask."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.exchange.models import ConversationRecord
from lachan.kernel.ids import uuid7


class DeskWordRecord(models.Model):
    """What a person at a hosted member's desk has said to an ask: the answer that a second one must agree to, or the last word.

    Only one row of a conversation waits; another answer replaces it and the agreement begins anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    conversation = models.ForeignKey(ConversationRecord, on_delete=models.PROTECT, related_name="+")
    member = models.CharField(max_length=60)
    act = models.CharField(max_length=8)  # answer, refuse
    officer = models.UUIDField()
    person = models.CharField(
        max_length=64
    )  # the human: keyed hash of the citizen id, else the officer's id
    name = models.CharField(max_length=120)
    body = models.JSONField()  # the form as it was typed, or the reason with its explanation
    body_hash = models.CharField(
        max_length=64
    )  # SHA-256 of the answer with its lines, `as_of` left out
    state = models.CharField(max_length=8)  # WAITING, REPLACED, SENT
    h = models.CharField(max_length=64, blank=True)  # of the message that left
    at = models.DateTimeField()

    objects = VisibleManager["DeskWordRecord"]()

    privacy: ClassVar[dict[str, str]] = {
        "id": "B", "conversation": "B", "member": "B", "act": "B", "officer": "B", "person": "B", "name": "P",
        "body": "S", "body_hash": "B", "state": "B", "h": "B", "at": "B",
    }  # fmt: skip

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation"], condition=Q(state="WAITING"), name="desk_word_waits_once"),
        ]  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """The desk's own member: the asker reads the answer, not who agreed to it."""
        return Q(member=actor.agency) if actor.is_officer else Q(pk__in=[])
