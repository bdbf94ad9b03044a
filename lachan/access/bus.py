"""Facts to whoever listens, in the transaction that made them: all of it happens, or none.

A subscriber is a plain function of the fact; it may return further facts, which are published after
those that are waiting. What reaches the outside (a message, a text) is written to an outbox here and
sent after the commit by its own process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import transaction

from lachan.kernel.events import Event

E = TypeVar("E", bound=Event)
Subscriber = Callable[[Any], Iterable[Event] | None]
_LISTENERS: dict[type[Event], dict[str, Subscriber]] = {}
MAX_FACTS = 10_000  # a chain longer than any case is two subscribers answering each other for ever


def on(
    *kinds: type[E],
) -> Callable[[Callable[[E], Iterable[Event] | None]], Callable[[E], Iterable[Event] | None]]:
    """Subscribe a function to facts of these types (and their subclasses)."""

    def subscribe(
        function: Callable[[E], Iterable[Event] | None],
    ) -> Callable[[E], Iterable[Event] | None]:
        for kind in kinds:
            # By its name: a module that is imported twice still listens once.
            name = f"{function.__module__}.{function.__qualname__}"
            _LISTENERS.setdefault(kind, {})[name] = function
        return function

    return subscribe


def listeners(kind: type[Event]) -> list[Subscriber]:
    """Who hears a fact of this type, in the order in which they subscribed."""
    heard: dict[str, Subscriber] = {}
    for ancestor in reversed(kind.__mro__):
        heard.update(_LISTENERS.get(ancestor, {}))
    return list(heard.values())


def publish(facts: Iterable[Event]) -> None:
    """Hand each fact to its listeners, first come first served.

    Raises: RuntimeError outside a transaction: a fact that is not stored with its cause is a rumour.
    """
    waiting = deque(facts)
    if waiting and not transaction.get_connection().in_atomic_block:
        raise RuntimeError("facts are published inside the verb's transaction")
    handled = 0
    while waiting:
        fact = waiting.popleft()
        handled += 1
        if handled > MAX_FACTS:
            raise RuntimeError(f"more than {MAX_FACTS} facts follow from one act; last: {fact!r}")
        for listener in listeners(type(fact)):
            waiting.extend(listener(fact) or ())
