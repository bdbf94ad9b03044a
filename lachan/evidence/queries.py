"""Reads for pages: which entries of the log are about these messages. No personal data is in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lachan.evidence.models import Entry
from lachan.kernel.canonical import parse_canonical


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a page shows it; index is None until the sequencer placed it."""

    id: UUID
    index: int | None
    at: datetime
    event: str
    actor: str
    h: str
    kind: str
    code: str


def lines(hs: Iterable[str]) -> tuple[Line, ...]:
    """Entries about the messages with these hashes, oldest first. The caller checked who may see them."""
    rows = (
        Entry.objects.filter(h__in=list(hs))
        .order_by("logged_at", "id")
        .values_list("id", "bytes", "logged_at", "leaf_row__idx")
    )
    return tuple(_line(entry, bytes(data), at, idx) for entry, data, at, idx in rows)


def _line(entry: UUID, data: bytes, at: datetime, index: int | None) -> Line:
    told = parse_canonical(data)
    return Line(
        id=entry,
        index=index,
        at=at,
        event=told["event"],
        actor=told["actor"],
        h=told.get("h", ""),
        kind=told.get("kind", ""),
        code=told.get("code", ""),
    )
