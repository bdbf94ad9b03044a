"""One field: what a person typed, as the wire value, and the wire value as people read it. Pure.

It is read by the same rules as elsewhere: amounts as `1.200.000` or `1,2 tỷ`, instants in ICT.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from lachan.exchange.forms.declared import Field
from lachan.kernel.accounts import AccountRef
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.money import Vnd
from lachan.kernel.phones import PhoneNumber
from lachan.kernel.time import ICT, from_wire, to_ict, to_wire

_FORMATS = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%H:%M:%S %d/%m/%Y",
    "%H:%M %d/%m/%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
)


class FieldMissing(LachanError):
    code = "exchange.field_missing"
    text = Text(vi="Hãy điền “{label}”.", en="Fill in “{label}”.")
    label: str


class FieldUnreadable(LachanError):
    code = "exchange.field_unreadable"
    text = Text(
        vi="“{given}” không đọc được; viết như: {right}.",
        en="“{given}” cannot be read; write: {right}.",
    )
    given: str
    right: str


def read_cell(one: Field, text: str) -> object:
    """The wire value of what was typed into a field, `text` not empty. Raises: LachanError of its kind."""
    if one.form.kind == "list":
        return [_read_one(one.inner, line.strip()) for line in text.splitlines() if line.strip()]
    if one.form.kind == "choices":
        return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]
    if one.form.kind == "choice":
        return _choice(one, text)
    return _read_one(one.inner, text)


def _choice(one: Field, text: str) -> str:
    """A value by itself or by its words, as a spreadsheet has it."""
    said = text.casefold()
    for value, words in one.form.choices:
        if said in {value.casefold(), words.vi.casefold(), words.en.casefold()}:
            return value
    return text  # what declares the field says what would be right


def _read_one(kind: str, text: str) -> object:
    return _READERS.get(kind, str)(text)


def _signed(text: str) -> int:
    return -Vnd.parse(text[1:]).dong if text.startswith("-") else Vnd.parse(text).dong


def _number(text: str) -> int:
    if not (text.isascii() and text.lstrip("-").isdigit()):
        raise FieldUnreadable(given=text[:60], right="12")
    return int(text)


def read_instant(text: str) -> datetime:
    """A wire time, or a wall-clock time of ICT: `14:05:10 03/03/2026`, `2026-03-03T14:05`.

    Raises: FieldUnreadable.
    """
    with contextlib.suppress(LachanError):
        return from_wire(text)
    for form in _FORMATS:
        with contextlib.suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=ICT).astimezone(UTC)
    raise FieldUnreadable(given=text[:60], right="14:05:10 03/03/2026")


def _day(text: str) -> str:
    """`03/03/2026` or `2026-03-03`; a day has no zone. Raises: FieldUnreadable."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        with contextlib.suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC).date().isoformat()
    raise FieldUnreadable(given=text[:60], right="03/03/2026")


_READERS: Mapping[str, Callable[[str], object]] = {
    "money": lambda text: Vnd.parse(text).dong,
    "signed": _signed,
    "number": _number,
    "instant": lambda text: to_wire(read_instant(text)),
    "day": _day,
    "account": lambda text: str(AccountRef.parse(text)),
    "phone": lambda text: PhoneNumber.parse(text).e164,
    "bool": lambda text: text.lower() in {"on", "true", "1", "yes", "có"},
    "hash": str.lower,
}


def show_cell(one: Field, value: object) -> str:
    """The inverse, in ICT and grouped digits; items of a list one a line."""
    if isinstance(value, list | tuple):
        return "\n".join(_show_one(one.inner, part) for part in value)
    return _show_one(one.inner, value)


def _show_one(kind: str, value: object) -> str:
    if kind in {"money", "signed"} and isinstance(value, int):
        return Vnd(value).grouped() if value >= 0 else f"-{Vnd(-value).grouped()}"
    if kind == "instant" and isinstance(value, str):
        return to_ict(from_wire(value)).strftime("%H:%M:%S %d/%m/%Y")
    if kind == "bool":
        return "on" if value else ""
    return str(value)
