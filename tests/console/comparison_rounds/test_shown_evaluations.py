"""What a page shows of an evaluation: rounded by U, a verdict by shape and word, and nothing that would run."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.utils import translation
from lxml import etree

from jialiang.base.comparison_rounds.errors import RoundStateForbids
from jialiang.console.comparison_rounds.reporting import NAMES, VERDICTS, shown_evaluation
from jialiang.information.comparison_report import COLUMNS, report_of, report_table
from tests.information.comparison_rows import evaluated

HOSTILE = "<script>alert(1)</script>\"'&"
SIGMA = "standard_deviation_for_assessment"
THREE = [("10", "2"), ("12", "2"), ("20", "4")]


def row_of(monkeypatch, *given, state="evaluated", **changes):
    row, document, digest = evaluated(monkeypatch, *given, **changes)
    row.state, row.evaluation, row.evaluation_digest = state, document, digest
    return row


def shown(monkeypatch, *given, language="en", **changes):
    with translation.override(language):
        found = shown_evaluation(row_of(monkeypatch, *given, **changes))
    assert found is not None
    return found


def first(found):
    return found["artefacts"][0]


@pytest.mark.parametrize("state", ["open", "measuring", "cancelled"])
def test_nothing_is_shown_before_the_evaluation_counts(monkeypatch, state):
    row = row_of(monkeypatch, THREE, state=state)
    assert shown_evaluation(row) is None
    for reading in (report_of, report_table):
        with pytest.raises(RoundStateForbids):
            reading(row)


@pytest.mark.parametrize("state", ["evaluated", "reported"])
def test_an_evaluated_round_is_shown_and_told(monkeypatch, state):
    row = row_of(monkeypatch, THREE, state=state)
    assert shown_evaluation(row) is not None
    assert report_of(row)["state"] == state


# value, U → what is printed: U to two digits, the value to its place
ROUNDED = [
    ("10.01234", "0.0123", "10.012", "0.012"),
    ("10.01250", "0.0996", "10.01", "0.10"),
    ("-0.00049", "0.12", "0.00", "0.12"),
    ("1234.5", "56.7", "1234", "57"),
    ("10", "2", "10.0", "2.0"),
]


@pytest.mark.parametrize(("value", "expanded", "printed", "printed_u"), ROUNDED)
def test_the_value_of_a_reference_laboratory_is_rounded_to_the_place_of_its_u(
    monkeypatch, value, expanded, printed, printed_u
):
    found = first(shown(monkeypatch, [("10", "2")], "reference", reference=(value, expanded, "2")))
    assert found["value"].lstrip("-").replace(" ", "") == printed.lstrip("-") or found["value"] == printed
    assert found["expanded_uncertainty"] == printed_u
    assert found["coverage_factor"] == "2"


def test_scores_have_two_places_a_shape_and_a_word_in_both_languages(monkeypatch):
    given = [("10.5", "2"), ("12.5", "2"), ("15", "4")]
    with_sigma = {SIGMA: "1", "reference": ("10", "0.2", "2")}
    english = first(shown(monkeypatch, given, "reference", **with_sigma))
    chinese = first(shown(monkeypatch, given, "reference", language="zh-hans", **with_sigma))
    assert english["names"] == chinese["names"] == ["E_n", "ζ", "z"]
    z = [row["scores"][2] for row in english["rows"]]
    assert [each["score"] for each in z] == ["0.50", "2.50", "5.00"]
    assert [(each["kind"], each["shape"], each["word"]) for each in z] == [
        ("ok", "circle-tick", "satisfactory"), ("warn", "diamond-mark", "questionable"),
        ("stop", "octagon-cross", "unsatisfactory"),
    ]  # fmt: skip
    words = {row["scores"][2]["word"] for row in chinese["rows"]}
    assert len(words) == 3
    assert not words & {"satisfactory", "questionable", "unsatisfactory"}


def test_verdicts_differ_in_shape_not_only_in_colour():
    assert len({shape for _, shape, _ in VERDICTS.values()}) == len(VERDICTS) == 3
    assert set(NAMES) == {"en", "zeta", "z", "zprime"}


def test_the_difference_of_each_laboratory_is_rounded_to_its_u(monkeypatch):
    found = first(shown(monkeypatch, THREE))
    assert [(row["difference"], row["difference_uncertainty"]) for row in found["rows"]] == [
        ("-2.0", "1.5"), ("0.0", "1.5"), ("8.0", "3.8")
    ]  # fmt: skip
    assert (found["value"], found["expanded_uncertainty"]) == ("12.0", "1.3")
    assert (found["test"]["chi_squared"], found["test"]["is_consistent"]) == ("20.0", False)
    assert found["test"]["probability"] in {"4.54e-05", "4.54e-5"}


def test_a_laboratory_without_u_has_a_difference_as_it_is_and_no_score(monkeypatch):
    given = [("4.5",), ("4.9", "0.5"), ("5.6",)]
    found = first(shown(monkeypatch, given, "algorithm_a"))
    assert [row["difference_uncertainty"] != "" for row in found["rows"]] == [False, True, False]
    assert [[each is None for each in row["scores"]] for row in found["rows"]] == [
        [True] * 2,
        [False] * 2,
        [True] * 2,
    ]
    assert float(found["robust_standard_deviation"]) > 0


def test_a_laboratory_that_alone_makes_the_mean_is_shown_without_u_of_its_difference(monkeypatch):
    found = first(shown(monkeypatch, [("10", "0.000000002"), ("12", "2")]))
    assert found["rows"][0]["difference_uncertainty"] == ""
    assert found["rows"][0]["scores"] == [None, None]
    assert found["rows"][1]["scores"][0]["score"] == "1.00"


def test_where_all_agree_the_robust_mean_has_no_u(monkeypatch):
    found = first(shown(monkeypatch, [("5.2",)] * 3, "algorithm_a"))
    assert (found["value"], found["expanded_uncertainty"], found["coverage_factor"]) == ("5.2", "", "")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_hostile_names_reach_the_drawing_escaped(monkeypatch, language):
    second = [("10", "2"), ("12", "2"), ("19", "4")]
    names = {"quantity_zh": f"质量{HOSTILE}", "quantity_en": f"mass {HOSTILE}"}
    found = shown(monkeypatch, THREE, language=language, second=second, **names)
    for drawing in (each["drawing"] for each in found["artefacts"]):
        root = etree.fromstring(str(drawing).encode())
        assert HOSTILE in " ".join(root.itertext())
        assert not root.xpath("//*[local-name()='script']")
    assert "<script>" not in str(found)


def table(monkeypatch, *given, **changes):
    return list(csv.DictReader(io.StringIO(report_table(row_of(monkeypatch, *given, **changes)))))


def test_the_table_reads_back_to_the_digits_of_the_document(monkeypatch):
    row = row_of(monkeypatch, THREE, second=[("9", "2"), ("11", "2"), ("18", "4")], **{SIGMA: "1.50"})
    lines = list(csv.DictReader(io.StringIO(report_table(row))))
    kept = [(each, line) for each in row.evaluation["artefacts"] for line in each["rows"]]
    assert len(lines) == len(kept) == 6
    for line, (artefact, each) in zip(lines, kept, strict=True):
        assert tuple(line) == COLUMNS
        assert (line["artefact"], line["code"]) == (str(artefact["position"]), each["code"])
        for name in (
            "measured_value",
            "expanded_uncertainty",
            "coverage_factor",
            "difference",
            "difference_uncertainty",
        ):
            assert line[name] == each[name]
        for score in each["scores"]:
            assert line[score["name"]] == score["score"]
        assert line["assigned_value"] == artefact["assigned"]["value"]
        assert line["assigned_expanded_uncertainty"] == artefact["assigned"]["expanded_uncertainty"]
        assert line["unit"] == "\\milli\\gram"


def test_the_table_says_who_contributes(monkeypatch):
    lines = table(monkeypatch, THREE, "largest_consistent_subset")
    assert [line["contributes"] for line in lines] == ["yes", "yes", "no"]
    lines = table(monkeypatch, [("10", "2")], "reference", reference=("10", "1", "2"))
    assert [line["contributes"] for line in lines] == ["no"]


def test_lines_end_as_rfc_4180_says_and_the_head_stands_once(monkeypatch):
    text = report_table(row_of(monkeypatch, THREE))
    assert text.count("\r\n") == 4
    assert text.count("\n") == 4
    assert text.startswith(",".join(COLUMNS) + "\r\n")


def test_the_report_names_who_reported_it_and_when(monkeypatch):
    row = row_of(monkeypatch, THREE, state="reported")
    row.reported_at, row.reported_by_name = datetime(2026, 6, 16, 7, 47, tzinfo=UTC), "何质量"
    found = report_of(row)
    assert found["reported_at"] == "2026-06-16T07:47:00+00:00"
    assert found["reported_by_name"] == "何质量"
    assert found["name"] == {"zh": "砝码比对", "en": "Comparison of weights"}
    assert found["evaluation_digest"] == row.evaluation_digest
