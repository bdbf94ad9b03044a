"""The form of a log entry: codes, hashes and addresses, never a personal datum (law.md L6). Pure."""

import hashlib
import re
from datetime import datetime
from typing import Final

from lachan.evidence.errors import EntryField
from lachan.kernel.canonical import canonical
from lachan.kernel.time import to_wire

EVENTS: Final = frozenset(
    {
        "accepted",
        "refused",
        "delivered",
        "receipt",
        "effect",
        "access",
        "approval",
        "directory",
        "catalogue",
        "key",
        "export",
        "sth_failed",
        "late",
        "ping",
    }
)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_ADDRESS = re.compile(r"[a-z]{2}/[a-z]+(/[a-z0-9][a-z0-9-]{0,31}){1,2}", re.ASCII)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,79}", re.ASCII)
# Who acted: an officer's or key's id, an address, or a named part of the system. Seven digits in a
# row outside an id could be an account or a telephone number.
_ACTOR = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./:-]{0,119}", re.ASCII)
_ID = re.compile(rf"{_UUID.pattern}|[A-Za-z0-9_-]{{43}}", re.ASCII)  # a UUID or a key's thumbprint
_DIGITS = re.compile(r"\d{7,}", re.ASCII)


def ping_hash(nonce: str) -> str:
    """What stands in the log for a ping: never the hash of any message, whatever the caller chose."""
    return hashlib.sha256(b"lachan-ping/1\n" + nonce.encode()).hexdigest()


def entry_bytes(
    *,
    event: str,
    actor: str,
    at: datetime,
    h: str | None = None,
    conversation: str | None = None,
    sender: str | None = None,
    receiver: str | None = None,
    kind: str | None = None,
    code: str | None = None,
    extra_hash: str | None = None,
) -> bytes:
    """The canonical JSON of one entry; absent fields are left out.

    Raises: EntryField, for a value that is not of its field's form.
    """
    if event not in EVENTS:
        raise EntryField(field="event", name="event", right=", ".join(sorted(EVENTS)))
    given = {
        "actor": actor,
        "code": code,
        "conversation": conversation,
        "extra_hash": extra_hash,
        "h": h,
        "kind": kind,
        "receiver": receiver,
        "sender": sender,
    }
    entry = {"at": to_wire(at), "event": event}
    for name, value in given.items():
        if value is None:
            continue
        form, right = _FORMS[name]
        if form.fullmatch(value) is None or (
            name in {"actor", "code", "kind"} and _DIGITS.search(_ID.sub("", value))
        ):
            raise EntryField(field=name, name=name, right=right)
        entry[name] = value
    return canonical(entry)


_FORMS: Final = {
    "actor": (_ACTOR, "an address or an id / địa chỉ hoặc mã định danh"),
    "code": (_CODE, "a code / mã"),
    "conversation": (_UUID, "a UUID"),
    "extra_hash": (_HASH, "64 hex digits"),
    "h": (_HASH, "64 hex digits"),
    "kind": (_CODE, "a code / mã"),
    "receiver": (_ADDRESS, "an address / địa chỉ"),
    "sender": (_ADDRESS, "an address / địa chỉ"),
}
