"""Looking at the database: reachable, set up safely, of this version, and agreed about the time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from jialiang.assembly.findings import Finding, error, warning
from jialiang.assembly.stored_tables import tables_now

SAFE_SQLITE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
SAFE_POSTGRESQL = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "server_encoding": "UTF8",
}
OLDEST_POSTGRESQL = 14_00_00
TOLERATED = timedelta(minutes=5)
DRIFT = timedelta(seconds=10)
WHEN_WRITTEN = {"security_audit.auditrecord": "at", "governance_publication.publishedanswer": "changed_at"}


def database(now: datetime) -> Iterator[Finding]:
    """Look whether the database answers and writes as durably as the platform promises."""
    try:
        connection.ensure_connection()
    except DatabaseError as problem:
        name = str(connection.settings_dict["NAME"])
        yield error("database.unreachable", name=name, reason=str(problem).strip().split("\n")[0])
        return
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()


def migrations(now: datetime) -> Iterator[Finding]:
    """Look whether the tables are those of this version."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    plan = executor.migration_plan(graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{m.app_label}.{m.name}" for m, _ in plan[:5])
        key = "migrations.none" if not executor.loader.applied_migrations else "migrations.unapplied"
        yield error(key, count=len(plan), names=names)
    apps = {app for app, _ in graph.nodes}
    later = sorted(
        ".".join(k) for k in executor.loader.applied_migrations if k[0] in apps and k not in graph.nodes
    )
    if later:
        yield error("migrations.later", names=", ".join(later[:5]))


def clock(now: datetime) -> Iterator[Finding]:
    """Look whether time has only gone forward: against the database, its newest records and the files."""
    newest = [written for written in (_newest_record(), _newest_file()) if written is not None]
    ahead = max(newest, default=now) - now
    if ahead > TOLERATED:
        yield error("clock.behind", newest=max(newest).isoformat(timespec="seconds"), now=_text(now))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            theirs: datetime = cursor.fetchone()[0]
        drift = abs(theirs - datetime.now(UTC))
        if drift > DRIFT:
            yield warning("clock.drift", seconds=round(drift.total_seconds()), database=_text(theirs))


def _sqlite() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for name, wanted in SAFE_SQLITE.items():
            found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if found != wanted:
                yield error("database.unsafe", name=name, found=found, wanted=wanted)
        verdict = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            yield error("database.damaged", reason=verdict)
    file = Path(str(connection.settings_dict["NAME"]))
    if file.is_file() and file.stat().st_mode & 0o007 and file.parent.stat().st_mode & 0o001:
        yield warning("database.open_to_all", file=file)


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
        if version < OLDEST_POSTGRESQL:
            yield error("database.old", version=version, oldest=OLDEST_POSTGRESQL)
        for name, wanted in SAFE_POSTGRESQL.items():
            cursor.execute(f"SHOW {name}")
            found = cursor.fetchone()[0]
            if found != wanted:
                yield error("database.unsafe", name=name, found=found, wanted=wanted)


def _newest_record() -> datetime | None:
    tables = tables_now()
    newest = [
        tables.rows(label).order_by(f"-{column}").values_list(column, flat=True).first()
        for label, column in WHEN_WRITTEN.items()
    ]
    return max((moment for moment in newest if moment is not None), default=None)


def _newest_file() -> datetime | None:
    files = [path for path in settings.JIALIANG.data_dir.glob("*") if path.is_file()]
    files += settings.JIALIANG.key_dir.glob("*.pem")
    return max((datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files), default=None)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
