"""Records of victims' reports. Insert and annotate; nothing a victim said is overwritten or deleted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7


class ReportRecord(models.Model):
    """One report. Its code is kept as a keyed hash only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(
        max_length=64
    )  # of the last four digits, or of the PIN on the receipt
    idempotency_key = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=12)
    member = models.CharField(max_length=80)  # the agency that answers for it: its address
    unit = models.UUIDField(null=True)
    taken_by = models.UUIDField(null=True)  # officer, when not WEB
    state = models.CharField(max_length=20, default="RECEIVED")
    route_rule = models.CharField(max_length=40)
    victim_name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    phone_given = models.CharField(max_length=60, blank=True)
    citizen_id = models.CharField(max_length=20, blank=True)
    identity = models.CharField(max_length=2, default="L0")
    scam_type = models.CharField(max_length=30, default="UNKNOWN")
    narrative = models.TextField(blank=True)
    secrets_shared = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    receipt_book = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()
    verify_ends_at = models.DateTimeField()
    contained_at = models.DateTimeField(null=True)
    withheld = models.CharField(max_length=30, blank=True)
    case_code = models.CharField(max_length=12, blank=True, db_index=True)
    reported = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    moved_on = models.BigIntegerField(default=0)
    withdrawn = models.BigIntegerField(default=0)
    unresolved = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    first_ask_at = models.DateTimeField(null=True)
    entry = models.UUIDField(null=True)  # its entry of the evidence log
    sms_at = models.DateTimeField(null=True)  # when the receipt went to the telephone

    objects = VisibleManager["ReportRecord"]()

    privacy: ClassVar[dict[str, str]] = {
        "id": "B", "code_hash": "X", "pin_hash": "X", "idempotency_key": "B", "channel": "B", "member": "P",
        "unit": "P", "taken_by": "B", "state": "B", "route_rule": "P", "victim_name": "S", "phone": "S",
        "phone_given": "S", "citizen_id": "S", "identity": "B", "scam_type": "B", "narrative": "S",
        "secrets_shared": "S", "warnings": "S", "receipt_book": "B", "received_at": "B", "verify_ends_at": "B",
        "contained_at": "B", "withheld": "B", "case_code": "B", "reported": "B", "held": "B", "moved_on": "B",
        "withdrawn": "B", "unresolved": "B", "returned": "B", "first_ask_at": "B",
        "entry": "P", "sms_at": "B",
    }  # fmt: skip

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["member", "received_at", "id"], name="report_member_time")
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """Officers see the reports of their own agency; a supervisor's counts are not made from here."""
        return Q(member=actor.agency) if actor.is_officer else Q(pk__in=[])


class AdditionRecord(models.Model):
    """What was told after the report was sent: one act, word for word; nothing told before is overwritten."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(ReportRecord, on_delete=models.PROTECT, related_name="additions")
    idempotency_key = models.CharField(max_length=64, unique=True)
    taken_by = models.UUIDField(null=True)  # officer; None: the reporter, by the code
    at = models.DateTimeField()
    said = models.JSONField()
    warnings = models.JSONField(default=list)
    entry = models.UUIDField()  # its entry of the evidence log

    objects = VisibleManager["AdditionRecord"]()

    privacy: ClassVar[dict[str, str]] = {
        "id": "B", "report": "B", "idempotency_key": "B", "taken_by": "B", "at": "B", "said": "S",
        "warnings": "S", "entry": "P",
    }  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(report__member=actor.agency) if actor.is_officer else Q(pk__in=[])


class TransferRecord(models.Model):
    """One payment as told; `voice_of` points to the record of the same payment that was told first."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(ReportRecord, on_delete=models.PROTECT, related_name="transfers")
    rail = models.CharField(max_length=10)
    from_account = models.CharField(max_length=40, blank=True, db_index=True)
    to_account = models.CharField(max_length=40, blank=True, db_index=True)
    amount = models.BigIntegerField(null=True)
    at = models.DateTimeField(null=True)
    precision = models.CharField(max_length=8)
    ref = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=8)
    payee = models.CharField(max_length=200, blank=True)
    raw = models.JSONField()
    voice_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="voices")

    objects = VisibleManager["TransferRecord"]()

    privacy: ClassVar[dict[str, str]] = {
        "id": "B", "report": "B", "rail": "B", "from_account": "S", "to_account": "S", "amount": "S", "at": "S",
        "precision": "B", "ref": "S", "status": "B", "payee": "S", "raw": "S", "voice_of": "B",
    }  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(report__member=actor.agency) if actor.is_officer else Q(pk__in=[])


class ContactRecord(models.Model):
    """A number, address, page or handle that the fraudster used."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(ReportRecord, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=300, blank=True, db_index=True)
    raw = models.CharField(max_length=500)

    objects = VisibleManager["ContactRecord"]()

    privacy: ClassVar[dict[str, str]] = {
        "id": "B",
        "report": "B",
        "kind": "B",
        "value": "S",
        "raw": "S",
    }

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(report__member=actor.agency) if actor.is_officer else Q(pk__in=[])


class PhoneCodeRecord(models.Model):
    """A code sent to a report's telephone: six digits, five minutes, five tries."""

    report = models.ForeignKey(ReportRecord, on_delete=models.PROTECT, related_name="phone_codes")
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    objects = VisibleManager["PhoneCodeRecord"]()

    privacy: ClassVar[dict[str, str]] = {
        "id": "B", "report": "B", "code_hash": "X", "sent_at": "B", "expires_at": "B", "tries": "B",
        "confirmed_at": "B",
    }  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(pk__in=[])


class AttemptRecord(models.Model):
    """One try at a guessable door, by keyed hash of the address or of the code; erased after a day."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = VisibleManager["AttemptRecord"]()

    privacy: ClassVar[dict[str, str]] = {"id": "B", "key": "B", "at": "B"}

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key", "at"], name="attempt_key_at")
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(pk__in=[])


class DraftRecord(models.Model):
    """A report that is not sent yet, for 24 hours: what was typed, encrypted, behind a code and a PIN."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=64)
    body = models.TextField()
    expires_at = models.DateTimeField(db_index=True)

    objects = VisibleManager["DraftRecord"]()

    privacy: ClassVar[dict[str, str]] = {
        "id": "B", "code_hash": "X", "pin_hash": "X", "body": "S", "expires_at": "B",
    }  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """Nobody's but the writer's, who opens it by its code."""
        return Q(pk__in=[])
