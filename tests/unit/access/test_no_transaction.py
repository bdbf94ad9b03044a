"""Facts and steps need the transaction of the act that made them."""

from collections.abc import Sequence

import pytest

from lachan.access.actors import Actor
from lachan.access.bus import publish
from lachan.access.errors import Remembered
from lachan.access.verbs import verb
from lachan.kernel.events import Event


@verb("zz.step", system=True)
def step(*, actor: Actor) -> tuple[None, Sequence[Event]]:
    return None, ()


def test_a_step_without_a_transaction_is_a_defect() -> None:
    with pytest.raises(RuntimeError, match="no transaction"):
        step.inside(actor=Actor.system("vn/police/a05"))


def test_a_fact_without_a_transaction_is_a_rumour() -> None:
    publish([])
    with pytest.raises(RuntimeError, match="transaction"):
        publish([Event()])


def test_what_is_remembered_says_how() -> None:
    with pytest.raises(NotImplementedError):
        Remembered.remember(Remembered.__new__(Remembered), None)  # type: ignore[arg-type]
