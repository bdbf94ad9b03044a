"""The centre that the kit plays: it offers what the cases give it, keeps what the member says, and judges each word.

It speaks as the real one does (protocol §4 to §7); what it does not do is refuse what a case wants delivered.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lachan.connector.conformance.world import World
from lachan.exchange import crypto
from lachan.exchange.crypto import PrivateKey, b64encode
from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import MessageType
from lachan.exchange.receipts import (
    LOGGED,
    REFUSED,
    compact,
    kid_named,
    read_receiver_receipt,
)
from lachan.exchange.verify import check_envelope
from lachan.exchange.verify_outcome import CheckedMessage
from lachan.kernel.canonical import canonical
from lachan.kernel.errors import LachanError
from lachan.kernel.time import Clock, to_wire
from lachan.members.directory_rows import member_address

FINAL = frozenset({MessageType.ANSWER, MessageType.REFUSE})


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of the member; `fault` says what is wrong with it, "" for nothing."""

    envelope: Envelope
    fault: str = ""

    @property
    def type(self) -> MessageType:
        return self.envelope.manifest.type


@dataclass(slots=True)
class Offered:
    """A message for the member, and what became of it."""

    h: str
    envelope: Mapping[str, Any]
    receipt: str
    offers: int = 0
    receipts: list[str] = field(default_factory=list)
    receipted_at: float | None = None
    replies: list[Reply] = field(default_factory=list)
    withdrawn: bool = False

    @property
    def finals(self) -> list[Reply]:
        """Answers and refusals, each message once."""
        return list({one.envelope.h: one for one in self.replies if one.type in FINAL}.values())


class KitCentre:
    """The calls of the exchange port, over queues in memory. Safe for several threads."""

    def __init__(self, world: World, clock: Clock, profile: str) -> None:
        self.world = world
        self.clock = clock
        self._profile = profile
        self._changed = threading.Condition()
        self.offered: dict[str, Offered] = {}
        self.faults: list[str] = []  # about no message in particular
        self.polls = 0

    # --- the exchange port ------------------------------------------------------------------

    def poll(self, *, wait: float, most: int) -> dict[str, Any]:
        """What is not receipted, the least often offered first; waits for something to come."""
        ends = time.monotonic() + wait
        with self._changed:
            self.polls += 1
            self._changed.notify_all()
            while not (waiting := self._waiting()) and time.monotonic() < ends:
                self._changed.wait(max(0.0, ends - time.monotonic()))
            chosen = sorted(waiting, key=lambda one: one.offers)[:most]
            for one in chosen:
                one.offers += 1
            items = [{"envelope": one.envelope, "centre_receipt": one.receipt} for one in chosen]
            return {
                "cursor": "0",
                "directory_version": self.world.directory.version,
                "items": items,
            }

    def _waiting(self) -> list[Offered]:
        return [one for one in self.offered.values() if not one.receipts and not one.withdrawn]

    def receipts(self, texts: Sequence[object]) -> int:
        """The member's receipts; one that does not verify is a fault of the member."""
        taken = 0
        with self._changed:
            for text in texts:
                taken += self._receipt(str(text))
            self._changed.notify_all()
        return taken

    def _receipt(self, text: str) -> bool:
        try:
            row = self.world.directory.key(kid_named(text))
            if row is None or row.member != self.world.tried.address:
                self.faults.append("a receipt that is not signed by the member")
                return False
            got = read_receiver_receipt(text, row.jwk)
        except (LachanError, KeyError) as wrong:
            self.faults.append(f"a receipt that does not verify ({type(wrong).__name__})")
            return False
        one = self.offered.get(got.h)
        if one is None:
            self.faults.append("a receipt for a message that was never offered")
            return False
        one.receipts.append(text)
        one.receipted_at = one.receipted_at or time.monotonic()
        return True

    def send(self, envelopes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """A receipt for each message that verifies, a signed refusal for the others."""
        with self._changed:
            results = [self._said(one) for one in envelopes]
            self._changed.notify_all()
        return results

    def _said(self, given: Mapping[str, Any]) -> dict[str, Any]:
        try:
            envelope = Envelope.from_bytes(canonical(dict(given)))
            manifest = envelope.manifest
        except (LachanError, TypeError, ValueError) as wrong:
            self.faults.append(f"a message that cannot be read ({wrong})")
            return self._no({"code": getattr(wrong, "code", "exchange.malformed"), "h": None})
        asker = member_address(manifest.receiver)
        checked = check_envelope(
            envelope,
            directory=self.world.directory,
            catalogue=self.world.catalogue,
            now=self.clock.now(),
            checker="centre",
            private_key=self.world.keys.get(f"{asker}#encrypt"),
        )
        fault = "" if isinstance(checked, CheckedMessage) else f"{checked.code}: {checked.detail}"
        about = self.offered.get(manifest.in_reply_to or "")
        if about is None:
            self.faults.append(f"a {manifest.type} that replies to nothing")
        else:
            about.replies.append(Reply(envelope, fault or _misplaced(envelope, about, self.world)))
        if not isinstance(checked, CheckedMessage):
            return self._no({"code": checked.code, "h": envelope.h})
        return {"receipt": self.log_receipt(envelope.h)}

    def _no(self, error: dict[str, Any]) -> dict[str, Any]:
        return {
            "refusal": compact(canonical(error), self.world.log_key, typ=REFUSED),
            "error": error,
        }

    def directory(self, since: int) -> dict[str, Any]:
        found = self.world.directory
        if since == found.version:
            return {"version": since}
        return {
            "version": found.version,
            "root": self.world.root.to_json(),
            "directory": b64encode(found.body),
            "jws": found.jws,
        }

    def catalogue(self) -> dict[str, Any]:
        rows = self.world.catalogue
        return {
            "catalogue": b64encode(rows.to_bytes()),
            "hash": rows.hash,
            "profile": self._profile,
        }

    def ping(self) -> dict[str, Any]:
        return {"now": to_wire(self.clock.now()), "directory_version": self.world.directory.version}

    # --- what a case does with it -----------------------------------------------------------

    def log_receipt(self, h: str, key: PrivateKey | None = None) -> str:
        at = self.clock.now()
        body = {
            "h": h,
            "logged_at": to_wire(at),
            "due_at": to_wire(at + timedelta(hours=1)),
            "leaf": "00" * 32,
            "merge_by": to_wire(at + timedelta(minutes=1)),
        }
        return compact(canonical(body), key or self.world.log_key, typ=LOGGED)

    def offer(
        self, envelope: Mapping[str, Any], h: str, *, key: PrivateKey | None = None
    ) -> Offered:
        """Queue a message under the centre's receipt (signed by `key` when a case wants another)."""
        with self._changed:
            made = self.offered[h] = Offered(h, envelope, self.log_receipt(h, key))
            self._changed.notify_all()
            return made

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is offered inside comes with one poll."""
        with self._changed:
            yield

    def again(self, one: Offered) -> None:
        """Offer a message anew, as after a receipt that was lost. Its receipts so far stay in `before`."""
        with self._changed:
            one.receipts, one.receipted_at, one.offers = [], None, 0
            self._changed.notify_all()

    def withdraw(self, some: Sequence[Offered]) -> None:
        with self._changed:
            for one in some:
                one.withdrawn = True

    def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Wait until something holds; False when the time is over."""
        ends = time.monotonic() + seconds
        with self._changed:
            while not true():
                left = ends - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(min(left, 0.25))
            return True


def _misplaced(envelope: Envelope, about: Offered, world: World) -> str:  # noqa: PLR0911 - one fault a line
    """Whether a reply belongs where it says: the conversation, the parties, its number."""
    ask = envelope_of(about).manifest
    said = envelope.manifest
    if said.conversation != ask.conversation:
        return "another conversation"
    if said.kind != ask.kind or said.receiver != ask.sender:
        return "another kind, or not to the asker"
    if member_address(said.sender) != world.tried.address:
        return "another sender"
    before = {one.envelope.h: one.envelope.manifest.seq for one in about.replies}
    if envelope.h in before:
        return ""
    expected = max(before.values(), default=0) + 1
    if said.seq != expected:
        return f"seq {said.seq}, not {expected}"
    if before and said.prev not in before:
        return "prev names no message before it"
    if said.type in FINAL and said.outcome is None:
        return "no outcome"
    return ""


def envelope_of(one: Offered) -> Envelope:
    """The message as it was offered."""
    return Envelope.from_bytes(canonical(dict(one.envelope)))


def wire(envelope: Envelope) -> dict[str, Any]:
    """An envelope as JSON, for a case to alter."""
    return dict(json.loads(envelope.to_bytes()))


def signed_by_nobody() -> PrivateKey:
    """A key that no root and no directory names."""
    return crypto.new_sign_key()
