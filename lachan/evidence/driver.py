"""One statement, straight to the database's driver, for what every message and every act needs.

Django's cursor rewrites the text of a statement and wraps each call anew; on the path of a message that costs more than
the database. Who listens to statements (tests, the debug log) still hears these.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def here() -> BaseDatabaseWrapper:
    """This thread's connection; the proxy `django.db.connection` looks it up at every attribute."""
    return connections[DEFAULT_DB_ALIAS]


def query(sql: str, values: Sequence[Any], on: BaseDatabaseWrapper | None = None) -> list[Any]:
    """The rows that a statement answers, in the transaction as it stands; `%s` stands for each value."""
    link = on or here()
    if link.execute_wrappers or link.queries_logged or link.connection is None:
        with link.cursor() as cursor:
            cursor.execute(sql, values)
            return [] if cursor.description is None else cursor.fetchall()
    with link.wrap_database_errors:
        if link.vendor == "sqlite":
            plain = link.connection.cursor()
            plain.execute(_with_marks(sql), values)
        else:
            plain = link.create_cursor()
            plain.execute(sql, values)
        return [] if plain.description is None else list(plain.fetchall())


@cache
def _with_marks(sql: str) -> str:
    return sql.replace("%s", "?")
