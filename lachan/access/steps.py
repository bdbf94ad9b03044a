"""One transaction for one step of a process that acts for no person: sending, receiving, sweeping.

A verb is a person's act with a permission; a step is the machinery's. Both are one transaction each, and nothing else
opens one.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

from lachan.access import bus
from lachan.access.unit_of_work import unit_of_work
from lachan.kernel.events import Event

P = ParamSpec("P")
R = TypeVar("R")


def step(function: Callable[P, tuple[R, Iterable[Event]]]) -> Callable[P, R]:
    """Run `function` in a transaction of its own and publish the facts that it returns beside its result."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            result, facts = function(*args, **kwargs)
            bus.publish(facts)
        return result

    return run
