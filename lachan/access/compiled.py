"""Statements of one shape, written once: Django compiles a query anew each time that it runs.

That costs five times what the database needs for a row by its key, and the exchange runs the same dozen for every
message. What is here is no second query language: equality on columns, one order, one lock. Everything else is a
queryset. Values and rows pass Django's own adapters and converters, so SQLite and PostgreSQL read alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

M = TypeVar("M", bound=models.Model)
if TYPE_CHECKING:
    Column = models.Field[Any, Any]
_Converter = Callable[[Any, Any, Any], Any]


class LookUp(Generic[M]):
    """The rows of a model whose `columns` equal the values given, newest or oldest first by `order`.

    reason: why no actor is named (`visible.unscoped`). lock: held until the transaction ends, where the database has
    row locks.
    """

    def __init__(
        self, model: type[M], *columns: str, reason: str, order: str = "", lock: bool = False
    ) -> None:
        if not reason:
            raise ValueError("say why")
        self.model, self.columns, self.order, self.lock = model, columns, order, lock
        self._sql: dict[tuple[str, int], str] = {}

    def first(self, *values: object) -> M | None:
        """The first row, or None."""
        found = self._run(values, limit=1)
        return found[0] if found else None

    def all(self, *values: object) -> list[M]:
        """Every row, in order."""
        return self._run(values, limit=0)

    def _run(self, values: Sequence[object], *, limit: int) -> list[M]:
        here = _here()
        sql = self._sql.get((here.vendor, limit)) or self._write(here, limit)
        given = [
            field.get_db_prep_value(value, here, prepared=False)
            for field, value in zip(self.fields, values, strict=True)
        ]
        with here.cursor() as cursor:
            cursor.execute(sql, given)
            rows = cursor.fetchall()
        return [self._read(row, here) for row in rows]

    @cached_property
    def fields(self) -> list[Column]:
        """The columns compared."""
        return [_field(self.model, name) for name in self.columns]

    def _write(self, here: BaseDatabaseWrapper, limit: int) -> str:
        name = here.ops.quote_name
        shown = ", ".join(name(_column(one)) for one in _concrete(self.model))
        same = " AND ".join(f"{name(_column(one))} = %s" for one in self.fields)
        sql = f"SELECT {shown} FROM {name(_table(self.model))} WHERE {same}"  # noqa: S608 - names of our own models
        if self.order:
            column = name(_column(_field(self.model, self.order.removeprefix("-"))))
            sql += f" ORDER BY {column}{' DESC' if self.order.startswith('-') else ''}"
        sql += f" LIMIT {limit}" if limit else ""
        if self.lock and here.features.has_select_for_update:
            sql += " FOR UPDATE"
        self._sql[here.vendor, limit] = sql
        return sql

    def _read(self, row: Sequence[Any], here: BaseDatabaseWrapper) -> M:
        values = list(row)
        for place, expression, converters in _converters(self.model, here):
            value = values[place]
            for convert in converters:
                value = convert(value, expression, here)
            values[place] = value
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, values)

    @cached_property
    def names(self) -> list[str]:
        """Attributes of a record, as its row has them."""
        return [one.attname for one in _concrete(self.model)]


def insert(record: models.Model) -> None:
    """A new row; a key that the database gives is set on the record."""
    here, model, given_key = _here(), type(record), record.pk is not None
    key = (model, here.vendor, given_key)
    if key not in _INSERTS:
        fields = [one for one in _concrete(model) if given_key or not one.primary_key]
        name = here.ops.quote_name
        columns = ", ".join(name(_column(one)) for one in fields)
        sql = f"INSERT INTO {name(_table(model))} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - names of our own models
        if not given_key:
            sql += f" RETURNING {name(_column(_key(model)))}"
        _INSERTS[key] = sql, fields
    sql, fields = _INSERTS[key]
    values = [one.get_db_prep_save(one.pre_save(record, add=True), here) for one in fields]
    with here.cursor() as cursor:
        cursor.execute(sql, values)
        if not given_key:
            record.pk = cursor.fetchone()[0]
    record._state.adding, record._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as Model.save does


def update(record: models.Model, *names: str) -> None:
    """The named columns of the record's own row. Raises: LookupError when the row is gone."""
    here, model = _here(), type(record)
    key = (model, here.vendor, names)
    if key not in _UPDATES:
        fields, name = [_field(model, one) for one in names], here.ops.quote_name
        sets = ", ".join(f"{name(_column(one))} = %s" for one in fields)
        sql = f"UPDATE {name(_table(model))} SET {sets} WHERE {name(_column(_key(model)))} = %s"  # noqa: S608 - names of our own models
        _UPDATES[key] = sql, fields
    sql, fields = _UPDATES[key]
    values = [one.get_db_prep_save(one.pre_save(record, add=False), here) for one in fields]
    with here.cursor() as cursor:
        cursor.execute(
            sql, [*values, _key(model).get_db_prep_value(record.pk, here, prepared=False)]
        )
        if cursor.rowcount != 1:
            raise LookupError(f"{model.__name__} {record.pk}: no such row")


_INSERTS: dict[tuple[type, str, bool], tuple[str, list[Column]]] = {}
_UPDATES: dict[tuple[type, str, tuple[str, ...]], tuple[str, list[Column]]] = {}


def _here() -> BaseDatabaseWrapper:
    return connections[DEFAULT_DB_ALIAS]  # the proxy `connection` looks this up at every attribute


@cache
def _concrete(model: type[models.Model]) -> list[Column]:
    return list(model._meta.concrete_fields)  # noqa: SLF001 - Django documents it


@cache
def _field(model: type[models.Model], name: str) -> Column:
    return next(one for one in _concrete(model) if name in {one.name, one.attname})


@cache
def _key(model: type[models.Model]) -> Column:
    return next(one for one in _concrete(model) if one.primary_key)


def _column(field: Column) -> str:
    return str(field.column)


def _table(model: type[models.Model]) -> str:
    return str(model._meta.db_table)  # noqa: SLF001 - Django documents it


_READING: dict[tuple[type, str], list[tuple[int, Any, list[_Converter]]]] = {}


def _converters(
    model: type[models.Model], here: BaseDatabaseWrapper
) -> list[tuple[int, Any, list[_Converter]]]:
    key = (model, here.vendor)
    if key not in _READING:
        columns = [(place, one, one.cached_col) for place, one in enumerate(_concrete(model))]
        reading = [
            (place, col, [*here.ops.get_db_converters(col), *field.get_db_converters(here)])
            for place, field, col in columns
        ]
        _READING[key] = [one for one in reading if one[2]]
    return _READING[key]
