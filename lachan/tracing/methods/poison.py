"""Everything that a tainted account pays is marked: a list of leads, never an amount to hold."""

from __future__ import annotations

from lachan.kernel.errors import Text
from lachan.tracing.parts import Part
from lachan.tracing.purse import Method


class Marks:
    """The victims whose money has touched the account; a mark lasts while the balance is positive.

    A part (victim, x) says that x đồng are marked with the victim; parts of several victims overlap.
    """

    __slots__ = ("balance", "victims")

    def __init__(self, balance: int) -> None:
        self.balance = balance
        self.victims: set[str] = set()

    def debit(self, amount: int) -> list[Part]:
        out: list[Part] = [(victim, amount) for victim in sorted(self.victims) if amount]
        self._lower(amount)
        return out

    def debit_clean_first(self, amount: int) -> list[Part]:
        self._lower(amount)
        return []

    def take(self, wanted: list[Part]) -> list[Part]:  # noqa: ARG002 - reversals are ordinary here
        return []

    def credit(self, parts: list[Part], amount: int) -> list[Part]:
        owed = min(amount, max(0, -self.balance))
        self.balance += amount
        victims = sorted({label for label, _ in parts if label is not None})
        if self.balance > 0:
            self.victims.update(victims)
        return [(victim, owed) for victim in victims if owed]

    def restore(self, parts: list[Part], amount: int) -> list[Part]:
        return self.credit(parts, amount)

    def taint(self) -> dict[str, int]:
        return dict.fromkeys(sorted(self.victims), self.balance)

    def _lower(self, amount: int) -> None:
        self.balance -= amount
        if self.balance <= 0:
            self.victims.clear()


METHOD = Method(
    name="poison",
    version="1",
    title=Text(vi="Đánh dấu toàn bộ (chỉ để tìm manh mối)", en="Mark everything (leads only)"),
    conserving=False,
    keeps_order=False,
    open=Marks,
)
