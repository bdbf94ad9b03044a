"""The checks of one message on arrival. Pure.

The centre and the receiver run the same checks in the same order; the receiver also opens the
question and holds it against the manifest.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from lachan.exchange.crypto import PrivateKey
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import ClockOff, DirectoryStale, DueMismatch, Expired, SchemaMismatch
from lachan.exchange.kinds import (
    Answer,
    MessageKind,
    MessageType,
    Priority,
    Question,
    decode,
    from_json,
    kind,
)
from lachan.exchange.mandate_facts import OrderFollowed
from lachan.exchange.mandates import Catalogue, Line
from lachan.exchange.manifest import Manifest
from lachan.exchange.moves import MOVES, Move, check_parts, check_words
from lachan.exchange.opening import open_part, read_part
from lachan.exchange.parts import ROWS
from lachan.exchange.signer_errors import AskerNotAllowed, MemberSuspended, SignerUnknown
from lachan.exchange.verify_facts import facts_of
from lachan.exchange.verify_outcome import CheckedMessage, Refusal, refusal
from lachan.exchange.verify_signers import check_approvals, check_needs, check_seal
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire, pace
from lachan.members.directory import Directory
from lachan.members.directory_rows import MemberRow, member_address
from lachan.members.roles import MemberState

CLOCK = timedelta(seconds=300) * pace()
WAIT = {Priority.P0: timedelta(hours=1)}  # how long a draft may wait for its signers
WAIT_ELSE = timedelta(hours=24)
Checker = Literal["centre", "receiver"]


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
    check_parts(manifest)
    _check_clock(envelope, at, judged_by_sent_at=checker == "centre")
    lines: list[Line] = []
    body: Question | Answer | Move | None = None
    if private_key is not None:
        body = _open(envelope, declared, private_key, blobs)
        check_words(manifest, body)
    if manifest.type is MessageType.ASK:
        _check_agreements(manifest, directory, at)
        asked = body if isinstance(body, Question) else None
        facts = facts_of(envelope, declared, sender, receiver, keys, at, asked, follows)
        facts = replace(facts, shift_open=directory.shift(manifest.sender, at) is not None)
        if asked is not None and protected is not None and protected(asked):
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
) -> Question | Answer | Move | None:
    manifest = envelope.manifest
    if manifest.type is MessageType.ASK:
        return decode(declared.ask, open_part(envelope, "ask", private_key, blobs=blobs))
    words = MOVES.get(manifest.type)
    if words is not None and manifest.part(manifest.type.value) is not None:
        return decode(words, open_part(envelope, manifest.type.value, private_key, blobs=blobs))
    if manifest.part("answer") is not None:
        _check_rows(envelope, declared, private_key, blobs)
        return decode(declared.answer, open_part(envelope, "answer", private_key, blobs=blobs))
    return None


def _check_rows(
    envelope: Envelope,
    declared: MessageKind,
    private_key: PrivateKey,
    blobs: dict[str, bytes] | None,
) -> None:
    """Every line beside the answer has the kind's form. Raises: SchemaMismatch."""
    if envelope.manifest.part(ROWS) is None:
        return
    if declared.rows is None:
        raise SchemaMismatch(why=f"{declared.name} has no rows", field=ROWS)
    for row in read_part(envelope, ROWS, private_key, blobs=blobs).rows:
        from_json(declared.rows, row)
