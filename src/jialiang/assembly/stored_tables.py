"""All tables of the database as they are now, whatever version of the program made them.

The models come out of the applied migrations, not out of the code: a backup before an upgrade reads the old tables
with the new program, and a restore puts them back before it upgrades them.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import IntegrityError, connection, connections, models, router, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import ForeignKey, QuerySet

from jialiang.assembly.archive_errors import DatabaseNotReady, ImportCollides
from jialiang.assembly.table_rows import read_rows

Migrations = Mapping[str, list[str]]
SNAPSHOT = "snapshot"
MADE_BY_MIGRATING = frozenset({"contenttypes", "auth"})
SHORT_LIVED = frozenset({"sessions", "governance_idempotency"})
FILE_COLUMNS = frozenset({"sha256", "stored_digest"})
TENANT = "security_tenancy.tenant"


@dataclass(frozen=True, slots=True)
class StoredTables:
    """The tables under an alias of a database: their models by label, and which migrations made them."""

    alias: str
    models: Mapping[str, type[models.Model]]
    migrations: Migrations

    def rows(self, label: str) -> QuerySet[Any]:
        """Return all rows of a table; the models of migrations know no tenant in scope. Raises DatabaseNotReady."""
        if label not in self.models:
            raise DatabaseNotReady(reason=f"no table {label}")
        return self.models[label]._base_manager.using(self.alias)

    def owned(self) -> dict[str, str]:
        """Return label → path to the tenant, as filters spell it, of every table that belongs to tenants."""
        paths = {TENANT: "pk"}
        before = 0
        while before < len(paths):
            before = len(paths)
            for label, model in self.models.items():
                paths |= {} if label in paths else _path(model, label, paths)
        return paths


def tables_now(alias: str = "default") -> StoredTables:
    """Return the tables as the applied migrations left them."""
    executor = MigrationExecutor(connections[alias])
    applied = sorted(key for key in executor.loader.applied_migrations if key in executor.loader.graph.nodes)
    state = executor.loader.project_state(applied, at_end=True)
    found = {
        model._meta.label_lower: model
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label not in MADE_BY_MIGRATING | SHORT_LIVED
    }
    names: dict[str, list[str]] = {}
    for app, name in applied:
        names.setdefault(app, []).append(name)
    return StoredTables(alias, dict(sorted(found.items())), names)


@contextmanager
def snapshot(beside: Path) -> Iterator[StoredTables]:
    """Give all tables at one moment while others go on writing.

    On SQLite a copy by the online backup interface, kept in ``beside`` while in use; on PostgreSQL one REPEATABLE READ
    transaction, therefore not to be called inside a transaction.
    """
    with _copied(beside) if connection.vendor == "sqlite" else _repeatable() as alias:
        yield tables_now(alias)


@contextmanager
def _repeatable() -> Iterator[str]:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield router.db_for_read(models.Model) or "default"


@contextmanager
def _copied(beside: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix=".snapshot-", dir=beside) as folder:
        copy = Path(folder) / "copy.sqlite3"
        source = sqlite3.connect(str(connection.settings_dict["NAME"]))
        target = sqlite3.connect(str(copy))
        try:
            source.backup(target)
        finally:
            target.close()
            source.close()
        facts = connection.settings_dict | {"NAME": str(copy)}
        connections[SNAPSHOT] = type(connections["default"])(facts, SNAPSHOT)
        try:
            yield SNAPSHOT
        finally:
            connections[SNAPSHOT].close()
            del connections[SNAPSHOT]


def file_digests(tables: StoredTables, label: str, **wanted: Any) -> Iterator[str]:
    """Yield the digests of stored files that rows of a table name."""
    for field in tables.models[label]._meta.concrete_fields:
        if field.attname in FILE_COLUMNS:
            rows = tables.rows(label).filter(**wanted).exclude(**{field.attname: ""})
            yield from rows.values_list(field.attname, flat=True).iterator(chunk_size=2000)


def load(tables: StoredTables, label: str, path: Path) -> int:
    """Put the rows of a file into a table and return how many; in the caller's transaction.

    Rows whose number the database gives keep it unless one of them is taken; then all get the next ones, in their
    order. Raises ArchiveDamaged, ImportCollides.
    """
    model = tables.models[label]
    key = model._meta.pk
    numbered = isinstance(key, models.AutoField | models.BigAutoField | models.SmallAutoField)
    renumber = numbered and _is_taken(tables, label, path)
    count = 0
    for batch in read_rows(model, path):
        if renumber:
            for row in batch:
                row.pk = None
        _insert(tables, label, batch)
        count += len(batch)
    if numbered and not renumber and count:
        _reset_sequence(tables.alias, model)
    return count


def _is_taken(tables: StoredTables, label: str, path: Path) -> bool:
    rows = tables.rows(label)
    batches = read_rows(tables.models[label], path)
    return any(rows.filter(pk__in=[row.pk for row in batch]).exists() for batch in batches)


def _insert(tables: StoredTables, label: str, batch: list[models.Model]) -> None:
    try:
        tables.rows(label).bulk_create(batch)
    except (IntegrityError, ValueError) as problem:
        raise ImportCollides(table=label, reason=str(problem).split("\n")[0]) from problem


def _reset_sequence(alias: str, model: type[models.Model]) -> None:
    statements = connections[alias].ops.sequence_reset_sql(no_style(), [model])
    with connections[alias].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _path(model: type[models.Model], label: str, paths: Mapping[str, str]) -> dict[str, str]:
    """Return how a table's rows lead to their tenant, nothing if they do not (yet)."""
    keys = [f for f in model._meta.concrete_fields if isinstance(f, ForeignKey) and not f.null]
    keys.sort(key=lambda key: key.related_model._meta.label_lower != TENANT)
    for key in keys:
        target = paths.get(key.related_model._meta.label_lower)
        if target is not None:
            return {label: key.name if target == "pk" else f"{key.name}__{target}"}
    return {}
