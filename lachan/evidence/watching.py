"""One round of a witness: look at the centre's head, hold it against the last one signed, sign it or say what is wrong. Pure.

A witness that signed one head signs no other that does not continue it: that is its whole worth (exchange.md §8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lachan.evidence.errors import NoSuchProof
from lachan.evidence.heads import Finding, Head, SignedHead, compare, opened


class Log(Protocol):
    """A centre's log."""

    def head(self) -> str:
        """The signed head, compact JWS."""

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Raises: NoSuchProof."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a round found. `path` is the proof by which it was judged."""

    shown: SignedHead
    finding: Finding
    older: bool
    path: tuple[bytes, ...] = ()

    @property
    def signable(self) -> bool:
        """It continues the last head that we signed."""
        return self.finding.one_tree and not self.older


def look(log: Log, keys: Mapping[str, Ed25519PublicKey], last: SignedHead | None) -> Seen:
    """Judge the head that the centre shows now.

    keys: the log's public keys, from a root got by another way. last: the head that we signed last.
    Raises: SignatureInvalid when the head is not by such a key.
    """
    shown = opened(log.head(), keys)
    if last is None:
        return Seen(shown, Finding.GROWN, older=False)
    path = proof_between(log, last.head, shown.head)
    return Seen(
        shown,
        compare(last.head, shown.head, path),
        older=shown.head.size < last.head.size,
        path=path,
    )


def proof_between(log: Log, one: Head, other: Head) -> tuple[bytes, ...]:
    """The proof from the smaller to the larger; empty where none is needed, and where the centre has none."""
    first, second = sorted((one.size, other.size))
    if first in {0, second}:
        return ()
    try:
        return tuple(log.consistency(first, second))
    except NoSuchProof:
        return ()
