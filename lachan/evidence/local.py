"""The member's own log: one SQLite file, the centre's tree and signatures, no Django.

An entry is appended in the caller's transaction when a connection is given, so that the effect and
its evidence are committed together; its place in the tree is the order of commits, because SQLite
has one writer. Triggers refuse every change.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lachan.evidence import tree
from lachan.evidence.errors import NoSuchProof
from lachan.evidence.signing import HEAD, LogKey
from lachan.kernel.canonical import canonical
from lachan.kernel.time import to_wire

_SCHEMA = """
CREATE TABLE IF NOT EXISTS local_entry (idx INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS local_node (
  level INTEGER NOT NULL, i INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, i)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class LocalHead:
    """The signed state of a local log; `jws` carries canonical {at, root, size}."""

    size: int
    root: bytes
    at: datetime
    jws: str


class LocalLog:
    """An append-only log over `place`: a file, or a connection whose transactions the caller ends."""

    def __init__(self, place: str | Path | sqlite3.Connection, key: LogKey) -> None:
        self._own = not isinstance(place, sqlite3.Connection)
        self._db = place if isinstance(place, sqlite3.Connection) else sqlite3.connect(place)
        self._key = key
        for statement in (*_SCHEMA.split(";")[:-1], *_triggers()):
            self._db.execute(statement)
        if self._own:
            self._db.commit()

    def append(self, entry: Mapping[str, object]) -> tuple[int, bytes]:
        """Add one entry (no personal data) and return its place and leaf hash.

        Raises: NotCanonical for floats, non-ASCII keys and the like.
        """
        data = canonical(dict(entry))
        leaf = tree.leaf_hash(data)
        if self._own and not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")  # two processes must not read the same size
        try:
            idx = self.size()
            self._db.execute("INSERT INTO local_entry VALUES (?, ?)", (idx, data))
            peaks = [self._node(level, i) for level, i in tree.peaks(idx)]
            self._db.executemany(
                "INSERT INTO local_node VALUES (?, ?, ?)", tree.grow(idx, [leaf], peaks)
            )
        except BaseException:
            if self._own:
                self._db.rollback()
            raise
        if self._own:
            self._db.commit()
        return idx, leaf

    def size(self) -> int:
        """How many entries there are."""
        (size,) = self._db.execute("SELECT coalesce(max(idx) + 1, 0) FROM local_entry").fetchone()
        return int(size)

    def entry(self, idx: int) -> bytes:
        """The canonical bytes at a place. Raises: NoSuchProof."""
        row = self._db.execute("SELECT bytes FROM local_entry WHERE idx = ?", (idx,)).fetchone()
        if row is None:
            raise NoSuchProof(what=f"leaf {idx}", size=self.size())
        return bytes(row[0])

    def head(self, at: datetime) -> LocalHead:
        """The tree as it is now, signed."""
        size = self.size()
        root = tree.root(size, self._node)
        payload = canonical({"at": to_wire(at), "root": root.hex(), "size": size})
        return LocalHead(size, root, at, self._key.sign(payload, typ=HEAD))

    def inclusion(self, idx: int, size: int) -> list[bytes]:
        """The path from a leaf to the root of the first `size` entries. Raises: NoSuchProof."""
        if not 0 <= idx < size <= self.size():
            raise NoSuchProof(what=f"leaf {idx} of {size}", size=self.size())
        return tree.inclusion(idx, size, self._node)

    def consistency(self, first: int, second: int) -> list[bytes]:
        """The proof that one state is the beginning of another. Raises: NoSuchProof."""
        if not 0 <= first <= second <= self.size():
            raise NoSuchProof(what=f"{first} → {second}", size=self.size())
        return tree.consistency(first, second, self._node)

    def close(self) -> None:
        """Close the file, if it was opened here."""
        if self._own:
            self._db.close()

    def _node(self, level: int, i: int) -> bytes:
        (hashed,) = self._db.execute(
            "SELECT hash FROM local_node WHERE level = ? AND i = ?", (level, i)
        ).fetchone()
        return bytes(hashed)


def _triggers() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the evidence log is insert-only'); END"
        for table in ("local_entry", "local_node")
        for verb in ("update", "delete")
    ]
