"""Checks of the protocol: one message on arrival, and the messages of an evidence bundle. Pure.

The centre and the receiver run the same checks in the same order; the receiver also opens the
question and holds it against the manifest. A refusal is returned, not raised: it is logged on both
sides and answered, so a transaction must be able to keep it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from lachan.exchange.crypto import PrivateKey
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import (
    AskerNotAllowed,
    ClockOff,
    DirectoryStale,
    DueMismatch,
    Expired,
    MemberSuspended,
    SchemaMismatch,
    SignerUnknown,
    TooLarge,
    logged_detail,
)
from lachan.exchange.kinds import Answer, MessageKind, MessageType, Priority, Question, decode, kind
from lachan.exchange.mandate_errors import MandateRefused
from lachan.exchange.mandates import AskFacts, Catalogue, Line, OrderFollowed
from lachan.exchange.manifest import Manifest
from lachan.exchange.opening import open_part
from lachan.exchange.verify_signers import _FORMS, check_approvals, check_needs, check_seal
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire, pace
from lachan.members.directory import Directory
from lachan.members.directory_rows import KeyRow, MemberRow, member_address
from lachan.members.roles import KeyUse, MemberState

CLOCK = timedelta(seconds=300) * pace()


WAIT = {Priority.P0: timedelta(hours=1)}  # how long a draft may wait for its signers


WAIT_ELSE = timedelta(hours=24)


_REASONS: tuple[tuple[type[LachanError], str], ...] = (
    (AskerNotAllowed, "ASKER_NOT_ALLOWED"),
    (TooLarge, "TOO_LARGE"),
)


_SUBSTATES: tuple[tuple[str, str], ...] = (
    ("exchange.mandate", "mandate"),
    ("exchange.asker_not_allowed", "mandate"),
    ("exchange.never_block", "mandate"),
    ("exchange.clock", "clock"),
    ("exchange.expired", "clock"),
    ("exchange.directory", "directory"),
    ("exchange.replay", "replay"),
    ("exchange.sign", "signature"),
    ("exchange.key_revoked", "signature"),
    ("exchange.approvals", "signature"),
)


Checker = Literal["centre", "receiver"]


@dataclass(frozen=True)
class CheckedMessage:
    """A message that passed. `at` is the log time by which it was judged."""

    envelope: Envelope
    kind: MessageKind
    sender: MemberRow
    receiver: MemberRow
    at: datetime
    body: Question | Answer | None = None  # opened by the receiver only
    lines: tuple[Line, ...] = ()  # the mandate check, for the desk page

    @property
    def manifest(self) -> Manifest:
        return self.envelope.manifest

    @property
    def h(self) -> str:
        return self.envelope.h

    @property
    def officers(self) -> frozenset[str]:
        """Who approved, by officer id."""
        return frozenset(one.officer for one in self.envelope.approvals)

    @property
    def units(self) -> frozenset[str]:
        return frozenset(one.unit for one in self.envelope.approvals)

    def followed(self, *, renewals: int = 0) -> OrderFollowed:
        """This order as a later release, notice or renewal refers to it."""
        manifest = self.manifest
        ends = [ref.lease_until for ref in manifest.mandates if ref.lease_until is not None]
        caps = [ref.cap_vnd for ref in manifest.mandates if ref.cap_vnd is not None]
        return OrderFollowed(
            h=self.h,
            kind=manifest.kind,
            sender=member_address(manifest.sender),
            mandates=manifest.mandates,
            logged_at=self.at,
            officers=self.officers,
            units=self.units,
            renewals=renewals,
            lease_until=from_wire(min(ends)) if ends else None,
            amount=min(caps) if caps else None,
        )


@dataclass(frozen=True)
class Refusal:
    """A message that did not pass: what both sides log and the sender is told.

    `reason` is the refusal reason of a conversation (None: the message is invalid as such);
    `substate` the state of the conversation at its sender; `detail` is for the log alone.
    """

    error: LachanError
    h: str | None
    reason: str | None
    substate: str
    detail: str

    @property
    def code(self) -> str:
        return self.error.code

    def body(self) -> dict[str, object]:
        """What is signed and sent back."""
        return {**self.error.body(), "h": self.h}


def check_envelope(
    given: Envelope | bytes,
    *,
    directory: Directory,
    catalogue: Catalogue,
    now: datetime,
    checker: Checker,
    own_address: str | None = None,
    logged_at: datetime | None = None,
    private_key: PrivateKey | None = None,
    blobs: dict[str, bytes] | None = None,
    follows: OrderFollowed | None = None,
    protected: Callable[[Question], bool] | None = None,
) -> CheckedMessage | Refusal:
    """Run every check in order; the first failure is the refusal.

    checker: "centre" judges by its own clock and reads the manifest only; "receiver" judges by the
    centre's receipt time `logged_at`, must be the `own_address` addressed, and opens the question
    with `private_key`. follows: the order that a release, notice or renewal names in `in_reply_to`.
    protected: whether a subject of the question stands on a never-block list.
    """
    h: str | None = None
    try:
        envelope = Envelope.from_bytes(given) if isinstance(given, bytes) else given
        h = envelope.h
        return _check(
            envelope,
            directory=directory,
            catalogue=catalogue,
            now=now,
            checker=checker,
            own_address=own_address,
            at=logged_at or now,
            private_key=private_key,
            blobs=blobs,
            follows=follows,
            protected=protected,
        )
    except LachanError as error:
        return refusal(error, h)


def refusal(error: LachanError, h: str | None) -> Refusal:
    """An error as the refusal that is logged and sent."""
    reason = error.reason if isinstance(error, MandateRefused) else None
    reason = reason or next((why for one, why in _REASONS if isinstance(error, one)), None)
    substate = next((sub for code, sub in _SUBSTATES if error.code.startswith(code)), "schema")
    return Refusal(error, h, reason, substate, logged_detail(error))


def needs_directory(envelope: Envelope, directory: Directory) -> bool:
    """The sender relied on a newer directory: fetch it before checking."""
    return envelope.manifest.directory_version > directory.version


def _check(
    envelope: Envelope,
    *,
    directory: Directory,
    catalogue: Catalogue,
    now: datetime,
    checker: Checker,
    own_address: str | None,
    at: datetime,
    private_key: PrivateKey | None,
    blobs: dict[str, bytes] | None,
    follows: OrderFollowed | None,
    protected: Callable[[Question], bool] | None,
) -> CheckedMessage:
    manifest = envelope.manifest
    declared = kind(manifest.kind)
    if declared.version != manifest.kind_version:
        raise SchemaMismatch(why=f"version {declared.version} of the kind", field="kind_version")
    sender, receiver = parties_of(
        manifest, directory, own_address if checker == "receiver" else None
    )
    asks = manifest.type is MessageType.ASK and not declared.follows
    if needs_directory(envelope, directory):
        raise DirectoryStale(issued_at=directory.read.issued_at)
    if asks:
        directory.ensure_fresh(now)
    _check_state(sender, asks=asks)
    check_seal(envelope, directory, sender, at)
    keys = check_approvals(envelope, directory, at, declared)
    check_needs(envelope, follows, declared)
    _check_clock(envelope, at, judged_by_sent_at=checker == "centre")
    lines: list[Line] = []
    body: Question | Answer | None = None
    if private_key is not None:
        body = _open(envelope, declared, private_key, blobs)
    if manifest.type is MessageType.ASK:
        _check_agreements(manifest, directory, at)
        facts = facts_of(envelope, declared, sender, receiver, keys, at, body, follows)
        facts = replace(facts, shift_open=directory.shift(manifest.sender, at) is not None)
        if isinstance(body, Question) and protected is not None and protected(body):
            facts = replace(facts, protected=True)
        lines = catalogue.check(manifest.mandates, facts)
        failed = next((line.error for line in lines if line.error is not None), None)
        if failed is not None:
            raise failed
    elif manifest.mandates:
        raise SchemaMismatch(why="only an ask carries mandates", field="mandates")
    right = declared.due_rule(manifest.priority)
    if manifest.due_rule != right:
        raise DueMismatch(got=manifest.due_rule, right=right, field="due_rule")
    return CheckedMessage(envelope, declared, sender, receiver, at, body, tuple(lines))


def parties_of(
    manifest: Manifest, directory: Directory, own_address: str | None
) -> tuple[MemberRow, MemberRow]:
    sender = directory.member(manifest.sender)
    receiver = directory.member(manifest.receiver)
    if own_address is not None and member_address(manifest.receiver) != member_address(own_address):
        raise SchemaMismatch(why="addressed to another member", field="receiver")
    if receiver is None:
        raise SchemaMismatch(why="no such member", field="receiver")
    if sender is None:
        raise SignerUnknown(field="sender")
    return sender, receiver


def _check_state(sender: MemberRow, *, asks: bool) -> None:
    if sender.state is MemberState.ACTIVE:
        return
    if sender.state is MemberState.SUSPENDED and not asks:
        return  # it may answer, release and receive
    raise MemberSuspended(address=sender.address, state=sender.state.value)


def _check_clock(envelope: Envelope, at: datetime, *, judged_by_sent_at: bool) -> None:
    manifest, sent = envelope.manifest, envelope.sent_at
    if judged_by_sent_at and abs(at - sent) > CLOCK:
        raise ClockOff.because(f"sent_at {sent}, now {at}")
    if manifest.created > sent:
        raise ClockOff.because("created after it was sent")
    if manifest.type is MessageType.ASK:
        wait = WAIT.get(manifest.priority, WAIT_ELSE)
        for one in envelope.approvals:
            signed = from_wire(one.at)
            if not manifest.created - CLOCK <= signed <= manifest.created + wait:
                raise ClockOff.because("approved outside the life of the draft")
    expires = manifest.expires
    if expires is not None and at > expires:
        raise Expired(expires_at=manifest.expires_at)


def _check_agreements(manifest: Manifest, directory: Directory, at: datetime) -> None:
    """Agreements narrow who asks whom for what; they never widen a mandate."""
    agreed = directory.agreements(manifest.sender, manifest.receiver, at)
    if agreed and not any(manifest.kind in one.kinds for one in agreed):
        raise AskerNotAllowed(why="; ".join(one.clauses for one in agreed))


def _open(
    envelope: Envelope,
    declared: MessageKind,
    private_key: PrivateKey,
    blobs: dict[str, bytes] | None,
) -> Question | Answer | None:
    manifest = envelope.manifest
    if manifest.type is MessageType.ASK:
        return decode(declared.ask, open_part(envelope, "ask", private_key, blobs=blobs))
    if manifest.part("answer") is not None:
        return decode(declared.answer, open_part(envelope, "answer", private_key, blobs=blobs))
    return None


def facts_of(  # noqa: PLR0917 - one argument for each thing that was looked up
    envelope: Envelope,
    declared: MessageKind,
    sender: MemberRow,
    receiver: MemberRow,
    keys: Sequence[KeyRow],
    at: datetime,
    body: Question | Answer | None,
    follows: OrderFollowed | None,
) -> AskFacts:
    manifest = envelope.manifest
    roles = {one.role for one in envelope.approvals}
    allowed = {role.value for role in declared.askers | declared.follow_roles}
    if roles and not roles & allowed:
        raise AskerNotAllowed(why=", ".join(sorted(roles)))
    if receiver.kind not in declared.answerers:
        raise AskerNotAllowed(why=f"{receiver.kind.value} does not answer {declared.name}")
    if declared.follows and follows is not None and follows.kind not in declared.follows:
        raise AskerNotAllowed(why=f"{declared.name} does not follow {follows.kind}")
    return AskFacts(
        kind=declared,
        priority=manifest.priority,
        purpose=manifest.purpose,
        sender=member_address(manifest.sender),
        sender_kind=sender.kind,
        receiver_kind=receiver.kind,
        required=manifest.required,
        at=at,
        test=manifest.test,
        forms=frozenset(_FORMS[row.storage] for row in keys if row.use is not KeyUse.SHIFT),
        standing=bool(keys) and all(row.use is KeyUse.SHIFT for row in keys),
        follows=follows,
        **question_facts(declared, body),
    )


def question_facts(declared: MessageKind, body: Question | Answer | None) -> dict[str, Any]:
    """Amount, end of lease and number of subjects as the question itself says them."""
    if not isinstance(body, Question):
        return {}
    found: dict[str, Any] = {}
    if declared.money is not None:
        found["amount"] = getattr(body, declared.money)
    if declared.lease is not None:
        found["lease_until"] = from_wire(getattr(body, declared.lease))
    many = getattr(body, declared.subjects) if declared.subjects is not None else (body,)
    found["subjects"] = len(many)
    return found
