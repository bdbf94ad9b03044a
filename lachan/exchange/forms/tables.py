"""A list of structures as people have it: a table out of a spreadsheet, pasted. Pure.

One line is one row; cells stand apart by tabs, else by `|`, `;` or commas, quoted as in CSV. A first line of names or labels, in
either language and any order, says which column is which; without it they come in the order of declaration. Cells are read by the
rules of single fields. Every row that is wrong is named with its line and column; none is left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from lachan.exchange.errors import SchemaMismatch
from lachan.exchange.forms.cells import FieldMissing, read_cell, show_cell
from lachan.exchange.forms.declared import Field, declared_fields
from lachan.kernel.errors import LachanError, Text
from lachan.kernel.names import fold

_S = TypeVar("_S", bound=msgspec.Struct)
_DELIMITERS = ("\t", "|", ";", ",")
SAID = 20  # faults named of one table
_Fault = tuple[int, Field | None, LachanError]


class TableWrong(LachanError):
    """Rows of a pasted table that cannot be read."""

    code = "exchange.table"
    text = Text(vi="Bảng có ô chưa đúng. {why}", en="Cells of the table are wrong. {why_en}")
    why: str
    why_en: str


def read_table(item: type[_S], text: str) -> list[_S]:
    """The rows of a pasted table. Raises: TableWrong, naming up to 20 cells."""
    columns: Sequence[Field | None] = list(declared_fields(item))
    lines = [
        (at, cells)
        for at, cells in enumerate(_cells(text, single=len(columns) == 1), 1)
        if any(map(str.strip, cells))
    ]
    named = _header(columns, lines[0][1]) if lines else None
    rows, faults = [], []
    for at, cells in lines if named is None else lines[1:]:
        try:
            rows.append(_row(item, named or columns, at, cells))
        except _Faults as wrong:
            faults += wrong.faults
    if faults:
        raise TableWrong(why=_say(faults, "vi"), why_en=_say(faults, "en"))
    return rows


def write_table(values: Sequence[msgspec.Struct], lang: str = "vi") -> str:
    """The same table as text that `read_table` reads again; empty for no rows."""
    if not values:
        return ""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow([one.form.label.in_(lang) for one in declared_fields(type(values[0]))])
    writer.writerows(shown_rows(values))
    return out.getvalue()


def shown_rows(values: Iterable[msgspec.Struct], lang: str = "") -> list[list[str]]:
    """Cells in the order of declaration, empty where nothing is given; codes in the words of `lang` when there is one."""
    return [[shown_cell(row, one, lang) for one in declared_fields(type(row))] for row in values]


def shown_cell(row: msgspec.Struct, one: Field, lang: str) -> str:
    """One cell, see `shown_rows`."""
    found = value_at(row, one.path)
    if found is None:
        return ""
    words = dict(one.form.choices) if lang else {}
    lines = show_cell(one, found).split("\n")
    return "\n".join(words[line].in_(lang) if line in words else line for line in lines)


def value_at(value: Any, path: Sequence[str]) -> Any:
    """A nested value, None where the way to it ends."""
    for name in path:
        value = None if value is None else getattr(value, name)
    return value


class _Faults(Exception):
    """Those of one row, on their way to the table's."""

    def __init__(self, faults: list[_Fault]) -> None:
        super().__init__()
        self.faults = faults


def _row(item: type[_S], columns: Sequence[Field | None], at: int, cells: Sequence[str]) -> _S:
    """Raises: _Faults."""
    given = {
        one.form.name: cell.strip()
        for one, cell in zip(columns, cells, strict=False)
        if one is not None and cell.strip()
    }
    tree: dict[str, Any] = {}
    faults: list[_Fault] = []
    for one in declared_fields(item):
        try:
            if one.form.name in given:
                put(tree, one.path, read_cell(one, given[one.form.name]))
            elif one.form.required and not one.nested_optional:
                raise FieldMissing(label=one.form.label.vi)
        except LachanError as error:
            faults.append((at, one, error))
    if faults:
        raise _Faults(faults)
    try:
        return msgspec.convert(tree, item)
    except msgspec.ValidationError as cause:
        raise _Faults([(at, _named(item, str(cause)), SchemaMismatch(why=str(cause)))]) from cause


def put(tree: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    """Set a nested value."""
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value


def _named(item: type[msgspec.Struct], why: str) -> Field | None:
    where = why.rpartition("$.")[2].rstrip("`").split("[")[0]
    return next((one for one in declared_fields(item) if one.form.name == where), None)


def _cells(text: str, *, single: bool) -> Iterable[list[str]]:
    if single:
        return ([line] for line in text.splitlines())
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = next((one for one in _DELIMITERS if one in first), "\t")
    return csv.reader(io.StringIO(text), delimiter=delimiter)


def _header(columns: Sequence[Field | None], cells: Sequence[str]) -> list[Field | None] | None:
    """Which column each cell of a first line names; None when that line is a row already."""
    known: dict[str, Field] = {}
    for one in columns:
        if one is not None:
            label = one.form.label
            known |= dict.fromkeys((fold(one.form.name), fold(label.vi), fold(label.en)), one)
    found = [known.get(fold(cell)) for cell in cells]
    return found if 2 * sum(one is not None for one in found) > len(cells) else None


def _say(faults: Sequence[_Fault], lang: str) -> str:
    line, column = ("dòng", "cột") if lang == "vi" else ("line", "column")
    said = [
        f"{line} {at}"
        + ("" if one is None else f", {column} {one.form.label.in_(lang)}")
        + f": {error.message(lang)}"
        for at, one, error in faults[:SAID]
    ]
    rest = len(faults) - len(said)
    return " ".join([*said, *([f"… +{rest}"] if rest else [])])
