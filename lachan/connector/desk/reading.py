"""Values as people read them: grouped digits, names beside addresses, words for codes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from lachan.connector.member import Member
from lachan.connector.store import Received
from lachan.exchange.deadlines import Level, deadline
from lachan.exchange.forms.showing import Shown
from lachan.exchange.kinds import Priority, kind
from lachan.kernel.errors import Text
from lachan.members.directory import Directory

_SCAMS = frozenset({"fraud_type", "scam_type"})
_TAIL = 3  # digits of a last group that is not broken off: 4-3-3 and not 4-4-1


def level_of(row: Received, member: Member) -> Level:
    """How late an ask is, by the centre's receipt time and the calendar of the catalogue; NONE without a deadline."""
    catalogue = member.trust.catalogue
    if row.due_at is None or catalogue is None:
        return Level.NONE
    clock = deadline(kind(row.kind), Priority(row.priority), row.logged_at, catalogue.calendar)
    return clock.level(member.clock.now())


@cache
def scam_types() -> Mapping[str, Text]:
    """The kinds of fraud by code, from the profile's own list."""
    file = resources.files("lachan.profiles").joinpath("vn/scam_types.json")
    rows = json.loads(file.read_text(encoding="utf-8"))["types"]
    return {row["code"]: Text(vi=row["vi"], en=row["en"]) for row in rows}


def grouped(number: str) -> str:
    """`0123456789` → `0123 456 789`, `+84598123456` → `+84 598 123 456`; what is no number stays."""
    if number.startswith("+84") and number[1:].isdigit():
        return "+84 " + grouped_threes(number[3:])
    if not (number.isascii() and number.isdigit()) or len(number) <= 2 * _TAIL:
        return number
    head = len(number) % _TAIL or _TAIL
    head = head if head == _TAIL else head + _TAIL
    return f"{number[:head]} {grouped_threes(number[head:])}".strip()


def grouped_threes(digits: str) -> str:
    """From the right, in threes."""
    start = len(digits) % _TAIL
    parts = [digits[:start]] if start else []
    parts += [digits[i : i + _TAIL] for i in range(start, len(digits), _TAIL)]
    return " ".join(parts)


def fours(h: str) -> str:
    """The first 16 hex digits of a hash in fours, as sheets and receipts show them."""
    return " ".join(h[i : i + 4] for i in range(0, 16, 4))


def asker(address: str, directory: Directory | None, lang: str) -> dict[str, str]:
    """Name and unit of the directory; the address alone when it is not known here."""
    row = None if directory is None else directory.member(address)
    unit = None if directory is None else directory.unit(address)
    name = address if row is None else (row.name_en if lang == "en" else row.name_vi) or address
    return {"name": name, "unit": "" if unit is None else unit.name_vi, "address": address}


def row_view(one: Shown, member: Member, lang: str) -> dict[str, Any]:
    """A field for a page: label, and parts of (wire value, as read, beside it)."""
    parts = [_part(one, text, member, lang) for text in one.texts]
    return {
        "label": one.label.in_(lang), "kind": one.kind, "parts": parts,
        "columns": [column.in_(lang) for column in one.columns], "rows": one.rows,
    }  # fmt: skip


def _part(one: Shown, text: str, member: Member, lang: str) -> tuple[str, str, str]:
    if one.name in _SCAMS and text in scam_types():
        return text, scam_types()[text].in_(lang), ""
    if one.kind == "money":
        return "", f"{text} ₫", ""
    if one.kind == "phone":
        return text, grouped(text), ""
    if one.kind == "account":
        bank, _, number = text.partition(":")
        directory = member.trust.directory
        row = None if directory is None else directory.by_bin(bank)
        name = bank if row is None else row.name_en if lang == "en" else row.name_vi
        return text, grouped(number), name
    return "", text, ""
