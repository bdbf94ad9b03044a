"""Records of pauses, holds, the sheets that people sign, notices and reviews.

A record is the row; its `value()` is what the rules decide on and `take()` writes back. Lines of held
money, openings and signatures are only ever added. Money is integer đồng.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from lachan.access.actors import Actor
from lachan.access.visible import VisibleManager
from lachan.holds.rules import values
from lachan.holds.rules.reviews import Outcome, Review, ReviewState
from lachan.holds.rules.values import Extent, Hold, HoldState, Line, LineKind, Pause, PauseState
from lachan.kernel.ids import uuid7
from lachan.members.roles import Role


def agency_q(actor: Actor) -> Q:
    """The one predicate of this context: the agency's own people and its own processes."""
    return Q(pk__in=[]) if actor.is_public else Q(agency=actor.agency)


class SheetRecord(models.Model):
    """What was laid before signers: its body is what they saw, its hash stands in every order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.CharField(max_length=14, db_index=True)
    agency = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, default="hold")  # renew, release, ask
    body = models.JSONField()
    body_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="PROPOSED")
    colour = models.CharField(max_length=6, default="green")
    amount = models.BigIntegerField(default=0)
    required = models.JSONField(default=list)
    proposer = models.CharField(max_length=64)  # person
    proposer_officer = models.UUIDField(null=True)
    proposer_name = models.CharField(max_length=120, blank=True)
    proposer_unit = models.CharField(max_length=100, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    drafts = models.JSONField(default=list)  # [{draft, h, hold, kind, receiver}]
    changes = models.JSONField(default=list)  # what differs from the sheet that it replaces
    reason = models.CharField(max_length=500, blank=True)

    objects = VisibleManager["SheetRecord"]()
    privacy: ClassVar = {
        "id": "B", "case": "B", "agency": "P", "kind": "B", "body": "X", "body_hash": "B", "state": "B",
        "colour": "B", "amount": "S", "required": "P", "proposer": "S", "proposer_officer": "B",
        "proposer_name": "B", "proposer_unit": "P", "made_at": "B", "due_at": "B", "sent_at": "B", "drafts": "B",
        "changes": "X", "reason": "X",
    }  # fmt: skip

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["agency", "state", "due_at"], name="sheet_to_sign"),
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return agency_q(actor)


class SheetOpening(models.Model):
    """The server's own note that a person had this sheet on the screen."""

    sheet = models.ForeignKey(SheetRecord, models.PROTECT, related_name="openings")
    person = models.CharField(max_length=64)
    officer = models.UUIDField()
    body_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = VisibleManager["SheetOpening"]()
    privacy: ClassVar = {
        "id": "B", "sheet": "B", "person": "S", "officer": "B", "body_hash": "B", "at": "B",
    }  # fmt: skip

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises: TypeError for a second save; what stands is never altered."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is only added to")
        super().save(*args, **kwargs)

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(sheet__agency=actor.agency) if not actor.is_public else Q(pk__in=[])


class SignatureRecord(models.Model):
    """One person's signature over one sheet; the cryptographic ones stand in the envelopes."""

    sheet = models.ForeignKey(SheetRecord, models.PROTECT, related_name="signatures")
    person = models.CharField(max_length=64)
    officer = models.UUIDField()
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=100)
    role = models.CharField(max_length=20)
    body_hash = models.CharField(max_length=64)
    ticked = models.JSONField(default=list)
    at = models.DateTimeField()

    objects = VisibleManager["SignatureRecord"]()
    privacy: ClassVar = {
        "id": "B", "sheet": "B", "person": "S", "officer": "B", "name": "B", "unit": "P", "role": "P",
        "body_hash": "B", "ticked": "S", "at": "B",
    }  # fmt: skip

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "person", "body_hash"], name="signed_once")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises: TypeError for a second save; what stands is never altered."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is only added to")
        super().save(*args, **kwargs)

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(sheet__agency=actor.agency) if not actor.is_public else Q(pk__in=[])


class InstrumentFields(models.Model):
    """What pauses and holds have in common."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.CharField(max_length=14, db_index=True)
    account = models.CharField(max_length=40, db_index=True)
    institution = models.CharField(max_length=80)
    agency = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=10)
    extent = models.CharField(max_length=8, blank=True)
    carved = models.BigIntegerField(default=0)
    held = models.BigIntegerField(
        default=0
    )  # Σ lines, while effective; the end is counted on reading
    conversation = models.UUIDField(null=True, db_index=True)
    h = models.CharField(max_length=64, blank=True, db_index=True)
    effective_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=60, blank=True)
    silence = models.IntegerField(default=-1)
    notice_due_at = models.DateTimeField(null=True)
    notice_at = models.DateTimeField(null=True)
    notice_state = models.CharField(max_length=10, blank=True)  # DUE, SENT, DONE, FAILED
    review_code = models.CharField(max_length=20, blank=True, db_index=True)
    codes = models.JSONField(
        default=list
    )  # of the mandate rows; what follows the order names the same
    stage = models.CharField(max_length=12, blank=True)
    receiver = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True

    objects: VisibleManager[Any]
    privacy: ClassVar = {
        "id": "B", "case": "B", "account": "S", "institution": "P", "agency": "P", "amount": "S", "state": "B",
        "extent": "B", "carved": "S", "held": "S", "conversation": "B", "h": "B", "effective_at": "B",
        "refused": "B", "silence": "B", "notice_due_at": "B", "notice_at": "B", "notice_state": "B",
        "review_code": "S", "codes": "P", "stage": "B", "receiver": "P",
    }  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return agency_q(actor)

    def lines(self) -> tuple[Line, ...]:
        """The movements of its money, in order."""
        rows = LedgerLine.objects.unscoped(reason="part of a record already read").filter(
            instrument=self.pk
        )
        return tuple(Line(LineKind(x.kind), x.amount, x.at, x.source) for x in rows.order_by("id"))

    def add_lines(self, lines: tuple[Line, ...]) -> None:
        """Append what the rules added; what stands is never touched."""
        known = len(self.lines())
        for one in lines[known:]:
            LedgerLine(
                instrument=self.pk, kind=one.kind, amount=one.amount, at=one.at, source=one.source
            ).save(force_insert=True)


class LedgerLine(models.Model):
    """A movement of held money: CAPTURE and TOPUP raise it, nothing else does. Only added to."""

    instrument = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=8)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    source = models.CharField(max_length=80)

    objects = VisibleManager["LedgerLine"]()
    privacy: ClassVar = {
        "id": "B", "instrument": "B", "kind": "B", "amount": "S", "at": "B", "source": "B",
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "kind", "source"], name="line_once")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises: TypeError for a second save; what stands is never altered."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is only added to")
        super().save(*args, **kwargs)

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(pk__in=[])


class PauseRecord(InstrumentFields):
    """A request to an institution to pause one credit."""

    requested_at = models.DateTimeField()
    until = models.DateTimeField()
    converted_by = models.UUIDField(null=True)

    objects = VisibleManager["PauseRecord"]()
    privacy: ClassVar = InstrumentFields.privacy | {
        "requested_at": "B", "until": "B", "converted_by": "B",
    }  # fmt: skip

    class Meta:
        verbose_name = "yêu cầu tạm dừng"

    def state_at(self, now: datetime) -> PauseState:
        """As the value's, without reading the lines of its money."""
        return self._bare().state_at(now)

    def held_at(self, now: datetime) -> int:
        """Đồng paused at this instant; `held` is the sum of the lines."""
        return self.held if self.state_at(now) is PauseState.EFFECTIVE else 0

    def value(self) -> Pause:
        """The value that the rules decide on."""
        return replace(self._bare(), lines=self.lines())

    def _bare(self) -> Pause:
        return Pause(
            id=str(self.pk), case=self.case, account=self.account, agency=self.agency, amount=self.amount,
            requested_at=self.requested_at, until=self.until, state=PauseState(self.state),
            effective_at=self.effective_at, extent=Extent(self.extent) if self.extent else None,
            carved=self.carved, refused=self.refused, silence=self.silence,
        )  # fmt: skip

    def take(self, pause: Pause) -> None:
        """Write the value back."""
        self.add_lines(pause.lines)
        self.state, self.until, self.effective_at = pause.state, pause.until, pause.effective_at
        self.extent, self.carved = pause.extent or "", pause.carved
        self.refused, self.silence = pause.refused[:60], pause.silence
        self.held = values.balance(pause.lines) if pause.state is PauseState.EFFECTIVE else 0
        self.save()


class HoldRecord(InstrumentFields):
    """A leased order on an amount. `expires_at` is never null."""

    sheet = models.ForeignKey(SheetRecord, models.PROTECT, related_name="holds")
    proposer = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    body_hash = models.CharField(max_length=64)
    signed = models.JSONField(default=list)
    renewals = models.JSONField(default=list)
    sent_at = models.DateTimeField(null=True)
    acked_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=12, blank=True)
    ended_at = models.DateTimeField(null=True)
    taint = models.BigIntegerField(default=0)
    method = models.CharField(max_length=16)
    w = models.IntegerField(default=0)
    merchant = models.BooleanField(default=False)
    converts = models.UUIDField(null=True)  # the pause whose money it takes over
    draft = models.UUIDField(null=True)  # the exchange's draft that people sign
    fell_at = models.DateTimeField(null=True)  # since when less is traced here than is held

    objects = VisibleManager["HoldRecord"]()
    privacy: ClassVar = InstrumentFields.privacy | {
        "sheet": "B", "proposer": "S", "drafted_at": "B", "expires_at": "B", "body_hash": "B", "signed": "S",
        "renewals": "S", "sent_at": "B", "acked_at": "B", "ended": "B", "ended_at": "B", "taint": "S",
        "method": "B", "w": "X", "merchant": "B", "converts": "B", "draft": "B", "fell_at": "B",
    }  # fmt: skip

    class Meta:
        verbose_name = "yêu cầu giữ tiền"
        indexes: ClassVar = [models.Index(fields=["state", "expires_at"], name="hold_ends")]

    def state_at(self, now: datetime) -> HoldState:
        """As the value's, without reading the lines of its money."""
        return self._bare().state_at(now)

    def held_at(self, now: datetime) -> int:
        """Đồng held at this instant; `held` is the sum of the lines."""
        return self.held if self.state_at(now) is HoldState.EFFECTIVE else 0

    def value(self) -> Hold:
        """The value that the rules decide on."""
        return replace(self._bare(), lines=self.lines())

    def _bare(self) -> Hold:
        return Hold(
            id=str(self.pk), case=self.case, account=self.account, agency=self.agency, proposer=self.proposer,
            amount=self.amount, drafted_at=self.drafted_at, expires_at=self.expires_at,
            sheet_hash=self.body_hash, state=HoldState(self.state),
            signatures=tuple(_signature(one) for one in self.signed),
            renewals=tuple(_signature(one) for one in self.renewals),
            sent_at=self.sent_at, acked_at=self.acked_at, effective_at=self.effective_at,
            extent=Extent(self.extent) if self.extent else None, carved=self.carved,
            ended=values.Reason(self.ended) if self.ended else None, ended_at=self.ended_at,
            refused=self.refused, silence=self.silence,
        )  # fmt: skip

    def take(self, hold: Hold) -> None:
        """Write the value back."""
        self.add_lines(hold.lines)
        self.state, self.expires_at, self.body_hash = hold.state, hold.expires_at, hold.sheet_hash
        self.signed = [_json(one) for one in hold.signatures]
        self.renewals = [_json(one) for one in hold.renewals]
        self.sent_at, self.acked_at, self.effective_at = (
            hold.sent_at,
            hold.acked_at,
            hold.effective_at,
        )
        self.extent, self.carved = hold.extent or "", hold.carved
        self.ended, self.ended_at = hold.ended or "", hold.ended_at
        self.refused, self.silence = hold.refused[:60], hold.silence
        self.held = values.balance(hold.lines) if hold.state is HoldState.EFFECTIVE else 0
        self.save()


def _json(one: values.Signature) -> dict[str, str]:
    return {
        "person": one.person, "officer": one.officer, "unit": one.unit, "role": one.role,
        "sheet_hash": one.sheet_hash, "at": one.at.isoformat(),
    }  # fmt: skip


def _signature(one: dict[str, str]) -> values.Signature:
    return values.Signature(
        one["person"], one["officer"], one["unit"], Role(one["role"]), one["sheet_hash"],
        datetime.fromisoformat(one["at"]),
    )  # fmt: skip


class FollowUp(models.Model):
    """A notice, release or renewal that follows an order, until the institution answers it."""

    instrument = models.UUIDField(db_index=True)
    instrument_kind = models.CharField(max_length=6)
    kind = models.CharField(max_length=16)
    conversation = models.UUIDField(unique=True)
    h = models.CharField(max_length=64)
    amount = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="SENT")  # DONE, REFUSED
    done_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)

    objects = VisibleManager["FollowUp"]()
    privacy: ClassVar = {
        "id": "B", "instrument": "B", "instrument_kind": "B", "kind": "B", "conversation": "B", "h": "B",
        "amount": "S", "reason": "B", "sent_at": "B", "state": "B", "done_at": "B", "outcome": "S",
    }  # fmt: skip

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(pk__in=[])


class ReviewRecord(models.Model):
    """A holder's request for review (đề nghị xem xét lại)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=20, db_index=True)
    instrument = models.UUIDField(db_index=True)
    instrument_kind = models.CharField(max_length=6)
    case = models.CharField(max_length=14)
    account = models.CharField(max_length=40)
    agency = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    text = models.TextField()
    contact = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, default="FILED")
    fast = models.BooleanField()
    persons = models.JSONField(default=list)
    unit_of_signer_1 = models.CharField(max_length=100, blank=True)
    filed_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    extended_by = models.DateTimeField()
    extended = models.BooleanField(default=False)
    identified_at = models.DateTimeField(null=True)
    identified_how = models.CharField(max_length=20, blank=True)
    default_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, blank=True)
    released = models.BigIntegerField(default=0)
    by_default = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    objects = VisibleManager["ReviewRecord"]()
    privacy: ClassVar = {
        "id": "B", "code": "S", "instrument": "B", "instrument_kind": "B", "case": "B", "account": "S",
        "agency": "P", "amount": "S", "text": "S", "contact": "S", "state": "B", "fast": "B", "persons": "S",
        "unit_of_signer_1": "P", "filed_at": "B", "decide_by": "B", "extended_by": "B", "extended": "B",
        "identified_at": "B", "identified_how": "B", "default_at": "B", "outcome": "B", "released": "S",
        "by_default": "B", "decided_at": "B", "decided_by": "B", "reason": "S",
    }  # fmt: skip

    class Meta:
        verbose_name = "đề nghị xem xét lại"
        indexes: ClassVar = [
            models.Index(fields=["agency", "state", "decide_by"], name="review_due")
        ]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return agency_q(actor)

    def value(self) -> Review:
        return Review(
            id=str(self.pk), code=self.code, hold=str(self.instrument), filed_at=self.filed_at,
            decide_by=self.decide_by, extended_by=self.extended_by, fast=self.fast,
            persons=frozenset(self.persons), unit_of_signer_1=self.unit_of_signer_1,
            state=ReviewState(self.state), identified_at=self.identified_at, default_at=self.default_at,
            extended=self.extended, outcome=Outcome(self.outcome) if self.outcome else None,
            by_default=self.by_default, decided_at=self.decided_at,
        )  # fmt: skip

    def take(self, review: Review) -> None:
        """Write the value back."""
        self.state, self.identified_at, self.default_at = (
            review.state, review.identified_at, review.default_at,
        )  # fmt: skip
        self.extended, self.outcome = review.extended, review.outcome or ""
        self.by_default, self.decided_at = review.by_default, review.decided_at
        self.save()


class ReviewAttempt(models.Model):
    """One try at a review code, by keyed hash of the address or code; erased after a day."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = VisibleManager["ReviewAttempt"]()
    privacy: ClassVar = {"id": "B", "key": "B", "at": "B"}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "at"], name="review_attempt")]

    @classmethod
    def visible_q(cls, actor: Actor) -> Q:
        return Q(pk__in=[])
