"""Records of members without accounts: subscribers, domain holders, pages; one SQLite file, read by key."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any


class Register:
    """`place` None: the member keeps no such records. Opened anew for each look-up: it is asked seldom."""

    def __init__(self, place: Path | None) -> None:
        self._place = place

    def find(self, kind: str, key: str) -> dict[str, Any] | None:
        """The record under a key; None when there is none."""
        if self._place is None:
            return None
        db = sqlite3.connect(f"file:{self._place}?mode=ro", uri=True)
        try:
            row = db.execute(
                "SELECT body FROM records WHERE kind = ? AND key = ?", (kind, key)
            ).fetchone()
        finally:
            db.close()
        return None if row is None else dict(json.loads(row[0]))

    def change(self, kind: str, key: str, **values: object) -> None:
        """What the desk did to a record (a page was locked)."""
        found = self.find(kind, key)
        if self._place is None or found is None:
            return
        db = sqlite3.connect(self._place)
        with db:
            body = json.dumps({**found, **values}, ensure_ascii=False)
            db.execute("UPDATE records SET body = ? WHERE kind = ? AND key = ?", (body, kind, key))
        db.close()
