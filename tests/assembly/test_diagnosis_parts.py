"""Every part of ``check`` by itself, each fault planted where it would arise."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection
from tests.assembly.installation import founded, use_folder
from tests.functions import record_world

from jialiang.assembly import (
    diagnosis,
    diagnosis_database,
    diagnosis_keys,
    diagnosis_machine,
    diagnosis_records,
    static_files,
)
from jialiang.assembly.cli import main
from jialiang.assembly.diagnosis import ALWAYS, BLOCKING, THOROUGH, WITH_DATABASE, WITH_TABLES, diagnose
from jialiang.assembly.findings import Finding, error, warning
from jialiang.assembly.stored_tables import tables_now
from jialiang.base.certificates.errors import NotRenderable
from jialiang.base.certificates.models import Certificate
from jialiang.formats.pdf.errors import FontsMissing
from jialiang.formats.public_keys import FORMS, key_by_number, unknown_key
from jialiang.governance.jobs.services import enqueue
from jialiang.governance.publication.services import retire
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    """A data folder of its own with real secrets."""
    use_folder(settings, tmp_path / "data", demo=False, secret_key="s" * 40)
    (tmp_path / "data").mkdir(mode=0o700)
    return tmp_path / "data"


def keys_of(found: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(finding.key, finding.severity) for finding in found]


def told(found: Iterator[Finding]) -> str:
    (finding,) = found
    return finding.what.en


# --- which parts, in which order --------------------------------------------------------------------------------


def none_of(*parts: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    return [(stage, name) for stage in parts for name in stage]


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let every part find nothing, but for those that are given."""

    def plant(**found: list[Finding]) -> None:
        for stage, name in none_of(ALWAYS, WITH_DATABASE, WITH_TABLES, THOROUGH):
            answers = found.get(name.replace(" ", "_"), [])
            monkeypatch.setitem(stage, name, lambda now, answers=answers: iter(answers))

    return plant


def finding(key: str, severity: str) -> Finding:
    return Finding(key, severity, Text("甲", "a"), Text("乙", "b"))  # type: ignore[arg-type]


@pytest.mark.parametrize("key", sorted(BLOCKING))
def test_what_the_rest_stands_on_stops_the_rest_and_says_what_was_left_out(silent, now, key: str) -> None:
    part = "database" if key.startswith("database") else "migrations"
    silent(**{part: [finding(key, "error")]})
    found = diagnose(now)
    first = (*ALWAYS,) if part == "database" else (*ALWAYS, *WITH_DATABASE)
    assert found.looked_at == first
    assert found.left_out == tuple(n for n in (*WITH_DATABASE, *WITH_TABLES, *THOROUGH) if n not in first)
    assert not found.holds


@pytest.mark.parametrize("key", ["database.unsafe", "database.old", "disk.little", "fonts.missing"])
def test_an_error_that_the_rest_does_not_stand_on_stops_nothing(silent, now, key: str) -> None:
    silent(database=[finding(key, "error")])
    found = diagnose(now)
    assert found.left_out == ()
    assert not found.holds


def test_a_blocking_key_that_is_only_a_warning_stops_nothing(silent, now) -> None:
    silent(migrations=[finding("migrations.later", "warning")])
    assert diagnose(now).left_out == ()


@pytest.mark.parametrize(
    ("severities", "holds"),
    [
        ([], True),
        (["warning"], True),
        (["warning", "warning"], True),
        (["error"], False),
        (["warning", "error"], False),
    ],
)
def test_it_holds_as_long_as_nothing_found_is_an_error(
    silent, now, severities: list[str], holds: bool
) -> None:
    silent(jobs=[finding("jobs.waiting", severity) for severity in severities])
    assert diagnose(now).holds is holds


def test_findings_come_in_the_order_of_the_parts(silent, now) -> None:
    silent(
        audit_trail=[finding("audit.broken", "error")],
        keys=[finding("keys.loose", "warning")],
        disk=[finding("disk.little", "warning")],
    )
    assert [f.key for f in diagnose(now).findings] == ["disk.little", "keys.loose", "audit.broken"]


@pytest.mark.parametrize(("stage", "name"), none_of(ALWAYS, WITH_DATABASE, WITH_TABLES, THOROUGH))
def test_a_part_that_breaks_is_named_and_the_others_are_looked_at(
    silent, now, monkeypatch, stage: dict[str, Any], name: str
) -> None:
    silent()

    def broken(_: datetime) -> Iterator[Finding]:
        yield warning("disk.little", folder="/", free="1")
        raise OSError(5, "Input/output error")

    monkeypatch.setitem(stage, name, broken)
    found = diagnose(now)
    assert [f.key for f in found.findings] == ["check.broken"]
    assert name in found.findings[0].what.en
    assert "Input/output error" in found.findings[0].what.zh
    assert found.left_out == ()


# --- what the command prints ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("findings", "status", "zh", "en"),
    [
        ([], 0, "：0 个错误，0 个提醒。", ": 0 errors, 0 warnings."),
        (["warning"], 0, "：0 个错误，1 个提醒。", ": 0 errors, 1 warnings."),
        (["error"], 1, "：1 个错误，0 个提醒。", ": 1 errors, 0 warnings."),
        (["error", "warning", "error"], 1, "：2 个错误，1 个提醒。", ": 2 errors, 1 warnings."),
    ],
)
def test_the_command_counts_in_both_languages_and_ends_by_what_was_found(
    silent, capsys, findings: list[str], status: int, zh: str, en: str
) -> None:
    silent(jobs=[finding("jobs.waiting", severity) for severity in findings])
    for language, ending in (("zh", zh), ("en", en)):
        assert main(["check", "--lang", language]) == status
        out = capsys.readouterr().out
        assert out.rstrip().endswith(ending)
        assert out.count("✗") == findings.count("error")
        assert out.count("!") == findings.count("warning")


def test_as_json_every_finding_has_its_key_and_words(silent, capsys) -> None:
    silent(disk=[error("disk.little", folder="/data", free="12")])
    assert main(["check", "--json", "--quick"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"holds", "looked_at", "left_out", "findings"}
    assert document["left_out"] == list(THOROUGH)
    (entry,) = document["findings"]
    assert (entry["key"], entry["severity"]) == ("disk.little", "error")
    assert set(entry) == {"key", "severity", "what", "mend"}
    assert set(entry["what"]) == set(entry["mend"]) == {"zh", "en"}


# --- the database -----------------------------------------------------------------------------------------------


def test_a_database_that_does_not_answer_is_named_with_the_first_line_of_its_reason(monkeypatch, now) -> None:
    def refused() -> None:
        raise DatabaseError("connection refused\nIs the server running?")

    monkeypatch.setattr(diagnosis_database.connection, "ensure_connection", refused)
    found = list(diagnosis_database.database(now))
    assert [f.key for f in found] == ["database.unreachable"]
    assert "connection refused" in found[0].what.en
    assert "Is the server" not in found[0].what.en


class FakeCursor:
    """Answers as a database with the settings that are given."""

    def __init__(self, settings: dict[str, object]) -> None:
        self._settings, self._asked = settings, ""

    def __enter__(self) -> FakeCursor:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def execute(self, words: str) -> FakeCursor:
        self._asked = words.removeprefix("SHOW ").removeprefix("PRAGMA ").partition("(")[0]
        return self

    def fetchone(self) -> tuple[object]:
        return (self._settings[self._asked],)


def database_with(
    monkeypatch: pytest.MonkeyPatch, vendor: str, settings: dict[str, object], name: str = ""
) -> None:
    fake = SimpleNamespace(
        vendor=vendor,
        cursor=lambda: FakeCursor(settings),
        ensure_connection=lambda: None,
        settings_dict={"NAME": name},
    )
    monkeypatch.setattr(diagnosis_database, "connection", fake)


SAFE = {
    "postgresql": {
        "server_version_num": "150004", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
        "server_encoding": "UTF8",
    },
    "sqlite": {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "quick_check": "ok"},
}  # fmt: skip
UNSAFE: list[tuple[str, dict[str, object], list[str]]] = [
    ("postgresql", {}, []),
    ("postgresql", {"server_version_num": "140000"}, []),
    ("postgresql", {"server_version_num": "139999"}, ["database.old"]),
    ("postgresql", {"server_version_num": "90624"}, ["database.old"]),
    ("postgresql", {"fsync": "off"}, ["database.unsafe"]),
    ("postgresql", {"synchronous_commit": "off"}, ["database.unsafe"]),
    ("postgresql", {"synchronous_commit": "local"}, ["database.unsafe"]),
    ("postgresql", {"full_page_writes": "off"}, ["database.unsafe"]),
    ("postgresql", {"server_encoding": "SQL_ASCII"}, ["database.unsafe"]),
    ("postgresql", {"fsync": "off", "full_page_writes": "off"}, ["database.unsafe"] * 2),
    ("sqlite", {}, []),
    ("sqlite", {"journal_mode": "delete"}, ["database.unsafe"]),
    ("sqlite", {"synchronous": 1}, ["database.unsafe"]),
    ("sqlite", {"synchronous": 0}, ["database.unsafe"]),
    ("sqlite", {"foreign_keys": 0}, ["database.unsafe"]),
    ("sqlite", {"quick_check": "row 3 missing from index"}, ["database.damaged"]),
    ("sqlite", {"quick_check": "malformed", "foreign_keys": 0}, ["database.unsafe", "database.damaged"]),
]


@pytest.mark.parametrize(("vendor", "changed", "keys"), UNSAFE)
def test_a_database_that_could_lose_data_is_told_by_the_setting(
    monkeypatch, now, vendor: str, changed: dict[str, object], keys: list[str]
) -> None:
    database_with(monkeypatch, vendor, SAFE[vendor] | changed)
    found = list(diagnosis_database.database(now))
    assert [f.key for f in found] == keys
    assert all(f.severity == "error" for f in found)
    for entry in found:
        assert any(str(given) in entry.what.en for given in changed.values())


@pytest.mark.parametrize(
    ("file", "parent", "open_to_all"),
    [
        (0o600, 0o700, False),
        (0o644, 0o755, True),
        (0o644, 0o700, False),
        (0o640, 0o755, False),
        (0o606, 0o711, True),
    ],
)
def test_a_database_file_that_anybody_on_the_machine_can_open_is_told(
    monkeypatch, folder: Path, now, file: int, parent: int, open_to_all: bool
) -> None:
    path = folder / "db" / "jialiang.sqlite3"
    path.parent.mkdir()
    path.touch()
    path.chmod(file)
    path.parent.chmod(parent)
    database_with(monkeypatch, "sqlite", SAFE["sqlite"], str(path))
    expected = [("database.open_to_all", "warning")] if open_to_all else []
    assert keys_of(diagnosis_database.database(now)) == expected


@contextmanager
def applied(*rows: tuple[str, str]) -> Iterator[None]:
    with connection.cursor() as cursor:
        for app, name in rows:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)",
                [app, name, datetime.now(UTC)],
            )
    yield


def test_migrations_of_programs_that_are_not_ours_do_not_matter(now) -> None:
    with applied(("somebody_elses_app", "0001_initial")):
        assert list(diagnosis_database.migrations(now)) == []


def test_later_migrations_are_counted_off_and_the_first_five_named(now) -> None:
    with applied(*[("base_readings", f"009{n}_later") for n in range(7)]):
        words = told(diagnosis_database.migrations(now))
    assert "base_readings.0090_later" in words
    assert "base_readings.0094_later" in words
    assert "base_readings.0095_later" not in words


def test_an_empty_database_says_to_run_init_or_restore(monkeypatch, now) -> None:
    plan = [(SimpleNamespace(app_label="a", name=f"000{n}"), False) for n in range(7)]
    loader = SimpleNamespace(applied_migrations={}, graph=SimpleNamespace(nodes={}, leaf_nodes=list))
    executor = SimpleNamespace(loader=loader, migration_plan=lambda _: plan)
    monkeypatch.setattr(diagnosis_database, "MigrationExecutor", lambda _: executor)
    (entry,) = diagnosis_database.migrations(now)
    assert entry.key == "migrations.none"
    assert "7" in entry.what.en
    assert "jialiang init" in entry.mend.en
    assert "jialiang restore" in entry.mend.zh


# --- the clock --------------------------------------------------------------------------------------------------


def aged(path: Path, moment: datetime) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


@pytest.mark.parametrize(
    ("ahead", "keys"),
    [
        (timedelta(0), []),
        (timedelta(minutes=4, seconds=59), []),
        (timedelta(minutes=5), []),
        (timedelta(minutes=5, seconds=2), ["clock.behind"]),
        (timedelta(days=900), ["clock.behind"]),
        (timedelta(days=-900), []),
    ],
)
@pytest.mark.parametrize("place", ["jialiang.sqlite3", "keys/seal-nim-1.pem"])
def test_files_from_the_future_tell_that_the_clock_went_back(
    folder: Path, now, ahead: timedelta, keys: list[str], place: str
) -> None:
    aged(folder / place, now + ahead)
    assert [f.key for f in diagnosis_database.clock(now)] == keys


def test_a_folder_from_the_future_says_nothing_about_the_clock(folder: Path, now) -> None:
    (folder / "objects").mkdir()
    os.utime(folder / "objects", (now.timestamp() + 9e5,) * 2)
    assert list(diagnosis_database.clock(now)) == []


def test_records_from_the_future_tell_that_the_clock_went_back(now) -> None:
    founded(now)
    for path in Path(diagnosis_database.settings.JIALIANG.key_dir).glob("*"):
        aged(path, now)
    aged(Path(diagnosis_database.settings.JIALIANG.data_dir) / "x", now)
    assert list(diagnosis_database.clock(now)) == []
    earlier = now - timedelta(hours=2)
    (entry,) = diagnosis_database.clock(earlier)
    assert entry.key == "clock.behind"
    assert now.isoformat(timespec="seconds") in entry.what.en
    assert earlier.isoformat(timespec="seconds") in entry.what.en


@pytest.mark.parametrize(
    ("seconds", "drifts"), [(0, False), (9, False), (12, True), (-12, True), (-7200, True)]
)
def test_a_database_server_with_another_time_is_a_warning(
    monkeypatch, now, seconds: int, drifts: bool
) -> None:
    theirs = datetime.now(UTC) + timedelta(seconds=seconds)
    monkeypatch.setattr(diagnosis_database, "_newest_record", lambda: None)
    database_with(monkeypatch, "postgresql", {"SELECT clock_timestamp": theirs})
    assert keys_of(diagnosis_database.clock(now)) == ([("clock.drift", "warning")] if drifts else [])


# --- the machine ------------------------------------------------------------------------------------------------

MEBI, GIBI = 1024**2, 1024**3


@pytest.mark.parametrize(
    ("free", "found"),
    [
        (0, [("disk.little", "error")]),
        (200 * MEBI - 1, [("disk.little", "error")]),
        (200 * MEBI, [("disk.little", "warning")]),
        (2 * GIBI - 1, [("disk.little", "warning")]),
        (2 * GIBI, []),
        (500 * GIBI, []),
    ],
)
def test_the_room_on_the_disk_is_told_at_its_two_marks(monkeypatch, now, free: int, found: list[Any]) -> None:
    monkeypatch.setattr(diagnosis_machine.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert keys_of(diagnosis_machine.disk(now)) == found


def test_a_folder_that_cannot_be_written_is_told_before_its_room_is_measured(
    monkeypatch, now, folder: Path
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(diagnosis_machine.tempfile, "TemporaryFile", full)
    monkeypatch.setattr(diagnosis_machine.shutil, "disk_usage", full)
    (entry,) = diagnosis_machine.disk(now)
    assert (entry.key, entry.severity) == ("disk.not_writable", "error")
    assert "No space left on device" in entry.what.en
    assert str(folder) in entry.what.zh


def test_looking_at_the_disk_leaves_nothing_on_it(folder: Path, now) -> None:
    list(diagnosis_machine.disk(now))
    assert list(folder.iterdir()) == []


def test_a_renderer_that_is_not_installed_and_fonts_that_are_not_there_are_both_told(
    monkeypatch, now
) -> None:
    def no_renderer() -> None:
        raise NotRenderable()

    def no_fonts() -> None:
        raise FontsMissing(missing="NotoSansSC_400Regular.ttf")

    no_fonts.cache_clear = lambda: None  # type: ignore[attr-defined]
    monkeypatch.setattr(diagnosis_machine, "renderer", no_renderer)
    monkeypatch.setattr(diagnosis_machine, "font_folders", no_fonts)
    found = list(diagnosis_machine.fonts(now))
    assert [f.key for f in found] == ["fonts.no_renderer", "fonts.missing"]
    assert "NotoSansSC_400Regular.ttf" in found[1].what.en


def test_every_static_file_that_is_missing_is_named(monkeypatch, now, settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT.mkdir(parents=True)
    listed = {"tabler/tabler.min.css": "nowhere/tabler.css", "htmx/htmx.min.js": "nowhere/htmx.js"}
    monkeypatch.setattr(static_files, "vendor_files", lambda: listed)
    monkeypatch.setattr(static_files, "npm_folder", lambda: tmp_path)
    words = told(diagnosis_machine.static_files(now))
    assert all(name in words for name in listed)


@pytest.mark.parametrize("content", [b"", b"no catalogue", b"\xde\x12\x04\x95"])
def test_a_catalogue_of_words_that_cannot_be_read_is_told(
    settings, tmp_path: Path, now, content: bytes
) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    file = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    found = keys_of(diagnosis_machine.translations(now))
    assert found == [("translations.missing", "error")]


# --- keys -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_key_file_that_others_may_touch_is_told(folder: Path, now, mode: int) -> None:
    founded(now)
    file = next((folder / "keys").glob("seal-*"))
    file.chmod(mode)
    words = told(diagnosis_keys.keys(now))
    assert str(file) in words
    assert stat.S_IMODE(file.stat().st_mode) == mode, "looking changes nothing"


@pytest.mark.parametrize("content", [b"", b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n", b"\x00\xff" * 20])
def test_a_key_file_that_is_damaged_is_told_with_its_mend(folder: Path, now, content: bytes) -> None:
    founded(now)
    file = next((folder / "keys").glob("seal-*"))
    file.chmod(0o600)
    file.write_bytes(content)
    (entry,) = diagnosis_keys.keys(now)
    assert (entry.key, entry.severity) == ("keys.unusable", "error")
    assert file.stem in entry.what.en
    assert entry.mend.en
    assert entry.mend.zh


def test_the_key_of_the_authority_is_looked_at_like_any_other(folder: Path, now) -> None:
    founded(now)
    (file,) = [path for path in (folder / "keys").glob("*.pem") if not path.name.startswith("seal-")]
    file.unlink()
    assert file.stem in told(diagnosis_keys.keys(now))


# --- records ----------------------------------------------------------------------------------------------------


@pytest.fixture
def certified(now) -> Any:
    """A certificate in force, published."""
    tenant = create_tenant(slug="yunze", name=Text("云泽院", "Yunze"), now=now)
    world = record_world.build_world(tenant, now)
    with scope(tenant.id):
        return record_world.issued_certificate(world)


@pytest.mark.slow
def test_what_is_done_to_an_issued_certificate_is_found(certified, now) -> None:
    assert list(diagnosis_records.frozen_contents(now)) == []
    parts = (diagnosis_records.stored_files, diagnosis_records.digests, diagnosis_records.numbers)
    assert [list(part(now)) for part in parts] == [[], [], []]
    looks = {f.key for f in diagnosis_records.published_answers(now)}
    assert looks <= {"answers.unknown_missing"}

    code = json.loads(certified.content)["check_code"]
    for form in FORMS:
        retire(key_by_number(certified.number, code, form))
        found = [f for f in diagnosis_records.published_answers(now) if f.key == "answers.missing"]
        assert len(found) == 1
        assert certified.number in found[0].what.en

    rows = tables_now().rows("base_certificates.certificate").filter(pk=certified.pk)
    content = certified.content
    for changed in (
        content.replace("TDX-200", "TDX-201"),
        content + " ",
        content.replace(certified.number, "YZ-2026-C-999999"),
    ):
        rows.update(content=changed)
        (entry,) = diagnosis_records.frozen_contents(now)
        assert (entry.key, certified.number in entry.what.en) == ("certificates.changed", True)
    rows.update(content=content)
    assert list(diagnosis_records.frozen_contents(now)) == []

    rows.update(content_digest="0" * 64)
    assert [f.key for f in diagnosis_records.frozen_contents(now)] == ["certificates.changed"]


@pytest.mark.slow
def test_a_certificate_that_is_not_finished_in_time_is_told(certified, now) -> None:
    with everywhere("look"):
        rows = Certificate.objects.filter(pk=certified.pk)
        for state, minutes, late in (
            ("in_force", 600, False),
            ("issuing", 9, False),
            ("issuing", 11, True),
        ):
            rows.update(state=state, numbered_at=now - timedelta(minutes=minutes))
            assert bool(list(diagnosis_records.issuing(now))) is late, (state, minutes)


@pytest.mark.parametrize(
    ("state", "waited", "found"),
    [
        ("ready", timedelta(minutes=9), []),
        ("ready", timedelta(minutes=11), ["jobs.waiting"]),
        ("leased", timedelta(minutes=11), []),
        ("done", timedelta(days=3), []),
        ("dead", timedelta(minutes=1), ["jobs.dead"]),
    ],
)
def test_jobs_that_nobody_takes_are_told_after_ten_minutes(
    now, state: str, waited: timedelta, found: list[str]
) -> None:
    made = founded(now)
    with scope(made.tenant.pk):
        enqueue("test.kind", new_id(now), {}, now)
    tables_now().rows("governance_jobs.job").update(
        state=state, not_before=now - waited, last_error="no fonts"
    )
    assert [f.key for f in diagnosis_records.jobs(now)] == found


def test_of_many_of_a_kind_the_first_twenty_are_told(now) -> None:
    made = founded(now)
    with scope(made.tenant.pk):
        for _ in range(23):
            enqueue("test.kind", new_id(now), {}, now)
    tables_now().rows("governance_jobs.job").update(state="dead", attempts=8, last_error="e" * 900)
    found = list(diagnosis_records.jobs(now))
    assert len(found) == diagnosis_records.MOST == 20
    assert "e" * 200 in found[0].what.en
    assert "e" * 201 not in found[0].what.en


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_the_answer_to_the_unknown_has_to_be_there(now, form) -> None:
    founded(now)
    assert list(diagnosis_records.published_answers(now)) == []
    retire(unknown_key(form))
    assert keys_of(diagnosis_records.published_answers(now)) == [("answers.unknown_missing", "error")]


def test_the_parts_of_the_examination_are_those_of_the_documentation() -> None:
    page = Path(diagnosis.__file__).resolve().parents[3] / "docs" / "reference" / "findings.md"
    headings = {
        line.removeprefix("### ") for line in page.read_text("utf-8").splitlines() if line.startswith("### ")
    }
    assert headings >= BLOCKING
