"""What may happen to a hold next. Pure: the time is an argument, the answer is a new hold and facts.

A hold is a lease: no more than the taint, always with an end, and silence releases it (DESIGN,
decisions 4 and 5). What an institution says is merged in any order and any number of times: lines
carry their source, and what comes after an end never raises `held` again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from lachan.holds.errors import (
    SheetChanged,
    SheetStale,
    SignerFromOtherAgency,
    SignerRole,
    SignerSamePerson,
    StateForbids,
)
from lachan.holds.events import HoldChanged, NoticeOwed, ReleaseOwed, SilenceNoted
from lachan.holds.events import Signed as SignedFact
from lachan.holds.rules.values import (
    BINDING,
    WAITING,
    Hold,
    HoldState,
    Line,
    LineKind,
    Reason,
    Signature,
    Signer,
    balance,
    extent_of,
)
from lachan.kernel.events import Event
from lachan.kernel.time import short_ict
from lachan.members.roles import Role

Facts = tuple[Event, ...]
REQUIRED = (Role.INVESTIGATOR, Role.UNIT_HEAD)
NOTICE_WITHIN = timedelta(hours=1)
# §3.1 SILENT: alarm, call sheet, unit head and liaison, regulator.
SILENCE = (
    timedelta(seconds=60),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(minutes=65),
)
_ALLOWED: dict[HoldState, tuple[str, ...]] = {
    HoldState.PROPOSED: ("sign", "withdraw"),
    HoldState.SIGNED_1: ("sign", "withdraw"),
    HoldState.SIGNED_2: ("send", "withdraw"),
    HoldState.SENT: ("release",),
    HoldState.SILENT: ("release",),
    HoldState.ACKED: ("release",),
    HoldState.EFFECTIVE: ("renew", "reduce", "release", "convert"),
}


def sign(
    hold: Hold,
    by: Signer,
    *,
    shown: str,
    now: datetime,
    required: Sequence[Role] = REQUIRED,
) -> tuple[Hold, Facts]:
    """Add one signature over the sheet `shown`; the last that the mandates ask for makes it ready.

    Raises: SheetStale, StateForbids, SheetChanged, SignerSamePerson, SignerFromOtherAgency,
    SignerRole (which names the role still missing).
    """
    if hold.state_at(now) is HoldState.STALE:
        raise SheetStale(at=short_ict(min(hold.stale_at, hold.expires_at)))
    _expect(hold, "sign", now)
    if shown != hold.sheet_hash:
        raise SheetChanged
    if any(one.person == by.person for one in hold.signatures):
        raise SignerSamePerson
    if by.agency != hold.agency:
        raise SignerFromOtherAgency(expected=hold.agency)
    missing = missing_roles(hold, required)
    role = next((one for one in missing if one in by.roles), None)
    if role is None:
        raise SignerRole(expected=", ".join(missing), got=", ".join(sorted(by.roles)))
    signature = Signature(by.person, by.officer, by.unit, role, shown, now)
    ready = len(missing) == 1
    signed = replace(
        hold,
        signatures=(*hold.signatures, signature),
        state=HoldState.SIGNED_2 if ready else HoldState.SIGNED_1,
    )
    return signed, (SignedFact(hold.id, by.person, ready, now), _changed(signed, now))


def missing_roles(hold: Hold, required: Sequence[Role] = REQUIRED) -> list[Role]:
    """Roles whose signature is still wanted, in the order of the mandates."""
    left = list(required)
    for one in hold.signatures:
        if one.role in left:
            left.remove(one.role)
    return left


def void_signatures(hold: Hold, *, sheet_hash: str, now: datetime) -> tuple[Hold, Facts]:
    """The sheet changed: what was signed is void and the order stands proposed again."""
    _expect(hold, "withdraw", now)
    back = replace(hold, state=HoldState.PROPOSED, signatures=(), sheet_hash=sheet_hash)
    return back, (_changed(back, now),)


def withdraw(hold: Hold, *, now: datetime) -> tuple[Hold, Facts]:
    """Take back an order that has not left."""
    _expect(hold, "withdraw", now)
    gone = replace(hold, state=HoldState.WITHDRAWN, ended=Reason.CANCEL, ended_at=now)
    return gone, (_changed(gone, now),)


def send(hold: Hold, *, now: datetime, required: Sequence[Role] = REQUIRED) -> tuple[Hold, Facts]:
    """Put a fully signed order on its way. Raises: StateForbids, SheetChanged."""
    _expect(hold, "send", now)
    if missing_roles(hold, required) or len({one.person for one in hold.signatures}) < len(
        required
    ):
        raise StateForbids(state=hold.state, command="send", allowed="sign, withdraw")
    if any(one.sheet_hash != hold.sheet_hash for one in hold.signatures):
        raise SheetChanged
    sent = replace(hold, state=HoldState.SENT, sent_at=now)
    return sent, (_changed(sent, now),)


def acknowledge(hold: Hold, *, at: datetime) -> tuple[Hold, Facts]:
    """The receiver has it. After an effect or an end the receipt says nothing new."""
    if hold.state not in {HoldState.SENT, HoldState.SILENT}:
        return hold, ()
    acked = replace(hold, state=HoldState.ACKED, acked_at=at)
    return acked, (_changed(acked, at),)


def take_effect(
    hold: Hold, *, held: int, carved: int, source: str, at: datetime, now: datetime
) -> tuple[Hold, Facts]:
    """What the institution captured. A late one, after our release or the end, is let go again.

    held: đồng that the institution says it holds now for this order; more than the order is a
    wrong answer and only the order's amount is believed, the rest is released.
    """
    if any(one.source == source for one in hold.lines):
        return hold, ()
    if hold.state_at(now) not in WAITING:
        owed = held > 0 and hold.state_at(now) is not HoldState.EFFECTIVE
        reason = hold.ended or Reason.EXPIRY
        return hold, (ReleaseOwed(hold.id, None, reason, now),) if owed else ()
    captured = min(held, hold.amount)
    effective = replace(
        hold,
        state=HoldState.EFFECTIVE,
        effective_at=at,
        extent=extent_of(hold.amount, captured),
        carved=carved,
        lines=(*hold.lines, Line(LineKind.CAPTURE, captured, at, source)),
    )
    facts: list[Event] = [_changed(effective, now)]
    if captured:
        facts.append(NoticeOwed(hold.id, at + NOTICE_WITHIN, now))
    if held > captured:
        facts.append(ReleaseOwed(hold.id, held - captured, Reason.ERROR, now))
    return effective, tuple(facts)


def top_up(hold: Hold, *, amount: int, source: str, at: datetime) -> tuple[Hold, Facts]:
    """A later credit that is itself tainted fills the order up, never past it."""
    if hold.state_at(at) is not HoldState.EFFECTIVE or any(x.source == source for x in hold.lines):
        return hold, ()
    more = min(amount, hold.amount - balance(hold.lines))
    if more <= 0:
        return hold, ()
    lines = (*hold.lines, Line(LineKind.TOPUP, more, at, source))
    topped = replace(hold, lines=lines, extent=extent_of(hold.amount, balance(lines)))
    return topped, (_changed(topped, at),)


def refuse(hold: Hold, *, reason: str, at: datetime) -> tuple[Hold, Facts]:
    """The institution will not: the reason is one of exchange §4."""
    if hold.state_at(at) not in WAITING:
        return hold, ()
    refused = replace(hold, state=HoldState.REFUSED, refused=reason, ended_at=at)
    return refused, (_changed(refused, at),)


def note_silence(hold: Hold, *, now: datetime) -> tuple[Hold, Facts]:
    """Levels of silence that have come due, each once."""
    if hold.state_at(now) not in WAITING or hold.sent_at is None:
        return hold, ()
    level = sum(now >= hold.sent_at + after for after in SILENCE) - 1
    if level <= hold.silence:
        return hold, ()
    quiet = replace(hold, state=HoldState.SILENT, silence=level)
    noted = tuple(SilenceNoted(hold.id, one, now) for one in range(hold.silence + 1, level + 1))
    return quiet, (*noted, _changed(quiet, now))


def release(
    hold: Hold, *, reason: Reason, source: str, now: datetime, amount: int | None = None
) -> tuple[Hold, Facts]:
    """Let go of all (None) or of a part. Never refused for a lapsed order: that is released already.

    Raises: StateForbids when the order never left (withdraw it) or ended otherwise.
    """
    if hold.state_at(now) is HoldState.RELEASED:
        return (hold, ()) if hold.state is HoldState.RELEASED else expire(hold, now=now)
    if hold.state not in BINDING:
        _expect(hold, "release", now)
    held = balance(hold.lines)
    if amount is not None and amount < held:
        kind = LineKind.HARDSHIP if reason is Reason.HARDSHIP else LineKind.REDUCE
        part = replace(hold, lines=(*hold.lines, Line(kind, -amount, now, source)))
        return part, (ReleaseOwed(hold.id, amount, reason, now), _changed(part, now))
    done = _end(hold, reason, source, now)
    return done, (ReleaseOwed(hold.id, None, reason, now), _changed(done, now))


def expire(hold: Hold, *, now: datetime) -> tuple[Hold, Facts]:
    """Write down a lapse that reading has shown since `expires_at`; the connector acts by itself."""
    state = hold.state_at(now)
    if state is hold.state:
        return hold, ()
    if state is HoldState.STALE:
        stale = replace(hold, state=state, ended_at=min(hold.stale_at, hold.expires_at))
        return stale, (_changed(stale, now),)
    done = _end(hold, Reason.EXPIRY, f"expiry:{hold.id}", hold.expires_at)
    return done, (_changed(done, now),)


def convert(hold: Hold, *, now: datetime) -> tuple[Hold, Facts]:
    """Another instrument took over the same money; what this one held goes to it."""
    _expect(hold, "convert", now)
    line = Line(LineKind.CONVERT, -balance(hold.lines), now, f"convert:{hold.id}")
    done = replace(hold, state=HoldState.CONVERTED, lines=(*hold.lines, line), ended_at=now)
    return done, (_changed(done, now),)


def _end(hold: Hold, reason: Reason, source: str, at: datetime) -> Hold:
    held = balance(hold.lines)
    lines = hold.lines
    if held:
        lines = (*lines, Line(LineKind.RELEASE, -held, at, source))
    return replace(hold, state=HoldState.RELEASED, ended=reason, ended_at=at, lines=lines)


def _expect(hold: Hold, command: str, now: datetime) -> None:
    state = hold.state_at(now)
    allowed = _ALLOWED.get(state, ())
    if command not in allowed:
        raise StateForbids(state=state, command=command, allowed=", ".join(allowed) or "–")


def _changed(hold: Hold, now: datetime) -> HoldChanged:
    return HoldChanged(
        hold.id,
        hold.case,
        hold.account,
        hold.state,
        hold.held_at(now),
        now,
        "hold",
        hold.expires_at,
    )
