"""What is read once in a transaction is forgotten with it."""

import pytest

from lachan.access.steps import step
from lachan.evidence.driver import forget, once

pytestmark = pytest.mark.django_db


class Counter:
    def __init__(self) -> None:
        self.read = 0

    def __call__(self) -> int:
        self.read += 1
        return self.read


def test_a_transaction_reads_it_once_and_the_next_reads_it_again() -> None:
    counter = Counter()

    @step
    def act() -> tuple[list[int], list[object]]:
        return [once("it", counter), once("it", counter)], []

    assert act() == [1, 1]
    assert act() == [2, 2]


def test_an_act_that_changes_it_reads_it_again() -> None:
    counter = Counter()

    @step
    def act() -> tuple[list[int], list[object]]:
        first = once("it", counter)
        forget("it")
        return [first, once("it", counter)], []

    assert act() == [1, 2]


def test_outside_of_a_transaction_it_is_read_each_time() -> None:
    counter = Counter()
    assert [once("it", counter), once("it", counter)] == [1, 2]


def test_an_act_that_fails_leaves_nothing_behind() -> None:
    counter = Counter()

    @step
    def act() -> tuple[None, list[object]]:
        once("it", counter)
        raise LookupError

    with pytest.raises(LookupError):
        act()
    assert once("it", counter) == 2
