"""Effects on accounts, booked beside a ledger that is only read: the simulated core, and a small member's.

Balance, other effects and living money are read and the effect is written in one transaction; what an
order takes is `holds.effect` alone. Credits are never rejected; the rest of the balance stays usable.
"""

from __future__ import annotations

import sqlite3
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lachan.adapters.ledgers.book import Book
from lachan.connector.port import CoreUnavailable, Done, Order
from lachan.holds.effect import LIVING_MONEY_DAYS, ProtectedCredit, effect, living_money
from lachan.kernel.checks import Check
from lachan.kernel.time import from_wire, to_wire

_SCHEMA = """
CREATE TABLE IF NOT EXISTS effect (
  message TEXT PRIMARY KEY, action TEXT NOT NULL, h TEXT NOT NULL, account TEXT NOT NULL,
  case_ref TEXT NOT NULL, of TEXT NOT NULL, authority TEXT NOT NULL, text TEXT NOT NULL,
  asked INTEGER NOT NULL, amount INTEGER NOT NULL, carved INTEGER NOT NULL, held INTEGER NOT NULL,
  until TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, core_ref TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS effect_account ON effect (account, state);
"""


class LedgerCore:
    """`place` is the file of effects. `held` is what still stands; `amount` what the act was about."""

    def __init__(self, book: Book, place: Path) -> None:
        self.book = book
        self._place = place
        self._local = threading.local()
        self._db.executescript(_SCHEMA)

    @property
    def _db(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "db", None)
        if found is None:
            found = sqlite3.connect(self._place, isolation_level=None, timeout=30)
            found.execute("PRAGMA journal_mode=WAL")
            self._local.db = found
        return found

    def ready(self) -> bool:
        try:
            return self._db.execute("SELECT 1").fetchone() is not None
        except sqlite3.Error:
            return False

    def look_up(self, message: str) -> Done | None:
        row = self._db.execute(
            "SELECT amount, carved, held, at, core_ref, until FROM effect WHERE message = ?",
            (message,),
        ).fetchone()
        if row is None:
            return None
        amount, carved, held, at, ref, until = row
        return Done(
            amount=amount,
            carved=carved,
            left=held,
            at=from_wire(at),
            core_ref=ref,
            until=from_wire(until) if until else None,
        )

    def execute(self, order: Order, *, now: datetime) -> Done:
        acts = {
            "pause": self._take,
            "hold": self._take,
            "renew": self._renew,
            "release": self._release,
            "notice": self._notice,
        }
        db = self._db
        try:
            db.execute("BEGIN IMMEDIATE")
            try:
                before = self.look_up(order.message)
                done = before or acts[order.action](order, now)
                db.execute("COMMIT")
            except BaseException:
                db.execute("ROLLBACK")
                raise
        except sqlite3.Error as cause:
            raise CoreUnavailable(why=str(cause)) from cause
        return done

    def undo(self, message: str, *, now: datetime, why: str) -> Done:
        order = Order(message=f"{message}:{why}", action="release", of=message)
        done = self.execute(order, now=now)
        self._db.execute(
            "UPDATE effect SET state = ? WHERE message = ? AND state = 'RELEASED'", (why, message)
        )
        return done

    def self_test(self) -> list[Check]:
        position = self.book.position()
        return [
            Check(id="ledger", ok=position > 0, what=f"{position} lines", where=None),
            Check(id="effects", ok=self.ready(), what="effects can be booked", where=None),
        ]

    # --- what the bank itself knows ---------------------------------------------------------

    def held(self, account: str, *, but_case: str | None = None, but: str = "") -> int:
        """What live effects hold on an account, those of one case or one message left out."""
        (total,) = self._db.execute(
            "SELECT coalesce(sum(held), 0) FROM effect WHERE account = ? AND state = 'ACTIVE' "
            "AND case_ref IS NOT ? AND message <> ?",
            (account, but_case, but),
        ).fetchone()
        return int(total)

    def living(self, account: str, now: datetime) -> int:
        return living(self.book, account, now)

    def effects(self, account: str) -> list[dict[str, Any]]:
        """Everything that was done to an account, newest first, for its holder's page."""
        cursor = self._db.execute(
            "SELECT * FROM effect WHERE account = ? ORDER BY at DESC, rowid DESC", (account,)
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    # --- acts, inside the open transaction --------------------------------------------------

    def _take(self, order: Order, now: datetime) -> Done:
        asked = order.amount or 0
        found = effect(
            asked=asked,
            balance=self.book.balance(order.account),
            already_held=self.held(order.account, but=order.converts),
            living=self.living(order.account, now),
        )
        if order.converts:
            self._close(order.converts, "CONVERTED")
        return self._book(order, now, found.amount, held=found.amount, carved=found.carved)

    def _renew(self, order: Order, now: datetime) -> Done:
        row = self._order(order.of)
        held = min(row["held"], order.amount) if order.amount is not None else row["held"]
        until = "" if order.until is None else to_wire(order.until)
        self._db.execute(
            "UPDATE effect SET until = ?, held = ? WHERE message = ? AND state = 'ACTIVE'",
            (until, held, order.of),
        )
        return self._book(order, now, held, account=row["account"])

    def _release(self, order: Order, now: datetime) -> Done:
        row = self._order(order.of)
        standing = row["held"] if row["state"] == "ACTIVE" else 0
        amount = standing if order.amount is None else min(order.amount, standing)
        left = standing - amount
        self._db.execute(
            "UPDATE effect SET held = ?, state = ? WHERE message = ? AND state = 'ACTIVE'",
            (left, "ACTIVE" if left else "RELEASED", order.of),
        )
        return self._book(order, now, amount, account=row["account"], left=left)

    def _notice(self, order: Order, now: datetime) -> Done:
        row = self._order(order.of)
        return self._book(order, now, 0, account=row["account"])

    def _close(self, message: str, state: str) -> None:
        self._db.execute(
            "UPDATE effect SET state = ?, held = 0 WHERE message = ? AND state = 'ACTIVE'",
            (state, message),
        )

    def _order(self, message: str) -> dict[str, Any]:
        row = self._db.execute(
            "SELECT account, held, state FROM effect WHERE message = ?", (message,)
        ).fetchone()
        if row is None:
            raise CoreUnavailable(why=f"no effect of {message}")
        return {"account": row[0], "held": row[1], "state": row[2]}

    def _book(
        self,
        order: Order,
        now: datetime,
        amount: int,
        *,
        held: int = 0,
        carved: int = 0,
        account: str = "",
        left: int | None = None,
    ) -> Done:
        count = self._db.execute("SELECT count(*) FROM effect").fetchone()[0] + 1
        ref = f"{self.book.bank}-{count:06d}"
        taking = order.action in {"pause", "hold"}
        self._db.execute(
            "INSERT INTO effect VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                order.message, order.action, order.h, account or order.account, order.case_ref, order.of,
                order.authority, order.text, order.amount or 0, amount, carved,
                held if left is None else left, "" if order.until is None else to_wire(order.until),
                "ACTIVE" if taking and held else "DONE", to_wire(now), ref,
            ),
        )  # fmt: skip
        return Done(
            amount=amount,
            carved=carved,
            left=held if left is None else left,
            at=now,
            core_ref=ref,
            until=order.until,
        )


def living(book: Book, account: str, now: datetime) -> int:
    """Living money on an account: never disclosed, only carved (cases-and-holds §3.2)."""
    row = book.account(account)
    if row is None or not row.natural:
        return 0
    since = now - timedelta(days=LIVING_MONEY_DAYS)
    protected = book.protected(account, since)
    if not protected:
        return 0
    first = int(protected[0][0].timestamp())
    balances = [
        one.line.balance_after or 0 for one in book.entries(account) if one.line.time >= first
    ]
    return living_money(
        [ProtectedCredit(at=at, amount=amount) for at, amount in protected],
        max(0, min(balances, default=0)),
        now=now,
    )
