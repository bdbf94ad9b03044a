"""A member's ping as an entry of the log, and the proof that it stands there: that its calls count (exchange.md §9)."""

import re
from dataclasses import dataclass
from datetime import datetime

from lachan.evidence import proofs
from lachan.evidence.entries import ping_hash
from lachan.evidence.errors import NoSuchProof
from lachan.evidence.models import Entry, TreeHead
from lachan.evidence.services import append, receipt

NONCE = re.compile(r"[A-Za-z0-9_-]{22,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Included:
    """An entry's place under a signed head: `path` as RFC 9162 §2.1.3 has it."""

    index: int
    size: int
    path: tuple[bytes, ...]
    sth: str


def ping(member: str, nonce: str, now: datetime) -> str:
    """Log that this member's signed call came; answers the log's signed receipt. The caller has checked `NONCE`."""
    entry = append("ping", member, now, h=ping_hash(nonce), sender=member)
    return receipt(entry)


def included(h: str, leaf: str) -> Included | None:
    """The proof for the entry that a receipt promised; None until a signed head holds it. Raises: NoSuchProof for no such entry.

    Whoever names a leaf has its receipt: nothing is told that he does not know.
    """
    rows = Entry.objects.filter(h=h).values_list("leaf", "leaf_row__idx")
    places: list[int | None] = [idx for kept, idx in rows if bytes(kept).hex() == leaf]
    if not places:
        raise NoSuchProof(what=h[:16], size=proofs.tree_size())
    index = places[0]
    if index is None or not TreeHead.objects.filter(size__gt=index).exists():
        return None
    head = proofs.head(at_least=index + 1)
    return Included(index, head.size, tuple(proofs.inclusion(index, head.size)), head.jws)
