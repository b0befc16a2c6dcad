"""The page about running a comparison round is true: its requests, in its order, run a round to its report."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from tests.integration.api.calling import ROOT

from jialiang.information.comparison_evaluation import NEEDED
from jialiang.vocabulary.statuses import AssignedValueMethod

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "howto" / "run-a-comparison-round.md").read_text(
    encoding="utf-8"
)
DEED = re.compile(r"`POST (/api/v1/[^`]+)`\n(?:```json\n(.*?)```)?", re.DOTALL)
DEEDS = [(path, body) for path, body in DEED.findall(PAGE)]
WHO = ("quality_manager", "quality_manager", "technician", "technician", "quality_manager")
LABORATORIES = {
    "A": ("10.02", "0.02"),
    "B": ("10.03", "0.04"),
    "C": ("10.01", "0.02"),
    "D": ("10.90", "0.02"),
}


@pytest.fixture
def walked(program):
    """The round of the page with four laboratories, evaluated; and how to go on."""
    known: dict[str, str] = {}

    def post(step: int, **members):
        path, body = DEEDS[step]
        for name, value in known.items():
            path, body = path.replace(f"{{{name}}}", value), body.replace(f"{{{name}}}", value)
        given = json.loads(body) | members if body else {}
        return program(WHO[step]).post(path.removeprefix(ROOT), given)

    opened = post(0)
    assert opened.status_code == 201, opened.content
    known["round_id"] = opened.json()["id"]
    for code, (value, expanded) in LABORATORIES.items():
        enrolled = post(1, code=code)
        assert enrolled.status_code == 201, enrolled.content
        known["participant_id"] = enrolled.json()["id"]
        entered = post(2, measured_value=value, expanded_uncertainty=expanded)
        assert entered.status_code == 200, entered.content
    withdrawn = post(1, code="W", name={"zh": "退出院", "en": "Withdrawn"})
    assert withdrawn.status_code == 201
    return known, post


def test_the_page_has_the_five_deeds_in_their_order():
    assert [path.rsplit("/", 1)[1] for path, _ in DEEDS] == [
        "comparison-rounds", "participants", "results", "evaluation", "report"
    ]  # fmt: skip


def test_the_round_of_the_page_is_run_to_its_report(walked, program):
    """A, B, C agree: weights 4:1:4 give (4·10.02 + 10.03 + 4·10.01)/9 = 10.01667; D lies apart, W gave nothing."""
    known, post = walked
    evaluated = post(3).json()
    known["evaluation_digest"] = evaluated["evaluation_digest"]
    assert evaluated["state"] == "evaluated"
    seen = program("technician").get(f"/comparison-rounds/{known['round_id']}/report").json()
    (artefact,) = seen["evaluation"]["artefacts"]
    assert float(artefact["assigned"]["value"]) == pytest.approx(
        (4 * 10.02 + 10.03 + 4 * 10.01) / 9, rel=1e-12
    )
    assert [(row["code"], row["contributes"]) for row in artefact["rows"]] == [
        ("A", True), ("B", True), ("C", True), ("D", False)
    ]  # fmt: skip
    assert {score["name"] for score in artefact["rows"][0]["scores"]} == {"en", "zeta", "z"}
    reported = post(4)
    assert (reported.status_code, reported.json()["state"]) == (200, "reported")
    table = program("auditor").get(f"/comparison-rounds/{known['round_id']}/report.csv")
    lines = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [line["code"] for line in lines] == ["A", "B", "C", "D"]
    assert [line["measured_value"] for line in lines] == [value for value, _ in LABORATORIES.values()]


def test_after_the_report_nothing_changes_as_the_page_says(walked):
    known, post = walked
    known["evaluation_digest"] = post(3).json()["evaluation_digest"]
    assert post(4).status_code == 200
    for step in (1, 2, 3, 4):
        refused = post(step, **({"code": "Z"} if step == 1 else {}))
        assert refused.status_code == 409, step
        assert refused.json()["code"] == "JL-CMP-004"


def test_what_was_evaluated_anew_is_not_reported_unseen(walked):
    known, post = walked
    known["evaluation_digest"] = post(3).json()["evaluation_digest"]
    assert post(2, measured_value="10.50").status_code == 200
    assert post(4).json()["code"] == "JL-CMP-004"
    again = post(3).json()["evaluation_digest"]
    assert again != known["evaluation_digest"]
    assert post(4).json()["code"] == "JL-CMP-008"
    known["evaluation_digest"] = again
    assert post(4).status_code == 200


def test_nobody_is_enrolled_once_the_round_is_evaluated(walked):
    _, post = walked
    post(3)
    assert post(1, code="X").json()["code"] == "JL-CMP-004"


ROWS = dict(re.findall(r"\| `(\w+)` \|.*\| (\d)(?: result)? \|\n", PAGE))


@pytest.mark.parametrize("method", AssignedValueMethod)
def test_every_way_of_assigning_a_value_is_named_with_how_many_results_it_needs(method):
    assert int(ROWS[method.value]) == NEEDED[method]


def test_the_ways_of_the_page_are_all_there_are():
    assert set(ROWS) == {method.value for method in AssignedValueMethod}


BROKEN = [
    ({"unit": "furlong"}, 422, "JL-CMP-002"),
    ({"artefacts": []}, 422, "JL-CMP-001"),
    ({"assigned_by": "reference"}, 422, "JL-CMP-001"),
    ({"standard_deviation_for_assessment": "0"}, 422, "JL-CMP-002"),
    ({"standard_deviation_for_assessment": "-0.05"}, 422, "JL-CMP-002"),
    ({"name": {"zh": "", "en": ""}}, 422, "JL-CMP-001"),
]


@pytest.mark.parametrize(("changes", "status", "code"), BROKEN)
def test_a_round_that_lacks_something_is_refused_with_the_member_in_both_languages(
    program, changes, status, code
):
    body = json.loads(DEEDS[0][1]) | changes
    refused = program("quality_manager").post("/comparison-rounds", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert program("quality_manager").get("/comparison-rounds").json()["members"] == []
