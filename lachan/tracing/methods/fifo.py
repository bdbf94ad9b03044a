"""First in, first out: the oldest money leaves first (Devaynes v Noble, 1816; a presumption)."""

from lachan.kernel.errors import Text
from lachan.tracing.lots import Lots
from lachan.tracing.purse import Method

METHOD = Method(
    name="fifo",
    version="1",
    title=Text(vi="Vào trước, ra trước", en="First in, first out"),
    conserving=True,
    keeps_order=True,
    open=lambda balance: Lots(balance, newest_first=False),
)
