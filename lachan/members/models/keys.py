"""Records of keys, and of the shifts for which a duty officer's key answers."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7
from lachan.members.models.officers import Officer
from lachan.members.models.organisations import Member, Unit, choices
from lachan.members.roles import KeyStorage, KeyUse


class Key(models.Model):
    """A public key and, where the centre keeps it, its private half, wrapped."""

    kid = models.CharField(max_length=43, primary_key=True)
    use = models.CharField(max_length=10, choices=choices(KeyUse))
    member = models.ForeignKey(Member, models.PROTECT, related_name="keys")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="keys")
    alg = models.CharField(max_length=20)
    jwk = models.JSONField()
    storage = models.CharField(max_length=10, choices=choices(KeyStorage))
    scope = models.JSONField(null=True, blank=True)
    wrapped = models.TextField(blank=True)  # see keystore; empty where the owner keeps it
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_from = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = VisibleManager["Key"]()
    privacy: ClassVar = dict.fromkeys(
        ["kid", "use", "member", "officer", "alg", "jwk", "storage", "scope", "valid_from", "valid_to",
         "revoked_from", "reason"], "P",
    ) | {"wrapped": "X"}  # fmt: skip

    class Meta:
        db_table = "members_key"
        verbose_name = "khóa"
        indexes: ClassVar = [models.Index(fields=["member", "use"], name="members_key_use")]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """Keys are public; the wrapped half never leaves the key store."""
        return Q()

    def usable_at(self, now: datetime) -> bool:
        """In its period and not revoked."""
        revoked = self.revoked_from is not None and self.revoked_from <= now
        return self.valid_from <= now < self.valid_to and not revoked


class Shift(models.Model):
    """The hours for which a duty officer answers for what is asked automatically."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="shifts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shifts")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="shifts")
    key = models.OneToOneField(Key, models.PROTECT, related_name="shift")
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleManager["Shift"]()
    privacy: ClassVar = dict.fromkeys(
        ["member", "unit", "officer", "key", "opened_at", "ends_at", "closed_at"], "B"
    )

    class Meta:
        db_table = "members_shift"
        verbose_name = "ca trực"
        indexes: ClassVar = [
            models.Index(fields=["member", "ends_at"], name="members_shift_member")
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """One's own member's shifts; the system of the centre sees all."""
        if actor.is_public:
            return Q(pk__in=[])
        return Q() if actor.is_system else Q(member__address=actor.agency)

    @staticmethod
    def open_at(now: datetime) -> Q:
        """Running at that time: a lapse is computed, not swept."""
        return Q(opened_at__lte=now, ends_at__gt=now) & (
            Q(closed_at__isnull=True) | Q(closed_at__gt=now)
        )
