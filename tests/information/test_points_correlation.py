"""Results at different points hang together by what they share: by hand, by limits, and in the certificate's note."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.functions.record_world import H3
from tests.information.budget_templates.test_shipped_templates import in_use, line_task
from tests.information.evaluation_tasks import CELSIUS, task_for

from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.information.certificate_results import result_table
from jialiang.information.evaluation import evaluate
from jialiang.information.points_correlation import correlated_points
from jialiang.science.calibration_line import CorrectionReading, LineCalibration, fitted_line


def two_points(document=None):
    """Two points of a comparison: u_A = 0.001/√3 and 0.002/√3, U = 0.006 with k = 2, drift ± 0.002."""
    columns = {
        "standard": ["20.000"] * 3 + ["30.000"] * 3,
        "indication": ["20.018", "20.019", "20.017", "30.014", "30.018", "30.016"],
    }
    task = task_for("repeated_comparison", columns, ("20", "30"))
    template = in_use("repeated_comparison")
    if document is not None:
        template = replace(template, document=document)
    return evaluate(replace(task, templates=(template,)))


def test_two_points_share_the_standard_and_its_drift():
    """r = (0.003² + 0.002²/3) / (u1 u2), with u1, u2 of the two points."""
    evaluation = two_points()
    shared = 0.003**2 + 0.002**2 / 3
    own = [shared + s**2 / 3 + 0.0005**2 / 3 for s in (0.001, 0.002)]
    (pair,) = correlated_points(evaluation)
    assert (pair.first, pair.second) == ("20", "30")
    assert pair.coefficient == pytest.approx(shared / (own[0] * own[1]) ** 0.5, rel=1e-9)


def test_what_the_budget_calls_common_counts_and_what_it_does_not_call_so_does_not():
    document = shipped_template("repeated_comparison")
    for item in document["inputs"]:
        item["common_to_points"] = item["name"] == "delta_resolution"
    (pair,) = correlated_points(two_points(document))
    own = [0.003**2 + 0.002**2 / 3 + s**2 / 3 + 0.0005**2 / 3 for s in (0.001, 0.002)]
    assert pair.coefficient == pytest.approx(0.0005**2 / 3 / (own[0] * own[1]) ** 0.5, rel=1e-9)


def test_points_on_one_line_share_its_covariance():
    """cov = u²(y1) + (c1 + c2) u(y1, y2) + c1 c2 u²(y2) + u²(standard) + u²(drift), GUM H.3."""
    evaluation = evaluate(replace(line_task(), templates=(in_use("thermometer_line"),)))
    readings = tuple(CorrectionReading(t, b) for t, b in H3)
    line = fitted_line(LineCalibration(readings, "20", CELSIUS, CELSIUS))
    u1, u2 = line.intercept_standard_uncertainty, line.slope_standard_uncertainty
    uncertainties = {p["point"]: float(p["combined_standard_uncertainty"]) for p in evaluation["points"]}
    found = {(pair.first, pair.second): pair.coefficient for pair in correlated_points(evaluation)}
    assert set(found) == {("22", "24"), ("22", "26"), ("24", "26")}
    for (first, second), coefficient in found.items():
        c1, c2 = float(first) - 20, float(second) - 20
        covariance = u1**2 + (c1 + c2) * line.covariance + c1 * c2 * u2**2
        covariance += 0.003**2 + 0.002**2 / 3
        expected = covariance / (uncertainties[first] * uncertainties[second])
        assert coefficient == pytest.approx(expected, rel=1e-9)
        assert 0 < coefficient < 1


def test_points_without_a_budget_have_no_word_of_it():
    assert correlated_points(evaluate(line_task())) == ()
    assert correlated_points({}) == ()


def without_a_matrix(evaluation):
    """The same record with a U that does not follow from k: then only the note can say it."""
    first, *others = evaluation["points"]
    return evaluation | {"points": [first | {"expanded_uncertainty_exact": "1.0"}, *others]}


def test_the_certificate_says_how_its_results_are_correlated():
    evaluation = evaluate(replace(line_task(), templates=(in_use("thermometer_line"),)), validated=False)
    note = result_table(without_a_matrix(evaluation), (), ()).note
    listed = ", ".join(f"r({p.first}, {p.second}) = {p.coefficient:.2f}" for p in correlated_points(evaluation))
    assert note.en.endswith(f"their correlation coefficients: {listed}.")
    assert note.zh.endswith(f"相关：{listed}。")
    assert note.en.startswith("Correction = temperature − indication")


def test_many_points_are_summed_up_in_the_note():
    points = tuple(str(22 + k / 2) for k in range(8))
    columns = {"indication": [i for i, _ in H3], "correction": [c for _, c in H3]}
    task = task_for("thermometer_line", columns, points, parameters={"rows": "11"})
    evaluation = evaluate(replace(task, templates=(in_use("thermometer_line"),)), validated=False)
    found = sorted(pair.coefficient for pair in correlated_points(evaluation))
    assert len(found) == 28
    note = result_table(without_a_matrix(evaluation), (), ()).note
    assert f"between {found[0]:.2f} and {found[-1]:.2f}" in note.en


def test_the_note_of_a_record_without_budget_is_what_it_was():
    evaluation = evaluate(line_task(), validated=False)
    assert "correlation" not in result_table(evaluation, (), ()).note.en
