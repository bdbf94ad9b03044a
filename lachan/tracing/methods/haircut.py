"""Pro rata: each debit carries the balance's own share of taint, rounded down to the đồng."""

from lachan.kernel.errors import Text
from lachan.tracing.purse import Method
from lachan.tracing.shares import Shares


def tainted_part(debit: int, balance: int, taint: int) -> int:
    """Whole numbers of any size: taint × debit passes 2^63 already at 3 tỷ × 3,1 tỷ."""
    return taint * debit // balance


METHOD = Method(
    name="haircut",
    version="1",
    title=Text(vi="Theo tỷ lệ", en="Pro rata"),
    conserving=True,
    keeps_order=False,
    open=lambda balance: Shares(balance, tainted_part),
)
