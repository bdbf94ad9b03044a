"""A renewal prolongs a lease: a third person, another unit, a reason, and caps that nothing passes. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from lachan.holds.errors import (
    ExpiryPast,
    ExpiryRequired,
    ExpiryTooLong,
    ReasonRequired,
    RenewalsUsed,
    RenewerSamePerson,
    RenewerSameUnit,
    SignerFromOtherAgency,
    SignerRole,
    StateForbids,
)
from lachan.holds.events import HoldChanged
from lachan.holds.rules.amounts import FIRST_LEASE
from lachan.holds.rules.values import Hold, HoldState, Signature, Signer
from lachan.kernel.events import Event
from lachan.kernel.time import short_ict
from lachan.members.roles import Role

RENEWALS = 2
RENEWAL_LEASE = timedelta(days=7)
WHOLE_LEASE = FIRST_LEASE + RENEWALS * RENEWAL_LEASE  # 17 days, inside the 20 of Art. 147
LAST_LEASE_WARNING = timedelta(days=7)
REASON_LENGTH = 10
RENEWERS = (Role.UNIT_HEAD,)  # as the row of the mandate says


def latest_end(hold: Hold, *, now: datetime, never_past: datetime | None = None) -> datetime:
    """The latest end that a renewal signed now may give: 7 days from the signature, 17 in all."""
    ends = [now + RENEWAL_LEASE, hold.drafted_at + WHOLE_LEASE]
    return min(ends if never_past is None else [*ends, never_past])


def last_end(hold: Hold, *, never_past: datetime | None = None) -> datetime:
    """The end of the last lease that the rows allow; 7 days before it the board lists the exits."""
    left = RENEWALS - len(hold.renewals)
    end = min(hold.expires_at + left * RENEWAL_LEASE, hold.drafted_at + WHOLE_LEASE)
    return end if never_past is None else min(end, never_past)


def check(
    hold: Hold,
    by: Signer,
    *,
    until: datetime | None,
    reason: str,
    now: datetime,
    never_past: datetime | None = None,
) -> Signature:
    """The renewer's signature, when everything allows it.

    never_past: the statutory date of the case's earliest undecided report.
    Raises: StateForbids, RenewalsUsed, RenewerSamePerson, RenewerSameUnit, SignerFromOtherAgency,
    SignerRole, ReasonRequired, ExpiryRequired, ExpiryPast, ExpiryTooLong.
    """
    state = hold.state_at(now)
    if state is not HoldState.EFFECTIVE:
        raise StateForbids(state=state, command="renew", allowed="–")
    if len(hold.renewals) >= RENEWALS:
        raise RenewalsUsed(allowed=RENEWALS)
    role = _third_person(hold, by)
    if len(reason.strip()) < REASON_LENGTH:
        raise ReasonRequired(field="reason", length=REASON_LENGTH)
    latest = latest_end(hold, now=now, never_past=never_past)
    if until is None:
        raise ExpiryRequired(field="until", latest=short_ict(latest))
    if until <= now or until <= hold.expires_at:
        raise ExpiryPast(field="until", now=short_ict(max(now, hold.expires_at)))
    if until > latest:
        raise ExpiryTooLong(field="until", latest=short_ict(latest))
    return Signature(by.person, by.officer, by.unit, role, hold.sheet_hash, now)


def _third_person(hold: Hold, by: Signer) -> Role:
    if by.person in hold.persons:
        raise RenewerSamePerson
    if by.agency != hold.agency:
        raise SignerFromOtherAgency(expected=hold.agency)
    if by.unit in {one.unit for one in hold.signatures}:
        raise RenewerSameUnit
    role = next((one for one in RENEWERS if one in by.roles), None)
    if role is None:
        raise SignerRole(expected=", ".join(RENEWERS), got=", ".join(sorted(by.roles)))
    return role


def renew(
    hold: Hold, signature: Signature, *, until: datetime, now: datetime
) -> tuple[Hold, tuple[Event, ...]]:
    """Move the end; the signature is `check`'s. A lapsed hold never comes back."""
    if hold.state_at(now) is not HoldState.EFFECTIVE:
        raise StateForbids(state=hold.state_at(now), command="renew", allowed="–")
    later = replace(hold, expires_at=until, renewals=(*hold.renewals, signature))
    fact = HoldChanged(
        hold.id, hold.case, hold.account, hold.state, later.held_at(now), now, "hold", until
    )
    return later, (fact,)


def confirm_end(hold: Hold, *, until: datetime) -> Hold:
    """The institution's own word on the end: an earlier one is believed, a later one is not."""
    return replace(hold, expires_at=min(hold.expires_at, until))
