"""One transaction, and what is read only once in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from django.db import transaction

T = TypeVar("T")
_READ: ContextVar[dict[str, Any] | None] = ContextVar("lachan_unit_of_work", default=None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """The transaction of a verb or a step. It is durable: inside another one it would be a defect."""
    with transaction.atomic(durable=True):
        before = _READ.set({})
        try:
            yield
        finally:
            _READ.reset(before)


def once(name: str, read: Callable[[], T]) -> T:
    """What `read` answers, kept until the transaction ends; outside of one it is read each time.

    For what must not change under the hands of one act, such as the directory by which it is judged.
    """
    kept = _READ.get()
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    return cast("T", kept[name])


def forget(name: str) -> None:
    """This very act has changed it."""
    kept = _READ.get()
    if kept is not None:
        kept.pop(name, None)
