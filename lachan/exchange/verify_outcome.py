"""What a check ends in: a message that passed, or a refusal. Pure.

A refusal is returned, not raised: it is logged on both sides and answered, so a transaction must be
able to keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from lachan.exchange.envelope import Envelope
from lachan.exchange.errors import TooLarge, logged_detail
from lachan.exchange.kinds import Answer, MessageKind, Question
from lachan.exchange.mandate_errors import MandateRefused
from lachan.exchange.mandate_facts import OrderFollowed
from lachan.exchange.mandates import Line
from lachan.exchange.manifest import Manifest
from lachan.exchange.moves import Move
from lachan.exchange.signer_errors import AskerNotAllowed
from lachan.kernel.errors import LachanError
from lachan.kernel.time import from_wire
from lachan.members.directory_rows import MemberRow, member_address

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


class CheckedMessage(msgspec.Struct, frozen=True):
    """A message that passed. `at` is the log time by which it was judged."""

    envelope: Envelope
    kind: MessageKind
    sender: MemberRow
    receiver: MemberRow
    at: datetime
    body: Question | Answer | Move | None = None  # opened by the receiver only
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


def refusal(error: LachanError, h: str | None) -> Refusal:
    """An error as the refusal that is logged and sent."""
    reason = error.reason if isinstance(error, MandateRefused) else None
    reason = reason or next((why for one, why in _REASONS if isinstance(error, one)), None)
    substate = next((sub for code, sub in _SUBSTATES if error.code.startswith(code)), "schema")
    return Refusal(error, h, reason, substate, logged_detail(error))
