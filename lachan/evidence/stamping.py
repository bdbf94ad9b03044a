"""Has the newest tree head time-stamped by a third party (RFC 3161, exchange.md §8).

A step of its own beside the sequencer, outside every business transaction: the authority is asked first, and one
insert keeps its answer. Killed in between, nothing was kept and the next turn asks again; two at once keep two stamps of one
head, which harms nothing. One authority that answers rightly is enough.
"""

from datetime import timedelta
from enum import Enum
from typing import Protocol

import structlog

from lachan.evidence import stopping
from lachan.evidence.errors import StampRefused, TsaUnreachable
from lachan.evidence.models import Stamp, TreeHead
from lachan.evidence.services import append
from lachan.evidence.signing import payload_of
from lachan.kernel.time import Clock

LOG = structlog.get_logger("lachan")
EVERY = timedelta(seconds=60)
ENTRIES = 1_000


class TimeStamper(Protocol):
    """One time-stamp authority, as the settings name it. `name` stands in the log, `url` beside the stamp."""

    @property
    def name(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def ca_pem(self) -> str: ...

    def stamp(self, data: bytes, *, clock: Clock) -> bytes:
        """A TimeStampResp (DER) over `data` that holds in every respect.

        Raises: TsaUnreachable; StampRefused with what was wrong.
        """


class Outcome(Enum):
    NOT_DUE = "not due"
    STAMPED = "stamped"
    FAILED = "failed"


_authorities: tuple[TimeStamper, ...] = ()


def use(*authorities: TimeStamper) -> None:
    """Called once by `lachan.bootstrap`, or by a test. Without an authority nothing is stamped and nothing stops."""
    global _authorities  # noqa: PLW0603 - wired once
    _authorities = authorities
    stopping.watch(on=bool(authorities))


def configured() -> bool:
    """Whether this deployment has an authority at all."""
    return bool(_authorities)


def stamp_once(clock: Clock) -> Outcome:
    """Stamp the newest head when 60 s have passed since the last stamp, or 1,000 entries.

    An idle log is stamped too: that is the probe by which a stopped exchange opens again. After FAILED, call again in 60 s.
    """
    head = TreeHead.objects.order_by("-id").first()
    if head is None or not _authorities:
        return Outcome.NOT_DUE
    last = Stamp.objects.order_by("-id").values_list("at", "size", "head_id").first()
    if last is not None:
        at, size, stamped = last
        rested = clock.now() - at
        if stamped == head.pk or (abs(rested) < EVERY and head.size - size < ENTRIES):
            return Outcome.NOT_DUE
    for authority in _authorities:
        if _stamped_by(authority, head, clock):
            return Outcome.STAMPED
    return Outcome.FAILED


def _stamped_by(authority: TimeStamper, head: TreeHead, clock: Clock) -> bool:
    try:
        token = authority.stamp(payload_of(head.jws), clock=clock)
    except TsaUnreachable as silent:
        # Not an entry: a log in which nothing else happens must not grow, and age, by its own complaints.
        LOG.warning("tsa_unreachable", tsa=authority.name, why=silent.why)
        return False
    except StampRefused as wrong:
        LOG.warning("stamp_refused", tsa=authority.name, fault=wrong.fault, why=wrong.why)
        append("sth_failed", authority.name, clock.now(), code=wrong.fault)
        return False
    Stamp.objects.create(
        head=head,
        size=head.size,
        root=head.root,
        tsa=authority.url,
        token=token,
        ca=authority.ca_pem,
        at=clock.now(),
    )
    return True
