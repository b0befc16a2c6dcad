"""Every defect that is planted is found, named and given a mend; a sound installation has none."""

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from tests.assembly.installation import FILES, founded, lively, use_folder

from jialiang.assembly import (
    diagnosis_database,
    diagnosis_keys,
    diagnosis_machine,
    diagnosis_records,
)
from jialiang.assembly.diagnosis import ALWAYS, THOROUGH, WITH_DATABASE, WITH_TABLES, Diagnosis, diagnose
from jialiang.assembly.static_files import collect
from jialiang.assembly.stored_tables import tables_now
from jialiang.formats.public_keys import unknown_key
from jialiang.functions import certificate_files
from jialiang.governance.counters.services import take
from jialiang.governance.publication.services import retire
from jialiang.governance.storage import current_store
from jialiang.kernel.ids import new_id
from jialiang.kernel.settings import DEMO_SECRET
from jialiang.security.audit import triggers
from jialiang.security.keys.current import current_key_store
from jialiang.security.keys.services import renew_crl, revoke
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sound(settings, tmp_path: Path, now: datetime) -> Any:
    """A sound installation in real use, its files as old as its records."""
    use_folder(settings, tmp_path / "data", demo=False, secret_key="s" * 40)
    made = lively(now)
    settings.STATIC_ROOT.mkdir()
    (tmp_path / "data").chmod(0o700)
    as_old_as(tmp_path / "data", now)
    return made


def as_old_as(folder: Path, moment: datetime) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (moment.timestamp(), moment.timestamp()))


def keys_of(found: Diagnosis) -> list[str]:
    return [finding.key for finding in found.findings]


def table(label: str) -> Any:
    return tables_now().rows(label)


def test_a_sound_installation_has_no_finding(now: datetime) -> None:
    found = diagnose(now)
    assert [finding.what.en for finding in found.findings] == []
    assert found.holds
    assert found.left_out == ()
    assert found.looked_at == (*ALWAYS, *WITH_DATABASE, *WITH_TABLES, *THOROUGH)


def test_a_quick_look_leaves_out_what_reads_everything(now: datetime) -> None:
    found = diagnose(now, quick=True)
    assert found.left_out == tuple(THOROUGH)
    assert found.holds


def test_looking_changes_nothing(now: datetime) -> None:
    tables = tables_now()
    before = {label: tables.rows(label).count() for label in tables.models}
    diagnose(now)
    assert {label: tables.rows(label).count() for label in tables.models} == before


def no_seal_in_force(made: Any, folder: Path, now: datetime) -> None:
    with scope(made.tenant.pk):
        revoke(made.seal.id, "cessation_of_operation", now)


def key_gone(made: Any, folder: Path, now: datetime) -> None:
    next((folder / "keys").glob("seal-*")).unlink()


def key_swapped(made: Any, folder: Path, now: datetime) -> None:
    files = sorted((folder / "keys").glob("*.pem"))
    files[1].write_bytes(files[0].read_bytes())
    os.utime(files[1], (now.timestamp(), now.timestamp()))


def key_for_everyone(made: Any, folder: Path, now: datetime) -> None:
    next((folder / "keys").glob("seal-*")).chmod(0o644)


def key_of_nobody(made: Any, folder: Path, now: datetime) -> None:
    current_key_store().create("seal-of-nobody")
    as_old_as(folder / "keys", now)


def object_of(folder: Path, data: bytes) -> Path:
    digest = sha256(data).hexdigest()
    return folder / "objects" / digest[:2] / digest[2:4] / digest


def file_gone(made: Any, folder: Path, now: datetime) -> None:
    object_of(folder, FILES[0]).unlink()


def file_changed(made: Any, folder: Path, now: datetime) -> None:
    path = object_of(folder, FILES[0])
    path.chmod(0o600)
    path.write_bytes(FILES[0] + b" ")


def file_of_nobody(made: Any, folder: Path, now: datetime) -> None:
    current_store().put(b"issuing broke off")


def file_half_written(made: Any, folder: Path, now: datetime) -> None:
    loose = object_of(folder, FILES[0]).with_name(".unfinished-1")
    loose.write_bytes(b"half")
    hour_ago = now.timestamp() - 3600
    os.utime(loose, (hour_ago, hour_ago))


def job_given_up(made: Any, folder: Path, now: datetime) -> None:
    table("governance_jobs.job").update(state="dead", attempts=8, last_error="no fonts")


def job_left_alone(made: Any, folder: Path, now: datetime) -> None:
    table("governance_jobs.job").update(not_before=now - timedelta(hours=1))


def event_parked(made: Any, folder: Path, now: datetime) -> None:
    table("governance_outbox.outboxevent").filter(name="person.added").update(parked_at=now, last_error="x")


def serial_gone(made: Any, folder: Path, now: datetime) -> None:
    with scope(made.tenant.pk):
        for _ in range(3):
            take(kind="calibration", year=2026, pattern="NIM-{serial}", subject_id=new_id(now), now=now)
    table("governance_counters.numberallocation").filter(serial=2).delete()


def answer_gone(made: Any, folder: Path, now: datetime) -> None:
    retire(unknown_key("json"))


def record_rewritten(made: Any, folder: Path, now: datetime) -> None:
    guard = "SET LOCAL session_replication_role = replica"
    statements = triggers.SQLITE_DROP if connection.vendor == "sqlite" else [guard]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    table("security_audit.auditrecord").filter(seq=2).update(action="nothing.happened")


def renamed_static_folder(made: Any, folder: Path, now: datetime) -> None:
    (folder / "static").rmdir()


PLANTED: list[tuple[Callable[[Any, Path, datetime], None], list[str], bool]] = [
    (no_seal_in_force, ["keys.no_seal"], False),
    (key_gone, ["keys.unusable"], False),
    (key_swapped, ["keys.unusable"], False),
    (key_for_everyone, ["keys.readable"], False),
    (key_of_nobody, ["keys.loose"], True),
    (file_gone, ["files.missing"], False),
    (file_changed, ["files.damaged"], False),
    (file_of_nobody, ["files.unnamed"], True),
    (file_half_written, ["files.loose"], True),
    (job_given_up, ["jobs.dead"], False),
    (job_left_alone, ["jobs.waiting"], False),
    (event_parked, ["events.parked"], False),
    (serial_gone, ["numbers.gap"], False),
    (answer_gone, ["answers.unknown_missing"], False),
    (record_rewritten, ["audit.broken"], False),
    (renamed_static_folder, ["static.not_collected"], True),
]


@pytest.mark.parametrize(
    ("plant", "keys", "holds"), PLANTED, ids=lambda value: getattr(value, "__name__", "")
)
def test_what_is_planted_is_found_and_nothing_else(
    sound,
    tmp_path: Path,
    now: datetime,
    plant: Callable[[Any, Path, datetime], None],
    keys: list[str],
    holds: bool,
) -> None:
    plant(sound, tmp_path / "data", now)
    found = diagnose(now)
    assert keys_of(found) == keys
    assert found.holds is holds


def test_another_passphrase_opens_no_key(settings, tmp_path: Path, now: datetime) -> None:
    use_folder(settings, tmp_path / "data", demo=False, secret_key="s" * 40, key_passphrase="another" * 6)
    found = diagnose(now)
    assert keys_of(found) == ["keys.unusable", "keys.unusable"]
    assert "passphrase" in found.findings[0].what.en


@pytest.mark.parametrize(
    ("days", "keys"),
    [
        (4, []),
        (6, ["crl.soon"]),
        (8, ["crl.stale"]),
        (700, ["crl.stale", "keys.ends_soon"]),
        (731, ["crl.stale", "keys.no_seal"]),
        (3651, ["crl.stale", "keys.ended", "keys.no_seal"]),
    ],
)
def test_certificates_and_lists_that_run_out_are_told_in_time(
    now: datetime, days: int, keys: list[str]
) -> None:
    later = now + timedelta(days=days)
    found = [*diagnosis_keys.keys(later), *diagnosis_keys.revocation_list(later)]
    assert sorted(finding.key for finding in found) == keys


def test_a_renewed_list_is_fresh_again(now: datetime) -> None:
    later = now + timedelta(days=8)
    assert [f.key for f in diagnosis_keys.revocation_list(later)] == ["crl.stale"]
    renew_crl(later)
    assert list(diagnosis_keys.revocation_list(later)) == []


def test_a_clock_that_went_back_is_told(now: datetime) -> None:
    assert [f.key for f in diagnosis_database.clock(now - timedelta(hours=1))] == ["clock.behind"]
    assert list(diagnosis_database.clock(now - timedelta(minutes=4))) == []


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"demo": True, "secret_key": DEMO_SECRET, "key_passphrase": DEMO_SECRET}, ["settings.demo"]),
        ({"secret_key": DEMO_SECRET}, ["settings.demo_secret"]),
        (
            {"secret_key": DEMO_SECRET, "key_passphrase": DEMO_SECRET},
            ["settings.demo_secret", "settings.demo_secret", "settings.same_secret"],
        ),
        ({"secret_key": "t" * 40, "key_passphrase": "t" * 40}, ["settings.same_secret"]),
        ({"public_url": "http://metrology.example"}, ["settings.no_tls"]),
        ({"public_url": "https://metrology.example"}, []),
        ({"public_url": "http://[::1]:8000"}, []),
    ],
)
def test_settings_that_are_not_for_real_work_are_told(
    settings, now, changes: dict[str, Any], keys: list[str]
) -> None:
    base = {"demo": False, "secret_key": "s" * 40}
    use_folder(settings, settings.JIALIANG.data_dir, **(base | changes))
    assert [f.key for f in diagnosis_machine.settings_in_use(now)] == keys


def test_missing_fonts_are_named(settings, tmp_path: Path, now: datetime) -> None:
    use_folder(settings, tmp_path / "data", font_dir=tmp_path)
    (finding,) = diagnosis_machine.fonts(now)
    assert finding.key == "fonts.missing"
    assert "NotoSerifSC_400Regular.ttf" in finding.what.en
    certificate_files.font_folders.cache_clear()


def test_missing_translations_are_named(settings, tmp_path: Path, now: datetime) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    assert [f.key for f in diagnosis_machine.translations(now)] == ["translations.missing"]
    file = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no catalogue")
    assert [f.key for f in diagnosis_machine.translations(now)] == ["translations.missing"]


def test_missing_static_files_are_named(now: datetime, monkeypatch) -> None:
    monkeypatch.setattr(diagnosis_machine, "missing_files", lambda: ["tabler/tabler.min.css"])
    assert [f.key for f in diagnosis_machine.static_files(now)] == ["static.missing"]


def test_a_full_disk_is_told_before_and_after_it_hurts(now: datetime, monkeypatch) -> None:
    for free, severity in ((1024**3, "warning"), (1024**2, "error")):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr(diagnosis_machine.shutil, "disk_usage", lambda _, usage=usage: usage)
        assert [(f.key, f.severity) for f in diagnosis_machine.disk(now)] == [("disk.little", severity)]


def test_a_folder_that_is_not_there_is_told(settings, tmp_path: Path, now: datetime) -> None:
    use_folder(settings, tmp_path / "nowhere")
    assert [f.key for f in diagnosis_machine.disk(now)] == ["disk.not_writable"]


def test_an_installation_without_authority_is_told(now: datetime) -> None:
    table("security_keys.authority").delete()
    assert [f.key for f in diagnosis_keys.keys(now)] == ["keys.no_authority"]
    assert list(diagnosis_keys.revocation_list(now)) == []


def test_a_check_that_breaks_is_itself_a_finding(now: datetime, monkeypatch) -> None:
    def broken(_: datetime) -> Any:
        raise RuntimeError("a bug")
        yield

    monkeypatch.setitem(WITH_TABLES, "numbers", broken)
    found = diagnose(now)
    assert keys_of(found) == ["check.broken"]
    assert "RuntimeError: a bug" in found.findings[0].what.en


def test_unsafe_database_settings_are_named(now: datetime, monkeypatch) -> None:
    if connection.vendor == "sqlite":
        wanted = diagnosis_database.SAFE_SQLITE | {"journal_mode": "paper"}
        monkeypatch.setattr(diagnosis_database, "SAFE_SQLITE", wanted)
    else:
        wanted = diagnosis_database.SAFE_POSTGRESQL | {"server_encoding": "GB18030"}
        monkeypatch.setattr(diagnosis_database, "SAFE_POSTGRESQL", wanted)
    assert [f.key for f in diagnosis_database.database(now)] == ["database.unsafe"]


@pytest.mark.django_db(transaction=True)
def test_tables_that_are_behind_stop_what_rests_on_them(sound, now: datetime) -> None:
    call_command("migrate", "security_audit", "0001", verbosity=0)
    try:
        found = diagnose(now)
        assert keys_of(found) == ["migrations.unapplied"]
        assert "security_audit.0002_append_only" in found.findings[0].what.en
        assert found.left_out == (*WITH_TABLES, *THOROUGH)
        assert not found.holds
    finally:
        call_command("migrate", verbosity=0)


def test_tables_that_are_ahead_are_told(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('base_readings', '0099_later', %s)",
            [now],
        )
    assert [f.key for f in diagnosis_database.migrations(now)] == ["migrations.later"]


def test_two_institutes_are_both_looked_at(now: datetime, tmp_path: Path) -> None:
    made = founded(now, "other", 2)
    as_old_as(tmp_path / "data", now)
    no_seal_in_force(made, tmp_path, now)
    (finding,) = diagnose(now).findings
    assert (finding.key, "other" in finding.what.en) == ("keys.no_seal", True)


def test_collecting_takes_the_warning_away(now: datetime, settings) -> None:
    settings.STATIC_ROOT.rmdir()
    assert [f.key for f in diagnosis_machine.static_files(now)] == ["static.not_collected"]
    collect(settings.STATIC_ROOT)
    assert list(diagnosis_machine.static_files(now)) == []


def test_a_certificate_that_takes_too_long_is_named(now: datetime, monkeypatch) -> None:
    late = [type("Late", (), {"number": "NIM-2026-C-000001", "numbered_at": now - timedelta(hours=2)})]
    rows = type("Rows", (), {"filter": lambda self, **_: late})()
    monkeypatch.setattr(diagnosis_records, "certificates", lambda **_: rows)
    (finding,) = diagnosis_records.issuing(now)
    assert finding.key == "certificates.issuing"
    assert "NIM-2026-C-000001" in finding.what.zh


def test_subjects_of_findings_are_ids_that_can_be_looked_up(sound, now: datetime) -> None:
    job_given_up(sound, Path(), now)
    (finding,) = diagnosis_records.jobs(now)
    job = re.search(r"[0-9a-f-]{36}", finding.what.en)
    assert job is not None
    assert table("governance_jobs.job").filter(pk=UUID(job[0])).exists()
