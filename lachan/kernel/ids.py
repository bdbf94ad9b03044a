"""Identifiers: UUIDv7 for records; keyed ones for values that somebody could enumerate.

An account or telephone number has so few possible values that a plain hash of it is the number
itself to whoever has an afternoon. Where an id or an index follows from such a value, it is keyed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_LOCK = threading.Lock()
_last = 0  # the highest 74-bit (time, counter) value given in this process


def uuid7(now: datetime | None = None) -> UUID:
    """A new UUIDv7 (RFC 9562). Within one process those made from the system's time only rise.

    `now` (aware) stamps the id with another time; order within its millisecond is then random.
    """
    chance = int.from_bytes(os.urandom(10))
    if now is not None:
        return _build(int(now.timestamp() * 1000), chance >> 64 & 0xFFF, chance)
    global _last  # noqa: PLW0603 - the counter of RFC 9562 §6.2 belongs to the process
    with _LOCK:
        millis = int(time.time() * 1000)
        # The upper half of the 12 bits is left free, so that a burst within a millisecond can count up.
        value = max((millis << 12) | (chance >> 64 & 0x7FF), _last + 1)
        _last = value
    return _build(value >> 12, value & 0xFFF, chance)


def _build(millis: int, upper: int, chance: int) -> UUID:
    lower = chance & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=(millis << 80) | (0x7 << 76) | (upper << 64) | (0b10 << 62) | lower)


def uuid7_time(value: UUID) -> datetime:
    """The millisecond that a UUIDv7 carries."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)


def keyed_hash(secret: bytes, kind: str, value: str) -> str:
    """HMAC-SHA-256 of a value under a secret, 64 hex digits; the kind keeps equal values of two kinds apart."""
    if not secret:
        raise ValueError("a keyed hash needs a key")
    return hmac.new(secret, kind.encode() + b"\0" + value.encode(), hashlib.sha256).hexdigest()


def keyed_uuid5(secret: bytes, kind: str, value: str) -> UUID:
    """The same for a place that wants a UUID: 16 bytes of the keyed hash, marked as version 5."""
    return UUID(bytes=bytes.fromhex(keyed_hash(secret, kind, value))[:16], version=5)
