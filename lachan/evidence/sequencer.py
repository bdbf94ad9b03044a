"""Gives pending entries their places in the tree and signs the new head.

One transaction a batch: places, complete subtrees, head and the emptied queue appear together or
not at all, so a crash at any point leaves nothing to mend. The row of `Turn`, updated first, lets
one sequencer in at a time on SQLite and PostgreSQL alike.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models, transaction

from lachan.evidence import tree
from lachan.evidence.keys import log_key
from lachan.evidence.models import Entry, Leaf, Node, Pending, TreeHead, Turn
from lachan.evidence.proofs import peak_hashes, tree_size
from lachan.evidence.signing import HEAD
from lachan.kernel.canonical import canonical
from lachan.kernel.time import Clock, to_wire

BATCH = 5_000
HEAD_SECONDS = 60  # exchange.md §8: a head at each batch and at least every 60 s


def sequence_once(clock: Clock, *, limit: int = BATCH) -> int:
    """Place up to `limit` pending entries, oldest first; return how many were placed.

    Signs a head when entries were placed or the newest head is 60 s old. Call it every ≤ 200 ms.
    """
    with transaction.atomic():
        if not Turn.objects.filter(id=1).update(taken=models.F("taken") + 1):
            Turn.objects.get_or_create(id=1)  # a restored or emptied database has no row
        pending = list(
            Entry.objects.filter(pending__isnull=False)
            .order_by("logged_at", "id")
            .values_list("id", "leaf")[:limit]
        )
        now = clock.now()
        if pending or _head_is_old(now):
            _place([(entry, bytes(leaf)) for entry, leaf in pending], now)
        return len(pending)


def sequence_all(clock: Clock) -> int:
    """Place everything that is pending now; return how many entries were placed."""
    total = 0
    while placed := sequence_once(clock):
        total += placed
    return total


def _place(pending: list[tuple[UUID, bytes]], now: datetime) -> None:
    size = tree_size()
    grown = list(tree.grow(size, (leaf for _, leaf in pending), peak_hashes(size)))
    Leaf.objects.bulk_create(
        (Leaf(idx=idx, entry_id=entry) for idx, (entry, _) in enumerate(pending, size)),
        batch_size=400,
    )
    Node.objects.bulk_create(
        (Node(level=level, i=i, hash=hashed) for level, i, hashed in grown), batch_size=300
    )
    ids = [entry for entry, _ in pending]
    for start in range(0, len(ids), 900):  # SQLite takes 999 parameters in its oldest builds
        Pending.objects.filter(pk__in=ids[start : start + 900]).delete()
    _sign_head(size + len(pending), now)


def _sign_head(size: int, now: datetime) -> None:
    known = dict(zip(tree.peaks(size), peak_hashes(size), strict=True))
    root = tree.root(size, lambda level, i: known[level, i])
    payload = canonical({"at": to_wire(now), "root": root.hex(), "size": size})
    TreeHead.objects.create(size=size, root=root, at=now, jws=log_key().sign(payload, typ=HEAD))


def _head_is_old(now: datetime) -> bool:
    newest = TreeHead.objects.order_by("-id").values_list("at", flat=True).first()
    return newest is None or now - newest >= timedelta(seconds=HEAD_SECONDS)
