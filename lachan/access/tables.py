"""Tables that the reader puts in order: `?sort=held` upwards, `?sort=-held` downwards (interface.md §4).

Text is ordered as a Vietnamese dictionary does, on every database alike; what is not known comes last either way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from lachan.access.errors import CursorUnreadable
from lachan.kernel.names import sort_key

R = TypeVar("R")
M = TypeVar("M", bound=Model)
Sortable = str | int | datetime | None
Shown = Sortable | tuple[str, ...]
_MAX_CURSOR = 400


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column: its name in the address, its heading, what a file shows of a row, and by what its rows are ordered.

    by: None for a column that does not order. figures: money or a number, set to the right; such a column, and one of
    times, is first ordered downwards. words: the list in which a code has its word, for a file.
    """

    name: str
    title: str
    value: Callable[[R], Shown]
    by: Callable[[R], Sortable] | None = None
    figures: bool = False
    downwards_first: bool = False
    words: str = ""


def ordering(
    name: str,
    title: str,
    value: Callable[[R], Sortable],
    *,
    figures: bool = False,
    downwards_first: bool = False,
    words: str = "",
) -> Column[R]:
    """A column that shows what it is ordered by."""
    return Column(name, title, value, value, figures, downwards_first, words)


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """Rows in their order, and the headings that say which order that is."""

    columns: tuple[Column[R], ...]
    rows: tuple[R, ...]
    sort: str = ""

    def direction(self, column: Column[R]) -> str:
        """`ascending`, `descending`, or "" where another column orders."""
        return {column.name: "ascending", f"-{column.name}": "descending"}.get(self.sort, "")

    def next_sort(self, column: Column[R]) -> str:
        """What the heading's link asks for: this column, then the other way round."""
        down = column.figures or column.downwards_first
        first, second = (
            (f"-{column.name}", column.name) if down else (column.name, f"-{column.name}")
        )
        return second if self.sort == first else first


def arranged(rows: Iterable[R], columns: Sequence[Column[R]], sort: str) -> Table[R]:
    """The rows by the column that `sort` names; as they came where it names none."""
    columns, given = tuple(columns), tuple(rows)
    column = _named(columns, sort)
    if column is None or column.by is None:
        return Table(columns, given)
    by = column.by
    known = [row for row in given if by(row) is not None]
    unknown = [row for row in given if by(row) is None]
    known.sort(key=lambda row: _key(by(row)), reverse=sort.startswith("-"))
    return Table(columns, (*known, *unknown), sort)


def _named(columns: Sequence[Column[R]], sort: str) -> Column[R] | None:
    name = sort.removeprefix("-")
    return next((one for one in columns if one.name == name), None)


def _key(value: Sortable) -> Any:
    return sort_key(value) if isinstance(value, str) else value


def page_of(
    rows: QuerySet[M], fields: dict[str, str], sort: str, cursor: str, *, key: str, size: int
) -> tuple[list[M], str, str]:
    """One page of a long list, ordered by the database: its records, the order used, the cursor of the next page ("": none).

    fields: column name → field of the model, never null. sort: the first of `fields` unless it names one of them.
    key: a unique field that settles ties. cursor: as given before. Raises: CursorUnreadable.
    """
    if sort.removeprefix("-") not in fields:
        sort = f"-{next(iter(fields))}"
    field, down = fields[sort.removeprefix("-")], sort.startswith("-")
    ordered = rows.order_by(*(f"{'-' if down else ''}{one}" for one in dict.fromkeys((field, key))))
    if cursor:
        word = "lt" if down else "gt"
        value, tie = _read(rows, cursor, (field, key))
        ordered = ordered.filter(
            Q(**{f"{field}__{word}": value}) | Q(**{field: value, f"{key}__{word}": tie})
        )
    found = list(ordered[: size + 1])
    shown = found[:size]
    after = _write(shown[-1], (field, key)) if len(found) > size else ""
    return shown, sort, after


def _write(record: Model, fields: tuple[str, str]) -> str:
    values = [getattr(record, one) for one in fields]
    return json.dumps(
        [one.isoformat() if isinstance(one, datetime) else str(one) for one in values]
    )


def _read(rows: QuerySet[M], cursor: str, fields: tuple[str, str]) -> list[Any]:
    meta: Any = rows.model._meta  # noqa: SLF001 - Django documents it
    try:
        values = json.loads(cursor[:_MAX_CURSOR])
        given = list(zip(fields, values, strict=True))
        return [meta.get_field(one).to_python(value) for one, value in given]
    except (ValueError, TypeError, ValidationError, AttributeError, RecursionError) as cause:
        raise CursorUnreadable(field="after") from cause
