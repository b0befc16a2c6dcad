"""Triggers by which the database itself refuses to change, delete or truncate audit records."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "security_audit_auditrecord"

SQLITE_CREATE = [
    f"CREATE TRIGGER {TABLE}_no_{deed} BEFORE {deed.upper()} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, 'audit records are append-only'); END"
    for deed in ("update", "delete")
]
SQLITE_DROP = [f"DROP TRIGGER IF EXISTS {TABLE}_no_{deed}" for deed in ("update", "delete")]

POSTGRESQL_CREATE = [
    f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN RAISE EXCEPTION 'audit records are append-only' USING ERRCODE = 'restrict_violation'; END $$",
    f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
    f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
    f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
]
POSTGRESQL_DROP = [
    f"DROP TRIGGER IF EXISTS {TABLE}_no_change ON {TABLE}",
    f"DROP TRIGGER IF EXISTS {TABLE}_no_truncate ON {TABLE}",
    f"DROP FUNCTION IF EXISTS {TABLE}_refuse()",
]


def create(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers on the table."""
    _execute(editor, SQLITE_CREATE if editor.connection.vendor == "sqlite" else POSTGRESQL_CREATE)


def drop(editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers off, as a migration backwards does."""
    _execute(editor, SQLITE_DROP if editor.connection.vendor == "sqlite" else POSTGRESQL_DROP)


def _execute(editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    for statement in statements:
        editor.execute(statement, params=None)
