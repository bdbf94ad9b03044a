"""Records of a case: its reports, money, trace, timeline, and the board row that is kept from them.

A case belongs to one hosted agency; its officers see it, and whoever has a role on it. The timeline is
only ever added to. Money is integer đồng.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.kernel.ids import uuid7


class CaseCounter(models.Model):
    """The running number of a year."""

    year = models.IntegerField(primary_key=True)
    last = models.IntegerField(default=0)

    objects = VisibleManager["CaseCounter"]()
    privacy: ClassVar = {"year": "B", "last": "B"}

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(pk__in=[])


class CaseRecord(models.Model):
    """One fraud: who works on it, where it stands in law, where its money stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=14, unique=True)
    member = models.CharField(max_length=80, db_index=True)  # the agency's address
    unit = models.CharField(max_length=100)
    procedure = models.CharField(max_length=12, default="NEW")
    money = models.CharField(max_length=12, default="TRACING")
    scam_type = models.CharField(max_length=40, default="UNKNOWN")
    opened_at = models.DateTimeField()
    transferred_at = models.DateTimeField(null=True)
    verify_ends_at = models.DateTimeField(null=True)  # of the earliest undecided report
    taken_by = models.UUIDField(null=True)
    taken_name = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=16, default="fifo")
    reported = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    moved_on = models.BigIntegerField(default=0)
    withdrawn = models.BigIntegerField(default=0)
    unresolved = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    first_ask_at = models.DateTimeField(null=True)
    contained_at = models.DateTimeField(null=True)  # when containment was started
    not_sent = models.JSONField(
        default=list
    )  # [{kind, reason}]: what the adopted rows or no shift held back
    abuse = models.CharField(max_length=4, blank=True)  # A1: automation stopped, a person looks
    shift_seen_at = models.DateTimeField(null=True)  # the 15-minute look at what the shift key sent
    timeline_seq = models.IntegerField(default=0)

    objects = VisibleManager["CaseRecord"]()
    privacy: ClassVar = {
        "id": "B", "code": "B", "member": "P", "unit": "P", "procedure": "B", "money": "B", "scam_type": "B",
        "opened_at": "B", "transferred_at": "S", "verify_ends_at": "B", "taken_by": "B", "taken_name": "B",
        "taken_at": "B", "method": "B", "reported": "S", "held": "S", "moved_on": "S", "withdrawn": "S",
        "unresolved": "S", "returned": "S", "first_ask_at": "B", "contained_at": "B", "not_sent": "B",
        "abuse": "X", "shift_seen_at": "B", "timeline_seq": "B",
    }  # fmt: skip

    class Meta:
        verbose_name = "vụ việc"

    def __str__(self) -> str:
        return self.code

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """The agency's officers, and officers of others who have a role on the case."""
        return case_q(actor)


NOBODY = UUID(int=0)


def case_q(actor: Actor, path: str = "") -> Q:
    """The one predicate of this context; `path` leads from a row to its case ("case__")."""
    if actor.is_public:
        return Q(pk__in=[])
    mine = Q(**{f"{path}member": actor.agency})
    if actor.officer_id is None:
        return mine
    return mine | Q(**{f"{path}pk__in": CaseRole.of(actor)})


class CaseRole(models.Model):
    """LEAD, MEMBER, ANALYST, SUPERVISOR, SIGNER, APPEAL_OFFICER, PROCURATOR, COURT_READER; nobody can delete."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="roles")
    officer = models.UUIDField(db_index=True)
    role = models.CharField(max_length=16)
    given_at = models.DateTimeField()

    objects = VisibleManager["CaseRole"]()
    privacy: ClassVar = {"id": "B", "case": "B", "officer": "B", "role": "B", "given_at": "B"}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "officer", "role"], name="case_role_once")
        ]

    @classmethod
    def of(cls, actor: Actor) -> models.QuerySet[CaseRole]:
        """Ids of the cases on which an officer has a role; a subquery."""
        rows = cls.objects.unscoped(reason="the predicate itself")
        return rows.filter(officer=actor.officer_id or NOBODY).values("case_id")  # type: ignore[return-value] # values of ids, used in `IN`

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return case_q(actor, "case__")


class CaseReport(models.Model):
    """A report in a case, under the label that messages carry instead of a name."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="reports")
    report = models.UUIDField(unique=True)
    label = models.CharField(max_length=6)  # v1, v2…
    loss = models.BigIntegerField(default=0)
    received_at = models.DateTimeField()

    objects = VisibleManager["CaseReport"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "report": "B", "label": "B", "loss": "S", "received_at": "B",
    }  # fmt: skip

    class Meta:
        ordering: ClassVar = ["received_at", "id"]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return case_q(actor, "case__")


class CaseTransfer(models.Model):
    """A payment of a victim; `confirmed` is the payer's institution's word, SETTLED makes it a verified loss."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="transfers")
    report = models.ForeignKey(CaseReport, models.PROTECT, related_name="transfers")
    transfer = models.UUIDField(unique=True)  # the reports' id
    from_account = models.CharField(max_length=40, blank=True)
    to_account = models.CharField(max_length=40, db_index=True)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    precision = models.CharField(max_length=8)
    ref = models.CharField(max_length=64, blank=True, db_index=True)
    confirmed = models.CharField(max_length=10, blank=True)
    booked_at = models.DateTimeField(null=True)
    booked_ref = models.CharField(max_length=64, blank=True)
    contained = models.BooleanField(default=False)

    objects = VisibleManager["CaseTransfer"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "report": "B", "transfer": "B", "from_account": "S", "to_account": "S",
        "amount": "S", "at": "S", "precision": "B", "ref": "S", "confirmed": "B", "booked_at": "S",
        "booked_ref": "S", "contained": "B",
    }  # fmt: skip

    class Meta:
        ordering: ClassVar = ["at", "id"]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return case_q(actor, "case__")


class IndicatorRecord(models.Model):
    """A number, page, domain or handle of the fraudster, and what members answered about it."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="indicators")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=300, db_index=True)
    source = models.CharField(max_length=40)
    answered = models.JSONField(default=dict)  # {kind: outcome}

    objects = VisibleManager["IndicatorRecord"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "kind": "B", "value": "S", "source": "B", "answered": "S",
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "kind", "value"], name="case_indicator_once")
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return case_q(actor, "case__")


class TraceRecord(models.Model):
    """The federated trace of a case: the engine's own session, and which asks it waits for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.OneToOneField(CaseRecord, models.PROTECT, related_name="trace")
    session = models.JSONField()
    started_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    rounds = models.IntegerField(default=0)

    objects = VisibleManager["TraceRecord"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "session": "S", "started_at": "B", "settled_at": "B", "changed_at": "B",
        "rounds": "B",
    }  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return case_q(actor, "case__")


class LegRecord(models.Model):
    """One account that the money reached, with its figures under the case's method."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="legs")
    account = models.CharField(max_length=40, db_index=True)
    institution = models.CharField(max_length=80, blank=True)
    layer = models.IntegerField(default=1)
    state = models.CharField(max_length=10, default="DISCOVERED")
    received = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    moved_on = models.BigIntegerField(default=0)
    withdrawn = models.BigIntegerField(default=0)
    unresolved = models.BigIntegerField(default=0)
    taint = models.BigIntegerField(default=0)  # τ of the case's method
    figures = models.JSONField(default=dict)  # the trace's own, per method
    taint_min = models.BigIntegerField(default=0)
    taint_max = models.BigIntegerField(default=0)
    kappa_percent = models.IntegerField(default=0)
    holdable = models.BigIntegerField(null=True)
    bands = models.JSONField(default=dict)
    kind = models.CharField(max_length=10, default="account")
    answered = models.BooleanField(default=False)
    answer_h = models.CharField(max_length=64, blank=True)  # the proof of the taint
    credit = models.JSONField(
        default=dict
    )  # the credit by which it was reached: ref, payer, amount, time
    holder = models.CharField(max_length=120, blank=True)
    left_out = models.CharField(max_length=300, blank=True)  # a person's reason
    at = models.DateTimeField(null=True)

    objects = VisibleManager["LegRecord"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "account": "S", "institution": "P", "layer": "B", "state": "B", "received": "S",
        "held": "S", "moved_on": "S", "withdrawn": "S", "unresolved": "S", "taint": "S", "figures": "S",
        "taint_min": "S", "taint_max": "S", "kappa_percent": "B", "holdable": "S", "bands": "S", "kind": "B",
        "answered": "B", "answer_h": "B", "credit": "S", "holder": "S", "left_out": "X", "at": "S",
    }  # fmt: skip

    class Meta:
        ordering: ClassVar = ["layer", "account"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "account"], name="case_leg_once")
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return case_q(actor, "case__")


class InstrumentRecord(models.Model):
    """What this context knows of a pause or hold: kept from the holds' facts."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="instruments")
    instrument = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=6)
    account = models.CharField(max_length=40)
    state = models.CharField(max_length=12)
    held = models.BigIntegerField(default=0)
    ends_at = models.DateTimeField(null=True)
    silence = models.IntegerField(default=-1)

    objects = VisibleManager["InstrumentRecord"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "instrument": "B", "kind": "B", "account": "S", "state": "B", "held": "S",
        "ends_at": "B", "silence": "B",
    }  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return case_q(actor, "case__")


class AskRecord(models.Model):
    """A question of this case to an institution, until it is answered."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="asks")
    conversation = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    receiver = models.CharField(max_length=80)
    subject = models.CharField(max_length=300, blank=True)
    h = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    automatic = models.BooleanField(default=False)  # left under the shift key
    level = models.IntegerField(default=-1)
    late = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="WAITING")  # ANSWERED, REFUSED, CANCELLED
    reason = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)

    objects = VisibleManager["AskRecord"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "conversation": "B", "kind": "B", "receiver": "B", "subject": "S", "h": "B",
        "asked_at": "B", "due_at": "B", "automatic": "B", "level": "B", "late": "B", "state": "B", "reason": "B",
        "detail": "S",
    }  # fmt: skip

    class Meta:
        ordering: ClassVar = ["asked_at", "id"]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return case_q(actor, "case__")


class TimelineRecord(models.Model):
    """What happened; only added to. A correction is a new line that names the corrected one."""

    case = models.ForeignKey(CaseRecord, models.PROTECT, related_name="timeline")
    seq = models.IntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=120)
    unit = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=4, blank=True)
    field = models.CharField(max_length=40, blank=True)
    previous = models.CharField(max_length=200, blank=True)
    new = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    evidence = models.CharField(max_length=64, blank=True)
    corrects = models.IntegerField(null=True)

    objects = VisibleManager["TimelineRecord"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "seq": "B", "at": "B", "recorded_at": "B", "kind": "B", "actor": "B", "unit": "P",
        "purpose": "P", "field": "B", "previous": "S", "new": "S", "reason": "X", "evidence": "B", "corrects": "B",
    }  # fmt: skip

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="case_timeline_once")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises: TypeError for a second save; what stands is never altered."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is only added to")
        super().save(*args, **kwargs)

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return case_q(actor, "case__")


class BoardRowRecord(models.Model):
    """One row of the golden-hour board, kept by reactions: the page reads nothing else."""

    case = models.OneToOneField(CaseRecord, models.PROTECT, related_name="row")
    code = models.CharField(max_length=14, unique=True)
    member = models.CharField(max_length=80)
    open = models.BooleanField(default=True)
    transferred_at = models.DateTimeField(null=True)
    reported = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    moved_on = models.BigIntegerField(default=0)
    withdrawn = models.BigIntegerField(default=0)
    unresolved = models.BigIntegerField(default=0)
    paused = models.BigIntegerField(default=0)
    loss_per_minute = models.BigIntegerField(default=0)
    hops = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    slowest = models.JSONField(default=dict)
    signatures_missing = models.IntegerField(default=0)
    sheet = models.UUIDField(null=True)
    next_due_at = models.DateTimeField(null=True)
    next_act = models.CharField(max_length=10, default="take")
    flags = models.JSONField(default=list)
    taken_by = models.UUIDField(null=True)
    taken_name = models.CharField(max_length=120, blank=True)
    urgency = models.BigIntegerField(default=0)  # đồng per second when it was last kept
    changed_at = models.DateTimeField()

    objects = VisibleManager["BoardRowRecord"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "code": "B", "member": "P", "open": "B", "transferred_at": "S", "reported": "S",
        "held": "S", "moved_on": "S", "withdrawn": "S", "unresolved": "S", "paused": "S", "loss_per_minute": "S",
        "hops": "B", "waiting": "B", "slowest": "B", "signatures_missing": "B", "sheet": "B", "next_due_at": "B",
        "next_act": "B", "flags": "B", "taken_by": "B", "taken_name": "B", "urgency": "B", "changed_at": "B",
    }  # fmt: skip

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["member", "open", "-urgency", "code"], name="board_order"),
            models.Index(fields=["open", "next_due_at"], name="board_due"),
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        """As the case: the row shows nothing that its page would not."""
        if actor.is_public:
            return Q(pk__in=[])
        mine = Q(member=actor.agency)
        return mine | Q(case__in=CaseRole.of(actor)) if actor.officer_id is not None else mine


class BoardVersion(models.Model):
    """One counter per agency, raised with every change of a row; an unchanged poll is answered 204."""

    member = models.CharField(max_length=80, primary_key=True)
    version = models.BigIntegerField(default=0)

    objects = VisibleManager["BoardVersion"]()
    privacy: ClassVar = {"member": "P", "version": "B"}

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(pk=actor.agency)
