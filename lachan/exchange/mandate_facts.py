"""What is known of a message where its mandates are checked."""

from __future__ import annotations

from datetime import datetime

import msgspec

from lachan.exchange.kinds import MessageKind, Priority
from lachan.exchange.manifest import MandateRef, SignerNeed
from lachan.members.roles import MemberKind


class AskFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a message where it is checked.

    The centre cannot read the question: there `amount`, `lease_until` and `subjects` are None and
    what the manifest claims is checked; the receiver fills them from the opened question.
    """

    kind: MessageKind
    priority: Priority
    purpose: str
    sender: str
    sender_kind: MemberKind
    receiver_kind: MemberKind
    required: tuple[SignerNeed, ...]
    at: datetime
    test: bool = False
    forms: frozenset[str] = frozenset()  # of the approvals; a standing one has none
    standing: bool = False
    shift_open: bool = True  # the asker has an open shift in the directory then
    amount: int | None = None
    lease_until: datetime | None = None
    subjects: int | None = None
    protected: bool = False
    follows: OrderFollowed | None = None


class OrderFollowed(msgspec.Struct, frozen=True, kw_only=True):
    """The order that a release, notice or renewal follows, with who signed it and its renewals."""

    h: str
    kind: str
    sender: str
    mandates: tuple[MandateRef, ...]
    logged_at: datetime
    officers: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    renewals: int = 0
    lease_until: datetime | None = None
    amount: int | None = None
