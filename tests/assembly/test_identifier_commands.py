"""``jialiang identifiers register|resolve|retire|import``: on an installation, with ``--json`` and the exit status."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from tests.assembly.installation import Founded, founded, use_folder

from jialiang.assembly.cli import main
from jialiang.assembly.command_errors import FileUnreadable
from jialiang.formats.identifier_tables import TableUnfit
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, dict[str, object], str]]


@pytest.fixture(autouse=True)
def made(settings, tmp_path: Path) -> Founded:
    use_folder(settings, tmp_path / "data")
    return founded(utc_now())


@pytest.fixture
def name(settings) -> str:
    return f"{settings.JIALIANG.identifier_prefix}/WLB-7"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def running(*words: str) -> tuple[int, dict[str, object], str]:
        status = main(("identifiers", *words, "--tenant", "nim", "--json"))
        printed = capsys.readouterr()
        return status, json.loads(printed.out), printed.err

    return running


def test_a_name_is_registered_resolved_and_retired(run: Run, name: str) -> None:
    words = ("--value", "1:URL=https://example.org/7", "--value", "NAME=温度计=好", "--code", "GIAI=40123459")
    status, told, _ = run("register", name, *words)
    assert status == 0
    assert (told["handle"], told["state"], told["version"]) == (name, "active", 1)
    assert told["codes"] == [{"system": "GIAI", "code": "40123459", "primary": True}]
    status, told, _ = run("resolve", name.lower(), "--type", "NAME")
    assert status == 0
    assert [(value["index"], value["data"]["value"]) for value in told["values"]] == [(2, "温度计=好")]
    status, told, _ = run("retire", name, "--reason", "报废")
    assert (status, told["state"]) == (0, "retired")
    status, told, _ = run("resolve", name)
    assert (status, told["state"]) == (1, "retired")


def test_a_name_that_is_taken_and_words_that_make_no_sense_end_with_2(run: Run, name: str) -> None:
    assert run("register", name, "--reserved")[1]["state"] == "reserved"
    status, told, _ = run("register", name)
    assert (status, told["error"]["code"]) == (2, "JL-IDE-002")
    assert run("register", name, "--overwrite", "--value", "URL=https://x")[1]["version"] == 2
    for words, code in (
        (("--value", "URL"), "JL-CLI-012"),
        (("--value", "x:URL=y"), "JL-CLI-012"),
        (("--code", "GIAI"), "JL-CLI-013"),
        (("--code", "GTIN-13=6901234567890"), "JL-IDE-011"),
    ):
        status, told, _ = run("register", f"{name}-2", *words)
        assert (status, told["error"]["code"]) == (2, code)


def test_a_name_is_minted_by_a_rule(run: Run, name: str) -> None:
    prefix = name.partition("/")[0]
    assert run("register", prefix, "--mint", "sequence")[1]["handle"] == f"{prefix}/1"
    words = ("--mint", "template", "--pattern", "870101.{sequence:04}")
    assert run("register", prefix, *words)[1]["handle"] == f"{prefix}/870101.0001"


def test_an_unknown_name_ends_with_1_and_a_moment_is_read(run: Run, name: str) -> None:
    status, told, _ = run("resolve", name)
    assert (status, told["code"]) == (1, "JL-IDE-003")
    run("register", name)
    assert run("resolve", name, "--at", "2020-01-01")[0] == 1
    status, told, _ = run("resolve", name, "--at", "yesterday")
    assert (status, told["error"]["code"]) == (2, "JL-CLI-003")


def test_a_file_is_tried_and_then_imported(run: Run, name: str, tmp_path: Path, capsys) -> None:
    prefix = name.partition("/")[0]
    file = tmp_path / "instruments.csv"
    file.write_text(f"identifier,1:URL\n{prefix}/a,https://x\nno slash,https://y\n{prefix}/b,https://z\n")
    status, told, _ = run("import", str(file), "--dry-run")
    assert (status, told["dry_run"], told["counts"]) == (1, True, {"created": 2, "refused": 1})
    assert (told["faults"][0]["row"], told["faults"][0]["column"]) == (3, "identifier")
    assert run("resolve", f"{prefix}/a")[0] == 1
    assert run("import", str(file))[1]["counts"] == {"created": 2, "refused": 1}
    file.write_text(f"identifier\n{prefix}/a\n{prefix}/b\n")
    status, told, _ = run("import", str(file), "--mode", "delete")
    assert (status, told["counts"]) == (0, {"deleted": 2})
    assert main(("identifiers", "import", str(file), "--tenant", "nim", "--mode", "delete", "--lang", "zh")) == 0
    assert "未变 2" in capsys.readouterr().out


def test_a_file_that_is_not_there_or_no_table_ends_with_2(run: Run, tmp_path: Path) -> None:
    status, told, _ = run("import", str(tmp_path / "none.csv"))
    assert (status, told["error"]["code"]) == (2, "JL-CLI-001")
    (tmp_path / "empty.csv").write_text("")
    for file in ("empty.csv", "page.html"):
        status, told, _ = run("import", str(tmp_path / file))
        assert (status, told["error"]["code"]) == (2, "JL-IDT-001")


def test_people_read_lines_in_their_language(made: Founded, name: str, capsys) -> None:
    words = ("identifiers", "register", name, "--tenant", "nim", "--value", "URL=https://x", "--code", "OID=1.2.156")
    assert main((*words, "--lang", "zh")) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{name}  有效，第 1 版", "  1  URL  https://x", "  OID  1.2.156（主）",
    ]  # fmt: skip
    assert main(("identifiers", "resolve", name, "--tenant", "nim", "--lang", "en")) == 0
    assert "Active, version 1" in capsys.readouterr().out


def test_a_signature_is_checked_by_command(run: Run, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("register", name, "--value", "1:DUE_DATE=2027-06-15")[1]["version"] == 1
    status, told, _ = run("resolve", name, "--verify")
    assert status == 0
    found = told["signature"]
    assert (found["verdict"], found["verified"], found["findings"]) == ("holds", [1], [])
    assert [step["subject"].rpartition("/")[2] for step in found["chain"]] == ["seal.nim", "0.0"]
    assert "signature" not in run("resolve", name)[1], "it is checked where it is asked for"
    told_in = {"en": ("The signature holds", "signed and unchanged: 1"), "zh": ("签名有效", "索引：1")}
    for language, words in told_in.items():
        assert main(("identifiers", "resolve", name, "--tenant", "nim", "--verify", "--lang", language)) == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in words), shown


def test_a_signature_that_does_not_hold_ends_with_1(run: Run, name: str) -> None:
    run("register", name, "--value", "1:URL=https://example.org/7")
    status, told, _ = run("resolve", name, "--verify")
    assert (status, told["signature"]["verdict"]) == (1, "not_signed")
    assert told["signature"]["findings"][0]["en"] == "there is no signature"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ndjson"])
def test_an_export_is_imported_again_and_every_row_is_as_it_stands(
    run: Run, name: str, tmp_path: Path, ending: str
) -> None:
    for number in range(3):
        assert run("register", f"{name}-{number}", "--value", f"URL=https://example.org/{number}")[0] == 0
    assert run("register", f"{name}-later", "--reserved")[0] == 0
    file = tmp_path / f"all.{ending}"
    status, told, _ = run("export", str(file))
    assert (status, told["kind"]) == (0, ending)
    assert told["sha256"] == sha256(file.read_bytes()).hexdigest()
    for mode in ("create", "update"):
        status, report, _ = run("import", str(file), "--mode", mode, "--dry-run")
        assert (status, report["counts"]) == (0, {"unchanged": told["rows"]})
    few = tmp_path / f"few.{ending}"
    assert run("export", str(few), "--beginning", f"{name}-", "--state", "reserved")[1]["rows"] == 1


def test_an_export_replaces_no_file_and_leaves_none_behind_that_is_not_whole(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there.csv"
    there.write_bytes(b"mine")
    status, told, _ = run("export", str(there))
    assert (status, told["error"]["code"]) == (2, FileUnreadable.code)
    assert there.read_bytes() == b"mine"
    assert run("export", str(tmp_path / "x.pdf"))[1]["error"]["code"] == "JL-IDT-001"

    def broken(**_: object) -> None:
        raise TableUnfit(reason=Text("试", "a trial"))

    monkeypatch.setattr("jialiang.assembly.commands.identifiers_export.export_identifiers", broken)
    assert run("export", str(tmp_path / "new.csv"))[1]["error"]["code"] == "JL-IDT-003"
    assert [file.name for file in tmp_path.glob("*.csv")] == ["there.csv"]
