"""Records of members and their units.

Each record of the directory is who it is now; what it was before stands in `RowVersion`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7
from lachan.members.roles import Connection, MemberKind, MemberState


def choices(kind: Any) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]


class Member(models.Model):
    """An organisation that takes part. Its address is never used again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    address = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=choices(MemberKind))
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=600, db_index=True)
    regulator = models.CharField(max_length=80, blank=True)
    official_id = models.CharField(max_length=40, blank=True)
    bins = models.JSONField(default=list)
    msisdn_prefixes = models.JSONField(default=list)
    asns = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=choices(MemberState))
    connection = models.CharField(max_length=10, choices=choices(Connection))
    participation = models.PositiveSmallIntegerField(null=True, blank=True)
    conformance = models.CharField(
        max_length=200, blank=True
    )  # the report's hash, or the waiver's mark
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = VisibleManager["Member"]()
    privacy: ClassVar = dict.fromkeys(
        ["address", "kind", "name_vi", "name_en", "sort_key", "regulator", "official_id", "bins",
         "msisdn_prefixes", "asns", "state", "connection", "participation", "conformance",
         "valid_from", "valid_to"], "P",
    )  # fmt: skip

    class Meta:
        db_table = "members_member"
        verbose_name = "thành viên"

    def __str__(self) -> str:
        return self.address

    @property
    def shown(self) -> str:
        """Its name in the language of the page."""
        english = (get_language() or "vi").startswith("en")
        return self.name_en if english and self.name_en else self.name_vi

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """Members are public: the directory lists them."""
        return Q()


class Unit(models.Model):
    """A part of a member that works and receives: a duty desk, a fraud desk, a province's team."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, models.PROTECT, related_name="units")
    slug = models.CharField(max_length=32)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(
        max_length=200, blank=True
    )  # for pages; the signed row has the Vietnamese one
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    area = models.CharField(max_length=10, blank=True)  # province code
    on_call = models.JSONField(
        default=list
    )  # [{officer, from, to}], telephone kept with the officer's agency
    kinds = models.JSONField(default=list)  # it is the desk for these kinds of message
    phone = models.CharField(max_length=30, blank=True)  # the unit's public telephone
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = VisibleManager["Unit"]()
    privacy: ClassVar = dict.fromkeys(
        ["member", "slug", "name_vi", "name_en", "parent", "area", "kinds", "phone", "valid_from", "valid_to"], "P"
    ) | {"on_call": "B"}  # fmt: skip

    class Meta:
        db_table = "members_unit"
        verbose_name = "đơn vị"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "slug"], name="members_unit_slug")
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        return f"{self.member.address}/{self.slug}"

    @property
    def shown(self) -> str:
        """Its name in the language of the page; the Vietnamese one where no other was given."""
        english = (get_language() or "vi").startswith("en")
        return self.name_en if english and self.name_en else self.name_vi

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """Units are public, as their members."""
        return Q()
