"""Recomputed alike: figures are compared, words are not, and what was tampered with is found."""

from __future__ import annotations

import copy
from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.information.evaluation_tasks import PAIRS, comparison_task, task_for

from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.information import evaluation as evaluating
from jialiang.information.evaluation import evaluate
from jialiang.information.recomputation import figures_digest, figures_of, is_recomputed_alike
from jialiang.kernel.text import Text
from jialiang.science import type_b

H3_ENDS = (("21.521", "-0.171"), ("23.003", "-0.159"), ("24.513", "-0.156"), ("26.511", "-0.160"))


@pytest.fixture(scope="module")
def task():
    return comparison_task()


@pytest.fixture(scope="module")
def evaluation(task):
    return evaluate(task)


def record_of(evaluation, digest=None):
    """A record that keeps this evaluation, with its digest unless another is given."""
    kept = digest if digest is not None else sha256_hex(canonical_json(evaluation))
    return SimpleNamespace(evaluation=evaluation, evaluation_digest=kept)


def altered(evaluation, *path, to):
    """The evaluation with one member replaced."""
    other = copy.deepcopy(evaluation)
    place = other
    for key in path[:-1]:
        place = place[key]
    assert place[path[-1]] != to
    place[path[-1]] = to
    return other


def test_what_was_just_evaluated_is_recomputed_alike(task, evaluation):
    assert is_recomputed_alike(record_of(evaluation), task)


def test_a_line_is_recomputed_alike():
    columns = {"indication": [i for i, _ in H3_ENDS], "correction": [c for _, c in H3_ENDS]}
    task = task_for("thermometer_line", columns, ("22", "24"), parameters={"rows": "4"})
    assert is_recomputed_alike(record_of(evaluate(task)), task)


WORDED_OTHERWISE = [
    ("points", 0, "contributions", 0, "name"),
    ("points", 0, "contributions", -1, "name"),
    ("points", 0, "budget", "name"),
    ("points", 0, "budget", "inputs", 1, "name"),
]


@pytest.mark.parametrize("path", WORDED_OTHERWISE, ids=str)
def test_other_words_of_an_older_release_leave_the_record_alike(task, evaluation, path):
    older = altered(evaluation, *path, to={"zh": "旧名", "en": "an older name"})
    assert is_recomputed_alike(record_of(older), task)
    assert figures_digest(older) == figures_digest(evaluation)


def test_a_warning_more_or_less_leaves_the_record_alike(task, evaluation):
    older = altered(evaluation, "warnings", to=[{"zh": "旧提示", "en": "an older warning"}])
    assert is_recomputed_alike(record_of(older), task)


def test_a_release_that_words_an_influence_otherwise_finds_its_old_records_alike(
    task, evaluation, monkeypatch
):
    """The way it happens: the record is old, the software that recomputes is new."""
    real = type_b.drift

    def reworded(**members):
        return replace(real(**members), name=Text("漂移（新版措辞）", "drift, in the words of a new release"))

    monkeypatch.setattr(evaluating, "drift", reworded)
    assert canonical_json(evaluate(task)) != canonical_json(evaluation)
    assert is_recomputed_alike(record_of(evaluation), task)


FIGURES = [
    (("points", 0, "deviation"), "0.0181"),
    (("points", 0, "deviation_exact"), "0.0181"),
    (("points", 0, "expanded_uncertainty"), "0.0063"),
    (("points", 0, "expanded_uncertainty_exact"), "0.0063"),
    (("points", 0, "combined_standard_uncertainty"), "0.003"),
    (("points", 0, "coverage_factor"), "2.01"),
    (("points", 0, "coverage_probability"), "0.99"),
    (("points", 0, "conformity"), "noPass"),
    (("points", 0, "maximum_permissible_error"), "0.5"),
    (("points", 0, "reference"), "20.0131"),
    (("points", 0, "rows"), [1, 2]),
    (("points", 0, "is_extrapolated"), True),
    (("points", 0, "degrees_of_freedom"), "3.0"),
    (("points", 0, "contributions", 0, "standard_uncertainty"), "0.0001"),
    (("points", 0, "contributions", 1, "source"), "GJ-2"),
    (("points", 0, "contributions", 1, "unit"), "\\kelvin"),
    (("points", 0, "budget", "inputs", 0, "symbol"), "x"),
    (("points", 0, "monte_carlo", "seed"), 1),
    (("points", 0, "monte_carlo", "draws"), 10_000),
    (("points", 0, "monte_carlo", "simulated_low"), "0.0"),
    (("points", 0, "monte_carlo", "agrees"), False),
    (("inputs", "standard", "expanded_uncertainty"), "0.0006"),
    (("inputs", "standard", "certificate_number"), "GJ-2"),
    (("inputs", "displayed_resolution"), "0.01"),
    (("inputs", "decision_rule"), "none"),
    (("inputs", "parameters", "repeats"), "4"),
    (("readings_digest",), "0" * 64),
    (("unit",), "\\kelvin"),
    (("procedure",), "mass_comparison"),
]


@pytest.mark.parametrize(("path", "other"), FIGURES, ids=lambda given: str(given)[:60])
def test_another_figure_is_found_even_where_the_digest_was_made_to_fit(task, evaluation, path, other):
    tampered = altered(evaluation, *path, to=other)
    assert figures_digest(tampered) != figures_digest(evaluation)
    assert not is_recomputed_alike(record_of(tampered), task)


@pytest.mark.parametrize("path", WORDED_OTHERWISE[:1], ids=str)
def test_words_that_were_changed_under_a_kept_digest_are_found(task, evaluation, path):
    """Words are no figures, but the stored evaluation is guarded whole by its own digest."""
    tampered = altered(evaluation, *path, to={"zh": "改", "en": "changed"})
    assert not is_recomputed_alike(record_of(tampered, record_of(evaluation).evaluation_digest), task)


@pytest.mark.parametrize("kept", [None, {}])
def test_a_record_without_evaluation_is_not_recomputed_alike(task, kept):
    assert not is_recomputed_alike(record_of(kept), task)


def test_a_changed_reading_is_found(task, evaluation):
    pairs = [("20.013", "20.032"), *PAIRS[1:]]
    columns = {"standard": [s for s, _ in pairs], "indication": [i for _, i in pairs]}
    assert not is_recomputed_alike(record_of(evaluation), task_for("repeated_comparison", columns, ("20",)))


@pytest.mark.parametrize(
    "members",
    [
        {"displayed_resolution": "0.01"},
        {"maximum_permissible_error": "0.010"},
        {"decision_rule": "simple_acceptance"},
        {"points": ("20.0",)},
        {"unit": "\\kelvin"},
    ],
    ids=str,
)
def test_an_input_that_is_another_by_now_is_found(task, evaluation, members):
    assert not is_recomputed_alike(record_of(evaluation), replace(task, **members))


def test_a_task_that_cannot_be_evaluated_any_more_is_an_answer_and_no_error(task, evaluation):
    """The unit of the instrument was changed to one of another quantity after the record was submitted."""
    assert not is_recomputed_alike(record_of(evaluation), replace(task, unit="\\gram"))


@pytest.mark.parametrize(
    ("member", "other", "alike"),
    [
        ("simulated_low", "0.0117", True),
        ("simulated_high", "0.0243", True),
        ("d_low", "0.0001", True),
        ("d_high", "0.0001", True),
        ("draws", 10_000, False),
        ("seed", 7, False),
        ("propagated_low", "0.0117", False),
        ("delta", "0.5", False),
    ],
)
def test_draws_of_another_engine_are_not_compared_but_all_that_was_computed_is(
    task, evaluation, member, other, alike
):
    by_an_older_engine = altered(
        evaluation, "points", 0, "monte_carlo", "engine", to="jialiang.science/1 numpy/1.0"
    )
    stored = altered(by_an_older_engine, "points", 0, "monte_carlo", member, to=other)
    assert is_recomputed_alike(record_of(stored), task) is alike


def test_figures_keep_everything_but_words_and_do_not_touch_what_they_are_given(evaluation):
    before = copy.deepcopy(evaluation)
    figures = figures_of(evaluation)
    assert evaluation == before
    assert set(evaluation) - set(figures) == {"warnings"}
    (point,), (shown,) = evaluation["points"], figures["points"]
    assert set(point) == set(shown)
    assert set(point["contributions"][0]) - set(shown["contributions"][0]) == {"name"}
    assert set(point["budget"]) - set(shown["budget"]) == {"name"}
    without_draws = figures_of(evaluation, drawn=False)["points"][0]["monte_carlo"]
    assert set(without_draws) == {
        "interval_kind",
        "propagated_low",
        "propagated_high",
        "delta",
        "draws",
        "seed",
    }
