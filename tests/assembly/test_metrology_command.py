"""``jialiang metrology`` needs no installation and no Django; wrong input ends with 2 and words."""

import io
import json
import subprocess
import sys

import pytest

from jialiang.assembly.cli import main


class Typed:
    """Standard input with bytes behind it."""

    def __init__(self, text: str) -> None:
        self.buffer = io.BytesIO(text.encode())


def test_standard_input_and_a_file_give_the_same(tmp_path, monkeypatch, capsys):
    text = '{"x": 10.012, "x_ref": "10.000", "U": 0.010, "U_ref": 0.006, "k": 2}'
    (tmp_path / "scores.json").write_text(text, encoding="utf-8")
    assert main(["metrology", "scores", str(tmp_path / "scores.json"), "--json"]) == 0
    from_file = json.loads(capsys.readouterr().out)
    monkeypatch.setattr(sys, "stdin", Typed(text))
    assert main(["metrology", "scores", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == from_file
    assert from_file["en"] == pytest.approx(1.028991510855092, rel=1e-12)


def test_text_for_people_has_one_line_a_member(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Typed('{"rule": "simple", "mpe": 1, "error": "1.0"}'))
    assert main(["metrology", "decision", "-"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["statement: pass", "probability: null"]


def test_a_fail_is_an_answer_and_no_failure_of_the_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Typed('{"rule": "simple", "mpe": 1, "error": 2}'))
    assert main(["metrology", "decision", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["statement"] == "fail"


@pytest.mark.parametrize(
    ("topic", "text", "code"),
    [
        ("scores", "{}", "JL-MET-004"),
        ("scores", "[]", "JL-MET-009"),
        ("scores", "no json", "JL-MET-009"),
        ("marks", "{}", "JL-MET-007"),
        ("guardband", '{"itp": 0.9, "tur": 4, "target_pfa": 0.5}', "JL-MET-001"),
        ("decision", '{"rule": "simple", "mpe": "1,0", "error": 1}', "JL-UNC-001"),
        ("algorithm-a", '{"data": [1]}', "JL-UNC-006"),
        ("weighted-mean", '{"x": [1, 2], "u": [1, 1], "correlation": [[1, 1], [1, 1]]}', "JL-MET-003"),
    ],
)
def test_wrong_input_ends_with_two_and_the_code_of_the_error(monkeypatch, capsys, topic, text, code):
    monkeypatch.setattr(sys, "stdin", Typed(text))
    assert main(["metrology", topic, "-", "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == code
    for member in ("what", "rule", "way_out"):
        assert set(error[member]) == {"zh", "en"}


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert main(["metrology", "scores", str(tmp_path / "none.json"), "--lang", "zh"]) == 2
    assert "JL-CLI-001" in capsys.readouterr().err


def test_no_django_app_is_loaded():
    words = "import sys; from jialiang.assembly.cli import main; main(['metrology', 'repeatability', '-', '--json']);"
    check = "from django.apps import apps; assert not apps.ready; assert 'jialiang.base' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-c", words + check],
        input='{"data": [1, 2, 3]}',
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["s"] == 1.0
