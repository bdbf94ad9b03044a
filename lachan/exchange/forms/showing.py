"""A question or answer as a form or a page shows it: the inverse of reading. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from lachan.exchange.forms.declared import Field, declared_fields
from lachan.kernel.errors import Text
from lachan.kernel.money import Vnd
from lachan.kernel.time import from_wire, to_ict


def write_form(value: msgspec.Struct) -> dict[str, str]:
    """What a form shows of a value: the inverse of read_form, in ICT and grouped digits."""
    shown: dict[str, str] = {}
    for one in declared_fields(type(value)):
        found: Any = value
        for name in one.path:
            found = None if found is None else getattr(found, name)
        if found is not None and one.form.kind != "rows":
            shown[one.form.name] = _show(one, found)
    return shown


@dataclass(frozen=True, slots=True)
class Shown:
    """One filled field in words. `texts` holds each item of a list, else one text; see FieldForm for `kind`."""

    name: str
    label: Text
    kind: str
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


_YES, _NO = Text(vi="Có", en="Yes"), Text(vi="Không", en="No")


def shown_fields(value: msgspec.Struct, lang: str) -> list[Shown]:
    """A question or answer in the words of one language, empty fields left out."""
    texts = write_form(value)
    rows: list[Shown] = []
    for one in declared_fields(type(value)):
        text = texts.get(one.form.name)
        if text is None or (not text and one.form.kind != "bool"):
            continue
        words = dict(one.form.choices)
        if one.form.kind == "bool":
            parts: tuple[str, ...] = ((_YES if text else _NO).in_(lang),)
        else:
            items = text.split("\n") if one.form.kind in {"list", "choices"} else [text]
            parts = tuple(words[item].in_(lang) if item in words else item for item in items)
        kind = one.inner if one.form.kind in {"list", "choices"} else one.form.kind
        rows.append(Shown(one.form.name, one.form.label, kind, parts))
    return rows


def shown(value: msgspec.Struct, lang: str = "vi") -> list[tuple[Text, str]]:
    """A question or answer for a page in `lang`: (label, text), empty fields left out."""
    return [(one.label, one.text) for one in shown_fields(value, lang)]


def _show(one: Field, value: object) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(_show_one(one.inner, part) for part in value)
    return _show_one(one.inner, value)


def _show_one(kind: str, value: object) -> str:
    if kind == "money" and isinstance(value, int):
        return Vnd(value).grouped()
    if kind == "instant" and isinstance(value, str):
        return to_ict(from_wire(value)).strftime("%H:%M:%S %d/%m/%Y")
    if kind == "bool":
        return "on" if value else ""
    return str(value)
