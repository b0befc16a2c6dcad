"""Backup, restore and upgrade of a whole installation, on either database and from one to the other.

An archive holds every table as lines of JSON, every stored file and the encrypted key files. It needs no program but
this one, and the passphrase, which it does not hold. Sessions are left out: after a restore people sign in again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from jialiang import __version__
from jialiang.assembly.archive_errors import (
    ArchiveDamaged,
    DatabaseNotReady,
    ImportCollides,
    InstallationNotEmpty,
    OtherVersion,
)
from jialiang.assembly.archive_files import (
    BAD_MANIFEST,
    Member,
    Unpacked,
    file_member,
    private_folder,
    unpacked,
    write_archive,
)
from jialiang.assembly.key_files import checked_keys, key_members, put_keys
from jialiang.assembly.republishing import republish_everything
from jialiang.assembly.static_files import collect
from jialiang.assembly.stored_tables import StoredTables, file_digests, load, snapshot, tables_now
from jialiang.assembly.table_rows import write_rows
from jialiang.assembly.transfer import manifest_facts, put_files, stored_member, table_file
from jialiang.governance.storage import current_store

FORMAT = "jialiang-backup"
BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds, or a restore put back: rows per table, stored files, keys."""

    rows: dict[str, int]
    files: int
    keys: int

    def to_json(self) -> dict[str, Any]:
        """Return the counts for ``--json``."""
        return {"rows": self.rows, "files": self.files, "keys": self.keys}


def back_up(archive: Path, now: datetime) -> Kept:
    """Write the whole installation, as it is at one moment, into an archive; work may go on meanwhile.

    Raises ArchiveExists, StoredFileMissing, ObjectDamaged: a backup of damaged files would be none.
    """
    data_dir = private_folder(settings.JIALIANG.data_dir)
    keys = list(key_members())
    with snapshot(data_dir) as tables, tempfile.TemporaryDirectory(prefix=".backup-", dir=data_dir) as folder:
        if not tables.models:
            raise DatabaseNotReady(reason="no tables")
        rows, members = {}, []
        for label in tables.models:
            file = Path(folder) / f"{label}.ndjson"
            rows[label] = write_rows(tables.rows(label), file)
            members.append(file_member(f"tables/{label}.ndjson", file))
        files = list(_files(tables))
        facts = manifest_facts(tables.migrations, rows, now) | {"public_url": settings.JIALIANG.public_url}
        write_archive(archive, FORMAT, facts, [*members, *files, *keys])
    return Kept(rows, len(files), len(keys))


def restore(archive: Path) -> Kept:
    """Put an archive of :func:`back_up` into an installation without any row or key, then upgrade its tables.

    Every digest is verified and every key opened before anything is written; the rows are one transaction.
    Raises what ``unpacked`` raises, OtherVersion, InstallationNotEmpty, KeyLocked, KeyDamaged, KeyExists.
    """
    with unpacked(archive, FORMAT, private_folder(settings.JIALIANG.data_dir)) as source:
        wanted = _migrations_of(source)
        keys = checked_keys(source)
        _migrate_to(wanted)
        tables = tables_now()
        _require_empty(tables)
        put_files(source)
        try:
            with transaction.atomic():
                rows = dict(_load_all(tables, source))
                connection.check_constraints()
                put_keys(keys)
        except IntegrityError as problem:
            raise ImportCollides(table="", reason=str(problem).split("\n")[0]) from problem
        call_command("migrate", verbosity=0, interactive=False)
        return Kept(rows, len(source.names("objects")), len(keys))


def unapplied() -> list[str]:
    """Return the migrations that the code has and the database has not, as ``app.name``, in their order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, backwards in plan if not backwards]


def upgrade(now: datetime, *, with_backup: bool = True) -> tuple[list[str], Path | None]:
    """Bring the tables to this version, after a backup into ``backups`` of the data folder; write all
    published answers anew.

    Returns the migrations that were applied and the backup. Without anything to apply there is no backup.
    """
    applied = unapplied()
    archive = None
    if applied and with_backup and tables_now().migrations:
        folder = private_folder(settings.JIALIANG.data_dir / BACKUPS)
        archive = folder / f"before-{__version__}-{now:%Y%m%dT%H%M%SZ}.tar.gz"
        back_up(archive, now)
    call_command("migrate", verbosity=0, interactive=False)
    republish_everything(now)
    collect(settings.STATIC_ROOT)
    return applied, archive


def _files(tables: StoredTables) -> Iterator[Member]:
    """Yield the files that rows name, which must be there, and whatever else the store keeps."""
    named = {digest: label for label in tables.models for digest in file_digests(tables, label)}
    for digest in sorted({*named, *current_store().all_digests()}):
        yield stored_member(digest, named.get(digest, ""))


def _migrations_of(source: Unpacked) -> dict[str, list[str]]:
    given = source.manifest.get("migrations")
    if not isinstance(given, dict) or not all(isinstance(names, list) for names in given.values()):
        raise ArchiveDamaged(member="manifest.json", reason=BAD_MANIFEST)
    known = MigrationExecutor(connection).loader.graph.nodes
    strange = sorted(app for app, names in given.items() if any((app, name) not in known for name in names))
    if strange:
        made_by = str(source.manifest.get("made_by", ""))[:40]
        raise OtherVersion(apps=", ".join(strange)[:400], made_by=made_by, own=__version__)
    return given


def _migrate_to(wanted: dict[str, list[str]]) -> None:
    """Make the tables as they were at the backup; where there are tables already, they must be just those."""
    here = tables_now().migrations
    if here and dict(here) != wanted:
        raise InstallationNotEmpty(what=", ".join(sorted(here)))
    if not here:
        executor = MigrationExecutor(connection)
        nodes = {(app, name) for app, names in wanted.items() for name in names}
        graph = executor.loader.graph.node_map
        executor.migrate([n for n in sorted(nodes) if not any(c.key in nodes for c in graph[n].children)])


def _require_empty(tables: StoredTables) -> None:
    filled = [label for label in tables.models if tables.rows(label).exists()]
    if filled:
        raise InstallationNotEmpty(what=", ".join(filled))


def _load_all(tables: StoredTables, source: Unpacked) -> Iterator[tuple[str, int]]:
    for member in source.names("tables"):
        label, file = table_file(source, member, tables.models)
        yield label, load(tables, label, file)
