"""Statements of one shape, written once: Django compiles a query anew each time that it runs.

That costs five times what the database needs for a row by its key, and the exchange runs the same dozen for every
message. What is here is no second query language: equality on columns, one lock. Everything else is a queryset. Values and
rows pass Django's own adapters and converters, or on SQLite what amounts to the same, so both databases read alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState

from lachan.evidence.driver import changed, here, moment, query, write_later

M = TypeVar("M", bound=models.Model)
if TYPE_CHECKING:
    Column = models.Field[Any, Any]
_Write = Callable[[Any], Any]


class LookUp(Generic[M]):
    """The row of a model whose `columns` equal the values given; columns that name at most one.

    reason: why no actor is named (`visible.unscoped`). lock: held until the transaction ends, where the database has
    row locks.
    """

    def __init__(self, model: type[M], *columns: str, reason: str, lock: bool = False) -> None:
        if not reason:
            raise ValueError("say why")
        self.model, self.columns, self.lock = model, columns, lock
        self._sql: dict[str, str] = {}
        self._adapted: dict[str, list[_Write]] = {}

    def first(self, *values: object) -> M | None:
        """The row, or None."""
        link = here()
        sql = self._sql.get(link.vendor) or self._write(link)
        given = [write(value) for write, value in zip(self._writers(link), values, strict=True)]
        rows = query(sql, given, link)
        return self._read(rows[0], link) if rows else None

    def _writers(self, link: BaseDatabaseWrapper) -> list[_Write]:
        key = link.vendor
        if key not in self._adapted:
            self._adapted[key] = [_writer(field, link) for field in self.fields]
        return self._adapted[key]

    @cached_property
    def fields(self) -> list[Column]:
        """The columns compared."""
        return [_field(self.model, name) for name in self.columns]

    def _write(self, link: BaseDatabaseWrapper) -> str:
        name = link.ops.quote_name
        shown = ", ".join(name(_column(one)) for one in _concrete(self.model))
        same = " AND ".join(f"{name(_column(one))} = %s" for one in self.fields)
        sql = f"SELECT {shown} FROM {name(_table(self.model))} WHERE {same} LIMIT 1"  # noqa: S608 - names of our own models
        if self.lock and link.features.has_select_for_update:
            sql += " FOR UPDATE"
        self._sql[link.vendor] = sql
        return sql

    def _read(self, row: Sequence[Any], link: BaseDatabaseWrapper) -> M:
        values = list(row)
        for place, convert in _converters(self.model, link):
            if values[place] is not None:
                values[place] = convert(values[place])
        return _record(self.model, dict(zip(self.names, values, strict=True)))

    @cached_property
    def names(self) -> list[str]:
        """Attributes of a record, as its row has them."""
        return [one.attname for one in _concrete(self.model)]


def _record(model: type[M], values: dict[str, Any]) -> M:
    """As `Model.from_db` makes it, without the calls that a record of ours does not need (no signals, nothing deferred)."""
    record = model.__new__(model)
    record._state = ModelState()  # noqa: SLF001 - as Model.__init__ does
    record._state.adding, record._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001
    record.__dict__.update(values)
    return record


def fresh(model: type[M], **values: Any) -> M:
    """A new record with the model's defaults, by the names of its attributes (`message_id`, not `message`)."""
    constants, made = _defaults(model)
    if not values.keys() <= constants.keys():
        raise TypeError(f"{model.__name__} has no {', '.join(values.keys() - constants.keys())}")
    given = {**constants, **values}
    for name, make in made:
        if name not in values:
            given[name] = make()
    record = _record(model, given)
    record._state.adding = True  # noqa: SLF001 - as Model.__init__ does
    return record


@cache
def _defaults(
    model: type[models.Model],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """Every attribute with its constant default, and those whose default is made anew for each record."""
    columns = _concrete(model)
    made = [(one.attname, one.get_default) for one in columns if callable(one.default)]
    names = {name for name, _ in made}
    return {
        one.attname: None if one.attname in names else one.get_default() for one in columns
    }, made


def insert(record: models.Model) -> None:
    """A new row; a key that the database gives is set on the record."""
    link, given_key = here(), record.pk is not None
    sql, values = _insert(record, link, given_key=given_key)
    if given_key:
        changed(sql, values, link)
    else:
        record.pk = query(f"{sql} RETURNING {_quoted_key(type(record), link)}", values, link)[0][0]
    record._state.adding, record._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as Model.save does


def insert_later(record: models.Model) -> None:
    """A new row at the end of the transaction, which nothing in it reads back; the record gets no key of the database."""
    write_later(*_insert(record, here(), given_key=record.pk is not None))


def _insert(
    record: models.Model, link: BaseDatabaseWrapper, *, given_key: bool
) -> tuple[str, list[Any]]:
    model = type(record)
    key = (model, link.vendor, given_key)
    if key not in _INSERTS:
        fields = [one for one in _concrete(model) if given_key or not one.primary_key]
        name = link.ops.quote_name
        columns = ", ".join(name(_column(one)) for one in fields)
        sql = f"INSERT INTO {name(_table(model))} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - names of our own models
        _INSERTS[key] = sql, _named_writers(fields, link)
    sql, writers = _INSERTS[key]
    kept = record.__dict__
    return sql, [write(kept[name]) for name, write in writers]


def update(record: models.Model, *names: str) -> None:
    """The named columns of the record's own row. Raises: LookupError when the row is gone."""
    link = here()
    if changed(*_update(record, names, link), link) != 1:
        raise LookupError(f"{type(record).__name__} {record.pk}: no such row")


def update_later(record: models.Model, *names: str) -> None:
    """The same at the end of the transaction, for a row that this transaction holds and does not read again."""
    write_later(*_update(record, names, here()))


def _update(
    record: models.Model, names: tuple[str, ...], link: BaseDatabaseWrapper
) -> tuple[str, list[Any]]:
    model = type(record)
    key = (model, link.vendor, names)
    if key not in _UPDATES:
        fields, name = [_field(model, one) for one in names], link.ops.quote_name
        sets = ", ".join(f"{name(_column(one))} = %s" for one in fields)
        own = _quoted_key(model, link)
        sql = f"UPDATE {name(_table(model))} SET {sets} WHERE {own} = %s"  # noqa: S608 - names of our own models
        _UPDATES[key] = sql, _named_writers([*fields, _key(model)], link)
    sql, writers = _UPDATES[key]
    kept = record.__dict__
    return sql, [write(kept[name]) for name, write in writers]


def _quoted_key(model: type[models.Model], link: BaseDatabaseWrapper) -> str:
    return link.ops.quote_name(_column(_key(model)))


_INSERTS: dict[tuple[type, str, bool], tuple[str, list[tuple[str, _Write]]]] = {}
_UPDATES: dict[tuple[type, str, tuple[str, ...]], tuple[str, list[tuple[str, _Write]]]] = {}
_AS_IT_IS = (
    "CharField",
    "TextField",
    "IntegerField",
    "BigIntegerField",
    "BooleanField",
    "BinaryField",
)


def _named_writers(fields: Sequence[Column], link: BaseDatabaseWrapper) -> list[tuple[str, _Write]]:
    return [(one.attname, _writer(one, link)) for one in fields]


def _writer(field: Column, link: BaseDatabaseWrapper) -> _Write:
    """How a value of the field goes to the driver; what drivers take as it is passes untouched."""
    plain = field.target_field if isinstance(field, models.ForeignKey) else field
    kind = plain.get_internal_type()

    def as_django_does(value: Any) -> Any:
        return None if value is None else plain.get_db_prep_save(value, link)

    if kind in _AS_IT_IS:
        return lambda value: value if type(value) in _DRIVERS_OWN else as_django_does(value)
    if kind == "UUIDField" and not link.features.has_native_uuid_field:
        return lambda value: _hex(value) or as_django_does(value)
    if kind == "JSONField" and link.vendor == "sqlite":
        return lambda value: None if value is None else msgspec.json.encode(value).decode()
    if kind == "DateTimeField":
        return lambda value: moment(value, link) if value else None
    return as_django_does


def _hex(value: object) -> str | None:
    """A UUID, or the 36 letters of one, as SQLite keeps it; None for what is neither."""
    if type(value) is UUID:
        return value.hex
    if type(value) is str and _UUID.fullmatch(value):
        return value.replace("-", "")
    return None


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_DRIVERS_OWN = frozenset({str, int, bool, bytes, type(None)})


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


def _converters(
    model: type[models.Model], link: BaseDatabaseWrapper
) -> list[tuple[int, Callable[[Any], Any]]]:
    """Places of a row whose value is not yet what the record holds, with what makes it so; NULL is None everywhere."""
    key = (model, link.vendor)
    if key not in _READING:
        found = [(place, _converter(one, link)) for place, one in enumerate(_concrete(model))]
        _READING[key] = [(place, convert) for place, convert in found if convert is not None]
    return _READING[key]


_READING: dict[tuple[type, str], list[tuple[int, Callable[[Any], Any]]]] = {}


def _converter(field: Column, link: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """Django's own converters; for SQLite's times, UUIDs and JSON the same in one step."""
    kind = field.get_internal_type()
    if link.vendor == "sqlite" and kind == "DateTimeField" and link.timezone is UTC:
        return lambda value: value.replace(tzinfo=UTC)
    if link.vendor == "sqlite" and kind == "UUIDField":
        return UUID
    if link.vendor == "sqlite" and kind == "JSONField":
        return msgspec.json.decode
    column: Any = field.cached_col
    steps: list[Any] = [*link.ops.get_db_converters(column), *field.get_db_converters(link)]

    def convert(value: Any) -> Any:
        for one in steps:
            value = one(value, column, link)
        return value

    return convert if steps else None
