"""The official schemas of an operator beside our own check of the structure: agreement, disagreement, absence."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from tests.formats.dcc_samples import INVALID, SAMPLES, sample

from jialiang.assembly import second_opinion as module
from jialiang.assembly.cli import main
from jialiang.assembly.second_opinion import MOST_FILES, compiled_schema, second_opinion, with_second_opinion
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.documents.reports import check_file
from jialiang.formats.xml.parsing import parse_xml

VALID = "v3.3.0_gp_temperature_valid"
PTB = "https://ptb.de/si/v2.2.1/SI_Format.xsd"


@pytest.fixture
def schemas(oracles: Path) -> Path:
    return oracles / "dcc" / "schema"


@pytest.fixture
def as_published(oracles: Path, tmp_path: Path) -> Path:
    """A folder laid out as at the publisher's, whose schemas import by address and not by place."""
    source = oracles / "dcc" / "schema" / "dcc"
    text = (source / "v3.3.0" / "dcc.xsd").read_text(encoding="utf-8")
    assert "../dsi/v2.2.1.xsd" in text
    _lay(tmp_path / "dcc" / "v3.3.0" / "dcc.xsd",
         text.replace("../dsi/v2.2.1.xsd", PTB).replace("../xmldsig", "https://www.w3.org/xmldsig"))  # fmt: skip
    shutil.copytree(source / "qudt", tmp_path / "qudt")
    for version in ("v2.2.1", "v2.1.0"):
        dsi = (source / "dsi" / f"{version}.xsd").read_text(encoding="utf-8").replace("../qudt", "../../qudt")
        _lay(tmp_path / "si" / version / "SI_Format.xsd", dsi)
    shutil.copy(source / "xmldsig-core-schema.xsd", tmp_path / "xmldsig-core-schema.xsd")
    return tmp_path


def _lay(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def _opinion(data: bytes, folder: Path) -> tuple[str, str, str]:
    tree = parse_xml(data)
    found = second_opinion(tree, check_structure(tree), folder)
    return found.rule.removeprefix("SECOND-OPINION-"), found.severity, found.text.en


@pytest.mark.parametrize("name", SAMPLES)
def test_both_opinions_agree_on_every_sample(oracles: Path, schemas: Path, name: str) -> None:
    kind, severity, text = _opinion(sample(oracles, name), schemas)
    assert (kind, severity) == ("AGREES", "hint")
    assert ("invalid" in text) == (name == INVALID)


@pytest.mark.parametrize("name", [VALID, INVALID])
def test_what_schemas_import_by_address_is_found_in_the_folder(
    oracles: Path, as_published: Path, name: str
) -> None:
    kind, _, text = _opinion(sample(oracles, name), as_published)
    assert kind == "AGREES", text


def test_an_import_that_is_not_in_the_folder_is_not_fetched(oracles: Path, as_published: Path) -> None:
    shutil.rmtree(as_published / "si")
    kind, severity, text = _opinion(sample(oracles, VALID), as_published)
    assert (kind, severity) == ("NONE", "hint")
    assert "dcc.xsd cannot be used" in text


def test_of_two_files_of_one_name_the_one_of_the_version_is_taken(as_published: Path) -> None:
    wanted = module.PurePosixPath("/si/v2.2.1/SI_Format.xsd")
    assert module._nearest(as_published, wanted) == as_published / "si" / "v2.2.1" / "SI_Format.xsd"
    assert module._nearest(as_published, module.PurePosixPath("/si/v9.9.9/SI_Format.xsd")) is None
    assert module._nearest(as_published, module.PurePosixPath("/elsewhere/xmldsig-core-schema.xsd")) is not None


def test_a_disagreement_is_a_warning_with_the_first_word_of_the_schema(oracles: Path, tmp_path: Path) -> None:
    schema = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="https://ptb.de/dcc" version="3.3.0">'
        '<xs:element name="other" type="xs:string"/></xs:schema>'
    )
    (tmp_path / "dcc.xsd").write_text(schema, encoding="utf-8")
    kind, severity, text = _opinion(sample(oracles, VALID), tmp_path)
    assert (kind, severity) == ("DISAGREES", "warning")
    assert "No matching global declaration" in text
    tree = parse_xml(sample(oracles, VALID))
    assert second_opinion(tree, (), tmp_path).line == tree.getroot().sourceline


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("other.xsd", '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" version="3.3.0"/>', "holds no schema"),
        ("dcc.xsd", "<no", "holds no schema"),
        ("dcc.xsd", "<nothing/>", "holds no schema"),
        ("dcc.txt", "text", "holds no schema"),
    ],
)
def test_a_folder_without_the_schema_is_said(
    oracles: Path, tmp_path: Path, name: str, content: str, reason: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    kind, severity, text = _opinion(sample(oracles, VALID), tmp_path)
    assert (kind, severity) == ("NONE", "hint")
    assert reason in text
    assert "3.3.0" in text


def test_a_version_that_nobody_knows_has_no_second_opinion(oracles: Path, schemas: Path) -> None:
    data = sample(oracles, VALID).replace(b'schemaVersion="3.3.0"', b'schemaVersion="3.4.0"')
    assert _opinion(data, schemas)[0] == "NONE"


def test_schemas_of_2_1_are_there_but_cannot_be_used(schemas: Path) -> None:
    schema, why = compiled_schema(schemas, "2.1.1")
    assert schema is None
    assert "does not resolve" in why.en


def test_no_more_files_are_looked_through_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_FILES == 1000
    monkeypatch.setattr(module, "MOST_FILES", 2)
    for number in range(4):
        (tmp_path / f"{number}.xsd").write_text(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>', encoding="utf-8"
        )
    assert len(module._schemas(tmp_path)) == 2


def test_reports_count_the_opinion_and_other_documents_have_none(oracles: Path, schemas: Path) -> None:
    data = sample(oracles, VALID)
    before = check_file("a.xml", data)
    asking = [partial(with_second_opinion, folder=schemas)]
    (after,) = check_file("a.xml", data, also=asking)
    assert (after.hints, after.warnings, after.errors) == (before[0].hints + 1, before[0].warnings, before[0].errors)
    assert after.findings[:-1] == before[0].findings
    assert after.is_valid
    assert check_file("b.xml", b"<no", also=asking) == check_file("b.xml", b"<no")
    dsi = b'<si:real xmlns:si="https://ptb.de/si"><si:value>1</si:value><si:unit>\\metre</si:unit></si:real>'
    assert check_file("c.xml", dsi, also=asking) == check_file("c.xml", dsi)


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, object]]]:
    status = main(["dcc", "check", "--json", *words])
    out = capsys.readouterr().out
    return status, json.loads(out) if out.startswith("[") else []


@pytest.fixture
def file(oracles: Path) -> str:
    return str(oracles / "dcc" / "samples" / f"{VALID}.xml")


def test_the_command_asks_by_option_or_by_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, schemas: Path, file: str
) -> None:
    def rules(*words: str) -> list[str]:
        status, reports = _run(capsys, file, *words)
        assert status == 0
        found = reports[0]["findings"]
        assert isinstance(found, list)
        return [each["rule"] for each in found]

    monkeypatch.delenv("JIALIANG_SCHEMAS", raising=False)
    assert "SECOND-OPINION-AGREES" not in rules()
    assert "SECOND-OPINION-AGREES" in rules("--schemas", str(schemas))
    monkeypatch.setenv("JIALIANG_SCHEMAS", str(schemas))
    assert "SECOND-OPINION-AGREES" not in rules(), "only where it is asked for"
    assert "SECOND-OPINION-AGREES" in rules("--second-opinion")
    assert "SECOND-OPINION-AGREES" not in rules("--second-opinion", "--no-hints")


@pytest.mark.parametrize("words", [["--second-opinion"], ["--schemas", "/no/such/folder"]])
def test_without_a_folder_the_command_says_how_to_mend_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file: str, words: list[str]
) -> None:
    monkeypatch.delenv("JIALIANG_SCHEMAS", raising=False)
    assert main(["dcc", "check", file, *words]) == 2
    said = "".join(capsys.readouterr())
    assert "JL-CLI-011" in said
    assert "JIALIANG_SCHEMAS" in said


def test_no_schema_comes_with_the_product() -> None:
    package = Path(module.__file__).parent.parent
    assert list(package.rglob("*.xsd")) == []
