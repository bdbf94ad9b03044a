"""Reads for pages: which entries of the log are about these messages. No personal data is in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from lachan.evidence.models import Entry, Leaf, Pending
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


@dataclass(frozen=True, slots=True)
class Place:
    """An entry that a receipt names: its leaf, and its place once the sequencer gave it one."""

    leaf: str  # 64 hex digits
    index: int | None

    @property
    def number(self) -> str:
        """What a person copies: the first sixteen digits of the leaf in fours."""
        return self.spaced[:19]

    @property
    def spaced(self) -> str:
        """The whole leaf in fours, so that paper can break it."""
        return " ".join(self.leaf[at : at + 4] for at in range(0, len(self.leaf), 4))


def oldest_without_place() -> datetime | None:
    """When the oldest entry was logged that the sequencer has not placed yet; None when there is none."""
    found: datetime | None = Pending.objects.aggregate(at=Min("entry__logged_at"))["at"]
    return found


def place(entry: UUID | None) -> Place | None:
    """Where an entry stands in the log; None for no entry."""
    if entry is None:
        return None
    row = Entry.objects.filter(pk=entry).values_list("leaf", "leaf_row__idx").first()
    return None if row is None else Place(bytes(row[0]).hex(), row[1])


def message_at(index: int) -> tuple[UUID, str] | None:
    """The entry at a place of the log with the H of its message ("" when it is about none); None past the end."""
    row = Leaf.objects.filter(idx=index).values_list("entry_id", "entry__h").first()
    return None if row is None else (row[0], row[1])


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
