"""A conversation of ours as a task of lawful disclosure (ETSI TS 103 120, LDTaskObject). Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from lachan.exchange.conversation_states import Status
from lachan.exchange.fields import AddressText, HexHash, UuidText, WireTime
from lachan.exchange.kinds import Priority, Question
from lachan.exchange.manifest import Code, MandateRef, Manifest, Name

FORM = "ETSI TS 103 120"
VERSION = "V1.12.1"
CORE = "http://uri.etsi.org/03120/common/2019/10/Core"
COMMON = "http://uri.etsi.org/03120/common/2016/02/Common"
TASK = "http://uri.etsi.org/03120/common/2020/09/Task"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OURS = "urn:lachan:etsi:1"  # lc_tasking.xsd
MAX_BYTES = 2 * 2**20


class Action(StrEnum):
    """What is done to the object: the asker makes it, either side tells its new state."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """An ask and the state that it has reached; what the standard has no field for is ours.

    `transaction` and `at` are of this HI1 message, all else of the conversation.
    """

    transaction: UuidText
    at: WireTime
    conversation: UuidText
    h: HexHash  # hash of the ask's manifest: the signed message is the truth, this a rendering
    sender: AddressText
    receiver: AddressText
    kind: Name
    kind_version: Annotated[int, Meta(ge=1)]
    ask: Question
    status: Status
    substate: Code
    priority: Priority
    purpose: Code
    mandates: Annotated[tuple[MandateRef, ...], Meta(max_length=3)]
    created_at: WireTime
    expires_at: WireTime
    due_at: WireTime | None = None
    test: bool = False
    emergency: bool = False


def task_of(
    manifest: Manifest,
    ask: Question,
    *,
    h: str,
    status: Status,
    substate: str,
    transaction: str,
    at: str,
    due_at: str | None = None,
) -> Task:
    """From the manifest of an ask (its `expires_at` is mandatory there) and its question."""
    return Task(
        transaction=transaction,
        at=at,
        conversation=manifest.conversation,
        h=h,
        sender=manifest.sender,
        receiver=manifest.receiver,
        kind=manifest.kind,
        kind_version=manifest.kind_version,
        ask=ask,
        status=status,
        substate=substate,
        priority=manifest.priority,
        purpose=manifest.purpose,
        mandates=manifest.mandates,
        created_at=manifest.created_at,
        expires_at=manifest.expires_at or manifest.created_at,
        due_at=due_at,
        test=manifest.test,
        emergency=manifest.emergency,
    )
