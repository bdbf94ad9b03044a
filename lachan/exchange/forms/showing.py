"""A question or answer as a form or a page shows it: the inverse of reading. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from lachan.exchange.forms.cells import show_cell
from lachan.exchange.forms.declared import declared_fields
from lachan.exchange.forms.tables import shown_rows, value_at, write_table
from lachan.kernel.errors import Text


def write_form(value: msgspec.Struct) -> dict[str, str]:
    """What a form shows of a value: the inverse of read_form, in ICT and grouped digits."""
    shown: dict[str, str] = {}
    for one in declared_fields(type(value)):
        found = value_at(value, one.path)
        if found is None or (one.form.kind == "rows" and not one.form.columns):
            continue
        shown[one.form.name] = show_cell(one, found) if one.item is None else write_table(found)
    return shown


@dataclass(frozen=True, slots=True)
class Shown:
    """One filled field in words. `texts` holds each item of a list, else one text; see FieldForm for `kind`.

    A table has `columns`, and its cells in `rows` instead.
    """

    name: str
    label: Text
    kind: str
    texts: tuple[str, ...]
    columns: tuple[Text, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

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
        if one.item is not None:
            cells = tuple(tuple(row) for row in shown_rows(value_at(value, one.path), lang))
            titles = tuple(column.label for column in one.form.columns)
            rows.append(Shown(one.form.name, one.form.label, "rows", (), titles, cells))
            continue
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
