"""One transaction, and what is read only once in it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from lachan.evidence.driver import one_transaction


@contextmanager
def unit_of_work() -> Iterator[None]:
    """The transaction of a verb or a step. It is durable: inside another one it would be a defect."""
    with transaction.atomic(durable=True), one_transaction():
        yield
