"""Histories and examples of the literature run through the engine; where a figure was printed, it is that figure."""

import json
import math
from datetime import date
from decimal import Decimal

import pytest
from scipy.special import ndtr
from vector_budgets import budget_of, models_of, vector

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, InputQuantity
from jialiang.science.charts.check_standard import baseline_of, check_standard_chart
from jialiang.science.coverage import coverage_factor, expand
from jialiang.science.decisions.statements import (
    Limits,
    conformance_probability,
    decide,
    guard_band_width,
    nonconformance,
)
from jialiang.science.distributions import Normal, StudentT
from jialiang.science.evaluation import EvaluationSettings, evaluate
from jialiang.science.fit import fit_straight_line
from jialiang.science.montecarlo import MonteCarloSettings, simulate
from jialiang.science.propagation import propagate
from jialiang.science.rounding import reported
from jialiang.science.type_a import pooled_deviation, repeatability
from jialiang.science.validation import validate


def metrology(oracles, name):
    return json.loads((oracles / "metrology" / f"{name}.json").read_text(encoding="utf-8"))


def table(oracles, name, skip):
    """The rows of a data file of NIST below its heading."""
    lines = (oracles / "metrology" / "nist_dataplot" / name).read_text(encoding="ascii").splitlines()[skip:]
    return [[float(cell) for cell in line.split()] for line in lines if line.strip()]


# --- straight lines ------------------------------------------------------------------------------------------

LINE_MEMBERS = {
    "slope": "slope",
    "intercept": "intercept",
    "slope_standard_uncertainty": "se_slope",
    "intercept_standard_uncertainty": "se_intercept",
    "residual_standard_deviation": "s_residual",
    "coefficient_of_determination": "r2",
}


def compare_line(line, expected):
    assert len(line.residuals) == expected["n"]
    for ours, theirs in LINE_MEMBERS.items():
        assert getattr(line, ours) == pytest.approx(expected[theirs], rel=1e-9), ours


def test_a_load_cell_of_nist_has_the_published_line(oracles):
    data = metrology(oracles, "loadcell-quadratic")
    loads, responses = zip(*table(oracles, "LOADCELL.DAT", data["skip_lines"]), strict=True)
    line = fit_straight_line(loads, responses)
    compare_line(line, data["expected"]["linear"])
    # The handbook's point: the residuals of the line are far larger than those of the right curve.
    assert line.residual_standard_deviation > 6 * data["expected"]["quadratic"]["s_residual"]


def test_five_years_of_a_standard_resistor_drift_as_published(oracles):
    data = metrology(oracles, "resistor-drift-dziuba")
    rows = table(oracles, "DZIUBA1.DAT", data["skip_lines"])
    days = [date(1900 + int(y), int(m), int(d)) for m, d, y, _ in rows]
    first = min(days)
    years = [(day - first).days / 365.25 for day in days]
    readings = [row[3] for row in rows]
    line = fit_straight_line(years, readings)
    compare_line(line, data["expected"]["linear"])
    assert (max(days) - first).days == data["expected"]["days_span"]
    assert repeatability(readings).standard_deviation == pytest.approx(data["expected"]["sd_raw"], rel=1e-9)


def test_the_drift_of_the_resistor_is_seen_in_its_chart_long_before_five_years(oracles):
    data = metrology(oracles, "resistor-drift-dziuba")
    rows = table(oracles, "DZIUBA1.DAT", data["skip_lines"])
    first_year = [row[3] for row in rows if row[2] == 80]
    days = [(date(1900 + int(y), int(m), int(d)) - date(1980, 1, 1)).days for m, d, y, _ in rows]
    chart = check_standard_chart(days, [row[3] for row in rows], baseline_of(first_year))
    assert chart.drift_is_significant
    assert chart.drift.slope * 365.25 == pytest.approx(data["expected"]["linear"]["slope"], rel=1e-9)
    assert len(chart.outside) > 100
    assert set(chart.outside).isdisjoint(chart.warned)


def test_a_line_without_scatter_to_explain_explains_it_all():
    assert fit_straight_line([0, 1, 2], [5, 5, 5]).coefficient_of_determination == 1.0
    assert fit_straight_line([0, 1, 2], [1, 2, 3]).coefficient_of_determination == 1.0
    assert fit_straight_line([0, 1, 2, 3], [1, -1, -1, 1]).coefficient_of_determination == 0.0


# --- repeated observations -----------------------------------------------------------------------------------


def test_gum_h5_grand_mean_and_between_day_scatter(oracles):
    data = vector(oracles, "gum-h5-anova-zener")
    expected = data["expected"]
    days = repeatability(data["data"]["daily_mean_V"])
    assert days.mean == pytest.approx(expected["grand_mean"]["value"], rel=1e-12)
    assert days.standard_deviation == pytest.approx(expected["s_of_daily_means"]["value"], rel=1e-9)
    between = expected["u_mean_if_between_day"]
    assert days.standard_uncertainty_of_mean == pytest.approx(between["value"], rel=1e-9)
    assert days.degrees_of_freedom == between["dof"] == 9


def test_gum_h5_ratio_of_variances_and_its_limit(oracles):
    data = vector(oracles, "gum-h5-anova-zener")
    expected, per_day = data["expected"], data["data"]["per_day"]
    within = pooled_deviation(data["data"]["daily_s_V"], [per_day - 1] * data["data"]["days"])
    days = repeatability(data["data"]["daily_mean_V"])
    ratio = per_day * days.standard_deviation**2 / within.standard_deviation**2
    assert within.degrees_of_freedom == 40
    assert ratio == pytest.approx(expected["F"]["value"], rel=1e-9)
    assert ratio > expected["F_crit_95_9_40"]["value"]


def test_check_standards_of_one_wafer_pool_as_the_handbook_says(oracles):
    data = metrology(oracles, "check-standard-resistivity-mpc62")
    rows = table(oracles, "MPC62.DAT", data["skip_lines"])
    means = repeatability([row[10] for row in rows])
    short = pooled_deviation([row[11] for row in rows], [row[12] for row in rows])
    expected = data["expected"]
    assert means.mean == pytest.approx(expected["grand_mean"], rel=1e-12)
    assert means.standard_deviation == pytest.approx(expected["level2_sd"], rel=1e-9)
    assert short.standard_deviation == pytest.approx(expected["level1_pooled_sd"], rel=1e-9)
    assert short.degrees_of_freedom == expected["level1_dof"]
    assert baseline_of([row[10] for row in rows]).limits() == pytest.approx(expected["shewhart"], rel=1e-12)


def test_jjf_1033_stability_is_judged_by_the_span_of_the_group_means(oracles):
    data = metrology(oracles, "jjf1033-repeatability-stability")["stability"]
    span = max(data["group_means"]) - min(data["group_means"])
    assert span == pytest.approx(data["stability"])
    mpe, correction = Limits.symmetric(data["MPE_abs"]), Limits.symmetric(data["U_correction"])
    found = round(span, 9)
    assert (decide(found, mpe, rule="simple").outcome == "pass") is data["ok_without_correction"]
    assert (decide(found, correction, rule="simple").outcome == "pass") is data["ok_with_correction"]


# --- decisions -----------------------------------------------------------------------------------------------


def test_guard_bands_by_test_uncertainty_ratio_are_those_of_the_table(oracles):
    """Acceptance limits A = g T of a tolerance ±T with U = T/TUR: each method is a multiple r of U."""
    for case in metrology(oracles, "guardband-factors")["cases"]:
        uncertainty = Decimal(1) / Decimal(str(case["TUR"]))
        assert float(1 - guard_band_width(uncertainty)) == pytest.approx(case["test95"], abs=1e-12)
        ratio = case["TUR"] - math.sqrt(case["TUR"] ** 2 - 1)  # root-sum-square as a multiple of U
        assert float(1 - guard_band_width(uncertainty, ratio)) == pytest.approx(case["rss"], abs=1e-12)
        managed = Decimal(str(1.04 - math.exp(0.38 * math.log(case["TUR"]) - 0.54)))
        assert float(1 - guard_band_width(uncertainty, managed)) == pytest.approx(case["dobbert_6"], abs=1e-9)


def test_published_probabilities_lie_on_the_right_side_each(oracles):
    for case in metrology(oracles, "risk-specific")["cases"]:
        limits = Limits(Decimal(str(case["TL"])), Decimal(str(case["TU"])))
        below, above = nonconformance(case["mean"], case["u"], limits)
        assert below == pytest.approx(case["p_below"], rel=1e-6)
        assert above == pytest.approx(case["p_above"], rel=1e-9)
        assert 1 - conformance_probability(case["mean"], case["u"], limits) == pytest.approx(
            case["p_nc"], abs=1e-12
        )


@pytest.mark.parametrize("tur", [1.5, 3, 4, 10])
def test_a_value_on_the_guarded_limit_is_wrongly_accepted_with_2_5_percent_at_most(tur):
    """ILAC-G8, table 1: w = U = 2 u keeps the specific risk below 2.5 % whatever the ratio."""
    limits, uncertainty = Limits.symmetric(1), 1 / tur
    edge = Decimal(1) - guard_band_width(uncertainty)
    decision = decide(
        edge, limits, rule="guarded", guard_band=uncertainty, standard_uncertainty=uncertainty / 2
    )
    assert decision.outcome == "pass"
    assert decision.specific_risk <= float(ndtr(-2)) + 1e-6 if tur >= 3 else decision.specific_risk < 0.05


# --- whole evaluations ---------------------------------------------------------------------------------------


def test_welch_satterthwaite_with_a_certainty_beside_nine_degrees_of_freedom(oracles):
    data = vector(oracles, "ws-two-components")
    (u1, u2), (nu, _) = data["inputs"]["u"], data["inputs"]["dof"]
    items = (
        InputQuantity("a", Text(), "\\one", 0.0, StudentT(u1, nu), sensitivity=1.0),
        InputQuantity("b", Text(), "\\one", 0.0, Normal(u2), sensitivity=1.0),
    )
    found = propagate(Budget("y", Text(), "\\one", items, estimate=1.0))
    assert found.degrees_of_freedom == pytest.approx(data["expected"]["nu_eff"]["value"], rel=1e-12)
    assert expand(1.0, found.degrees_of_freedom, coverage_probability=0.95).degrees_of_freedom_used == 12


def test_the_gauge_block_of_supplement_1_validates_with_the_degrees_of_freedom_of_the_gum(oracles):
    data = vector(oracles, "gums1-9-5-gauge-block")
    budget, model = budget_of(data), models_of(data)["dL"]
    law = propagate(budget, model)
    # GUM H.1.6: the degrees of freedom of the gauge block are 16 after truncation
    nu = vector(oracles, "gum-h1-first-order")["expected"]["l"]["nu_eff"]["value"]
    coverage = expand(law.combined_standard_uncertainty, nu, coverage_probability=0.99)
    draws = simulate(budget, model, MonteCarloSettings(seed=1, coverage_probability=0.99, draws=400_000))
    assert law.estimate == pytest.approx(data["expected"]["lpu"]["y"], abs=0.5)
    assert law.combined_standard_uncertainty == pytest.approx(data["expected"]["lpu"]["u"], abs=0.5)
    assert draws.standard_uncertainty == pytest.approx(data["expected"]["mcm"]["u"], abs=0.5)
    published = data["expected"]["lpu"]["interval99_published"]
    assert coverage.degrees_of_freedom_used == 16
    assert coverage.interval(law.estimate) == pytest.approx(published, abs=1)
    assert validate(law, coverage, draws, digits=2).ok
    # Without the doubt about the type B inputs, which the GUM counts in its 16, k is too small and the check says so.
    sure = expand(law.combined_standard_uncertainty, law.degrees_of_freedom, coverage_probability=0.99)
    assert not validate(law, sure, draws, digits=1).ok


def test_the_cadmium_standard_is_reported_as_quam_prints_it(oracles):
    data = vector(oracles, "quam-a1-cd-standard")
    budget, models = budget_of(data), models_of(data)
    found = evaluate(
        budget, models["c"], EvaluationSettings(convention="fixed", digits=1, rounding_rule="up")
    )
    expected = data["expected"]["c"]
    assert found.propagation.combined_standard_uncertainty == pytest.approx(
        expected["u"], abs=expected["tol_u"]
    )
    assert (found.reported.value_text, found.reported.uncertainty_text) == ("1003", "2")
    two = evaluate(budget, models["c"], EvaluationSettings(convention="fixed"))
    assert (two.reported.value_text, two.reported.uncertainty_text) == ("1002.7", "1.7")


def test_constants_of_nature_keep_their_digits(oracles):
    data = vector(oracles, "nist-num-10-stefan-boltzmann")
    found = evaluate(budget_of(data), models_of(data)["sigma"], EvaluationSettings(convention="fixed"))
    assert found.propagation.estimate == pytest.approx(data["expected"]["lpu"]["y"], rel=1e-12)
    assert found.reported.value_text == "0.00000005670372"
    assert found.reported.uncertainty_text == "0.00000000000041"


@pytest.mark.parametrize(
    ("value", "uncertainty", "value_text", "uncertainty_text"),
    [
        (100.021_47, 0.000_79, "100.02147", "0.00079"),  # GUM 7.2.2: m_S = (100,021 47 ± 0,000 79) g
        (10.057_62, 0.027, "10.058", "0.027"),  # GUM 7.2.6: 10,057 62 Ω with 27 mΩ becomes 10,058 Ω
        (28.05, 0.000_1, "28.05000", "0.00010"),
        (50.000_838, 0.000_093, "50.000838", "0.000093"),  # GUM H.1.8
    ],
)
def test_results_are_rounded_as_the_gum_does(value, uncertainty, value_text, uncertainty_text):
    found = reported(value, uncertainty)
    assert (found.value_text, found.uncertainty_text) == (value_text, uncertainty_text)


@pytest.mark.parametrize(
    ("nu", "k"),
    [
        (1, 12.71),
        (2, 4.30),
        (3, 3.18),
        (4, 2.78),
        (5, 2.57),
        (10, 2.23),
        (20, 2.09),
        (50, 2.01),
        (100, 1.984),
    ],
)
def test_factors_at_95_percent_are_those_printed_in_gum_table_g2(nu, k):
    assert round(coverage_factor(0.95, nu), 3 if nu == 100 else 2) == k
