"""What a taint method keeps about one account, and the table of methods.

A method is one file in `methods/`; it declares `METHOD` and is found by scanning the folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from lachan.kernel.errors import Text
from lachan.tracing import methods
from lachan.tracing.errors import UnknownMethod
from lachan.tracing.parts import Part


class Purse(Protocol):
    """The state of one account (or of one transit pot) under one method."""

    balance: int

    def debit(self, amount: int) -> list[Part]:
        """Take the amount out; what exceeds the balance is lent by the bank: clean, last."""

    def debit_clean_first(self, amount: int) -> list[Part]:
        """Take clean money first, then taint: how a victim's declared loss leaves."""

    def take(self, wanted: list[Part]) -> list[Part]:
        """Take these very parts as far as they are still there, the newest of each label first."""

    def credit(self, parts: list[Part], amount: int) -> list[Part]:
        """Bring money in; returns what an overdraft swallowed at once."""

    def restore(self, parts: list[Part], amount: int) -> list[Part]:
        """Put back what a reversal returns, where it was; returns what an overdraft swallowed."""

    def taint(self) -> dict[str, int]:
        """Victim to đồng, only victims with something."""


@dataclass(frozen=True, slots=True)
class Method:
    """One way to say which money left first. The choice is the investigator's, and recorded."""

    name: str
    version: str
    title: Text
    conserving: bool  # False: a list of leads, never an amount to hold
    keeps_order: bool  # True: compositions are reported as ordered parts
    open: Callable[[int], Purse]  # from an account's balance before its first taint


@cache
def all_methods() -> dict[str, Method]:
    """Every method by name, the conserving ones first in their customary order."""
    found: dict[str, Method] = {}
    for module in pkgutil.iter_modules(methods.__path__):
        method = importlib.import_module(f"{methods.__name__}.{module.name}").METHOD
        found[method.name] = method
    customary = ("fifo", "lifo", "haircut", "libr", "tainted_first")
    rank = {name: index for index, name in enumerate(customary)}
    return dict(
        sorted(found.items(), key=lambda one: (rank.get(one[0], len(rank)), one[0])),
    )


def method_named(name: str) -> Method:
    """Raises: UnknownMethod, with the names that exist."""
    try:
        return all_methods()[name]
    except KeyError:
        raise UnknownMethod(field="method", name=name, known=", ".join(all_methods())) from None


def conserving() -> tuple[str, ...]:
    """The methods whose sums are conserved; the range over them is always shown."""
    return tuple(name for name, method in all_methods().items() if method.conserving)
