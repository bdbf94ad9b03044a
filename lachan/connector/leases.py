"""Leases end by this process's own clock, whether or not the centre can be reached.

First the core lets the money go, then the lease is closed and a notice is queued, in one transaction. A
crash between the two only repeats the undoing, which does nothing the second time.
"""

from __future__ import annotations

from lachan.connector import crash, outbox
from lachan.connector.member import Member
from lachan.connector.port import CoreUnavailable
from lachan.connector.store import Lease
from lachan.exchange.kinds import MessageType
from lachan.exchange.manifest import Outcome

LAPSED = "LAPSED"


def sweep(member: Member) -> int:
    """End what has come to its end; answers how many."""
    now = member.clock.now()
    count = 0
    for lease in member.store.ended(now):
        count += _end(lease, member)
    return count


def _end(lease: Lease, member: Member) -> bool:
    now = member.clock.now()
    crash.point("before_undo")
    try:
        member.core.undo(lease.message, now=now, why=LAPSED)
    except CoreUnavailable:
        return False  # again at the next sweep; the printed order carries the same hour
    crash.point("after_undo")
    row = member.store.received(h=lease.h)
    with member.store.transaction() as db:
        db.execute("UPDATE lease SET state = ? WHERE h = ?", (LAPSED, lease.h))
        member.store.note(
            "effect",
            now,
            member.address,
            h=lease.h,
            conversation=lease.conversation,
            code="lease_ended",
        )
        if row is not None:
            outcome = Outcome(
                status="Disclosed", substate="complete", reason="lease_ended", effect="ZERO"
            )
            outbox.say(row, member, type_=MessageType.NOTICE, outcome=outcome, now=now)
    return True
