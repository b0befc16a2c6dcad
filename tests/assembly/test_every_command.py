"""Every command in both languages and as JSON: how it ends, what it prints where, and what wrong use is told."""

from __future__ import annotations

import argparse
import io
import json
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.assembly.installation import PASSWORD, credit_code, empty_database, founded, use_folder

from jialiang import __version__
from jialiang.assembly import cli
from jialiang.assembly.arguments import EXIT_CODES, parser
from jialiang.assembly.cli import main
from jialiang.assembly.commands import demo, serve, worker
from jialiang.assembly.working import Worker
from jialiang.governance.jobs.services import enqueue
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., tuple[int, str, str]]
INIT = ("init", "--institute-zh", "示范计量院", "--credit-code", credit_code(1), "--short-code", "nim")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    use_folder(settings, tmp_path / "data", demo=False, secret_key="s" * 40)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def running(*words: object) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return running


def leaves(
    top: argparse.ArgumentParser, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield from list(leaves(command, (*before, name))) or [((*before, name), command)]


COMMANDS = [words for words, _ in leaves(parser())]


def test_the_commands_are_those_of_the_documentation() -> None:
    page = Path(cli.__file__).resolve().parents[3] / "docs" / "reference" / "commands.md"
    headings = re.findall(r"^### jialiang (.+)$", page.read_text(encoding="utf-8"), re.M)
    assert headings == [" ".join(words) for words in COMMANDS]
    assert len(COMMANDS) >= 22


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_its_exit_status(words: tuple[str, ...], capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*words, "--help"])
    assert ended.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.startswith(f"usage: jialiang {' '.join(words)}")
    assert EXIT_CODES in shown
    assert "--json" in shown
    assert "--lang {zh,en}" in shown


WRONG = [["--no-such-word"], ["--lang", "fr"], ["too", "many", "words", "by", "far"]]
TAKES_MANY_FILES = {
    words for words, command in leaves(parser()) if any(a.nargs == "+" for a in command._actions)
}
WRONG_USE = [
    pytest.param(words, wrong, id=f"{' '.join(words)} {wrong[0]}")
    for words in COMMANDS
    for wrong in WRONG
    if wrong[0] != "too" or words not in TAKES_MANY_FILES
]


@pytest.mark.parametrize(("words", "wrong"), WRONG_USE)
def test_wrong_use_ends_with_2_and_the_usage_on_the_error_line(
    words: tuple[str, ...], wrong: list[str], capsys
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, *wrong])
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: jialiang")


@pytest.mark.parametrize("words", [[], ["nonsense"], ["certificate"], ["token"], ["--lang", "zh"]])
def test_no_command_is_wrong_use(words: list[str], capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: jialiang" in capsys.readouterr().err


def test_the_version_is_told(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"jialiang {__version__}\n")


@pytest.mark.parametrize(
    ("named", "environment", "language"),
    [
        ("zh", "en_US.UTF-8", "zh"),
        ("en", "zh_CN.UTF-8", "en"),
        (None, "zh_CN.UTF-8", "zh"),
        (None, "ZH_TW", "zh"),
        (None, "en_GB.UTF-8", "en"),
        (None, "de_DE.UTF-8", "en"),
        (None, "C", "en"),
        (None, "", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_or_that_of_the_terminal(
    monkeypatch, named: str | None, environment: str, language: str
) -> None:
    monkeypatch.setenv("LANG", environment)
    assert cli.language(argparse.Namespace(lang=named)) == language
    assert cli.language(argparse.Namespace()) == cli.language(argparse.Namespace(lang=None))


# --- refusals ---------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, tuple[str, ...], str]] = [
    ("an unknown tenant", ("export", "nobody", "{tmp}/a.tar.gz"), "JL-TEN-003"),
    ("a file that is there", ("export", "nim", "{tmp}/there"), "JL-PKG-005"),
    ("a folder that is not there", ("export", "nim", "{tmp}/none/a.tar.gz"), "JL-PKG-001"),
    ("a backup onto a file", ("backup", "{tmp}/there"), "JL-PKG-005"),
    ("a backup into nowhere", ("backup", "{tmp}/none/a.tar.gz"), "JL-PKG-001"),
    ("no archive to import", ("import", "{tmp}/none"), "JL-PKG-001"),
    ("a text for an archive", ("import", "{tmp}/there"), "JL-PKG-001"),
    ("a folder for an archive", ("import", "{tmp}"), "JL-PKG-001"),
    ("no archive to restore", ("restore", "{tmp}/none"), "JL-PKG-001"),
    ("a text to restore", ("restore", "{tmp}/there"), "JL-PKG-001"),
    ("no certificate", ("certificate", "verify", "{tmp}/none"), "JL-CLI-001"),
    ("a text for a certificate", ("certificate", "verify", "{tmp}/there"), "JL-CHK"),
    ("a text to show", ("certificate", "show", "{tmp}/there"), "JL-"),
    ("no password", INIT, "JL-INI-002"),
    ("another institute", (*INIT[:4], credit_code(2), *INIT[5:]), "JL-INI-001"),
    ("a bad credit code", (*INIT[:4], "12100000DEM0000010", *INIT[5:], "--slug", "other"), "JL-ORG"),
    (
        "a token for nobody",
        ("token", "create", "--tenant", "nim", "--person", "x", "--name", "n"),
        "JL-ACC-001",
    ),
]


@pytest.mark.parametrize(
    ("words", "code"), [rest for _, *rest in REFUSED], ids=[name for name, *_ in REFUSED]
)
def test_a_refusal_ends_with_2_in_both_languages_and_as_json(
    run: Run, tmp_path: Path, now: datetime, monkeypatch, words: tuple[str, ...], code: str
) -> None:
    founded(now)
    (tmp_path / "there").write_text("no archive")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    if code == "JL-INI-002":
        words = (*words[:4], credit_code(7), *words[5:], "--slug", "seven")
    filled = [word.format(tmp=tmp_path) for word in words]
    said = {}
    for language in ("zh", "en"):
        status, out, err = run(*filled, "--lang", language)
        assert (status, out) == (2, "")
        assert err.startswith(code)
        assert len(err.strip().splitlines()) == 3, "what, rule, way out"
        said[language] = err
    assert CHINESE.search(said["zh"])
    assert not re.search("[，。；：]", said["en"])
    status, out, err = run(*filled, "--json")
    error = json.loads(out)["error"]
    assert (status, err) == (2, "")
    assert error["code"].startswith(code)
    assert set(error) >= {"code", "what", "rule", "way_out", "facts"}
    assert (tmp_path / "there").read_text() == "no archive"


# --- what the commands say when they succeed ----------------------------------------------------------------------


def test_the_whole_life_of_an_installation_is_told_in_both_languages(
    run: Run, tmp_path: Path, settings, monkeypatch
) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    status, out, _ = run(*INIT, "--password-file", password, "--lang", "zh")
    assert status == 0
    assert out.splitlines()[:5] == [
        "已建立证书根（CA）", "已发布“查无此证”的公开答复", "已登记机构", "已签发机构印章证书", "已添加管理员",
    ]  # fmt: skip
    status, out, _ = run(*INIT, "--lang", "en")
    assert (status, out.splitlines()[0]) == (0, "all there, nothing changed")
    status, out, _ = run(*INIT, "--json")
    document = json.loads(out)
    assert set(document) == {
        "tenant", "administrator", "authority_fingerprint", "seal_valid_until", "steps", "static_files",
    }  # fmt: skip
    assert document["tenant"]["slug"] == "nim"
    assert document["static_files"] > 0

    for language, words in (("zh", "已导出 nim："), ("en", "nim exported: ")):
        status, out, err = run("export", "nim", tmp_path / f"{language}.tar.gz", "--lang", language)
        assert (status, err) == (0, "")
        assert out.startswith(words)
        assert "--with-keys" in out
    status, out, _ = run("export", "nim", tmp_path / "keys.tar.gz", "--with-keys", "--json")
    exported = json.loads(out)
    assert (exported["with_keys"], exported["keys"], exported["tenant"]) == (True, 1, "nim")

    for language, words in (("zh", "已备份："), ("en", "Backed up: ")):
        status, out, _ = run("backup", tmp_path / f"all-{language}.tar.gz", "--lang", language)
        assert status == 0
        assert out.startswith(words)
        assert "JIALIANG_KEY_PASSPHRASE" in out

    for language, words in (("zh", "本版本"), ("en", "of this version")):
        status, out, _ = run("upgrade", "--lang", language)
        assert (status, words in out) == (0, True)

    empty_database()
    use_folder(settings, tmp_path / "other", demo=False, secret_key="s" * 40)
    for language, words in (("zh", "可以导入（未写入）"), ("en", "can be imported, nothing written")):
        status, out, _ = run("import", tmp_path / "zh.tar.gz", "--dry-run", "--lang", language)
        assert (status, words in out) == (0, True)
        assert "jialiang init" in out
    status, out, _ = run("import", tmp_path / "keys.tar.gz", "--lang", "zh")
    assert status == 0
    assert "nim 已导入" in out
    assert "jialiang init" not in out, "the keys came along"

    empty_database()
    use_folder(settings, tmp_path / "third", demo=False, secret_key="s" * 40)
    status, out, _ = run("restore", tmp_path / "all-en.tar.gz", "--lang", "zh")
    assert (status, out.startswith("已恢复：")) == (0, True)
    status, out, _ = run("check", "--json")
    assert (status, json.loads(out)["findings"]) == (0, [])


# --- worker, serve, demo ----------------------------------------------------------------------------------------


def test_the_worker_works_until_nothing_is_due_and_says_how_many_turns(run: Run, now: datetime) -> None:
    made = founded(now)
    run("worker", "--once")
    with scope(made.tenant.pk):
        enqueue("unknown.kind", new_id(now), {}, now)
    status, out, _ = run("worker", "--once", "--json")
    assert (status, json.loads(out)) == (0, {"turns": 0})
    status, out, _ = run("worker", "--once")
    assert (status, out) == (0, "0\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_ends_with_0_at_a_signal(run: Run, monkeypatch, number: signal.Signals) -> None:
    handlers = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)}
    started = threading.Event()

    def running(self: Worker, stopped: Callable[[], bool], wait: Callable[[float], object]) -> None:
        started.set()
        assert not stopped()
        signal.raise_signal(number)
        assert stopped()

    monkeypatch.setattr(Worker, "run", running)
    try:
        assert run("worker")[0] == 0
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
    assert started.is_set()


@pytest.mark.parametrize(("language", "line"), [("zh", "服务已就绪："), ("en", "Serving on ")])
@pytest.mark.parametrize("alone", [True, False])
def test_serve_says_where_it_is_ready_and_passes_on_whether_the_front_is_alone(
    run: Run, monkeypatch, language: str, line: str, alone: bool
) -> None:
    seen: list[bool] = []

    def served(settings: Any, *, front_only: bool, ready: Callable[[str], None]) -> None:
        seen.append(front_only)
        ready("http://localhost:8000")

    monkeypatch.setattr(serve, "serve", served)
    words = ("serve", "--lang", language, *(["--front-only"] if alone else []))
    assert run(*words) == (0, "", f"{line}http://localhost:8000\n")
    assert seen == [alone]


REPORT = {
    "verdicts": [
        {"file": "certificate.xml", "verdict": "genuine", "shows": "genuine"},
        {"file": "altered.xml", "verdict": "altered", "shows": "altered"},
    ],
    "check_url": "http://localhost:8000/c/1/2?k=3",
    "seconds": 1.5,
}


@pytest.fixture
def played(monkeypatch) -> dict[str, Any]:
    """Stand for the demonstration: its own run is proved elsewhere."""
    report: dict[str, Any] = json.loads(json.dumps(REPORT))
    fake = type("Demonstration", (), {
        "run": staticmethod(lambda folder: report), "ready_to_serve": staticmethod(lambda: None),
        "sign_ins": staticmethod(lambda: iter([("yz-admin", Text("系统管理员", "administrator"))])),
        "PASSWORD": "open-sesame-please",
    })  # fmt: skip
    real = demo.importlib.import_module
    served = type("Serve", (), {"run": staticmethod(lambda arguments: 0)})
    stand_ins = {"jialiang.assembly.demonstration": fake, "jialiang.assembly.commands.serve": served}
    monkeypatch.setattr(demo.importlib, "import_module", lambda name: stand_ins.get(name) or real(name))
    monkeypatch.setattr(demo, "start_django", lambda: None)
    monkeypatch.setattr(
        demo.os, "environ", {"PATH": "/bin", "JIALIANG_SECRET_KEY": "not for the demo", "PORT": "9001"}
    )
    return report


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [("zh", "文件在 ", "主业务用时 1.5 秒"), ("en", "Files are in ", "The main job took 1.5 s")],
)
def test_the_demonstration_tells_files_verdicts_and_address(
    run: Run, played, tmp_path: Path, language: str, first: str, last: str
) -> None:
    status, out, _ = run("demo", "--once", "--out", tmp_path / "demo", "--lang", language)
    lines = out.splitlines()
    assert status == 0
    assert lines[0] == f"{first}{tmp_path / 'demo'}"
    assert [line.split() for line in lines[1:3]] == [
        ["certificate.xml", "genuine"],
        ["altered.xml", "altered"],
    ]
    assert REPORT["check_url"] in lines[3]
    assert lines[4:] == [last]


def test_a_verdict_that_is_not_as_meant_ends_the_demonstration_with_1_and_serves_nothing(
    run: Run, played, tmp_path: Path
) -> None:
    played["verdicts"][1]["verdict"] = "genuine"
    for once in (["--once"], []):
        status, out, _ = run("demo", *once, "--out", tmp_path / "demo", "--lang", "en")
        assert status == 1
        assert out.splitlines()[-1] == "The checker did not say of altered.xml what it should."
    status, out, _ = run("demo", "--once", "--out", tmp_path / "demo", "--json")
    assert (status, json.loads(out)) == (1, played)


def test_the_demonstration_begins_anew_with_its_own_settings_and_serves(
    run: Run, played, tmp_path: Path
) -> None:
    left = tmp_path / "demo" / "data" / "old"
    left.parent.mkdir(parents=True)
    left.touch()
    kept = tmp_path / "demo" / "kept.txt"
    kept.touch()
    status, out, _ = run("demo", "--out", tmp_path / "demo", "--lang", "en")
    assert status == 0
    assert not left.exists()
    assert kept.exists()
    ours = {name: text for name, text in demo.os.environ.items() if not name.startswith("PYTEST_")}
    assert ours == {
        "PATH": "/bin", "PORT": "9001", "JIALIANG_DEMO": "1", "JIALIANG_DATA_DIR": str(tmp_path / "demo" / "data"),
        "JIALIANG_PORT": "9001", "JIALIANG_NATIVE_PORT": "0", "JIALIANG_PUBLIC_URL": "http://localhost:9001",
    }  # fmt: skip
    assert "Console http://localhost:9001   sign in as:" in out
    assert out.splitlines()[-1].split() == ["yz-admin", "open-sesame-please", "administrator"]


def test_a_break_at_the_keyboard_ends_with_2_and_without_a_trace(run: Run, monkeypatch) -> None:
    def interrupted(_: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(worker, "run", interrupted)
    assert run("worker") == (2, "", "")
