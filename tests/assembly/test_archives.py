"""Backup, restore, upgrade: all of an installation, put back as it was, on either database, or not at all."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from tests.assembly.installation import FILES, SECRET, empty_database, founded, lively, use_folder

from jialiang.assembly import archives
from jialiang.assembly.archive_errors import (
    ArchiveDamaged,
    ForeignArchive,
    InstallationNotEmpty,
    OtherVersion,
    StoredFileMissing,
)
from jialiang.assembly.archive_files import unpacked, write_archive
from jialiang.assembly.archives import FORMAT, back_up, restore, unapplied, upgrade
from jialiang.assembly.republishing import republish_everything
from jialiang.assembly.stored_tables import SNAPSHOT, snapshot, tables_now
from jialiang.formats.public_keys import unknown_key
from jialiang.governance.publication.selectors import answer, latest_version
from jialiang.governance.publication.services import retire
from jialiang.governance.storage import current_store
from jialiang.security.audit import triggers
from jialiang.security.audit.selectors import verify_chain
from jialiang.security.keys.errors import KeyExists, KeyLocked
from jialiang.security.keys.selectors import seal_for
from jialiang.security.tenancy.selectors import tenant_by_slug

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    use_folder(settings, tmp_path / "data")


@pytest.fixture
def elsewhere(settings, tmp_path: Path) -> Callable[..., None]:
    """Become another, empty installation."""

    def move(**changes: Any) -> None:
        empty_database()
        shutil.rmtree(tmp_path / "other", ignore_errors=True)
        use_folder(settings, tmp_path / "other", **changes)

    return move


@pytest.fixture
def archive(tmp_path: Path, now: datetime) -> Path:
    lively(now)
    lively(now, "other", 2)
    current_store().put(b"named by no record")
    back_up(tmp_path / "backup.tar.gz", now)
    return tmp_path / "backup.tar.gz"


def contents(file: Path, folder: Path) -> dict[str, bytes]:
    with unpacked(file, FORMAT, folder) as source:
        return {m["name"]: (source.folder / m["name"]).read_bytes() for m in source.manifest["members"]}


def facts_of(file: Path) -> dict[str, Any]:
    with unpacked(file, FORMAT, file.parent) as source:
        return {k: v for k, v in source.manifest.items() if k not in ("format", "version", "members")}


def test_what_was_backed_up_is_put_back(archive: Path, elsewhere, tmp_path: Path, now: datetime) -> None:
    before = contents(archive, tmp_path)
    elsewhere()
    kept = restore(archive)
    assert (kept.files, kept.keys) == (3, 3)
    back_up(tmp_path / "again.tar.gz", now)
    assert contents(tmp_path / "again.tar.gz", tmp_path) == before


def test_a_restored_installation_works_on(archive: Path, elsewhere, now: datetime) -> None:
    elsewhere()
    restore(archive)
    for slug in ("nim", "other"):
        tenant = tenant_by_slug(slug)
        assert verify_chain(tenant.pk) == []
        assert seal_for(tenant, now).signer.sign(b"data")
    founded(now, "third", 3)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {triggers.TABLE}")
    assert answer(unknown_key("zh")) is not None
    version = latest_version()
    republish_everything(now)
    assert latest_version() == version + 3 + 3  # the forms of the unknown, and each institute's row of the prefix


def test_sessions_are_left_out_and_everything_else_is_in(archive: Path, tmp_path: Path) -> None:
    names = {name for name in contents(archive, tmp_path) if name.startswith("tables/")}
    assert names == {f"tables/{label}.ndjson" for label in tables_now().models}
    assert not any("session" in name for name in names)
    assert "tables/security_keys.authority.ndjson" in names


def test_the_passphrase_is_not_in_the_archive(archive: Path, tmp_path: Path) -> None:
    data = contents(archive, tmp_path)
    assert not any(SECRET.encode() in member for member in data.values())
    keys = [member for name, member in data.items() if name.startswith("keys/")]
    assert all(b"ENCRYPTED PRIVATE KEY" in key and b"BEGIN PRIVATE KEY" not in key for key in keys)


def test_a_place_that_is_not_empty_is_left_alone(archive: Path, tmp_path: Path, settings) -> None:
    use_folder(settings, tmp_path / "other")
    with pytest.raises(InstallationNotEmpty) as caught:
        restore(archive)
    assert "security_tenancy.tenant" in caught.value.facts["what"]
    assert not (tmp_path / "other" / "keys").exists()


def test_a_key_that_is_there_is_left_alone(archive: Path, tmp_path: Path) -> None:
    empty_database()
    with pytest.raises(KeyExists):
        restore(archive)


def test_another_passphrase_is_told_before_anything_is_written(archive: Path, elsewhere, tmp_path) -> None:
    elsewhere(key_passphrase="another passphrase of forty characters..")
    with pytest.raises(KeyLocked):
        restore(archive)
    assert not tables_now().rows("security_tenancy.tenant").exists()
    assert list((tmp_path / "other").iterdir()) == []


@pytest.mark.parametrize("place", [0.3, 0.6, 0.95])
def test_a_damaged_archive_is_put_back_nowhere(
    archive: Path, elsewhere, tmp_path: Path, place: float
) -> None:
    data = bytearray(archive.read_bytes())
    data[int(len(data) * place)] ^= 0xFF
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(data)
    elsewhere()
    with pytest.raises(Exception, match="JL-PKG-00[12]"):
        restore(damaged)
    assert not tables_now().rows("security_tenancy.tenant").exists()
    assert list((tmp_path / "other").iterdir()) == []


def test_an_export_is_no_backup(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.tar.gz", "jialiang-tenant", {}, [])
    with pytest.raises(ForeignArchive) as caught:
        restore(tmp_path / "a.tar.gz")
    assert caught.value.facts["found"] == "jialiang-tenant 1"


@pytest.mark.parametrize("migrations", [None, [], {"a": 1}])
def test_an_archive_that_does_not_say_its_version_is_refused(tmp_path: Path, migrations: object) -> None:
    write_archive(tmp_path / "a.tar.gz", FORMAT, {"migrations": migrations}, [])
    with pytest.raises(ArchiveDamaged):
        restore(tmp_path / "a.tar.gz")


def test_an_archive_of_a_later_program_is_refused_by_name(archive: Path, elsewhere, tmp_path: Path) -> None:
    facts = facts_of(archive)
    facts["migrations"]["base_readings"].append("0099_later")
    write_archive(tmp_path / "later.tar.gz", FORMAT, facts | {"made_by": "9.0"}, [])
    elsewhere()
    with pytest.raises(OtherVersion) as caught:
        restore(tmp_path / "later.tar.gz")
    assert (caught.value.facts["apps"], caught.value.facts["made_by"]) == ("base_readings", "9.0")


def test_a_missing_file_makes_no_backup(tmp_path: Path, now: datetime) -> None:
    lively(now)
    digest = sha256(FILES[1]).hexdigest()
    (tmp_path / "data" / "objects" / digest[:2] / digest[2:4] / digest).unlink()
    with pytest.raises(StoredFileMissing):
        back_up(tmp_path / "a.tar.gz", now)
    assert not (tmp_path / "a.tar.gz").exists()


def test_a_backup_shows_one_moment_while_others_write(tmp_path: Path, now: datetime) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only: on PostgreSQL the snapshot is the same connection's transaction")
    founded(now)
    with snapshot(tmp_path) as tables:
        founded(now, "other", 2)
        assert tables.alias == SNAPSHOT
        assert tables.rows("security_tenancy.tenant").count() == 1
    assert tables_now().rows("security_tenancy.tenant").count() == 2
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_nothing_temporary_stays(archive: Path, elsewhere, tmp_path: Path) -> None:
    assert not list((tmp_path / "data").glob(".*"))
    elsewhere()
    restore(archive)
    assert sorted(path.name for path in (tmp_path / "other").iterdir()) == ["keys", "objects"]


def test_an_upgrade_without_anything_to_apply_makes_no_backup(tmp_path: Path, now: datetime) -> None:
    founded(now)
    retire(unknown_key("en"))
    assert upgrade(now) == ([], None)
    assert answer(unknown_key("en")) is not None
    assert (tmp_path / "data" / "static" / "jialiang" / "jialiang.css").is_file()


@pytest.fixture
def older(now: datetime):
    """An installation whose tables are one migration behind the program."""
    founded(now)
    call_command("migrate", "security_audit", "0001", verbosity=0)
    yield
    call_command("migrate", verbosity=0)


def test_an_upgrade_keeps_the_old_tables_first(older, tmp_path: Path, now: datetime) -> None:
    assert unapplied() == ["security_audit.0002_append_only"]
    applied, archive = upgrade(now)
    assert applied == ["security_audit.0002_append_only"]
    assert unapplied() == []
    assert archive is not None
    assert archive.parent == tmp_path / "data" / "backups"
    assert facts_of(archive)["migrations"]["security_audit"] == ["0001_initial"]


def test_an_upgrade_may_go_without_a_backup(older, tmp_path: Path, now: datetime) -> None:
    applied, archive = upgrade(now, with_backup=False)
    assert (applied, archive) == (["security_audit.0002_append_only"], None)
    assert not (tmp_path / "data" / "backups").exists()


def test_an_upgrade_whose_backup_fails_changes_nothing(older, now: datetime, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise StoredFileMissing(digest="ab", table="x")

    monkeypatch.setattr(archives, "back_up", full)
    with pytest.raises(StoredFileMissing):
        upgrade(now)
    assert unapplied() == ["security_audit.0002_append_only"]


def command(folder: Path, *words: str, database: str = "") -> dict[str, Any]:
    """Run the command in a process of its own and return what it said as JSON."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JIALIANG_")} | {
        "JIALIANG_DATA_DIR": str(folder),
        "JIALIANG_DATABASE_URL": database,
        "JIALIANG_SECRET_KEY": "x" * 40,
        "JIALIANG_KEY_PASSPHRASE": SECRET,
    }
    done = subprocess.run(
        [sys.executable, "-m", "jialiang.assembly.cli", *words, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_an_old_backup_goes_into_a_new_program_s_empty_database(older, tmp_path: Path, now: datetime) -> None:
    back_up(tmp_path / "old.tar.gz", now)
    told = command(tmp_path / "fresh", "restore", str(tmp_path / "old.tar.gz"))
    assert told["keys"] == 2
    found = command(tmp_path / "fresh", "check")
    wrong = [f["key"] for f in found["findings"] if f["severity"] == "error"]
    assert wrong == ["crl.stale"]  # the test's moment is past, and its list with it
    command(tmp_path / "fresh", "backup", str(tmp_path / "new.tar.gz"))
    assert facts_of(tmp_path / "new.tar.gz")["migrations"]["security_audit"] == [
        "0001_initial",
        "0002_append_only",
    ]
    old, new = (contents(tmp_path / name, tmp_path) for name in ("old.tar.gz", "new.tar.gz"))
    assert old == new


def test_a_backup_goes_from_one_kind_of_database_to_the_other(archive: Path, tmp_path: Path, now) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: set JIALIANG_DATABASE_URL=postgresql://…")
    command(tmp_path / "lite", "restore", str(archive))
    command(tmp_path / "lite", "backup", str(tmp_path / "lite.tar.gz"))
    assert contents(tmp_path / "lite.tar.gz", tmp_path) == contents(archive, tmp_path)
