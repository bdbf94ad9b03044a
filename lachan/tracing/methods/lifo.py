"""Last in, first out: the newest money leaves first; what left last lies on top at the receiver."""

from lachan.kernel.errors import Text
from lachan.tracing.lots import Lots
from lachan.tracing.purse import Method

METHOD = Method(
    name="lifo",
    version="1",
    title=Text(vi="Vào sau, ra trước", en="Last in, first out"),
    conserving=True,
    keeps_order=True,
    open=lambda balance: Lots(balance, newest_first=True),
)
