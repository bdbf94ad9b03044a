"""A part addressed to a hosted member, opened with whichever of its keys fits: a retired one is kept while parts need it."""

from __future__ import annotations

from lachan.exchange.envelope import Draft, Envelope
from lachan.exchange.errors import DecryptFailed
from lachan.exchange.opening import OpenPart, read_part
from lachan.members import services as members


def open_for(envelope: Envelope | Draft, name: str, member: str) -> OpenPart:
    """Decrypted, its commitment checked. Raises: DecryptFailed, SchemaMismatch for a part that is not there."""
    for key in members.decryption_keys(member):
        try:
            return read_part(envelope, name, key)
        except DecryptFailed:
            continue
    raise DecryptFailed(name=name)
