"""The commands of an operator: what they print, in which language, and how they end."""

import io
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from tests.assembly.installation import PASSWORD, credit_code, empty_database, founded, use_folder

from jialiang.assembly.arguments import parser
from jialiang.assembly.cli import main
from jialiang.assembly.commands import backup, check, export, import_, init, restore, upgrade
from jialiang.assembly.stored_tables import tables_now
from jialiang.security.tenancy.selectors import tenant_by_slug, tenants

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., tuple[int, str, str]]
INIT = ("init", "--institute-zh", "示范计量院", "--credit-code", credit_code(1), "--short-code", "nim")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    use_folder(settings, tmp_path / "data", demo=False, secret_key="s" * 40)


@pytest.fixture
def password(tmp_path: Path) -> tuple[str, str]:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\nnot this line\n", encoding="utf-8")
    return ("--password-file", str(file))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command and return its status and what it printed."""

    def running(*words: str) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return running


def told(printed: str) -> dict[str, Any]:
    assert printed.count("\n") == 1
    document: dict[str, Any] = json.loads(printed)
    return document


def test_every_command_of_an_operator_has_a_module() -> None:
    for module in (init, check, export, import_, backup, restore, upgrade):
        assert callable(module.run)


def test_init_tells_what_it_did_and_the_fingerprint_to_compare(run: Run, password, tmp_path: Path) -> None:
    status, out, err = run(*INIT, *password, "--lang", "en")
    assert (status, err) == (0, "")
    assert out.splitlines()[-2:][0] == "tenant: nim  administrator: admin"
    assert "CA fingerprint (SHA-256): " in out.splitlines()[-1]
    assert (tmp_path / "data" / "static" / "jialiang" / "jialiang.css").is_file()
    status, out, _ = run(*INIT, "--json")
    assert (status, told(out)["steps"]) == (0, [])


def test_init_speaks_chinese(run: Run, password) -> None:
    assert "已签发机构印章证书" in run(*INIT, *password, "--lang", "zh")[1]


def test_init_takes_the_first_line_as_the_password(run: Run, password) -> None:
    run(*INIT, *password, "--admin", "boss")
    person = tables_now().rows("security_accounts.person").get()
    assert person.username == "boss"
    assert check_password(PASSWORD, person.password)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "JL-INI-002"),
        (("--password-file", "/nowhere"), "JL-CLI-001"),
        (("--password-file", "/dev/null"), "JL-INI-002"),
        (("--slug", "x"), "JL-TEN"),
        (("--time-zone", "Mars/Olympus"), "JL-TEN"),
    ],
)
def test_init_names_what_is_missing_or_wrong(
    run: Run, monkeypatch, words: tuple[str, ...], code: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    status, out, _ = run(*INIT, *words, "--json")
    assert status == 2
    assert told(out)["error"]["code"].startswith(code)
    assert tenants() == []


@pytest.mark.parametrize(("second", "status"), [(PASSWORD, 0), ("another-password", 2)])
def test_init_asks_twice_at_a_terminal(run: Run, monkeypatch, second: str, status: int) -> None:
    answers = iter((PASSWORD, second))
    monkeypatch.setattr(init.getpass, "getpass", lambda prompt: next(answers))
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    assert run(*INIT)[0] == status
    assert bool(tenants()) is (status == 0)


def test_check_ends_with_0_when_it_holds_and_1_when_not(run: Run, password, tmp_path: Path) -> None:
    run(*INIT, *password)
    status, out, _ = run("check", "--lang", "en")
    assert (status, out) == (0, "18 things looked at: 0 errors, 0 warnings.\n")
    next((tmp_path / "data" / "keys").glob("seal-*")).unlink()
    status, out, _ = run("check", "--lang", "zh")
    assert status == 1
    assert out.startswith("✗ 密钥 seal-nim-")
    assert out.endswith("检查了 18 项：1 个错误，0 个提醒。\n")
    status, out, _ = run("check", "--quick", "--json")
    document = told(out)
    assert (status, document["holds"], document["left_out"]) == (
        1,
        False,
        ["frozen contents", "digests", "audit trail"],
    )
    assert [(f["key"], f["severity"]) for f in document["findings"]] == [("keys.unusable", "error")]


def test_export_and_import_say_what_moved(run: Run, now: datetime, tmp_path: Path, settings) -> None:
    founded(now)
    archive = tmp_path / "nim.tar.gz"
    status, out, _ = run("export", "nim", archive, "--lang", "en")
    assert status == 0
    assert "nim exported: " in out
    assert "Signing keys, second factors and API tokens are left out" in out
    assert run("export", "nim", archive, "--json")[0] == 2
    empty_database()
    use_folder(settings, tmp_path / "other", demo=False, secret_key="s" * 40)
    status, out, _ = run("import", archive, "--dry-run", "--json")
    assert (status, told(out)["dry_run"], tenants()) == (0, True, [])
    status, out, _ = run("import", archive, "--lang", "en")
    assert status == 0
    assert "nim imported: " in out
    assert "run jialiang init" in out
    assert tenant_by_slug("nim").name_en == "Institute nim"
    status, out, _ = run("import", archive, "--json")
    assert (status, told(out)["error"]["code"]) == (2, "JL-TRF-001")


def test_backup_and_restore_say_what_they_hold(run: Run, now: datetime, tmp_path: Path, settings) -> None:
    founded(now)
    archive = tmp_path / "all.tar.gz"
    status, out, _ = run("backup", archive, "--lang", "zh")
    assert status == 0
    assert "JIALIANG_KEY_PASSPHRASE" in out
    empty_database()
    use_folder(settings, tmp_path / "other", demo=False, secret_key="s" * 40)
    status, out, _ = run("restore", archive, "--json")
    document = told(out)
    assert (status, document["keys"], document["rows"]["security_tenancy.tenant"]) == (0, 2, 1)
    assert (tmp_path / "other" / "static").is_dir()
    status, out, _ = run("restore", archive, "--json")
    assert (status, told(out)["error"]["code"]) == (2, "JL-KEY-002")


def test_upgrade_says_that_nothing_was_to_be_done(run: Run, now: datetime) -> None:
    founded(now)
    status, out, _ = run("upgrade", "--json")
    assert (status, told(out)) == (0, {"applied": [], "backup": None})


@pytest.mark.parametrize("command", ["import", "restore"])
def test_a_file_that_is_not_there_ends_with_2(run: Run, command: str, tmp_path: Path) -> None:
    status, out, err = run(command, tmp_path / "none.tar.gz", "--lang", "en")
    assert (status, out) == (2, "")
    assert err.startswith("JL-PKG-001  The archive ")


def test_without_tables_a_command_says_what_to_do(run: Run, monkeypatch, tmp_path: Path) -> None:
    empty = tables_now()
    monkeypatch.setattr(
        "jialiang.assembly.stored_tables.tables_now", lambda alias: type(empty)(alias, {}, {})
    )
    for words in (("export", "nim", tmp_path / "a.tar.gz"), ("backup", tmp_path / "a.tar.gz")):
        status, out, _ = run(*words, "--json")
        error = told(out)["error"]
        assert (status, error["code"]) == (2, "JL-DIA-001")
        assert "jialiang init" in error["way_out"]["en"]


@pytest.mark.parametrize("command", ["init", "check", "upgrade", "export", "import", "backup", "restore"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([command, "--help"])
    assert ended.value.code == 0
    assert "exit status" in capsys.readouterr().out
