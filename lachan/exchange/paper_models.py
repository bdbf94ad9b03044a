"""Tables of what is on paper: look-ups of printed orders, and replies that wait to be signed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7
from lachan.members.roles import MemberKind, Role


class CheckAttempt(models.Model):
    """One look-up of a printed order, by keyed hash of where it came from; erased after a day."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = VisibleManager["CheckAttempt"]()

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(["id", "key", "at"], "B")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key", "at"], name="check_attempt_key_at")
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(pk__in=[])


class PaperReply(models.Model):
    """An answer that came on paper, read and kept until an officer signs it (`sent_h`: the answer's H then)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    conversation = models.UUIDField()
    member = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)  # of the files
    answer = models.BinaryField()
    rows = models.BinaryField(null=True)
    scan_hash = models.CharField(max_length=64)
    scan_size = models.IntegerField()
    sent_h = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    objects = VisibleManager["PaperReply"]()

    privacy: ClassVar[dict[str, str]] = dict.fromkeys(
        ["id", "conversation", "member", "digest", "scan_hash", "scan_size", "sent_h", "at"], "B"
    ) | {"answer": "S", "rows": "S"}

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["conversation", "digest"], name="paper_reply_once")
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """The member's own desk, and the centre's offices that type for it."""
        if not actor.is_officer:
            return Q(pk__in=[])
        offices = actor.agency.split("/")[1] == MemberKind.CENTRE and actor.has(
            Role.REGISTRAR, Role.CITIZEN_OFFICE
        )
        return Q() if offices else Q(member=actor.agency)
