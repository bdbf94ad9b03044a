"""Reads from the tree: its size, heads, and the proofs of RFC 9162."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models

from lachan.evidence import tree
from lachan.evidence.errors import NoSuchProof
from lachan.evidence.models import Leaf, Node, TreeHead, Witness


@dataclass(frozen=True, slots=True)
class Head:
    """A signed tree head; `jws` carries canonical {at, root, size}. `id` is its row's."""

    id: int
    size: int
    root: bytes
    at: datetime
    jws: str


def tree_size() -> int:
    """How many entries have a place."""
    last = Leaf.objects.aggregate(last=models.Max("idx"))["last"]
    return 0 if last is None else int(last) + 1


def head(*, at_least: int | None = None) -> Head:
    """The newest head, or the first whose tree has `at_least` entries.

    Raises: NoSuchProof when there is none.
    """
    found = (
        TreeHead.objects.order_by("-id").first()
        if at_least is None
        else TreeHead.objects.filter(size__gte=at_least).order_by("size", "id").first()
    )
    if found is None:
        raise NoSuchProof(what=f"sth ≥ {at_least or 0}", size=tree_size())
    return head_of(found)


def proven_head(*, at_least: int, witnesses: int) -> Head:
    """The head to show a court: the first with `at_least` entries that is final and stamped.

    Final: as many witnesses signed it as are asked for. Where no head is final yet, the first that is stamped; where none is
    stamped, the first. Raises: NoSuchProof when there is none at all.
    """
    heads = TreeHead.objects.filter(size__gte=at_least).order_by("size", "id")
    final = heads.filter(pk__in=_final(at_least, witnesses)) if witnesses else heads
    for choice in (final.filter(stamps__isnull=False), final, heads.filter(stamps__isnull=False)):
        found = choice.first()
        if found is not None:
            return head_of(found)
    return head(at_least=at_least)


def _final(at_least: int, witnesses: int) -> models.QuerySet[Witness, int]:
    return (
        Witness.objects.filter(size__gte=at_least)
        .values("head_id")
        .annotate(signed=models.Count("witness", distinct=True))
        .filter(signed__gte=witnesses)
        .values_list("head_id", flat=True)
    )


def head_of(row: TreeHead) -> Head:
    return Head(row.pk, row.size, bytes(row.root), row.at, row.jws)


def place_of(entry: UUID) -> int:
    """The entry's place in the tree.

    Raises: NoSuchProof while it is pending.
    """
    idx = Leaf.objects.filter(entry_id=entry).values_list("idx", flat=True).first()
    if idx is None:
        raise NoSuchProof(what=str(entry), size=tree_size())
    return int(idx)


def inclusion(idx: int, size: int) -> list[bytes]:
    """The path from the leaf at `idx` to the root of the first `size` entries.

    Raises: NoSuchProof.
    """
    _within(size, f"leaf {idx} of {size}")
    try:
        return tree.inclusion(idx, size, node)
    except IndexError as cause:
        raise NoSuchProof(what=f"leaf {idx} of {size}", size=tree_size()) from cause


def consistency(first: int, second: int) -> list[bytes]:
    """The proof that the tree of `first` entries is the beginning of that of `second`.

    Raises: NoSuchProof.
    """
    _within(second, f"{first} → {second}")
    try:
        return tree.consistency(first, second, node)
    except IndexError as cause:
        raise NoSuchProof(what=f"{first} → {second}", size=tree_size()) from cause


def node(level: int, i: int) -> bytes:
    return bytes(Node.objects.values_list("hash", flat=True).get(level=level, i=i))


def peak_hashes(size: int) -> list[bytes]:
    """The hashes of the complete subtrees that make up a tree of this size, left to right."""
    return [node(level, i) for level, i in tree.peaks(size)]


def _within(size: int, what: str) -> None:
    if size > (now := tree_size()):
        raise NoSuchProof(what=what, size=now)
