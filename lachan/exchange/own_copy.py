"""The parts of a message as a hosted member reads them: what it was sent, and its own copy of what it has said."""

from __future__ import annotations

from lachan.exchange.envelope import Draft, Envelope
from lachan.exchange.errors import DecryptFailed
from lachan.exchange.opening import OpenPart, read_part
from lachan.members import services as members


def open_own(envelope: Envelope | Draft, member: str, name: str) -> OpenPart:
    """With each key in turn: a retired one is kept while parts addressed to it are.

    Raises: DecryptFailed, also for a member whose keys are not here (it runs its own connector).
    """
    for key in members.decryption_keys(member):
        try:
            return read_part(envelope, name, key)
        except DecryptFailed:
            continue
    raise DecryptFailed(name=name)
