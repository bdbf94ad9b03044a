"""Whether an order that was sent still counts: what the centre itself has seen of its course.

The amount of a release is encrypted unless its sender is hosted: a release that may be partial ends nothing here, it is
only told (`eased`); the order's own end stands in its mandates and is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lachan.exchange import lookups
from lachan.exchange.conversation_states import FINAL, Status
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import decode, kind
from lachan.exchange.manifest import Manifest
from lachan.exchange.models import ConversationRecord, MessageRecord
from lachan.kernel.time import from_wire

_ALL = "what became of one order, told as a fact"
_EASING = ("release", "unfreeze", "lift_block")


@dataclass(frozen=True, slots=True)
class Course:
    """How an order went. `ends_at`: by itself, renewals included; None when it has no end of its own."""

    status: str
    substate: str
    binds: bool
    replaced: bool
    eased: bool
    eased_whole: bool
    ends_at: datetime | None

    def at(self, now: datetime) -> str:
        """`in_force`, `ended`, `cancelled` or `replaced`. Pure."""
        if self.replaced or self.substate == "superseded":
            return "replaced"
        if self.status == Status.CANCELLED:
            return "ended" if self.substate == "lapsed" else "cancelled"
        over = self.ends_at is not None and now >= self.ends_at
        answered = not self.binds and self.status == Status.DISCLOSED
        if over or answered or self.eased_whole or self.status in FINAL:
            return "ended"
        return "in_force"


def course_of(ask: MessageRecord) -> Course:
    """The course of an ask. An order binds until its end; a question until it is answered or its time is over."""
    manifest = _manifest(ask)
    declared = kind(ask.kind)
    talk = lookups.talk.first(ask.conversation)
    following = list(
        MessageRecord.objects.unscoped(reason=_ALL).filter(in_reply_to=ask.h, type="ask")
    )
    easing = [one for one in following if one.kind in _EASING]
    renewals = [_manifest(one) for one in following if one.kind == "renew"]
    leases = [end for one in (manifest, *renewals) if (end := _lease(one)) is not None]
    binds = declared.order or declared.lease is not None
    return Course(
        status="" if talk is None else talk.status,
        substate="" if talk is None else talk.substate,
        binds=binds,
        replaced=_replaced(ask),
        eased=bool(easing),
        eased_whole=any(_whole(one) for one in easing),
        ends_at=max(leases) if leases else None if binds else manifest.expires,
    )


def _replaced(ask: MessageRecord) -> bool:
    """A later ask of the same sender in the same case names it as the one that it takes the place of."""
    later = MessageRecord.objects.unscoped(reason=_ALL).filter(
        type="ask", kind=ask.kind, sender=ask.sender, case_ref=ask.case_ref, logged_at__gte=ask.logged_at,
    )  # fmt: skip
    return any(one.supersedes == ask.h for one in _manifests(later))


def _whole(easing: MessageRecord) -> bool:
    talk: ConversationRecord | None = lookups.talk.first(easing.conversation)
    if talk is None or talk.question is None:
        return False
    question = decode(kind(easing.kind).ask, bytes(talk.question))
    return getattr(question, "amount", None) is None


def _lease(manifest: Manifest) -> datetime | None:
    ends = [ref.lease_until for ref in manifest.mandates if ref.lease_until is not None]
    return from_wire(min(ends)) if ends else None


def _manifests(records: Iterable[MessageRecord]) -> Iterable[Manifest]:
    return (_manifest(one) for one in records)


def _manifest(record: MessageRecord) -> Manifest:
    return Envelope.from_bytes(bytes(record.envelope)).manifest
