"""Receipts outside the sequence of messages. Pure.

The receiver's is a compact JWS by its member key over {h, received_at}; the centre's (evidence.services.receipt) is one by
the log key over {h, logged_at, due_at, leaf, merge_by}. A refusal of the centre is signed by the log key too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lachan.exchange.crypto import Jwk, Jws, PrivateKey, b64decode, b64encode, sign, verify
from lachan.exchange.errors import Malformed
from lachan.kernel.canonical import canonical, parse_canonical
from lachan.kernel.time import from_wire, to_wire

RECEIVED = "lachan-received+jws"
LOGGED = "lachan-receipt+jws"
REFUSED = "lachan-refusal+jws"


@dataclass(frozen=True, slots=True)
class Received:
    """What the receiver has confirmed."""

    h: str
    received_at: datetime


def receiver_receipt(h: str, key: PrivateKey, *, at: datetime) -> str:
    """The receiver's word that it has stored the message H."""
    return compact(canonical({"h": h, "received_at": to_wire(at)}), key, typ=RECEIVED)


def read_receiver_receipt(text: str, jwk: Jwk) -> Received:
    """Raises: Malformed, SignatureBad."""
    body = open_compact(text, {kid_named(text): jwk}, typ=RECEIVED)
    return Received(str(body["h"]), from_wire(str(body["received_at"])))


def compact(payload: bytes, key: PrivateKey, *, typ: str) -> str:
    """A compact JWS over canonical bytes."""
    signature = sign(payload, key, typ=typ)
    return f"{signature.protected}.{b64encode(payload)}.{signature.signature}"


def kid_named(text: str) -> str:
    """The kid that a compact JWS names, unverified. Raises: Malformed."""
    return str(_parts(text)[0].header.get("kid", ""))


def open_compact(text: str, keys: Mapping[str, Jwk], *, typ: str) -> dict[str, Any]:
    """Verify a compact JWS by one of the keys and read it. Raises: Malformed, SignatureBad."""
    signature, payload = _parts(text)
    jwk = keys.get(str(signature.header.get("kid", "")))
    if jwk is None:
        raise Malformed(why="signed by an unknown key")
    verify(signature, payload, jwk, typ=typ)
    body = parse_canonical(payload)
    if not isinstance(body, dict):
        raise Malformed(why="not an object")
    return body


def _parts(text: str) -> tuple[Jws, bytes]:
    parts = text.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        raise Malformed(why="not a compact JWS")
    return Jws(parts[0], parts[2]), b64decode(parts[1])
