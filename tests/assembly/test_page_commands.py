"""``jialiang dcc convert --to html`` and ``--to pdf``: pages for people from the command line."""

import hashlib
import json
import re

import pytest
from tests.assembly.test_document_commands import core_only
from tests.formats.pdf_content import NODE_MODULES

from jialiang.assembly.cli import main
from jialiang.assembly.document_files import page_fonts
from jialiang.formats.pdf.errors import FontsMissing
from jialiang.formats.pdf.font_files import FONT_FILES, find_font_folders
from jialiang.formats.pdf.reading import embedded_files

FOREIGN = ("v2.4.0_siliziumkugel", "v3.1.2_gp_humidity", "v3.0.0_mass_singleweight")


@pytest.fixture
def file_of(oracles):
    """The path of a sample."""
    return lambda name: oracles / "dcc" / "samples" / f"{name}.xml"


@pytest.mark.parametrize(
    ("language", "tag", "title"), [("zh", "zh-Hans", "校准证书"), ("en", "en", "Calibration certificate")]
)
@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_certificate_becomes_a_page(file_of, tmp_path, name, language, tag, title):
    out = tmp_path / "page.html"
    assert (
        main(["dcc", "convert", str(file_of(name)), "--to", "html", "--lang", language, "-o", str(out)]) == 0
    )
    page = out.read_text(encoding="utf-8")
    assert page.startswith(f'<!doctype html>\n<html lang="{tag}">')
    assert f"<h1>{title}</h1>" in page
    assert "<script" not in page


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_certificate_becomes_a_pdf_with_its_xml(capsys, file_of, tmp_path, name, language):
    out = tmp_path / "pages.pdf"
    words = [
        "dcc",
        "convert",
        str(file_of(name)),
        "--to",
        "pdf",
        "--lang",
        language,
        "-o",
        str(out),
        "--json",
    ]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    pdf = out.read_bytes()
    assert (said["bytes"], said["sha256"]) == (len(pdf), hashlib.sha256(pdf).hexdigest())
    assert embedded_files(pdf)[0].data == file_of(name).read_bytes()
    assert re.search(rb"/CreationDate\s*\(D:20\d\d", pdf)


def test_pages_go_to_standard_output_too(capsysbinary, file_of):
    assert main(["dcc", "convert", str(file_of(FOREIGN[0])), "--to", "pdf", "--lang", "en"]) == 0
    assert capsysbinary.readouterr().out.startswith(b"%PDF-")


def test_lossless_json_becomes_the_same_page_as_its_xml(capsys, file_of, tmp_path):
    source, lossless = str(file_of(FOREIGN[1])), str(tmp_path / "a.json")
    assert main(["dcc", "convert", source, "--to", "json", "-o", lossless]) == 0
    for given, out in ((source, "a.html"), (lossless, "b.html")):
        assert main(["dcc", "convert", given, "--to", "html", "--lang", "zh", "-o", str(tmp_path / out)]) == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_fonts_lie_where_the_setting_says_or_among_the_npm_files(monkeypatch, tmp_path):
    monkeypatch.delenv("JIALIANG_FONT_DIR", raising=False)
    assert page_fonts() == find_font_folders(NODE_MODULES)
    for name in FONT_FILES:
        (tmp_path / name.rpartition("/")[2]).write_bytes(b"")
    monkeypatch.setenv("JIALIANG_FONT_DIR", str(tmp_path))
    assert page_fonts() == (tmp_path,)


def test_missing_fonts_are_named(capsys, monkeypatch, file_of, tmp_path):
    monkeypatch.setenv("JIALIANG_FONT_DIR", str(tmp_path))
    with pytest.raises(FontsMissing):
        page_fonts()
    assert (
        main(
            [
                "dcc",
                "convert",
                str(file_of(FOREIGN[0])),
                "--to",
                "pdf",
                "--lang",
                "en",
                "-o",
                str(tmp_path / "x"),
            ]
        )
        == 2
    )
    assert "Inter_400Regular.ttf" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_other_notations_need_no_fonts(monkeypatch, file_of, tmp_path):
    monkeypatch.setenv("JIALIANG_FONT_DIR", str(tmp_path))
    assert main(["dcc", "convert", str(file_of(FOREIGN[0])), "--to", "html", "-o", str(tmp_path / "x")]) == 0


def test_html_is_made_where_only_the_core_is_installed(file_of, tmp_path):
    out = tmp_path / "page.html"
    assert core_only("dcc", "convert", str(file_of(FOREIGN[0])), "--to", "html", "-o", str(out))[0] == 0
    assert out.read_bytes().startswith(b"<!doctype html>")


def test_the_pdf_says_what_to_install_where_only_the_core_is(file_of, tmp_path):
    status, out, _ = core_only(
        "dcc", "convert", str(file_of(FOREIGN[0])), "--to", "pdf", "-o", str(tmp_path / "x"), "--json"
    )
    assert (status, json.loads(out)["error"]["code"]) == (2, "JL-CNV-002")
    assert "jialiang[pdf]" in out
