"""The connector's memory: one SQLite file. What must happen together is one transaction here.

inbox    every message received, once per (sender, id), with the receipt that was given for it
outbox   what this member says, until the centre's receipt for it verifies
lease    effects that end by this process's own clock
trace    a bank's side of each trace, as the tracing engine gives it
task     orders that a person carries out in the core by hand (tasks.py)
attempt  orders given to a core of the member's own, before they leave
file     the directory and the catalogue as last verified
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lachan.connector.schema import SCHEMA
from lachan.evidence.local import LocalLog
from lachan.evidence.signing import LogKey
from lachan.kernel.time import from_wire, to_wire

_INBOX = (
    "sender, id, h, conversation, type, kind, priority, case_ref, envelope, centre_receipt, receipt, "
    "logged_at, due_at, received_at, state, reason, body, lines, tries"
)


@dataclass(frozen=True, slots=True)
class Received:
    """A row of the inbox. `state`: new, desk, clarifying, hand, working, answered, refused, invalid, noted, cancelled."""

    sender: str
    id: str
    h: str
    conversation: str
    type: str
    kind: str
    priority: str
    case_ref: str
    envelope: bytes
    centre_receipt: str
    receipt: str
    logged_at: datetime
    due_at: datetime | None
    received_at: datetime
    state: str
    reason: str
    body: dict[str, Any] | None
    lines: list[dict[str, Any]]
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Lease:
    """An effect with an end. `h` is the order's, `message` its id; `state` ACTIVE or how it ended."""

    h: str
    message: str
    kind: str
    account: str
    case_ref: str
    sender: str
    conversation: str
    amount: int
    until: datetime
    state: str
    renewals: int


class Store:
    """One connection per thread; `transaction()` takes the write lock at once."""

    def __init__(self, path: Path, log_key: LogKey) -> None:
        self._path = path
        self._key = log_key
        self._local = threading.local()
        self.db.executescript(SCHEMA)
        _ = self.log

    @property
    def db(self) -> sqlite3.Connection:
        """This thread's connection."""
        found: sqlite3.Connection | None = getattr(self._local, "db", None)
        if found is None:
            found = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            found.execute("PRAGMA journal_mode=WAL")
            found.execute("PRAGMA synchronous=FULL")
            self._local.db = found
        return found

    @property
    def log(self) -> LocalLog:
        """The member's own evidence log, in the same file and transactions."""
        found: LocalLog | None = getattr(self._local, "log", None)
        if found is None:
            found = self._local.log = LocalLog(self.db, self._key)
        return found

    def close(self) -> None:
        """Close this thread's connection."""
        found: sqlite3.Connection | None = getattr(self._local, "db", None)
        if found is not None:
            found.close()
            del self._local.db
            self._local.__dict__.pop("log", None)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; nests into the one that is open."""
        if self.db.in_transaction:
            yield self.db
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.rollback()
            raise
        self.db.commit()

    def note(self, event: str, at: datetime, actor: str, **fields: str | None) -> None:
        """One entry of the evidence log: no personal data."""
        shown = {name: value for name, value in fields.items() if value}
        with self.transaction():
            self.log.append({"event": event, "at": to_wire(at), "actor": actor, **shown})

    # --- inbox ----------------------------------------------------------------------------

    def put(self, row: Received) -> None:
        """A message, once. Raises: sqlite3.IntegrityError for a second one of this (sender, id)."""
        values = (
            row.sender, row.id, row.h, row.conversation, row.type, row.kind, row.priority, row.case_ref,
            row.envelope, row.centre_receipt, row.receipt, to_wire(row.logged_at),
            None if row.due_at is None else to_wire(row.due_at), to_wire(row.received_at), row.state,
            row.reason, None if row.body is None else json.dumps(row.body), json.dumps(row.lines),
            row.tries,
        )  # fmt: skip
        self.db.execute(f"INSERT INTO inbox ({_INBOX}) VALUES ({', '.join('?' * 19)})", values)  # noqa: S608 - our own columns

    def received(self, *, h: str = "", sender: str = "", message: str = "") -> Received | None:
        """By hash, or by sender and id."""
        where, values = ("h = ?", [h]) if h else ("sender = ? AND id = ?", [sender, message])
        row = self.db.execute(f"SELECT {_INBOX} FROM inbox WHERE {where}", values).fetchone()  # noqa: S608 - our own columns
        return None if row is None else _received(row)

    def waiting(self, state: str, now: datetime, limit: int = 50) -> list[Received]:
        """Messages in a state whose next try has come: what frees money first, then the urgent."""
        rows = self.db.execute(
            f"SELECT {_INBOX} FROM inbox WHERE state = ? AND (try_at IS NULL OR try_at <= ?) "  # noqa: S608 - our own columns
            "ORDER BY kind <> 'release', priority, received_at LIMIT ?",
            (state, to_wire(now), limit),
        )
        return [_received(row) for row in rows.fetchall()]

    def move(self, h: str, state: str, *, reason: str = "") -> None:
        self.db.execute("UPDATE inbox SET state = ?, reason = ? WHERE h = ?", (state, reason, h))

    def asks_of(self, conversation: str) -> list[str]:
        """Who asks in a conversation."""
        rows = self.db.execute(
            "SELECT sender FROM inbox WHERE conversation = ? AND type = 'ask'", (conversation,)
        )
        return [str(row[0]) for row in rows.fetchall()]

    def cancel(self, conversation: str) -> None:
        """What nobody has answered yet, and no hand has carried out."""
        self.db.execute(
            "UPDATE inbox SET state = 'cancelled' WHERE conversation = ? AND (state IN ('new', 'desk') OR "
            "(state = 'hand' AND id NOT IN (SELECT message FROM task WHERE state = 'done')))",
            (conversation,),
        )

    def later(self, h: str, at: datetime, fault: str) -> None:
        """Try again then; the clock of the ask runs on."""
        self.db.execute(
            "UPDATE inbox SET try_at = ?, tries = tries + 1, fault = ? WHERE h = ?",
            (to_wire(at), fault[:300], h),
        )

    def ask_of(self, conversation: str) -> Received | None:
        """The ask that a conversation is about."""
        row = self.db.execute(
            f"SELECT {_INBOX} FROM inbox WHERE conversation = ? AND type = 'ask'",  # noqa: S608 - our own columns
            (conversation,),
        ).fetchone()
        return None if row is None else _received(row)

    def set_aside(self, h: str, state: str, *, until: datetime) -> None:
        """Out of the desk's queue; `waiting` of that state gives it from then on."""
        self.db.execute(
            "UPDATE inbox SET state = ?, reason = '', try_at = ? WHERE h = ?",
            (state, to_wire(until), h),
        )

    def to_desk(self, h: str, reason: str) -> None:
        """Into the desk's queue, at once."""
        self.db.execute(
            "UPDATE inbox SET state = 'desk', reason = ?, try_at = NULL WHERE h = ?", (reason, h)
        )

    def put_due(self, h: str, due_at: datetime | None) -> None:
        """A pause or a dispute has moved the end of the period."""
        self.db.execute(
            "UPDATE inbox SET due_at = ? WHERE h = ?",
            (None if due_at is None else to_wire(due_at), h),
        )

    # --- leases ---------------------------------------------------------------------------

    def put_lease(self, lease: Lease) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                lease.h, lease.message, lease.kind, lease.account, lease.case_ref, lease.sender,
                lease.conversation, lease.amount, to_wire(lease.until), lease.state, lease.renewals,
            ),
        )  # fmt: skip

    def lease(self, h: str) -> Lease | None:
        row = self.db.execute("SELECT * FROM lease WHERE h = ?", (h,)).fetchone()
        return None if row is None else _lease(row)

    def ended(self, now: datetime) -> list[Lease]:
        """Active leases whose end has come."""
        rows = self.db.execute(
            "SELECT * FROM lease WHERE state = 'ACTIVE' AND until <= ? ORDER BY until",
            (to_wire(now),),
        )
        return [_lease(row) for row in rows.fetchall()]

    def leases(self) -> list[Lease]:
        """All that are active, soonest end first."""
        rows = self.db.execute("SELECT * FROM lease WHERE state = 'ACTIVE' ORDER BY until")
        return [_lease(row) for row in rows.fetchall()]

    def attempt(self, message: str, at: datetime) -> bool:
        """An order leaves for the core; False when it did so before and nobody may know what became of it."""
        cursor = self.db.execute(
            "INSERT OR IGNORE INTO attempt VALUES (?, ?)", (message, to_wire(at))
        )
        return cursor.rowcount == 1

    # --- the rest -------------------------------------------------------------------------

    def anchor(self, case_ref: str, subject: str) -> None:
        """This subject stands on a leg of the case that this member itself has confirmed."""
        self.db.execute("INSERT OR IGNORE INTO anchor VALUES (?, ?)", (case_ref, subject))

    def anchored(self, case_ref: str, subjects: list[str]) -> bool:
        return bool(subjects) and all(
            self.db.execute(
                "SELECT 1 FROM anchor WHERE case_ref = ? AND subject = ?", (case_ref, one)
            ).fetchone()
            for one in subjects
        )

    def trace(self, trace: str) -> dict[str, Any] | None:
        row = self.db.execute("SELECT state FROM trace WHERE id = ?", (trace,)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def put_trace(self, trace: str, case_ref: str, state: Mapping[str, Any]) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO trace VALUES (?, ?, ?)", (trace, case_ref, json.dumps(state))
        )

    def file(self, name: str) -> dict[str, Any] | None:
        row = self.db.execute("SELECT body FROM file WHERE name = ?", (name,)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def put_file(self, name: str, body: Mapping[str, Any]) -> None:
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO file VALUES (?, ?)", (name, json.dumps(dict(body))))


def _received(row: tuple[Any, ...]) -> Received:
    values = list(row)
    values[11], values[13] = from_wire(values[11]), from_wire(values[13])
    values[12] = None if values[12] is None else from_wire(values[12])
    values[16] = None if values[16] is None else json.loads(values[16])
    values[17] = json.loads(values[17])
    return Received(*values)


def _lease(row: tuple[Any, ...]) -> Lease:
    values = list(row)
    values[8] = from_wire(values[8])
    return Lease(*values)
