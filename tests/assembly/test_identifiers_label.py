"""``jialiang identifiers label``: files of every kind, tables, templates of users, and what it refuses."""

import json
import os
import subprocess
import sys

import pytest
from tests.formats.labels.label_samples import GTIN, pictures, read_all, words_of

from jialiang.assembly.cli import main

BASE = "https://id.example.org"


@pytest.fixture
def label(tmp_path, capsys):
    def run(*words, out="labels.pdf", base=BASE):
        status = main(["identifiers", "label", *words, "-o", str(tmp_path / out), "--base", base])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_labels_of_identifiers_are_printed_and_read(label, tmp_path):
    status, out, _ = label("88.101.5/a", "88.101.5/压力表", f"/01/{GTIN}", "--lang", "zh")
    assert (status, "3 个标签" in out) == (0, True)
    (page,) = pictures((tmp_path / "labels.pdf").read_bytes(), tmp_path)
    assert [text for _, text in read_all(page)] == sorted(
        [f"{BASE}/88.101.5/a", f"{BASE}/88.101.5/%E5%8E%8B%E5%8A%9B%E8%A1%A8", f"{BASE}/01/{GTIN}"]
    )


def test_the_json_says_what_was_written(label, tmp_path):
    status, out, _ = label("88.1/a", "--json", "--sheet", "roll")
    told = {"file": str(tmp_path / "labels.pdf"), "labels": 1, "template": "instrument-50x30"}
    assert (status, json.loads(out)) == (0, told)


def test_what_all_labels_say_and_their_status_are_on_them(label, tmp_path):
    words = ["--template", "status-60x40", "--status", "stopped", "--name-zh", "砝码", "--due", "2027-01-31"]
    assert label("88.1/a", *words, "--organization", "云泽计量院")[0] == 0
    text = words_of((tmp_path / "labels.pdf").read_bytes(), tmp_path)
    assert all(word in text for word in ("停用", "砝码", "有效期至 2027-01-31", "云泽计量院"))


def test_labels_of_a_table_in_english(label, tmp_path):
    (tmp_path / "t.csv").write_text(
        "identifier,serial,name_en\n88.1/a,7,Weight\n88.1/b,8,Balance\n", encoding="utf-8"
    )
    assert label("--data", str(tmp_path / "t.csv"), "--words", "en")[0] == 0
    text = words_of((tmp_path / "labels.pdf").read_bytes(), tmp_path)
    assert all(word in text for word in ("Weight", "Balance", "No. 7", "No. 8"))


def test_a_template_of_the_user_is_taken_from_its_file(label, tmp_path):
    element = {
        "kind": "symbol",
        "symbol": "qr",
        "text": "{address}",
        "x": 1,
        "y": 1,
        "width": 28,
        "height": 28,
    }
    template = {"width": 30, "height": 30, "elements": [element]}
    (tmp_path / "own.json").write_text(json.dumps(template), encoding="utf-8")
    status, out, _ = label("88.1/a", "--template", str(tmp_path / "own.json"), "--sheet", "roll", "--json")
    assert (status, json.loads(out)["template"]) == (0, "own")
    (page,) = pictures((tmp_path / "labels.pdf").read_bytes(), tmp_path)
    assert read_all(page) == [("QRCode", f"{BASE}/88.1/a")]


def test_graphics_and_commands_for_label_printers(label, tmp_path):
    assert label("88.1/a", out="l.zpl")[0] == 0
    assert b"^GFA," in (tmp_path / "l.zpl").read_bytes()
    assert label("88.1/a", "--commands", "--template", "small-20x12", "--dpi", "300", out="l.zpl")[0] == 0
    assert (tmp_path / "l.zpl").read_bytes().startswith(b"^XA^CI28^PW236")


def test_two_runs_of_a_day_write_the_same_bytes(label, tmp_path):
    label("88.1/a", out="a.pdf")
    label("88.1/a", out="b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.parametrize(
    ("words", "out", "code"),
    [
        (["88.1/a"], "labels.png", "JL-LAB-011"),
        ([], "labels.pdf", "JL-LAB-008"),
        ([], "labels.zpl", "JL-LAB-008"),
        (["88.1/a", "--template", "none"], "labels.pdf", "JL-LAB-002"),
        (["88.1/a", "--template", "none.json"], "labels.pdf", "JL-CLI-001"),
        (["88.1/a", "--sheet", "letter"], "labels.pdf", "JL-LAB-004"),
        (["88.1/a", "--sheet", "a4-65"], "labels.pdf", "JL-LAB-005"),
        (["88.1/a", "--start", "99"], "labels.pdf", "JL-LAB-008"),
        (["88.1/a", "--template", "gs1-45x30"], "labels.pdf", "JL-LAB-007"),
        (["(01)09506000134353"], "labels.pdf", "JL-COD-002"),
        (["88.1/a", "--data", "none.csv"], "labels.pdf", "JL-CLI-001"),
        (["88.1/a", "--logo", "none.svg"], "labels.pdf", "JL-CLI-001"),
        (["88.1/a", "--commands", "--name-zh", "表"], "labels.zpl", "JL-LAB-006"),
        (["88.1/" + "x" * 100, "--template", "asset-70x25"], "labels.pdf", "JL-LAB-003"),
        (["88.1/a"], "none/labels.pdf", "JL-CLI-007"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_nothing_is_written(label, tmp_path, words, out, code):
    status, told, error = label(*words, out=out)
    assert (status, told) == (2, "")
    assert error.startswith(code)
    assert list(tmp_path.iterdir()) == []


def test_a_base_that_is_no_address_is_refused(label):
    assert label("88.1/a", base="id.example.org")[2].startswith("JL-LAB-007")


def test_it_needs_no_installation(tmp_path):
    program = "import sys; from jialiang.assembly.cli import main; print(main(sys.argv[1:]), 'django' in sys.modules)"
    words = ["identifiers", "label", "88.1/a", "-o", str(tmp_path / "l.pdf"), "--base", BASE]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JIALIANG_", "DJANGO_"))}
    command = [sys.executable, "-c", program, *words]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines()[-1:] == ["0 False"], ran.stderr
