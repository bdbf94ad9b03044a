"""Whether a new ask may be written or taken now: not while the log has gone unstamped for four hours (exchange.md §8).

What eases somebody's situation, and everything that is not an ask, passes in every degraded mode.
"""

from datetime import datetime

from lachan.evidence import stopping
from lachan.exchange.capacity_errors import EvidenceStopped
from lachan.exchange.kinds import MessageType, kind


def ensure_taken(kind_name: str, type_: MessageType, now: datetime) -> None:
    """Raises: EvidenceStopped for an ask that neither gives back nor tells the holder."""
    if type_ is MessageType.ASK and stopping.stopped(now) and not kind(kind_name).eases:
        raise EvidenceStopped
