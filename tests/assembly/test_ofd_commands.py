"""``jialiang ofd`` and ``dcc convert --to ofd``: status, text in both languages, JSON, files written, and refusals."""

import hashlib
import json

import pytest
from tests.conftest import absent
from tests.formats.ofd_parts import ATTACHMENTS, PAGE_PART, changed, parts, without, zipped

from jialiang.assembly.cli import main
from jialiang.assembly.ofd_text import ofd_report_text
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.ofd.reading import read_ofd
from jialiang.kernel.npm_files import npm_folder
from jialiang.kernel.text import Text


def run(capsys, *words):
    """Status, standard output and standard error of a command."""
    status = main([str(word) for word in words])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.fixture
def written(tmp_path):
    """Write an OFD made of parts and return its path."""

    def write(named, name="a.ofd"):
        (tmp_path / name).write_bytes(zipped(named))
        return tmp_path / name

    return write


# --- check --------------------------------------------------------------------------------------------------------


def test_a_sound_file_in_english(capsys, written):
    file = written(parts())
    digest = hashlib.sha256(b"x" * 1536).hexdigest()
    assert run(capsys, "ofd", "check", file, "--lang", "en") == (
        0,
        f"{file} (OFD 1.0): structure sound\n"
        "  0123456789abcdef0123456789abcdef 2026-01-02\n"
        "  1 page(s), 3 letters\n"
        f"  attachment data.xml: 1536 bytes, SHA-256 {digest}\n",
        "",
    )


def test_a_faulty_file_in_chinese(capsys, written):
    file = written(changed(PAGE_PART, 'Font="2"', 'Font="3"'))
    status, out, _ = run(capsys, "ofd", "check", file, "--lang", "zh")
    assert status == 1
    assert out.splitlines()[0] == f"{file} (OFD 1.0): 结构有误"
    assert out.splitlines()[-1] == f"  ✗ {PAGE_PART}:1  OFD-FONT-UNKNOWN  文字引用了未定义的字体 3。"
    assert "1 页，3 个字符" in out


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("helloworld", "structure sound"),
        ("AddAttachment", "structure sound"),
        ("DigitalSign", "structure sound; signed, not checked here"),
        ("SESV4SignDoc", "structure sound; signed, not checked here"),
        ("SESV4SignDoc_tampered_content", "structure sound; signed, not checked here"),
        ("SESV4SignDoc_tampered_signature", "structure sound; signed, not checked here"),
    ],
)
def test_samples_of_another_maker_are_sound_and_no_signature_is_called_valid(capsys, oracles, name, words):
    file = oracles / "china" / "ofd" / f"{name}.ofd"
    status, out, _ = run(capsys, "ofd", "check", file, "--lang", "en")
    assert status == 0
    assert out.splitlines()[0] == f"{file} (OFD 1.0): {words}"
    assert ("OFD-SIGNED" in out) is ("signed" in words)


def test_what_cannot_be_read_says_why(capsys, written, tmp_path):
    (tmp_path / "x.ofd").write_bytes(b"%PDF-1.7")
    status, out, _ = run(capsys, "ofd", "check", tmp_path / "x.ofd", "--lang", "en")
    assert status == 2
    assert out.splitlines()[0].endswith(": unreadable")
    assert "JL-OFD-001" in out
    assert run(capsys, "ofd", "check", tmp_path / "none.ofd")[0] == 2


def test_the_exit_status_is_that_of_the_worst_file(capsys, written, tmp_path):
    good, bad = written(parts()), written(without("Doc_0/Res/a.ttf"), "b.ofd")
    (tmp_path / "c.ofd").write_bytes(b"")
    assert run(capsys, "ofd", "check", good, good)[0] == 0
    assert run(capsys, "ofd", "check", bad, good)[0] == 1
    assert run(capsys, "ofd", "check", good, tmp_path / "c.ofd", bad)[0] == 2


def test_json_has_an_object_for_every_file_in_order(capsys, written, tmp_path):
    good, bad = written(parts()), written(without("Doc_0/Res/a.ttf"), "b.ofd")
    (tmp_path / "c.ofd").write_bytes(b"")
    status, out, _ = run(capsys, "ofd", "check", good, bad, tmp_path / "c.ofd", "--json")
    reports = json.loads(out)
    assert status == 2
    assert [report["file"] for report in reports] == [str(good), str(bad), str(tmp_path / "c.ofd")]
    assert [report["valid"] for report in reports] == [True, False, False]
    assert [report["signed"] for report in reports] == [False, False, None]
    assert reports[0]["documents"] == [
        {
            "info": {"DocID": "0123456789abcdef0123456789abcdef", "CreationDate": "2026-01-02"},
            "pages": [{"width": 210.0, "height": 297.0, "lines": ["测量值"]}],
            "fonts": [{"name": "A", "embedded": True}],
            "attachments": [
                {
                    "name": "data.xml",
                    "format": "xml",
                    "bytes": 1536,
                    "sha256": hashlib.sha256(b"x" * 1536).hexdigest(),
                }
            ],
            "signatures": [],
        }
    ]
    assert reports[0]["findings"] == []
    assert [finding["rule"] for finding in reports[1]["findings"]] == ["OFD-PART-MISSING"]
    assert set(reports[1]["findings"][0]) == {"rule", "severity", "line", "path", "text"}
    assert reports[2]["findings"][0]["rule"] == "JL-OFD-001"


def test_json_of_a_signed_sample_lists_its_signature(capsys, oracles):
    file = oracles / "china" / "ofd" / "SESV4SignDoc.ofd"
    (report,) = json.loads(run(capsys, "ofd", "check", file, "--json")[1])
    assert report["signed"] is True
    assert report["documents"][0]["signatures"] == [{"id": "1", "type": "Seal"}]
    assert report["documents"][0]["pages"][0]["lines"] == ["你好呀，OFD Reader&Writer！"]


def test_a_missing_attachment_has_no_size_and_no_digest(capsys, written):
    file = written(without("Doc_0/Attachs/data.xml"))
    status, out, _ = run(capsys, "ofd", "check", file, "--json")
    assert status == 1
    (attachment,) = json.loads(out)[0]["documents"][0]["attachments"]
    assert (attachment["bytes"], attachment["sha256"]) == (None, None)


@pytest.mark.parametrize(("severity", "mark"), [("error", "✗"), ("warning", "!"), ("hint", "·")])
def test_findings_have_a_mark_a_place_and_a_rule(severity, mark):
    finding = DocumentFinding("OFD-X", severity, 7, "Doc_0/a.xml#/ofd:Page", Text("甲", "A"))
    report = {
        "file": "f",
        "version": "OFD 1.0",
        "valid": True,
        "signed": False,
        "documents": [],
        "findings": [finding],
    }
    assert (
        ofd_report_text(report, 0, "en")
        == f"f (OFD 1.0): structure sound\n  {mark} Doc_0/a.xml:7  OFD-X  A\n"
    )
    assert ofd_report_text(report, 0, "zh").endswith(f"  {mark} Doc_0/a.xml:7  OFD-X  甲\n")


# --- extract ------------------------------------------------------------------------------------------------------


def test_attachments_and_texts_are_written_as_they_are(capsys, written, tmp_path):
    out = tmp_path / "new" / "folder"
    status, said, _ = run(capsys, "ofd", "extract", written(parts()), "--out", out)
    assert status == 0
    assert (out / "data.xml").read_bytes() == b"x" * 1536
    assert (out / "pages.txt").read_text(encoding="utf-8") == "测量值"
    digests = [hashlib.sha256((out / name).read_bytes()).hexdigest() for name in ("pages.txt", "data.xml")]
    assert said == "".join(
        f"{d}  {out / n}\n" for d, n in zip(digests, ("pages.txt", "data.xml"), strict=True)
    )


def test_json_says_what_was_written(capsys, written, tmp_path):
    file = written(parts())
    status, out, _ = run(capsys, "ofd", "extract", file, "--out", tmp_path / "o", "--json")
    said = json.loads(out)
    assert (status, said["file"], said["out"]) == (0, str(file), str(tmp_path / "o"))
    assert [(each["file"], each["bytes"]) for each in said["written"]] == [
        ("pages.txt", 9),
        ("data.xml", 1536),
    ]


def test_the_picture_of_the_sample_comes_out_unchanged(capsys, oracles, tmp_path):
    file = oracles / "china" / "ofd" / "AddAttachment.ofd"
    assert run(capsys, "ofd", "extract", file, "--out", tmp_path)[0] == 0
    assert (tmp_path / "Gao.jpg").read_bytes() == read_ofd(file.read_bytes()).parts["Doc_0/Res/eg_tulip.jpg"]


def test_no_file_is_written_over(capsys, written, tmp_path):
    file, out = written(parts()), tmp_path / "o"
    out.mkdir()
    (out / "data.xml").write_bytes(b"mine")
    status, _, error = run(capsys, "ofd", "extract", file, "--out", out, "--lang", "en")
    assert status == 2
    assert "JL-CLI-007" in error
    assert (out / "data.xml").read_bytes() == b"mine"


def test_a_folder_that_cannot_be_made_is_told(capsys, written, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    status, _, error = run(capsys, "ofd", "extract", written(parts()), "--out", tmp_path / "file" / "x")
    assert status == 2
    assert "JL-CLI-007" in error


def test_hostile_names_stay_in_the_folder(capsys, written, tmp_path):
    named = parts() | {
        "Doc_0/Attachments.xml": ATTACHMENTS.replace('Name="data.xml"', 'Name="../../evil.sh"')
    }
    out = tmp_path / "deep" / "out"
    assert run(capsys, "ofd", "extract", written(named), "--out", out)[0] == 0
    assert sorted(each.name for each in out.iterdir()) == ["_.._evil.sh", "pages.txt"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.ofd", "deep"]


def test_a_missing_attachment_gives_status_one(capsys, written, tmp_path):
    file = written(without("Doc_0/Attachs/data.xml"))
    assert run(capsys, "ofd", "extract", file, "--out", tmp_path / "o")[0] == 1
    assert [each.name for each in (tmp_path / "o").iterdir()] == ["pages.txt"]


def test_what_cannot_be_read_is_not_taken_out(capsys, tmp_path):
    (tmp_path / "x.ofd").write_bytes(b"PK\x03\x04")
    status, out, _ = run(capsys, "ofd", "extract", tmp_path / "x.ofd", "--out", tmp_path / "o", "--json")
    assert status == 2
    assert json.loads(out)["error"]["code"] == "JL-OFD-001"
    assert not (tmp_path / "o").exists()


# --- convert ------------------------------------------------------------------------------------------------------


def test_a_certificate_becomes_an_ofd_and_comes_out_again(capsys, oracles, tmp_path):
    source = oracles / "dcc" / "samples" / "v3.3.0_gp_temperature_valid.xml"
    out = tmp_path / "c.ofd"
    status, said, _ = run(
        capsys, "dcc", "convert", source, "--to", "ofd", "--lang", "zh", "-o", out, "--json"
    )
    assert status == 0
    assert json.loads(said)["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert run(capsys, "ofd", "check", out)[0] == 0
    assert run(capsys, "ofd", "extract", out, "--out", tmp_path / "o")[0] == 0
    assert (tmp_path / "o" / "certificate.xml").read_bytes() == source.read_bytes()


def test_lossless_json_becomes_an_ofd_too(capsys, oracles, tmp_path):
    source = oracles / "dcc" / "samples" / "v3.0.0_mass_singleweight.xml"
    there, out = tmp_path / "c.json", tmp_path / "c.ofd"
    assert run(capsys, "dcc", "convert", source, "--to", "json", "-o", there)[0] == 0
    assert run(capsys, "dcc", "convert", there, "--to", "ofd", "--lang", "en", "-o", out)[0] == 0
    assert "0.999997191" in read_ofd(out.read_bytes()).documents[0].text


def test_fonts_of_another_folder_are_taken(capsys, oracles, tmp_path, monkeypatch):
    fonts = npm_folder() / "@expo-google-fonts" / "inter" / "400Regular" / "Inter_400Regular.ttf"
    if not fonts.is_file():
        absent("fonts", "run npm ci")
    monkeypatch.setattr("jialiang.formats.conversion.converters.npm_folder", lambda: tmp_path)
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / fonts.name).symlink_to(fonts)
    source, out = oracles / "dcc" / "samples" / "v3.0.0_mass_singleweight.xml", tmp_path / "c.ofd"
    names = []
    for folder in (None, tmp_path / "fonts"):
        if folder is not None:
            monkeypatch.setenv("JIALIANG_FONT_DIR", str(folder))
        assert run(capsys, "dcc", "convert", source, "--to", "ofd", "--lang", "en", "-o", out)[0] == 0
        names.append([font.name for font in read_ofd(out.read_bytes()).documents[0].fonts if font.part])
    assert names == [[], ["Inter-Regular"]]
