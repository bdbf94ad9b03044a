"""Tainted money leaves first: the furthest that the money can have gone."""

from lachan.kernel.errors import Text
from lachan.tracing.purse import Method
from lachan.tracing.shares import Shares


def tainted_part(debit: int, balance: int, taint: int) -> int:  # noqa: ARG001 - one signature for the three
    """As much as there is."""
    return min(debit, taint)


METHOD = Method(
    name="tainted_first",
    version="1",
    title=Text(vi="Tiền nghi vấn ra trước", en="Tainted money first"),
    conserving=True,
    keeps_order=False,
    open=lambda balance: Shares(balance, tainted_part),
)
