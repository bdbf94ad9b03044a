"""What other parts ask of the log: append an entry, promise its place, read a proof.

`append` runs inside the caller's transaction and takes no lock: the sequencer gives entries their
places afterwards. If the caller rolls back, the entry was never there.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from lachan.evidence import tree
from lachan.evidence.driver import here, moment, write_later
from lachan.evidence.entries import entry_bytes
from lachan.evidence.keys import log_key
from lachan.evidence.queries import Place, message_at, place
from lachan.evidence.signing import RECEIPT
from lachan.kernel.canonical import canonical
from lachan.kernel.ids import uuid7
from lachan.kernel.time import to_wire

__all__ = ["Logged", "Place", "append", "message_at", "place", "receipt"]
MERGE_SECONDS = 60  # exchange.md §8: a receipt promises its leaf by logged_at + 60 s


class Logged(msgspec.Struct, frozen=True):
    """An appended entry: what a receipt promises."""

    id: UUID
    leaf: bytes
    logged_at: datetime
    h: str | None


def append(
    event: str,
    actor: str,
    at: datetime,
    *,
    h: str | None = None,
    conversation: str | UUID | None = None,
    sender: str | None = None,
    receiver: str | None = None,
    kind: str | None = None,
    code: str | None = None,
    extra_hash: str | None = None,
) -> Logged:
    """Write one entry with the business change that it records.

    at: aware UTC, also the log time. actor: an address, an officer's or a key's id.
    Raises: EntryField for anything that is not a code, a hash or an address.
    """
    talk = None if conversation is None else str(conversation)
    data = entry_bytes(
        event=event,
        actor=actor,
        at=at,
        h=h,
        conversation=talk,
        sender=sender,
        receiver=receiver,
        kind=kind,
        code=code,
        extra_hash=extra_hash,
    )
    logged = Logged(uuid7(), tree.leaf_hash(data), at, h)
    if here().in_atomic_block:
        _insert(logged, data, talk)
    else:
        with transaction.atomic():
            _insert(logged, data, talk)
    return logged


def receipt(entry: Logged, *, due_at: datetime | None = None) -> str:
    """The centre's signed promise {h, logged_at, due_at, leaf, merge_by}, a compact JWS.

    Raises: ValueError for an entry that is about no message (a defect of the caller).
    """
    if entry.h is None:
        msg = "a receipt is for a message: the entry has no h"
        raise ValueError(msg)
    payload = {
        "due_at": None if due_at is None else to_wire(due_at),
        "h": entry.h,
        "leaf": entry.leaf.hex(),
        "logged_at": to_wire(entry.logged_at),
        "merge_by": to_wire(entry.logged_at + timedelta(seconds=MERGE_SECONDS)),
    }
    return log_key().sign(canonical(payload), typ=RECEIPT)


def _insert(logged: Logged, data: bytes, conversation: str | None) -> None:
    link = here()
    at = moment(logged.logged_at, link)
    key = logged.id if link.features.has_native_uuid_field else logged.id.hex
    write_later(_ENTRY, [key, data, logged.leaf, logged.h or "", conversation or "", at])
    write_later(_PENDING, [key])


_ENTRY = (
    "INSERT INTO evidence_entry (id, bytes, leaf, h, conversation, logged_at) "
    "VALUES (%s, %s, %s, %s, %s, %s)"
)
_PENDING = "INSERT INTO evidence_pending (entry_id) VALUES (%s)"
