"""The covariance matrix of a record's results: exact from the stored digits, and what the certificate says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.functions.record_world import H3
from tests.information.budget_templates.test_shipped_templates import in_use, line_task
from tests.information.evaluation_tasks import task_for
from tests.information.test_points_correlation import two_points
from tests.information.test_points_correlation_laws import PARTS, point

from jialiang.formats.canonical import canonical_json
from jialiang.information.certificate_results import result_table
from jialiang.information.evaluation import evaluate
from jialiang.information.points_correlation import correlated_points, points_covariance
from jialiang.science.covariance import (
    correlation_text,
    exact_matrix,
    is_positive_semidefinite,
    rounded_covariance,
)


@pytest.fixture(scope="module")
def line():
    """The record of GUM H.3 at three points, by the budget of the institute."""
    return evaluate(replace(line_task(), templates=(in_use("thermometer_line"),)), validated=False)


@pytest.fixture(scope="module")
def comparison():
    return two_points()


def stated(point_, *, k="2.00", expanded=None):
    """A stored point with U = k u."""
    u = float(point_["combined_standard_uncertainty"])
    return point_ | {"coverage_factor": k, "expanded_uncertainty_exact": repr(2 * u if expanded is None else expanded)}


def determined(evaluation):
    return next(c for c in result_table(evaluation, (), ()).columns if c.expanded_uncertainties)


def test_two_points_by_hand():
    """u² = 9 + 16 and 9 + 4; they share the 3: cov = 9."""
    points = [stated(point(n, {"a": 3.0, "b": b}, common=("a",))) for n, b in (("1", 4.0), ("2", 2.0))]
    (one, both), (again, other) = points_covariance({"points": points})
    assert (both, again) == (9, 9)
    assert float(one) == pytest.approx(25)
    assert float(other) == pytest.approx(13)


@pytest.mark.parametrize(("_name", "points"), [
    ("one point", [stated(point("1", {"a": 1.0}, common=("a",)))]),
    ("none", []),
    ("a point without a budget", [stated(point("1", {"a": 1.0})), {"point": "x"}]),
    ("no uncertainty", [stated(point("1", {"a": 1.0})), stated(point("2", {"a": 0.0}))]),
    ("U from draws of another shape", [stated(point("1", {"a": 1.0})), stated(point("2", {"a": 1.0}), expanded=1.65)]),
])  # fmt: skip
def test_where_no_matrix_can_be_said(_name, points):
    assert points_covariance({"points": points}) is None


@pytest.mark.parametrize(("expanded", "is_said"), [
    (2.0, True), (2.009, True), (1.991, True), (2.02, False), (1.98, False),
])  # fmt: skip
def test_u_has_to_follow_from_k_within_its_two_decimals(expanded, is_said):
    points = [stated(point("1", {"a": 1.0})), stated(point("2", {"a": 1.0}), expanded=expanded)]
    assert (points_covariance({"points": points}) is not None) is is_said


def test_an_evaluation_without_points_has_none():
    assert points_covariance({}) is None


@given(st.lists(PARTS, min_size=2, max_size=4), st.sets(st.sampled_from("abcd")).map(tuple))
def test_r_of_the_matrix_is_that_of_the_pairs_and_the_matrix_stays_one(parts, common):
    evaluation = {"points": [stated(point(str(n), each, common=common)) for n, each in enumerate(parts)]}
    texts = rounded_covariance(points_covariance(evaluation))
    assert texts is not None
    matrix = exact_matrix(texts)
    assert is_positive_semidefinite(matrix)
    for pair in correlated_points(evaluation):
        said = correlation_text(matrix, int(pair.first), int(pair.second), 5)
        assert float(said) == pytest.approx(pair.coefficient, abs=1.1e-5)


@pytest.mark.parametrize("which", ["line", "comparison"])
def test_the_certificate_has_the_matrix_and_no_note_of_it(which, request):
    evaluation = request.getfixturevalue(which)
    column = determined(evaluation)
    size = len(evaluation["points"])
    assert [len(entries) for entries in column.covariances] == [size] * size
    note = result_table(evaluation, (), ()).note
    assert "correlation" not in note.en
    assert "相关" not in note.zh


@pytest.mark.parametrize("which", ["line", "comparison"])
def test_the_matrix_agrees_with_u_and_with_r_to_the_printed_digits(which, request):
    evaluation = request.getfixturevalue(which)
    column = determined(evaluation)
    matrix = exact_matrix(column.covariances)
    for place, row in enumerate(evaluation["points"]):
        u = float(matrix[place][place]) ** 0.5
        assert u == pytest.approx(float(row["combined_standard_uncertainty"]), rel=1e-7)
        digit = 10.0 ** -len(column.expanded_uncertainties[place].partition(".")[2])
        assert abs(u * float(column.coverage_factors[place]) - float(column.expanded_uncertainties[place])) < digit
    names = [row["point"] for row in evaluation["points"]]
    for pair in correlated_points(evaluation):
        said = correlation_text(matrix, names.index(pair.first), names.index(pair.second))
        assert said == f"{pair.coefficient:.2f}"


def test_the_stored_record_gives_the_same_digits_again(line):
    stored = json.loads(canonical_json(line))
    assert determined(stored).covariances == determined(line).covariances
    assert points_covariance(stored) == points_covariance(line)
    anew = evaluate(replace(line_task(), templates=(in_use("thermometer_line"),)), validated=False)
    assert determined(anew) == determined(line)


def test_the_digits_of_gum_h3(line):
    """Frozen: another machine, another release of a library, the same record, the same text."""
    assert determined(line).covariances == (
        ("0.000021661775", "0.0000114529951", "0.0000096608825"),
        ("0.0000114529951", "0.000019862119", "0.0000114379074"),
        ("0.0000096608825", "0.0000114379074", "0.000021631600"),
    )


def test_the_region_follows_the_smallest_degrees_of_freedom(line):
    """Three points, ν = 401 at least: k² = 3 F(0.95; 3, ν)."""
    smallest = min(float(row["degrees_of_freedom_used"]) for row in line["points"])
    assert smallest > 100
    assert determined(line).region_factor == "2.81"
    few = json.loads(json.dumps(line))
    few["points"][1]["degrees_of_freedom_used"] = "9.0"
    assert float(determined(few).region_factor) == pytest.approx((3 * 3.8625) ** 0.5, abs=0.01)
    infinite = json.loads(json.dumps(line))
    for row in infinite["points"]:
        row["degrees_of_freedom_used"] = None
    assert determined(infinite).region_factor == "2.80"  # χ²(3) = 7.8147


def test_points_that_share_nothing_need_no_matrix(comparison):
    alone = json.loads(json.dumps(comparison))
    for row in alone["points"]:
        for origin in row["origins"].values():
            origin["common"] = "false"
    assert determined(alone).covariances == ()
    assert determined(alone).region_factor == ""


def test_the_note_stays_where_no_matrix_can_be_said(comparison):
    levels = json.loads(json.dumps(comparison))
    levels["points"][0]["expanded_uncertainty_exact"] = "1"
    table = result_table(levels, (), ())
    (pair,) = correlated_points(levels)
    assert all(column.covariances == () for column in table.columns)
    assert f"r(20, 30) = {pair.coefficient:.2f}" in table.note.en
    assert "相关" in table.note.zh


def test_a_unit_without_a_square_leaves_the_note(comparison, monkeypatch):
    monkeypatch.setattr("jialiang.information.certificate_results.can_be_squared", lambda unit: False)
    table = result_table(comparison, (), ())
    assert all(column.covariances == () for column in table.columns)
    assert "correlation coefficients: r(20, 30)" in table.note.en


def test_many_points_have_one_matrix():
    points = tuple(str(22 + k / 4) for k in range(16))
    columns = {"indication": [i for i, _ in H3], "correction": [c for _, c in H3]}
    task = task_for("thermometer_line", columns, points, parameters={"rows": "11"})
    evaluation = evaluate(replace(task, templates=(in_use("thermometer_line"),)), validated=False)
    matrix = exact_matrix(determined(evaluation).covariances)
    assert len(matrix) == 16
    assert is_positive_semidefinite(matrix)
    assert all(isinstance(entry, Fraction) for row in matrix for entry in row)
