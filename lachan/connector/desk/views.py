"""What the desk's pages show, as plain rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from lachan.connector import acting
from lachan.connector.answering import Told
from lachan.connector.core import LedgerCore
from lachan.connector.desk.acts import agreement, explanation, needs_two, others, proposal
from lachan.connector.desk.people import Person
from lachan.connector.desk.reading import asker, fours, grouped, level_of, row_view
from lachan.connector.desk.reasons import priority, refusal
from lachan.connector.desk.said import said_view
from lachan.connector.desk.times import level_words, time_left
from lachan.connector.desk.words import why, word
from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.connector.talk import may_send
from lachan.exchange.check_words import check_view
from lachan.exchange.conversation_states import BY_DESK
from lachan.exchange.forms.answering import LINES, answer_fields
from lachan.exchange.forms.declared import fields
from lachan.exchange.forms.showing import shown_fields, write_form
from lachan.exchange.forms.tables import shown_rows, write_table
from lachan.exchange.kinds import MessageKind, MessageType, kind
from lachan.exchange.moves import Clarify
from lachan.exchange.parts import ROWS
from lachan.kernel.money import Vnd
from lachan.kernel.time import from_wire, short_ict, to_wire

_FIRST = 20  # lines of a proposal that the page shows
_SOON = timedelta(minutes=5)
_REFUSAL = ("reason", "explanation", "law", "try")  # fields of the form that says no
_TELLING = frozenset({"account", "phone", "money", "domain", "url", "address"})


def queue_view(member: Member, lang: str) -> list[dict[str, Any]]:
    """Asks that wait for a person, the least time left first; those with no deadline last."""
    now = member.clock.now()
    rows = member.store.waiting("desk", now, limit=200)
    rows.sort(key=lambda row: (row.due_at is None, row.due_at or row.received_at, row.h))
    return [_queued(row, member, lang) for row in rows]


def _queued(row: Received, member: Member, lang: str) -> dict[str, Any]:
    two = needs_two(row, member)
    return {
        "h": row.h,
        "title": kind(row.kind).title.in_(lang),
        "asker": asker(row.sender, member.trust.directory, lang),
        "case": row.case_ref,
        "code": row.priority,
        "priority": priority(row.priority, lang),
        "due": None if row.due_at is None else _due(row.due_at, member, lang),
        "level": level_words(level_of(row, member), lang),
        "why": why(row.reason, lang),
        "subjects": _subjects(row, member, lang),
        "one_of_two": two and agreement(row, member) is not None,
    }


def _due(due_at: datetime, member: Member, lang: str) -> dict[str, str]:
    left = due_at - member.clock.now()
    late = left < timedelta(0)
    return {
        "wire": to_wire(due_at),
        "at": short_ict(due_at),
        "left": time_left(int(left.total_seconds()), lang),
        "tag": "late" if late else "due" if left < _SOON else "waiting",
    }


def _subjects(row: Received, member: Member, lang: str) -> list[dict[str, Any]]:
    """Whom or what an ask is about: the first two of its accounts, numbers, addresses and sums."""
    rows = shown_fields(acting.question(row), lang) if row.body else []
    return [row_view(one, member, lang) for one in rows if one.kind in _TELLING][:2]


def ask_view(
    member: Member,
    row: Received,
    lang: str,
    *,
    typed: Mapping[str, str],
    act: str = "",
    person: Person,
    name_of: Callable[[str], str],
) -> dict[str, Any]:
    """One ask: in words, its mandate check, what may be done, and the receipt once it is done."""
    waits = row.state == "desk"
    declared = kind(row.kind)
    told = proposal(row, member) if waits else None
    effective = row.kind in acting.EFFECTIVE
    may = may_send(row, member) if waits else frozenset()
    two = waits and needs_two(row, member)
    first = agreement(row, member) if two else None
    given = first.body if first is not None and first.act in {"answer", "partial"} else {}
    answering = act in {"tra-loi", "mot-phan"}
    values = (
        (dict(typed) if answering else {})
        or dict(given)
        or ({} if told is None else _written(told, lang))
    )
    forms = [] if effective else answer_fields(declared)
    inputs = [_field(one, values, lang) for one in forms]
    more = [one for one in inputs if one["name"].startswith("coverage.")]
    plain = [one for one in inputs if one not in more]
    return {
        **_queued(row, member, lang),
        "state": row.state,
        "task": row.id,
        "words": _rows(acting.question(row), member, lang) if row.body else [],
        "checks": check_view(row.lines, member.trust.catalogue, lang),
        "proposal": [] if told is None else _rows(told.answer, member, lang),
        "lines": None if told is None else _lines(told, declared, lang),
        "effective": effective,
        "can_accept": effective or told is not None,
        "fields": sorted(plain, key=lambda one: not one["required"]),
        "coverage": more,
        "reasons": [(one.value, refusal(one.value, lang)) for one in BY_DESK],
        "refusal": {name: typed.get(name, "") for name in _REFUSAL}
        | ({} if typed.get("explanation") else {"explanation": explanation(row, member)}),
        "others": [
            (one.address, (one.name_en if lang == "en" else one.name_vi) or one.address)
            for one in (others(row, member) if waits else ())
        ],
        "can_partly": bool(inputs) and MessageType.PARTIAL in may,
        "clarify": [_field(one, typed if act == "hoi-lai" else {}, lang) for one in fields(Clarify)]
        if MessageType.CLARIFY in may
        else [],
        "said": said_view(row, member, lang),
        "act": act,
        "two": two,
        "first": None
        if first is None
        else {"name": name_of(first.person), "at": short_ict(first.at), "act": first.act},
        "mine": first is not None and first.person == person.login,
        "receipt": None if waits else _receipt(row, member, lang),
        "mark": fours(row.h),
        "printed": short_ict(member.clock.now()),
    }


def _written(told: Told, lang: str) -> dict[str, str]:
    return {**write_form(told.answer), ROWS: write_table(told.rows, lang)}


def _lines(told: Told, declared: MessageKind, lang: str) -> dict[str, Any] | None:
    """The first lines beside the proposed answer, and how many there are."""
    if declared.rows is None:
        return None
    return {
        "label": LINES.in_(lang),
        "count": len(told.rows),
        "columns": [one.label.in_(lang) for one in fields(declared.rows)],
        "rows": shown_rows(told.rows[:_FIRST], lang),
    }


def _rows(value: Any, member: Member, lang: str) -> list[dict[str, Any]]:
    return [row_view(one, member, lang) for one in shown_fields(value, lang)]


def _receipt(row: Received, member: Member, lang: str) -> dict[str, Any] | None:
    """What this member has said to the ask: when, its fingerprint, whether the centre has it."""
    found = member.store.db.execute(
        "SELECT h, created_at, state FROM outbox WHERE conversation = ? AND state <> 'refused' "
        "ORDER BY seq DESC LIMIT 1",
        (row.conversation,),
    ).fetchone()
    if found is None or row.state not in {"answered", "refused", "clarifying"}:
        return None
    at = from_wire(found[1])
    return {
        "mark": fours(found[0]),
        "wire": found[1],
        "said": word(f"said_{row.state}", lang).format(
            at=short_ict(at), reason=refusal(row.reason, lang)
        ),
        "posted": found[2] != "ready",
    }


def _field(one: Any, values: Mapping[str, str], lang: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": one.label.in_(lang),
        "help": "" if one.help is None else one.help.in_(lang),
        "kind": one.kind,
        "required": one.required,
        "value": values.get(one.name, ""),
        "choices": [(value, text.in_(lang)) for value, text in one.choices],
        "columns": [column.label.in_(lang) for column in one.columns],
    }


def account_view(member: Member, number: str, lang: str) -> dict[str, Any] | None:
    """What the holder sees of an account; None when it is not held here, or not in a core of ours."""
    account = member.local(number)
    row = None if account is None else member.book.account(account)
    if row is None or account is None or not isinstance(member.core, LedgerCore):
        return None
    member.book.refresh()
    now = member.clock.now()
    balance, held = member.book.balance(account), member.core.held(account)
    effects = member.core.effects(account)
    live = [_effect(one, member, lang) for one in effects if one["action"] in {"pause", "hold"}]
    notices = [
        {
            "at": short_ict(from_wire(one["at"])),
            "text": one["text"],
            "asker": asker(one["authority"], member.trust.directory, lang),
        }
        for one in effects
        if one["action"] == "notice" and (not one["until"] or from_wire(one["until"]) <= now)
    ]
    return {
        "number": account,
        "grouped": grouped(account),
        "holder": row.holder,
        "balance": Vnd(balance).grouped(),
        "usable": Vnd(max(0, balance - held)).grouped(),
        "held": Vnd(held).grouped(),
        "effects": live,
        "notices": notices,
        "lang": lang,
    }


def _effect(one: Mapping[str, Any], member: Member, lang: str) -> dict[str, Any]:
    return {
        "action": one["action"],
        "amount": Vnd(one["held"]).grouped(),
        "carved": Vnd(one["carved"]).grouped() if one["carved"] else "",
        "until": short_ict(from_wire(one["until"])) if one["until"] else "",
        "asker": asker(one["authority"], member.trust.directory, lang),
        "active": one["state"] == "ACTIVE",
        "ref": one["core_ref"],
    }
