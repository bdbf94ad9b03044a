"""Security keys that officers have registered; only the agency's enrolment makes one a signing key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7
from lachan.members.models.officers import Officer


class SecurityKey(models.Model):
    """One credential: what a browser must be told to find it again, and the key that it proved to hold."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="security_keys")
    label = models.CharField(max_length=60)
    credential = models.CharField(max_length=1364, unique=True)  # base64url of at most 1023 bytes
    kid = models.CharField(max_length=43, unique=True)
    alg = models.CharField(max_length=20)
    jwk = models.JSONField()
    transports = models.JSONField(default=list)
    party = models.CharField(max_length=253)
    origin = models.CharField(max_length=300)
    registered_at = models.DateTimeField()

    objects = VisibleManager["SecurityKey"]()
    privacy: ClassVar = dict.fromkeys(
        ["officer", "label", "credential", "kid", "alg", "jwk", "transports", "party", "origin",
         "registered_at"], "B",
    )  # fmt: skip

    class Meta:
        db_table = "members_security_key"
        verbose_name = "khóa bảo mật"

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """One's own alone."""
        return Q(pk__in=[]) if actor.officer_id is None else Q(officer_id=actor.officer_id)
