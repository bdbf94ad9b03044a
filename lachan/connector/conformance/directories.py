"""Cases about directories that change while a member runs: a key revoked, an asker suspended, no fresh one for a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from lachan.connector.conformance import judging
from lachan.connector.conformance.world import REVOKED_UNIT
from lachan.exchange.kinds import all_kinds

if TYPE_CHECKING:
    from lachan.connector.conformance.trying import Trial

_STALE = timedelta(hours=25)


def revoked(trial: Trial) -> None:
    """The key of a signer was revoked before the centre logged the message."""
    trial.centre.world.publish(trial.now, revoked_from=trial.now - timedelta(minutes=5))
    signed = [name for name, one in trial.live.items() if one.subject.way.needs]
    refused(trial, "revoked_key", signed, unit=REVOKED_UNIT)


def suspended(trial: Trial) -> None:
    """A suspended member may not ask; what frees money still passes."""
    for sender in sorted({one.subject.way.sender for one in trial.live.values()}):
        trial.centre.world.publish(trial.now, suspended=sender)
        names = [
            name
            for name, one in trial.live.items()
            if one.subject.way.sender == sender and not trial.live[name].subject.way.after_order
        ]
        refused(trial, "suspended_asker", names)
    trial.centre.world.publish(trial.now)


def refused(trial: Trial, case: str, names: Sequence[str], **over: Any) -> None:
    fresh = trial.fresh(names, **over)
    trial.settle([one.offered for one in fresh.values()], None)
    for name, one in fresh.items():
        trial.tell(name, case, judging.refused(one.offered))
    trial.centre.withdraw([one.offered for one in fresh.values()])


def stale(trial: Trial) -> None:
    """A directory older than 24 hours: no ask is taken; with a fresh one the same asks are."""
    trial.centre.world.publish(trial.now - _STALE)
    names = [name for name in trial.live if not trial.live[name].subject.way.after_order]
    fresh = trial.fresh(names)
    trial.settle([one.offered for one in fresh.values()], None)
    for name, one in fresh.items():
        trial.tell(name, "stale_directory", judging.silent(one.offered))
    trial.centre.world.publish(trial.now)
    for one in fresh.values():
        one.offered.offers = 0
    trial.settle([one.offered for one in fresh.values()], trial.alone(names))
    for name, one in fresh.items():
        verdict = judging.valid(one.offered, all_kinds()[name], given=False)
        trial.tell(name, "directory_renewed", verdict)
    trial.centre.withdraw([one.offered for one in fresh.values()])


CASES = (revoked, suspended, stale)
