"""What may happen to a pause next. Pure. A pause is the institution's own short power: it is asked, not ordered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lachan.holds.events import HoldChanged, NoticeOwed, ReleaseOwed, SilenceNoted
from lachan.holds.rules.orders import NOTICE_WITHIN, SILENCE
from lachan.holds.rules.values import (
    LIVE_PAUSE,
    Line,
    LineKind,
    Pause,
    PauseState,
    Reason,
    balance,
    extent_of,
)
from lachan.kernel.events import Event

Facts = tuple[Event, ...]
_REFUSALS = {"NOT_FOUND": PauseState.NOT_FOUND, "NOT_HELD": PauseState.NOT_FOUND}
_OPEN = frozenset({PauseState.REQUESTED, PauseState.SILENT})


def take_effect(
    pause: Pause,
    *,
    held: int,
    carved: int,
    until: datetime | None,
    source: str,
    at: datetime,
    now: datetime,
) -> tuple[Pause, Facts]:
    """What the institution paused and until when; its end may be earlier than asked, never later."""
    if any(one.source == source for one in pause.lines):
        return pause, ()
    if pause.state_at(now) not in _OPEN:
        gone = pause.state_at(now) in {PauseState.RELEASED, PauseState.LAPSED}
        return pause, (ReleaseOwed(pause.id, None, Reason.CANCEL, now),) if gone and held else ()
    captured = max(0, min(held, pause.amount))
    effective = replace(
        pause,
        state=PauseState.EFFECTIVE,
        effective_at=at,
        until=pause.until if until is None else min(until, pause.until),
        extent=extent_of(pause.amount, captured),
        carved=carved,
        lines=(*pause.lines, Line(LineKind.CAPTURE, captured, at, source)),
    )
    facts: list[Event] = [_changed(effective, now)]
    if captured:
        facts.append(NoticeOwed(pause.id, at + NOTICE_WITHIN, now))
    return effective, tuple(facts)


def decline(pause: Pause, *, reason: str, at: datetime) -> tuple[Pause, Facts]:
    """DECLINED with the institution's reason, or NOT_FOUND: its ledger has no such credit."""
    if pause.state_at(at) not in _OPEN:
        return pause, ()
    state = _REFUSALS.get(reason, PauseState.DECLINED)
    done = replace(pause, state=state, refused=reason)
    return done, (_changed(done, at),)


def note_silence(pause: Pause, *, now: datetime) -> tuple[Pause, Facts]:
    """Levels of silence that have come due, each once."""
    if pause.state_at(now) not in _OPEN:
        return pause, ()
    level = sum(now >= pause.requested_at + after for after in SILENCE) - 1
    if level <= pause.silence:
        return pause, ()
    quiet = replace(pause, state=PauseState.SILENT, silence=level)
    noted = tuple(SilenceNoted(pause.id, one, now) for one in range(pause.silence + 1, level + 1))
    return quiet, (*noted, _changed(quiet, now))


def release(pause: Pause, *, source: str, now: datetime) -> tuple[Pause, Facts]:
    """Let everything go; a second time, or after the lapse, it says nothing new."""
    if pause.state_at(now) not in LIVE_PAUSE:
        return pause, ()
    done = _end(pause, PauseState.RELEASED, LineKind.RELEASE, source, now)
    return done, (ReleaseOwed(pause.id, None, Reason.CANCEL, now), _changed(done, now))


def reduce(pause: Pause, *, amount: int, source: str, now: datetime) -> tuple[Pause, Facts]:
    """Let a part go."""
    if pause.state_at(now) is not PauseState.EFFECTIVE or amount >= balance(pause.lines):
        return release(pause, source=source, now=now)
    part = replace(pause, lines=(*pause.lines, Line(LineKind.REDUCE, -amount, now, source)))
    return part, (ReleaseOwed(pause.id, amount, Reason.APPEAL, now), _changed(part, now))


def convert(pause: Pause, *, source: str, now: datetime) -> tuple[Pause, Facts]:
    """A hold took over the same money without a gap."""
    if pause.state_at(now) not in LIVE_PAUSE:
        return pause, ()
    done = _end(pause, PauseState.CONVERTED, LineKind.CONVERT, source, now)
    return done, (_changed(done, now),)


def lapse(pause: Pause, *, now: datetime) -> tuple[Pause, Facts]:
    """Write down a lapse that reading has shown since `until`."""
    if pause.state_at(now) is pause.state:
        return pause, ()
    done = _end(pause, PauseState.LAPSED, LineKind.RELEASE, f"lapse:{pause.id}", pause.until)
    return done, (_changed(done, now),)


def _end(pause: Pause, state: PauseState, kind: LineKind, source: str, at: datetime) -> Pause:
    held = balance(pause.lines)
    lines = (*pause.lines, Line(kind, -held, at, source)) if held else pause.lines
    return replace(pause, state=state, lines=lines)


def _changed(pause: Pause, now: datetime) -> HoldChanged:
    return HoldChanged(
        pause.id,
        pause.case,
        pause.account,
        pause.state,
        pause.held_at(now),
        now,
        "pause",
        pause.until,
    )
