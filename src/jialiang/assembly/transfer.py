"""A whole tenant as files: export from one installation, import into another, on whichever database.

An archive holds one file of rows per table and every stored file that a row names. Signing keys, second factors and
API tokens are secrets and stay behind unless they are asked for; passwords travel as the hashes that they are.
Published answers are not carried: the other installation makes them anew from the certificates. Both moves stand in
the audit trail of the tenant, the export on the installation that it leaves, the import where it arrives.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from jialiang import __version__
from jialiang.assembly.archive_errors import (
    ArchiveDamaged,
    ForeignRows,
    ImportCollides,
    KeysMissing,
    OtherVersion,
    StoredFileMissing,
    TenantPresent,
)
from jialiang.assembly.archive_files import (
    BAD_MANIFEST,
    STRANGE,
    Member,
    Unpacked,
    file_member,
    private_folder,
    unpacked,
    write_archive,
)
from jialiang.assembly.founding import found_platform, founder, migrate
from jialiang.assembly.key_files import checked_keys, put_keys
from jialiang.assembly.republishing import republish
from jialiang.assembly.stored_tables import (
    TENANT,
    Migrations,
    StoredTables,
    file_digests,
    load,
    snapshot,
    tables_now,
)
from jialiang.assembly.table_rows import write_rows
from jialiang.functions.deed import permit, put_on_record
from jialiang.functions.trust_chain import republish_root
from jialiang.governance.storage import current_store
from jialiang.kernel.clock import iso_seconds
from jialiang.security.tenancy.errors import TenantNotFound
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant_by_slug

FORMAT = "jialiang-tenant"
SECRET_TABLES = frozenset({"mfa.authenticator", "account.emailconfirmation", "security_tokens.apitoken"})
SIGNING_KEYS = "security_keys.signingkey"


@dataclass(frozen=True, slots=True)
class Moved:
    """What an archive carries: the tenant's short name, rows per table, stored files, keys."""

    slug: str
    rows: dict[str, int]
    files: int
    keys: int

    def to_json(self) -> dict[str, Any]:
        """Return the counts for ``--json``."""
        return {"tenant": self.slug, "rows": self.rows, "files": self.files, "keys": self.keys}


def export_tenant(slug: str, archive: Path, *, with_keys: bool, now: datetime) -> Moved:
    """Write a tenant into an archive, as it is at one moment; on record with the digest of the archive.

    Raises TenantNotFound, ArchiveExists, StoredFileMissing, KeysMissing, and what the object store raises.
    """
    data_dir = private_folder(settings.JIALIANG.data_dir)
    with snapshot(data_dir) as tables, tempfile.TemporaryDirectory(prefix=".export-", dir=data_dir) as folder:
        tenant = tables.rows(TENANT).filter(slug=slug).first()
        if tenant is None:
            raise TenantNotFound(tenant=slug)
        owned = {t: path for t, path in tables.owned().items() if with_keys or t not in SECRET_TABLES}
        rows, members = {}, []
        for label, path in owned.items():
            file = Path(folder) / f"{label}.ndjson"
            rows[label] = write_rows(tables.rows(label).filter(**{path: tenant.pk}), file)
            members.append(file_member(f"tables/{label}.ndjson", file))
        files = _files(tables, owned, tenant.pk)
        keys = list(_keys(tables, tenant.pk)) if with_keys else []
        facts = manifest_facts(tables.migrations, rows, now) | {
            "tenant": {"id": str(tenant.pk), "slug": slug, "name_zh": tenant.name_zh},
            "left_out": [] if with_keys else ["keys", *sorted(SECRET_TABLES)],
        }
        write_archive(archive, FORMAT, facts, [*members, *files, *keys])
    moved = Moved(slug, rows, len(files), len(keys))
    try:
        _note("tenant.export", moved, archive, now, with_keys=with_keys)
    except BaseException:
        archive.unlink()  # what is not on record has not left
        raise
    return moved


def import_tenant(archive: Path, *, dry_run: bool, now: datetime) -> Moved:
    """Read an archive of :func:`export_tenant`: all of it or nothing; with ``dry_run`` everything but the writing.

    All digests are verified first; an empty installation gets its tables and its authority as well.
    Raises what :func:`~jialiang.assembly.archive_files.unpacked` raises,
    OtherVersion, TenantPresent, ImportCollides, ForeignRows, and for keys KeyLocked, KeyDamaged, KeyExists.
    """
    with unpacked(archive, FORMAT, private_folder(settings.JIALIANG.data_dir)) as source:
        if not dry_run and not tables_now().migrations:
            migrate()
        tables = tables_now()
        require_same_tables(tables, source)
        tenant_id, slug = _tenant_of(source)
        if tables.rows(TENANT).filter(models.Q(pk=tenant_id) | models.Q(slug=slug)).exists():
            raise TenantPresent(slug=slug)
        keys = checked_keys(source)
        try:
            with transaction.atomic():
                rows = _load_all(tables, source, tenant_id)
                moved = Moved(slug, rows, len(source.names("objects")), len(keys))
                connection.check_constraints()
                republish(tenant_id, now)
                transaction.set_rollback(dry_run)
                if not dry_run:
                    found_platform(now)
                    republish_root(now)
                    _note(
                        "tenant.import",
                        moved,
                        archive,
                        now,
                        made_at=str(source.manifest.get("made_at", ""))[:40],
                    )
                    put_files(source)
                    put_keys(keys)
        except IntegrityError as problem:
            raise ImportCollides(table="", reason=str(problem).split("\n")[0]) from problem
        return moved


def manifest_facts(migrations: Migrations, rows: dict[str, int], now: datetime) -> dict[str, Any]:
    """Return what every archive says of its making."""
    return {
        "made_at": iso_seconds(now),
        "made_by": __version__,
        "migrations": dict(migrations),
        "rows": rows,
    }


def require_same_tables(tables: StoredTables, source: Unpacked) -> None:
    """Raise OtherVersion where the tables of archive and installation come from different migrations."""
    theirs = source.manifest.get("migrations")
    if theirs != dict(tables.migrations):
        known = theirs if isinstance(theirs, dict) else {}
        apps = sorted(
            app
            for app in known.keys() | tables.migrations.keys()
            if known.get(app) != tables.migrations.get(app)
        )
        made_by = str(source.manifest.get("made_by", ""))[:40]
        raise OtherVersion(apps=", ".join(apps)[:400], made_by=made_by, own=__version__)


def table_file(source: Unpacked, member: str, tables: Iterable[str]) -> tuple[str, Path]:
    """Return label and file of a member under ``tables/``. Raises ArchiveDamaged for a table that is not known."""
    label = member.removeprefix("tables/").removesuffix(".ndjson")
    if label not in tables:
        raise ArchiveDamaged(member=member, reason=STRANGE)
    return label, source.folder / member


def put_files(source: Unpacked) -> None:
    """Put every stored file of an archive into the object store; their names are their digests."""
    store = current_store()
    for member in source.names("objects"):
        data = (source.folder / member).read_bytes()
        if store.put(data) != member.removeprefix("objects/"):
            raise ArchiveDamaged(member=member, reason=STRANGE)


def stored_member(digest: str, table: str = "") -> Member:
    """Return the member that carries a stored file, verified. Raises StoredFileMissing, ObjectDamaged."""
    store = current_store()
    if not store.exists(digest):
        raise StoredFileMissing(digest=digest, table=table)
    return Member(f"objects/{digest}", len(store.get(digest)), digest, lambda: BytesIO(store.get(digest)))


def _files(tables: StoredTables, owned: dict[str, str], tenant_id: UUID) -> list[Member]:
    named = {
        digest: label
        for label, path in owned.items()
        for digest in file_digests(tables, label, **{path: tenant_id})
    }
    return [stored_member(digest, named[digest]) for digest in sorted(named)]


def _keys(tables: StoredTables, tenant_id: UUID) -> Iterator[Member]:
    names = tables.rows(SIGNING_KEYS).filter(tenant=tenant_id).order_by("name").values_list("name", flat=True)
    for name in names:
        path = settings.JIALIANG.key_dir / f"{name}.pem"
        if not path.is_file():
            raise KeysMissing(name=name)
        yield file_member(f"keys/{name}.pem", path)


def _note(action: str, moved: Moved, archive: Path, now: datetime, **detail: Any) -> None:
    """Put a move into the audit trail of its tenant: which archive, and how much of what."""
    tenant = tenant_by_slug(moved.slug)
    counts: dict[str, Any] = {"rows": sum(moved.rows.values()), "files": moved.files, "keys": moved.keys}
    digest = file_member(archive.name, archive).sha256
    with scope(tenant.pk):
        permit(founder(tenant), action, tenant)
        put_on_record(founder(tenant), action, tenant, now, archive_sha256=digest, **counts, **detail)


def _tenant_of(source: Unpacked) -> tuple[UUID, str]:
    try:
        tenant = source.manifest["tenant"]
        return UUID(tenant["id"]), str(tenant["slug"])
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ArchiveDamaged(member="manifest.json", reason=BAD_MANIFEST) from problem


def _load_all(tables: StoredTables, source: Unpacked, tenant_id: UUID) -> dict[str, int]:
    owned = tables.owned()
    files = [table_file(source, member, owned) for member in source.names("tables")]
    rows = {label: load(tables, label, file) for label, file in files}
    for label, count in rows.items():
        if tables.rows(label).filter(**{owned[label]: tenant_id}).count() != count:
            raise ForeignRows(table=label, column=owned[label])
        _require_own_references(tables, label, owned, tenant_id)
    return rows


def _require_own_references(tables: StoredTables, label: str, owned: dict[str, str], tenant_id: UUID) -> None:
    """Raise ForeignRows where a row of the tenant points to a row of another."""
    for field in tables.models[label]._meta.concrete_fields:
        related = field.related_model
        target = owned.get(related._meta.label_lower) if related else None
        if target is None:
            continue
        path = field.name if target == "pk" else f"{field.name}__{target}"
        mine = tables.rows(label).filter(**{owned[label]: tenant_id, f"{field.name}__isnull": False})
        if mine.exclude(**{path: tenant_id}).exists():
            raise ForeignRows(table=label, column=field.attname)
