"""What the desk's pages show, as plain rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lachan.connector import acting
from lachan.connector.desk.acts import REASONS, first_person, needs_two, proposal
from lachan.connector.desk.words import why
from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.exchange.forms import fields, shown, write_form
from lachan.exchange.kinds import kind
from lachan.kernel.money import Vnd
from lachan.kernel.time import from_wire, short_ict

_SOON = timedelta(minutes=5)


def queue_view(member: Member, lang: str) -> list[dict[str, Any]]:
    """Asks that wait for a person, the least time left first."""
    now = member.clock.now()
    rows = member.store.waiting("desk", now, limit=200)
    rows.sort(key=lambda row: (row.due_at or row.received_at, row.h))
    return [_queued(row, member, lang) for row in rows]


def _queued(row: Received, member: Member, lang: str) -> dict[str, Any]:
    left = None if row.due_at is None else row.due_at - member.clock.now()
    seconds = 0 if left is None else int(left.total_seconds())
    return {
        "h": row.h,
        "title": kind(row.kind).title.in_(lang),
        "from": row.sender,
        "case": row.case_ref,
        "priority": row.priority,
        "due": "" if row.due_at is None else short_ict(row.due_at),
        "left": _span(abs(seconds)),
        "tag": "late" if seconds < 0 else "due" if left is not None and left < _SOON else "waiting",
        "late": seconds < 0,
        "why": why(row.reason, lang),
    }


def ask_view(
    member: Member, row: Received, lang: str, *, typed: Mapping[str, str]
) -> dict[str, Any]:
    """One ask: in words, its mandate check line by line, what may be done."""
    declared = kind(row.kind)
    told = proposal(row, member) if row.state == "desk" else None
    effective = row.kind in acting.EFFECTIVE
    forms = [one for one in fields(declared.answer) if one.name != "as_of"]
    values = dict(typed) or ({} if told is None else write_form(told.answer))
    by_hand = not effective and not any(one.kind == "rows" and one.required for one in forms)
    forms = [
        one for one in forms if one.kind != "rows"
    ]  # a list of structures needs a page of its own
    two = row.state == "desk" and needs_two(row, member)
    return {
        **_queued(row, member, lang),
        "state": row.state,
        "words": [(label.in_(lang), text) for label, text in shown(acting.question(row))],
        "lines": row.lines,
        "proposal": []
        if told is None
        else [(label.in_(lang), text) for label, text in shown(told.answer)],
        "can_accept": effective or told is not None,
        "fields": [_field(one, values, lang) for one in forms] if by_hand else [],
        "reasons": [one.value for one in REASONS],
        "two": two,
        "first": first_person(row, member) if two else "",
    }


def _field(one: Any, values: Mapping[str, str], lang: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label.in_(lang),
        "kind": one.kind,
        "required": one.required,
        "value": values.get(one.name, ""),
        "choices": [(value, text.in_(lang)) for value, text in one.choices],
    }


def account_view(member: Member, number: str, lang: str) -> dict[str, Any] | None:
    """What the holder sees of an account; None when it is not held here."""
    account = member.local(number)
    row = None if account is None else member.book.account(account)
    if row is None or account is None:
        return None
    member.book.refresh()
    now = member.clock.now()
    balance, held = member.book.balance(account), member.core.held(account)
    effects = member.core.effects(account)
    live = [_effect(one) for one in effects if one["action"] in {"pause", "hold"}]
    notices = [
        {"at": short_ict(from_wire(one["at"])), "text": one["text"], "from": one["authority"]}
        for one in effects
        if one["action"] == "notice" and (not one["until"] or from_wire(one["until"]) <= now)
    ]
    return {
        "number": account,
        "holder": row.holder,
        "balance": Vnd(balance).grouped(),
        "usable": Vnd(max(0, balance - held)).grouped(),
        "held": Vnd(held).grouped(),
        "effects": live,
        "notices": notices,
        "lang": lang,
    }


def _effect(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "action": one["action"],
        "amount": Vnd(one["held"]).grouped(),
        "carved": Vnd(one["carved"]).grouped() if one["carved"] else "",
        "until": short_ict(from_wire(one["until"])) if one["until"] else "",
        "authority": one["authority"],
        "active": one["state"] == "ACTIVE",
        "ref": one["core_ref"],
    }


def _span(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
