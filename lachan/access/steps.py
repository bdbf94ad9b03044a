"""One transaction for one step of a process that acts for no person: sending, receiving, sweeping.

A verb is a person's act with a permission; a step is the machinery's. Both are one transaction each, and nothing else
opens one.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from lachan.access import bus
from lachan.access.unit_of_work import unit_of_work
from lachan.kernel.events import Event

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
LONGEST = (
    0.05  # seconds of work in one transaction: what comes first is not to wait for what comes last
)


def step(function: Callable[P, tuple[R, Iterable[Event]]]) -> Callable[P, R]:
    """Run `function` in a transaction of its own and publish the facts that it returns beside its result."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            result, facts = function(*args, **kwargs)
            bus.publish(facts)
        return result

    return run


def together(
    act: Callable[[T], tuple[R, Iterable[Event]]],
    items: Sequence[T],
    *,
    failed: Callable[[T, Exception], R],
) -> list[R]:
    """Act on items in one transaction, as many of them as `LONGEST` allows; answers the results of those, in order.

    A commit costs as much as the work on a small message. Where one item fails, all that were begun are begun again,
    each alone, so that it takes none with it; `failed` then says what becomes of it.
    """
    begun: list[T] = []
    try:
        return _while_short(act, items, begun)
    except Exception as fault:  # noqa: BLE001 - `failed` keeps it
        if len(begun) == 1:
            return [failed(begun[0], fault)]
    return [_alone(act, one, failed) for one in begun]


@step
def _while_short(
    act: Callable[[T], tuple[R, Iterable[Event]]], items: Sequence[T], begun: list[T]
) -> tuple[list[R], list[Event]]:
    ends = time.monotonic() + LONGEST
    results: list[R] = []
    facts: list[Event] = []
    for item in items:
        begun.append(item)
        result, said = act(item)
        results.append(result)
        facts += said
        if time.monotonic() >= ends:
            break
    return results, facts


def _alone(
    act: Callable[[T], tuple[R, Iterable[Event]]], item: T, failed: Callable[[T, Exception], R]
) -> R:
    try:
        return step(act)(item)
    except Exception as fault:  # noqa: BLE001 - `failed` keeps it
        return failed(item, fault)
