"""One statement, straight to the database's driver, for what every message and every act needs.

Django's cursor rewrites the text of a statement and wraps each call anew; on the path of a message that costs more than
the database. Who listens to statements (tests, the debug log) still hears these.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

T = TypeVar("T")
_READ: ContextVar[dict[str, Any] | None] = ContextVar("lachan_transaction", default=None)
_LATER: ContextVar[dict[str, list[Sequence[Any]]] | None] = ContextVar("lachan_later", default=None)


@contextmanager
def one_transaction() -> Iterator[None]:
    """Within one open transaction: `once` keeps what it has read, `later` is carried out at its end."""
    reading = _READ.set({"connection": connections[DEFAULT_DB_ALIAS]})
    later: dict[str, list[Sequence[Any]]] = {}
    writing = _LATER.set(later)
    try:
        yield
        for sql, rows in later.items():
            _query_many(sql, rows, here())
    finally:
        _LATER.reset(writing)
        _READ.reset(reading)


def write_later(sql: str, values: Sequence[Any]) -> None:
    """What nothing in this transaction reads back: all statements of one shape go to the database together, at its end."""
    waiting = _LATER.get()
    if waiting is None:
        query(sql, values)
    else:
        waiting.setdefault(sql, []).append(values)


def once(name: str, read: Callable[[], T]) -> T:
    """What `read` answers, kept until the transaction ends; outside of one it is read each time.

    For what must not change under the hands of one act, such as the directory by which it is judged.
    """
    kept = _READ.get()
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    return cast("T", kept[name])


def forget(name: str) -> None:
    """This very act has changed it."""
    kept = _READ.get()
    if kept is not None:
        kept.pop(name, None)


def here() -> BaseDatabaseWrapper:
    """This thread's connection; the proxy `django.db.connection` looks it up at every attribute."""
    kept = _READ.get()
    return connections[DEFAULT_DB_ALIAS] if kept is None else kept["connection"]


def query(sql: str, values: Sequence[Any], on: BaseDatabaseWrapper | None = None) -> list[Any]:
    """The rows that a statement answers, in the transaction as it stands; `%s` stands for each value."""
    cursor = _executed(sql, values, on or here())
    return [] if cursor.description is None else list(cursor.fetchall())


def changed(sql: str, values: Sequence[Any], on: BaseDatabaseWrapper | None = None) -> int:
    """How many rows a statement has written."""
    return int(_executed(sql, values, on or here()).rowcount)


def _executed(sql: str, values: Sequence[Any], link: BaseDatabaseWrapper) -> Any:
    if link.execute_wrappers or link.queries_logged or link.connection is None:
        heard = link.cursor()
        heard.execute(sql, values)
        return heard
    with link.wrap_database_errors:
        if link.vendor == "sqlite":
            return link.connection.execute(_with_marks(sql), values)
        plain = link.create_cursor()
        plain.execute(sql, values)
        return plain


def _query_many(sql: str, rows: Sequence[Sequence[Any]], link: BaseDatabaseWrapper) -> None:
    if link.execute_wrappers or link.queries_logged or link.connection is None:
        with link.cursor() as cursor:
            cursor.executemany(sql, rows)
        return
    with link.wrap_database_errors:
        if link.vendor == "sqlite":
            link.connection.cursor().executemany(_with_marks(sql), rows)
        else:
            link.create_cursor().executemany(sql, rows)


def moment(at: datetime, on: BaseDatabaseWrapper) -> Any:
    """A time as the driver takes it, the way that Django's own adapter writes it."""
    if on.vendor == "sqlite" and at.tzinfo is UTC and on.timezone is UTC:
        return _text(at)
    return on.ops.adapt_datetimefield_value(at)


@lru_cache(maxsize=256)  # one act writes its own time into a dozen columns
def _text(at: datetime) -> str:
    return str(at.replace(tzinfo=None))


@cache
def _with_marks(sql: str) -> str:
    return sql.replace("%s", "?")
