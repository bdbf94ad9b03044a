"""Opening a part that was encrypted to us, its commitment checked. Pure (protocol §2)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lachan.exchange.crypto import PrivateKey
from lachan.exchange.encryption import decrypt
from lachan.exchange.envelope import Draft, Envelope
from lachan.exchange.errors import BlobMissing, DecryptFailed, Malformed, SchemaMismatch
from lachan.exchange.manifest import (
    PartEntry,
)
from lachan.exchange.parts import SALT_BYTES, check_commitment, split_rows
from lachan.kernel.canonical import parse_canonical


@dataclass(frozen=True)
class OpenPart:
    """A decrypted part whose commitment holds."""

    entry: PartEntry
    salt: bytes = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def rows(self) -> list[Any]:
        """The rows of a part of form `rows`."""
        return [parse_canonical(line) for line in split_rows(self.body)]


def read_part(
    envelope: Envelope | Draft,
    name: str,
    private_key: PrivateKey,
    *,
    blobs: Mapping[str, bytes] | None = None,
) -> OpenPart:
    """Decrypt a part and hold it against the manifest. `blobs` gives ciphertexts by SHA-256.

    Raises: SchemaMismatch (no such part), BlobMissing, DecryptFailed, PartCommit.
    """
    entry = envelope.manifest.part(name)
    if entry is None:
        raise SchemaMismatch(why=f"no part {name}", field=name)
    ciphertext = envelope.parts.get(name)
    if ciphertext is None and isinstance(envelope, Envelope) and name in envelope.blobs:
        sha = envelope.blobs[name]
        ciphertext = (blobs or {}).get(sha)
        if ciphertext is None or hashlib.sha256(ciphertext).hexdigest() != sha:
            raise BlobMissing(sha256=sha)
    if ciphertext is None:
        raise DecryptFailed(name=name)
    try:
        plain = decrypt(ciphertext, private_key)
    except (ValueError, Malformed) as cause:
        raise DecryptFailed(name=name) from cause
    salt, body = plain[:SALT_BYTES], plain[SALT_BYTES:]
    check_commitment(entry, salt, body)
    return OpenPart(entry, salt, body)


def open_part(
    envelope: Envelope | Draft,
    name: str,
    private_key: PrivateKey,
    *,
    blobs: Mapping[str, bytes] | None = None,
) -> bytes:
    """The plaintext of a part, its commitment checked. Raises: as read_part."""
    return read_part(envelope, name, private_key, blobs=blobs).body
