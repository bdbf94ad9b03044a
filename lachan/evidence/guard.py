"""The triggers that make the evidence tables insert-only, for SQLite and PostgreSQL.

`remove` exists for tests that empty their database between runs; nothing else calls it.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = (
    "evidence_entry",
    "evidence_leaf",
    "evidence_node",
    "evidence_sth",
    "evidence_stamp",
    "evidence_witness",
)
_REFUSAL = "the evidence log is insert-only"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on every evidence table (again: the old ones are replaced)."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _install_sql(connection.vendor):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for statement in _remove_sql(connection.vendor):
            cursor.execute(statement)


def _install_sql(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
            for table in TABLES
            for verb in ("update", "delete")
        ]
    function = (
        "CREATE OR REPLACE FUNCTION evidence_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    return [
        function,
        *(
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION evidence_insert_only()"
            for table in TABLES
        ),
    ]


def _remove_sql(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {table}_no_{verb}"
            for table in TABLES
            for verb in ("update", "delete")
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_insert_only ON {table}" for table in TABLES]
