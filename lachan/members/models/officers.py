"""Records of officers, the roles that they hold, and their word that a member may become active."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7
from lachan.members.models.organisations import Member, Unit, choices
from lachan.members.roles import Role


class Officer(models.Model):
    """A person who may act for a member. Known to others by name, staff number and role only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="officers")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="officers")
    name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=600, db_index=True)
    staff_no = models.CharField(max_length=40)
    person_key = models.CharField(
        max_length=64, blank=True, db_index=True
    )  # keyed hash of the citizen id
    state = models.CharField(max_length=10, default="ACTIVE")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = VisibleManager["Officer"]()
    privacy: ClassVar = {
        "member": "P", "unit": "P", "name": "B", "sort_key": "B", "staff_no": "B", "person_key": "S",
        "state": "B", "valid_from": "B", "valid_to": "B",
    }  # fmt: skip

    class Meta:
        db_table = "members_officer"
        verbose_name = "cán bộ"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """Whoever has signed in sees officers, as the directory shows them; the public sees none."""
        return Q(pk__in=[]) if actor.is_public else Q()


class RoleHeld(models.Model):
    """A role in one unit for a period; from the officer's signed row, kept to be found by."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="roles")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=choices(Role))
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = VisibleManager["RoleHeld"]()
    privacy: ClassVar = dict.fromkeys(["officer", "unit", "role", "valid_from", "valid_to"], "B")

    class Meta:
        db_table = "members_role"
        verbose_name = "vai trò"
        indexes: ClassVar = [models.Index(fields=["unit", "role"], name="members_role_unit")]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """As officers."""
        return Q(pk__in=[]) if actor.is_public else Q()

    @staticmethod
    def at(now: datetime) -> Q:
        """Held at that time."""
        return Q(valid_from__lte=now) & (Q(valid_to__isnull=True) | Q(valid_to__gt=now))


class Activation(models.Model):
    """One registrar's word that a member may become active; two are needed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="activations")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="activations")
    at = models.DateTimeField()

    objects = VisibleManager["Activation"]()
    privacy: ClassVar = {"member": "P", "officer": "B", "at": "B"}

    class Meta:
        db_table = "members_activation"
        verbose_name = "duyệt thành viên"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "officer"], name="members_activation_once")
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """As officers."""
        return Q(pk__in=[]) if actor.is_public else Q()
