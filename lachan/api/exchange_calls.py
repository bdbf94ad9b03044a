"""What each call of the exchange port does, one function each, on a thread with a database connection.

`CALLS` maps (method, path below /exchange/v1/) to its function; all take (member address, query, body) and answer
(status, JSON body).
"""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db.models import Max

from lachan.access.steps import step, together
from lachan.evidence import witnessing
from lachan.exchange import calls, catalogue, contacts, lookups, router, talks
from lachan.exchange.crypto import b64encode
from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import Malformed, TooLarge
from lachan.exchange.events import Delivered
from lachan.exchange.models import DeliveryRecord
from lachan.exchange.receipts import kid_named, read_receiver_receipt
from lachan.exchange.signer_errors import CallSignature
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import Refusal
from lachan.kernel.errors import LachanError
from lachan.kernel.events import Event
from lachan.kernel.time import Clock, clock_from_env, to_wire
from lachan.members import services as members
from lachan.members.directory_rows import member_address
from lachan.members.roles import KeyUse

LOG = structlog.get_logger("lachan")
Answer = tuple[int, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a member by its address, or a witness by its name, which may see and sign the log's heads only."""

    name: str
    is_witness: bool


_BATCH = 100
_MOST = 50
_DIGITS = 18  # of a queue's position: what a 64-bit integer holds
_QUEUE = "the receiver's own queue"
_CLOCK: Clock = clock_from_env()


def signer(
    method: str, url: str, headers: Mapping[str, str], body: bytes, *, now: datetime
) -> tuple[Caller, calls.CallSigner]:
    """Whose key signed a call: a member's of the directory, or a configured witness's. Raises: CallSignature."""
    directory = members.current_directory()

    def find(kid: str) -> Mapping[str, Any] | None:
        key = directory.key(kid)
        if key is None:
            witness = witnessing.known().get(kid)
            return None if witness is None else witness.jwk
        return key.jwk if directory.key_valid(kid, now) else None

    found = calls.verify_call(method, url, headers, body, find_key=find, now=now)
    row = directory.key(found.kid)
    if row is None:
        return Caller(witnessing.known()[found.kid].name, is_witness=True), found
    if row.officer is not None or row.use is not KeyUse.SIGN:
        raise CallSignature
    return Caller(row.member, is_witness=False), found


def messages(member: str, _query: Mapping[str, str], body: bytes) -> Answer:
    """One envelope in, the centre's receipt or its signed refusal out."""
    verdict = _accept(member=member, given=body)
    return verdict[0], verdict[1]


def batch(member: str, _query: Mapping[str, str], body: bytes) -> Answer:
    """Up to 100 envelopes, each accepted or refused by itself. Raises: TooLarge, Malformed."""
    given = _json(body).get("envelopes")
    if not isinstance(given, list):
        raise Malformed(why="envelopes is a list")
    if len(given) > _BATCH:
        raise TooLarge(what="batch", size=len(given), right=_BATCH)
    results: list[Answer] = []
    while len(results) < len(given):
        results += together(
            lambda one: _accepted(member, _as_sent(one)), given[len(results) :], failed=_undecided
        )
    return 202, {"results": [said for _status, said in results]}


def _as_sent(envelope: object) -> bytes:
    """Its canonical form: what was spelt otherwise inside the batch's JSON is read as the router reads it."""
    return json.dumps(envelope, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _undecided(_item: object, fault: Exception) -> Answer:
    """A defect or a full disk met one envelope: it has no result, so its sender tries again; the others have theirs."""
    LOG.error("envelope_undecided", fault=type(fault).__name__)
    return 500, {}


def _untaken(_item: object, fault: Exception) -> int:
    LOG.error("receipt_untaken", fault=type(fault).__name__)
    return 0


def inbox(member: str, query: Mapping[str, str], _body: bytes) -> Answer:
    """What waits for the member: releases first, then by age; only a receipt takes a message out."""
    most = min(number(query, "max", _MOST), number(query, "capacity", _MOST), _MOST)
    rows = DeliveryRecord.objects.unscoped(reason=_QUEUE).filter(
        receiver_member=member, receipted_at=None
    )
    after = number(query, "after", 0)
    found = list(
        rows.filter(pk__gt=after).select_related("message").order_by("-overtakes", "id")[:most]
    )
    items = [
        {"envelope": json.loads(bytes(row.message.envelope)), "centre_receipt": row.message.receipt}
        for row in found
    ]
    cursor = max([after, *(row.pk for row in found)])
    return 200, {"cursor": str(cursor), "directory_version": directory_version(), "items": items}


def receipts(member: str, _query: Mapping[str, str], body: bytes) -> Answer:
    """The receiver's receipts take messages out of its queue."""
    given = _json(body).get("receipts")
    if not isinstance(given, list) or len(given) > 10 * _BATCH:
        raise Malformed(why="receipts is a list of at most 1000")
    taken: list[int] = []
    while len(taken) < len(given):
        taken += together(
            lambda one: _receipt(member, str(one)), given[len(taken) :], failed=_untaken
        )
    return 200, {"accepted": sum(taken)}


def directory(member: str, query: Mapping[str, str], _body: bytes) -> Answer:
    """The signed directory with its root; with `since` equal to the newest, its number alone."""
    newest = members.current_directory()
    contacts.fetched(member, version=newest.version)
    if query.get("since") == str(newest.version):
        return 200, {"version": newest.version}
    return 200, {
        "version": newest.version,
        "root": members.deployment_root().to_json(),
        "directory": b64encode(newest.body),
        "jws": newest.jws,
    }


def mandates(_member: str, _query: Mapping[str, str], _body: bytes) -> Answer:
    """The catalogue's canonical bytes; its hash stands in the signed directory."""
    rows = catalogue.catalogue()
    return 200, {
        "catalogue": b64encode(rows.to_bytes()),
        "hash": rows.hash,
        "profile": catalogue.profile().name,
    }


def ping(_member: str, _query: Mapping[str, str], body: bytes) -> Answer:
    """The centre's time and versions; an envelope in the body is checked and answered line by line."""
    now = _CLOCK.now()
    answer: dict[str, Any] = {
        "now": to_wire(now),
        "directory_version": directory_version(),
        "checks": [],
    }
    if body:
        verdict = check_envelope(
            body,
            directory=members.current_directory(),
            catalogue=catalogue.catalogue(),
            now=now,
            checker="centre",
        )
        answer["checks"] = (
            [{"ok": False, **verdict.body()}]
            if isinstance(verdict, Refusal)
            else [
                {"ok": line.ok, "mandate": line.mandate, "step": line.step}
                for line in verdict.lines
            ]
        )
    return 200, answer


def number(query: Mapping[str, str], name: str, otherwise: int) -> int:
    """A whole number ≥ 0 of the query; absent or empty is `otherwise`. Raises: Malformed."""
    text = query.get(name) or str(otherwise)
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise Malformed(why=f"{name} is a whole number", field=name)
    return int(text)


def directory_version() -> int:
    """The newest version's number."""
    return members.current_directory().version


def newest() -> tuple[dict[str, int], int]:
    """The newest waiting position of each queue and the directory's version: one read for all pollers."""
    rows = DeliveryRecord.objects.unscoped(reason="the tick of all pollers").filter(
        receipted_at=None, hosted=False
    )
    return dict(rows.values_list("receiver_member").annotate(Max("id"))), directory_version()


@step
def _accept(*, member: str, given: bytes) -> tuple[Answer, list[Event]]:
    return _accepted(member, given)


def _accepted(member: str, given: bytes) -> tuple[Answer, list[Event]]:
    envelope: Envelope | None = None
    with contextlib.suppress(LachanError):  # unreadable: the router refuses it with a signed reason
        envelope = Envelope.from_bytes(given)
    if envelope is not None and member_address(envelope.manifest.sender) != member:
        return (401, {"error": CallSignature(field="sender").body()}), []
    verdict = router.accept(envelope or given, now=_CLOCK.now())
    if isinstance(verdict, router.Accepted):
        return (202, {"receipt": verdict.receipt}), []
    return (verdict.status, {"refusal": verdict.refusal, "error": verdict.body}), []


def _receipt(member: str, text: str) -> tuple[int, list[Event]]:
    try:
        row = members.current_directory().key(kid_named(text))
        if row is None or row.member != member:
            return 0, []
        received = read_receiver_receipt(text, row.jwk)
    except LachanError:
        return 0, []
    rows = (
        DeliveryRecord.objects.unscoped(reason=_QUEUE)
        .select_related("message")
        .select_for_update(of=("self",))
    )
    record = rows.filter(receiver_member=member, message__h=received.h).first()
    if record is None or record.receipted_at is not None:
        return int(record is not None), []
    record.receipted_at, record.receiver_receipt = _CLOCK.now(), text
    record.save()
    message = record.message
    talk = lookups.talk.first(message.conversation)
    if talk is not None and message.h == talk.ask_h:
        talks.mark_delivered(talk, at=_CLOCK.now())
    return 1, [
        Delivered(
            message.h,
            message.conversation,
            message.kind,
            message.receiver,
            message.case_ref,
            _CLOCK.now(),
        )
    ]


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as cause:
        raise Malformed(why="not JSON") from cause
    if not isinstance(value, dict):
        raise Malformed(why="not an object")
    return value


CALLS: Mapping[tuple[str, str], Callable[[str, Mapping[str, str], bytes], Answer]] = {
    ("POST", "messages"): messages,
    ("POST", "messages:batch"): batch,
    ("GET", "inbox"): inbox,
    ("POST", "inbox/receipts"): receipts,
    ("GET", "directory"): directory,
    ("GET", "catalogue"): mandates,
    ("POST", "ping"): ping,
}
