"""``jialiang uncertainty evaluate``: the documents of the oracles through the command line, and what it refuses."""

import io
import json
import os
import subprocess
import sys

import pytest

from jialiang.assembly.cli import main
from jialiang.science.sampling import ENGINE_VERSION

VECTORS = (
    "ea-4-02-s2-weight-10kg",
    "gum-h1-first-order",
    "gum-h2-simultaneous",
    "gum-h3-thermometer-line",
    "gums1-9-2-2-additive-normal",
    "gums1-9-2-4-additive-rect-unequal",
    "gums1-9-3-mass-calibration",
    "gums1-9-4-comparison-loss-x1_0.000-r_0.0",
    "gums1-9-4-comparison-loss-x1_0.010-r_0.9",
    "gums1-9-4-comparison-loss-x1_0.050-r_0.0",
    "gums1-9-4-comparison-loss-x1_0.050-r_0.9",
    "gums1-9-5-gauge-block",
    "gums2-9-3-mag-phase-x_0.001-r_0.0",
    "gums2-9-3-mag-phase-x_0.010-r_0.9",
    "nist-num-10-stefan-boltzmann",
    "nist-tn1900-e11-step-attenuator",
    "nist-tn1900-e15-complex-reflection",
    "nist-tn1900-e3-viscometer",
    "npl-ssfm6-log-rectangular",
    "quam-a1-cd-standard",
)
ONE = {"model": {"expr": {"y": "a+b"}}, "inputs": [{"name": "a", "mean": 1, "u": 3}, {"name": "b", "u": 4}]}


def answered(capsys, *words):
    """Run the command and return its status and what it printed as JSON."""
    status = main(["uncertainty", "evaluate", *map(str, words), "--json"])
    return status, json.loads(capsys.readouterr().out)


def written(tmp_path, document):
    file = tmp_path / "budget.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", VECTORS)
@pytest.mark.parametrize("method", ["lpu", "lpu2", "mc"])
def test_every_vector_is_evaluated_by_every_method(capsys, oracles, name, method):
    file = oracles / "uncertainty" / f"{name}.json"
    status, found = answered(capsys, file, "--method", method, "--draws", 20000, "--seed", 7)
    assert status == 0
    assert found["method"] == method
    assert {"outputs", "correlation", "contributions", "validation"} <= set(found)
    for output in found["outputs"].values():
        assert {"value", "u", "nu_eff", "k", "U", "interval", "shortest_interval"} <= set(output)
        low, high = output["interval"]
        assert low <= output["value"] <= high or method == "mc"
        if output["k"] is not None:
            assert output["U"] == pytest.approx(output["k"] * output["u"], rel=1e-12)


def test_h1_at_99_percent_prints_the_factor_of_the_gum(capsys, oracles):
    _, found = answered(
        capsys, oracles / "uncertainty" / "gum-h1-first-order.json", "--probability", 0.99, "--draws", 20000
    )
    output = found["outputs"]["l"]
    assert output["u"] == pytest.approx(31.663879111008633, rel=1e-9)
    assert output["nu_eff"] == pytest.approx(16.751855737627245, rel=1e-9)
    assert output["k"] == pytest.approx(2.9207816224251, rel=1e-9)
    assert output["reported"]["k"] == "2.92"
    assert [row["name"] for row in found["contributions"]["l"]][:2] == ["ls", "delta_theta"]


def test_numbers_of_the_json_are_finite_and_infinite_degrees_are_a_word(capsys, tmp_path):
    main(["uncertainty", "evaluate", str(written(tmp_path, ONE)), "--json"])
    text = capsys.readouterr().out
    found = json.loads(text, parse_constant=lambda word: pytest.fail(word))
    assert found["outputs"]["y"]["nu_eff"] == "inf"
    assert found["outputs"]["y"]["u"] == 5.0


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(capsys, tmp_path):
    file = written(tmp_path, ONE)
    words = ["uncertainty", "evaluate", str(file), "--json", "--method", "mc", "--draws", "10000", "--seed"]
    printed = []
    for seed in ("4", "4", "5"):
        main([*words, seed])
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != printed[2]
    record = json.loads(printed[0])
    assert (record["seed"], record["draws"], record["engine_version"]) == (4, 10000, ENGINE_VERSION)


def test_the_document_may_come_by_standard_input(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(ONE).encode())))
    status, found = answered(capsys, "-")
    assert (status, found["outputs"]["y"]["value"]) == (0, 1.0)


def test_words_of_the_command_line_go_before_those_of_the_document(capsys, tmp_path):
    file = written(
        tmp_path, ONE | {"settings": {"method": "mc", "draws": 10000, "seed": 3, "probability": 0.5}}
    )
    assert answered(capsys, file)[1]["simulation"]["draws"] == 10000
    changed = answered(capsys, file, "--method", "lpu", "--probability", 0.99, "--draws", "adaptive")[1]
    assert changed["outputs"]["y"]["k"] == pytest.approx(2.5758, abs=1e-4)
    assert changed["simulation"]["adaptive"] is True


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "扩展不确定度 U = 9.8"), ("en", "expanded uncertainty U = 9.8")]
)
def test_people_get_sentences_in_their_language(capsys, tmp_path, language, words):
    assert main(["uncertainty", "evaluate", str(written(tmp_path, ONE)), "--lang", language]) == 0
    printed = capsys.readouterr().out
    assert words in printed
    assert "64.00 %" in printed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "JL-BUD-001"),
        ("[" * 100_000, "JL-BUD-001"),
        ("\xff", "JL-BUD-001"),
        ("[]", "JL-UNC-013"),
        ("{}", "JL-UNC-013"),
        ('{"model": {"expr": {"y": "a +"}}, "inputs": []}', "JL-EXPR-001"),
        ('{"model": {"expr": {"y": "a"}}, "inputs": []}', "JL-EXPR-004"),
        (
            '{"model": {"expr": {"y": "a"}}, "inputs": [{"name": "a", "distribution": "gumbel"}]}',
            "JL-UNC-010",
        ),
        ('{"model": {"expr": {"y": "log(a)"}}, "inputs": [{"name": "a", "mean": -1, "u": 1}]}', "JL-UNC-017"),
        (
            '{"model": {"expr": {"y": "a+b"}}, "inputs": [{"name": "a", "u": 1, "unit": "mm"},'
            '{"name": "b", "u": 1, "unit": "s"}]}',
            "JL-EXPR-010",
        ),
    ],
)
def test_what_cannot_be_evaluated_is_an_error_with_a_code_and_status_2(capsys, tmp_path, text, code):
    file = tmp_path / "wrong.json"
    file.write_bytes(text.encode("latin-1"))
    status, found = answered(capsys, file)
    assert status == 2
    assert found["error"]["code"] == code
    assert found["error"]["way_out"]["zh"]


def test_a_missing_file_and_a_wrong_number_of_draws_are_refused(capsys, tmp_path):
    assert answered(capsys, tmp_path / "nothing.json")[1]["error"]["code"] == "JL-CLI-001"
    assert answered(capsys, written(tmp_path, ONE), "--draws", "many")[1]["error"]["code"] == "JL-BUD-003"
    assert answered(capsys, written(tmp_path, ONE), "--draws", "10")[1]["error"]["code"] == "JL-UNC-009"
    assert (
        answered(capsys, written(tmp_path, ONE), "--probability", "1.5")[1]["error"]["code"] == "JL-UNC-009"
    )


def test_wrong_words_end_with_status_2(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["uncertainty", "evaluate", "x.json", "--method", "guess"])
    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


def test_the_command_needs_no_installation(tmp_path):
    """A process of its own, without any setting of the platform."""
    known = {name: text for name, text in os.environ.items() if not name.startswith(("JIALIANG_", "DJANGO_"))}
    code = "import sys; from jialiang.assembly.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "uncertainty", "evaluate", str(written(tmp_path, ONE)), "--json"]
    ran = subprocess.run(command, env=known, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["outputs"]["y"]["u"] == 5.0


# --- other notations


@pytest.fixture
def budget(tmp_path):
    file = tmp_path / "budget.json"
    file.write_text(json.dumps(ONE), encoding="utf-8")
    return file


@pytest.mark.parametrize("notation", ["xlsx", "gtc", "json"])
def test_a_budget_goes_to_another_notation_and_back_with_the_same_result(budget, tmp_path, capsys, notation):
    there, back = tmp_path / "there", tmp_path / "back.json"
    assert main(["uncertainty", "convert", str(budget), "--to", notation, "--out", str(there)]) == 0
    assert str(there) in capsys.readouterr().out
    assert main(["uncertainty", "convert", str(there), "--to", "json", "--out", str(back), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bytes"] == back.stat().st_size
    _, told = answered(capsys, str(back))
    assert told["outputs"]["y"]["value"] == 1
    assert told["outputs"]["y"]["u"] == 5


def test_the_notation_of_a_file_may_be_said(budget, tmp_path, capsys):
    words = ["uncertainty", "convert", str(budget), "--to", "json", "--out", str(tmp_path / "x")]
    assert main([*words, "--from", "json"]) == 0
    assert main([*words, "--from", "gtc"]) == 2
    assert "JL-BEX-001" in capsys.readouterr().err
    assert main([*words, "--from", "xlsx"]) == 2


def test_a_conversion_goes_to_standard_output(budget, capfdbinary):
    assert main(["uncertainty", "convert", str(budget), "--to", "gtc"]) == 0
    assert json.loads(capfdbinary.readouterr().out)["CLASS"] == "Archive"


def test_with_json_a_conversion_has_to_be_told_its_file(budget, capsys):
    assert main(["uncertainty", "convert", str(budget), "--to", "gtc", "--json"]) == 2
    assert "JL-CLI-006" in capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_named(budget, tmp_path, capsys):
    assert main(["uncertainty", "convert", str(budget), "--to", "gtc", "--out", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err


def test_a_value_of_a_certificate_is_told_as_an_input(oracles, capsys):
    for file in sorted((oracles / "dcc").rglob("*.xml")):
        if main(["uncertainty", "input", str(file), "--quantity", "nothing", "--name", "x", "--json"]) == 2:
            told = json.loads(capsys.readouterr().out)["error"]
            if told["code"] == "JL-BEX-004" and told["way_out"]["en"] != "The certificate has: –":
                return
    pytest.fail("no certificate names its quantities")
