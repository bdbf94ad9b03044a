"""A core in which people act: an order becomes a task at the desk, and is done when one confirms it.

`ByHand` is the port over tasks. `Shared` stands before it and the member's other core: what began by hand goes on by
hand, so that a release is done where the hold was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lachan.adapters.ledgers.book import Book
from lachan.connector import tasks
from lachan.connector.cores.standing import Leased
from lachan.connector.port import Core, CoreUnavailable, Done, Order
from lachan.connector.store import Store
from lachan.connector.tasks import Task
from lachan.holds.effect import effect
from lachan.kernel.checks import Check
from lachan.kernel.errors import Text
from lachan.kernel.time import to_wire

TAKING = frozenset({"pause", "hold"})
CONVERTED = "CONVERTED"


class AwaitsHand(CoreUnavailable):
    """Nothing was done yet: a person is asked to."""

    code = "connector.awaits_hand"
    text = Text(
        vi="Lệnh chờ người thực hiện trong hệ thống lõi và xác nhận bằng mã của hệ thống đó ({why}).",
        en="The order waits for a person to carry it out in the core and to confirm it with the core's reference ({why}).",
    )
    why: str


class ByHand:
    """The port over tasks; what may be taken is proposed from the ledger and the leases."""

    def __init__(self, book: Book, store: Store) -> None:
        self._book = book
        self._store = store
        self._standing = Leased(book, store)

    def knows(self, message: str) -> bool:
        """A task was made of this message."""
        return bool(message) and tasks.task(self._store, message) is not None

    def ready(self) -> bool:
        return True

    def look_up(self, message: str) -> Done | None:
        found = tasks.task(self._store, message)
        return None if found is None else found.done

    def execute(self, order: Order, *, now: datetime) -> Done:
        """Raises: AwaitsHand until a person has confirmed it."""
        found = tasks.task(self._store, order.message)
        if found is None:
            tasks.put(self._store, self._task(order, now))
        elif found.done is not None:
            return found.done
        raise AwaitsHand(why=order.action)

    def undo(self, message: str, *, now: datetime, why: str) -> Done:
        return self.execute(
            Order(message=f"{message}:{why}", action="release", of=message), now=now
        )

    def self_test(self) -> list[Check]:
        waiting = len(tasks.open_tasks(self._store))
        return [Check(id="by_hand", ok=True, what=f"{waiting} tasks wait")]

    def _task(self, order: Order, now: datetime) -> Task:
        made = Task(
            message=order.message, action=order.action, h=order.h, account=order.account, case_ref=order.case_ref,
            of=order.of, converts=order.converts, authority=order.authority, text=order.text, asked=order.amount or 0,
            amount=0, carved=0, left=0, until="" if order.until is None else to_wire(order.until), made_at=to_wire(now),
        )  # fmt: skip
        if order.action in TAKING:
            return self._taking(made, order, now)
        before = tasks.task(self._store, order.of)
        if before is None:
            raise CoreUnavailable(why=f"no effect of {order.of}")
        standing = before.left if before.done is not None else 0
        amount = standing if order.amount is None else min(order.amount, standing)
        followed = replace(made, account=before.account, case_ref=before.case_ref)
        if order.action == "release":
            return replace(followed, amount=amount, left=standing - amount)
        if order.action == "renew":
            return replace(followed, amount=amount, left=amount)
        return followed

    def _taking(self, made: Task, order: Order, now: datetime) -> Task:
        found = effect(
            asked=order.amount or 0,
            balance=self._book.balance(order.account),
            already_held=self._standing.held(order.account, but=order.converts),
            living=self._standing.living(order.account, now),
        )
        return replace(made, amount=found.amount, carved=found.carved, left=found.amount)


class Shared:
    """Two cores: `other` for what policy does not give to people, and for what began there."""

    def __init__(self, hand: ByHand, other: Core) -> None:
        self._hand = hand
        self._other = other

    def ready(self) -> bool:
        return self._other.ready()

    def look_up(self, message: str) -> Done | None:
        return (self._hand if self._hand.knows(message) else self._other).look_up(message)

    def execute(self, order: Order, *, now: datetime) -> Done:
        begun = (order.message, order.of, order.converts)
        if not any(self._hand.knows(one) for one in begun):
            return self._other.execute(order, now=now)
        return self.execute_by_hand(order, now=now)

    def execute_by_hand(self, order: Order, *, now: datetime) -> Done:
        """What policy gives to people. A pause of the other core that it takes over ends after it stands, never before."""
        done = self._hand.execute(order, now=now)
        if order.converts and not self._hand.knows(order.converts):
            self._other.undo(order.converts, now=now, why=CONVERTED)
        return done

    def undo(self, message: str, *, now: datetime, why: str) -> Done:
        core = self._hand if self._hand.knows(message) else self._other
        return core.undo(message, now=now, why=why)

    def self_test(self) -> list[Check]:
        return [*self._other.self_test(), *self._hand.self_test()]


class Handed:
    """`Shared` for one order that policy gives to people."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.ready = shared.ready
        self.look_up = shared.look_up
        self.undo = shared.undo
        self.self_test = shared.self_test

    def execute(self, order: Order, *, now: datetime) -> Done:
        return self._shared.execute_by_hand(order, now=now)
