"""Lowest intermediate balance: the holder spends his own money first; later money refills nothing."""

from lachan.kernel.errors import Text
from lachan.tracing.purse import Method
from lachan.tracing.shares import Shares


def tainted_part(debit: int, balance: int, taint: int) -> int:
    """What the clean money does not cover."""
    return max(0, debit - (balance - taint))


METHOD = Method(
    name="libr",
    version="1",
    title=Text(vi="Số dư trung gian thấp nhất", en="Lowest intermediate balance"),
    conserving=True,
    keeps_order=False,
    open=lambda balance: Shares(balance, tainted_part),
)
