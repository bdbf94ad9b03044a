"""Records of members, their units, officers and keys.

Each record is who it is now; what it was before stands in `RowVersion`, which only grows: a change
closes the open row and adds another. The signed directory is made of those rows alone.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7
from lachan.members.roles import Connection, KeyStorage, KeyUse, MemberKind, MemberState, Role


def _choices(kind: Any) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]


class Member(models.Model):
    """An organisation that takes part. Its address is never used again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    address = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=_choices(MemberKind))
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=600, db_index=True)
    regulator = models.CharField(max_length=80, blank=True)
    official_id = models.CharField(max_length=40, blank=True)
    bins = models.JSONField(default=list)
    msisdn_prefixes = models.JSONField(default=list)
    asns = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=_choices(MemberState))
    connection = models.CharField(max_length=10, choices=_choices(Connection))
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
    role = models.CharField(max_length=20, choices=_choices(Role))
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


class Key(models.Model):
    """A public key and, where the centre keeps it, its private half, wrapped."""

    kid = models.CharField(max_length=43, primary_key=True)
    use = models.CharField(max_length=10, choices=_choices(KeyUse))
    member = models.ForeignKey(Member, models.PROTECT, related_name="keys")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="keys")
    alg = models.CharField(max_length=20)
    jwk = models.JSONField()
    storage = models.CharField(max_length=10, choices=_choices(KeyStorage))
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


class RowVersion(models.Model):
    """A directory row as it was published from `valid_from` on. Only `valid_to` is ever set, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    table = models.CharField(max_length=8)  # member, unit, officer, key
    subject = models.CharField(max_length=43)  # the record's id
    row = models.TextField()  # canonical JSON, `enrolled` included
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)

    objects = VisibleManager["RowVersion"]()
    privacy: ClassVar = dict.fromkeys(["table", "subject", "row", "valid_from", "valid_to"], "B")

    class Meta:
        db_table = "members_row"
        verbose_name = "dòng danh bạ"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["table", "subject"],
                condition=Q(valid_to__isnull=True),
                name="members_row_open",
            )
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """The directory is read as a whole, by its version."""
        return Q(pk__in=[])

    def value(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.row)
        return read


class DirectoryVersion(models.Model):
    """A published directory: the exact bytes and the signature over them."""

    version = models.PositiveBigIntegerField(primary_key=True)
    body = models.BinaryField()
    jws = models.TextField()
    hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    objects = VisibleManager["DirectoryVersion"]()
    privacy: ClassVar = dict.fromkeys(["version", "body", "jws", "hash", "issued_at"], "B")

    class Meta:
        db_table = "members_directory"
        verbose_name = "danh bạ đã ký"

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """Members fetch it by their signed call; the public does not."""
        return Q(pk__in=[]) if actor.is_public else Q()
