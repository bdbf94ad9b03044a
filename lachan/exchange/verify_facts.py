"""What the mandate check is told of a message: its parties, its signatures, what the question itself says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lachan.exchange.envelope import Envelope
from lachan.exchange.kinds import Answer, MessageKind, Question
from lachan.exchange.mandate_facts import AskFacts, OrderFollowed
from lachan.exchange.signer_errors import AskerNotAllowed
from lachan.exchange.verify_signers import _FORMS
from lachan.kernel.time import from_wire
from lachan.members.directory_rows import KeyRow, MemberRow, member_address
from lachan.members.roles import KeyUse


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
