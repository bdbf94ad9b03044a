"""Orders that a person carries out in the core system by hand: one row an order, until it is confirmed.

What is asked and what to take stand in the row when it is made; the confirmation adds what was really done, the core's
own reference, who said so and when. That time is the effect's.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any

from lachan.connector.port import Done
from lachan.connector.store import Store
from lachan.kernel.time import from_wire, to_wire

OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`amount` is what the ledger says may be taken, then what was taken; `left` what still stands on the order.

    of: the message whose effect is renewed, released or told of. until: "" where there is no end.
    """

    message: str
    action: str
    h: str
    account: str
    case_ref: str
    of: str
    converts: str
    authority: str
    text: str
    asked: int
    amount: int
    carved: int
    left: int
    until: str
    made_at: str
    state: str = OPEN
    core_ref: str = ""
    at: str = ""
    by: str = ""

    @property
    def ends(self) -> datetime | None:
        """The end of the lease."""
        return from_wire(self.until) if self.until else None

    def over(self, now: datetime) -> bool:
        """Its end came before anybody did it."""
        leased = self.action != "notice"  # its time is when the holder is told, not an end
        return leased and self.state == OPEN and self.ends is not None and self.ends <= now

    @property
    def done(self) -> Done | None:
        if self.state != DONE:
            return None
        return Done(
            amount=self.amount,
            carved=self.carved,
            left=self.left,
            at=from_wire(self.at),
            core_ref=self.core_ref,
            until=self.ends,
        )


_COLUMNS = ", ".join(f'"{one.name}"' for one in fields(Task))
_MARKS = ", ".join("?" for _ in fields(Task))


def task(store: Store, message: str) -> Task | None:
    """The task of a message."""
    row = store.db.execute(f"SELECT {_COLUMNS} FROM task WHERE message = ?", (message,)).fetchone()  # noqa: S608 - our own columns
    return None if row is None else _task(row)


def put(store: Store, made: Task) -> None:
    """A new task, or the next state of one."""
    store.db.execute(f"INSERT OR REPLACE INTO task ({_COLUMNS}) VALUES ({_MARKS})", astuple(made))  # noqa: S608 - our own columns


def open_tasks(store: Store) -> list[Task]:
    """What waits for a hand, the earliest made first; releases before what takes."""
    rows = store.db.execute(
        f"SELECT {_COLUMNS} FROM task WHERE state = ? ORDER BY action <> 'release', made_at, message",  # noqa: S608 - our own columns
        (OPEN,),
    )
    return [_task(row) for row in rows.fetchall()]


def lower(store: Store, message: str, left: int, until: str | None = None) -> None:
    """What still stands on an order after one that followed it."""
    store.db.execute(
        'UPDATE task SET "left" = ?, until = coalesce(?, until) WHERE message = ?',
        (left, until, message),
    )


def withdraw(store: Store, conversation: str, now: datetime) -> None:
    """A cancelled ask is no longer to be done; what was done stays, and ends only through its own kind."""
    store.db.execute(
        "UPDATE task SET state = ?, at = ? WHERE state = ? AND message IN "
        "(SELECT id FROM inbox WHERE conversation = ?)",
        (WITHDRAWN, to_wire(now), OPEN, conversation),
    )


def _task(row: tuple[Any, ...]) -> Task:
    return Task(**dict(zip((one.name for one in fields(Task)), row, strict=True)))
