"""Every uncertainty vector of the oracles through the Python interface: exact figures, draws, published figures."""

import json
import math
from decimal import Decimal

import pytest

from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document, with_settings

REL = 1e-9


def vector(oracles, name):
    return json.loads((oracles / "uncertainty" / f"{name}.json").read_text(encoding="utf-8"))


def evaluated(oracles, name, method="lpu", **settings):
    settings.setdefault("draws", 20_000 if method != "mc" else 1_000_000)
    return evaluate_document(with_settings(read_document(vector(oracles, name)), method=method, **settings))


def close(found, wanted, rel=REL):
    assert found == pytest.approx(wanted, rel=rel, abs=1e-300)


# --- exact figures of the law of propagation -----------------------------------------------------------------

FIRST_ORDER = {
    "ea-4-02-s2-weight-10kg": ("mX", ("mX", "y"), ("mX", "u")),
    "gum-h1-first-order": ("l", ("l", "y", "value"), ("l", "u_first_order", "value")),
    "gums1-9-2-2-additive-normal": ("Y", ("exact", "y"), ("exact", "u")),
    "gums1-9-2-4-additive-rect-unequal": ("Y", ("lpu", "y"), ("lpu", "u")),
    "gums1-9-3-mass-calibration": ("dm", ("lpu1", "y"), ("lpu1", "u")),
    "gums1-9-4-comparison-loss-x1_0.000-r_0.0": ("dY", ("lpu1", "y"), ("lpu1", "u")),
    "gums1-9-4-comparison-loss-x1_0.010-r_0.9": ("dY", ("lpu1", "y"), ("lpu1", "u")),
    "gums1-9-4-comparison-loss-x1_0.050-r_0.0": ("dY", ("lpu1", "y"), ("lpu1", "u")),
    "gums1-9-4-comparison-loss-x1_0.050-r_0.9": ("dY", ("lpu1", "y"), ("lpu1", "u")),
    "gums2-9-3-mag-phase-x_0.001-r_0.0": (
        "phase",
        ("lpu_first_order", "phase", "y"),
        ("lpu_first_order", "phase", "u"),
    ),
    "gums2-9-3-mag-phase-x_0.010-r_0.9": (
        "mag",
        ("lpu_first_order", "mag", "y"),
        ("lpu_first_order", "mag", "u"),
    ),
    "nist-num-10-stefan-boltzmann": ("sigma", ("lpu", "y"), ("lpu", "u")),
}


def member(data, path):
    for name in path:
        data = data[name]
    return data


@pytest.mark.parametrize("name", FIRST_ORDER)
def test_value_and_u_of_first_order_are_exact(oracles, name):
    output, value, u = FIRST_ORDER[name]
    expected = vector(oracles, name)["expected"]
    found = evaluated(oracles, name, validate=False).outputs[output]
    # a difference of numbers near 1e5 cannot be better than its terms
    assert found.value == pytest.approx(member(expected, value), rel=REL, abs=1e-11)
    close(found.standard_uncertainty, member(expected, u))


@pytest.mark.parametrize(
    "name", [name for name in FIRST_ORDER if name.startswith(("gums1-9-3", "gums1-9-4"))]
)
def test_second_order_is_exact_with_the_shift_of_the_estimate(oracles, name):
    expected = vector(oracles, name)["expected"]["lpu2"]
    (found,) = evaluated(oracles, name, "lpu2", validate=False).outputs.values()
    assert found.value == pytest.approx(expected.get("y_with_bias", expected.get("y")), rel=REL, abs=1e-11)
    close(found.standard_uncertainty, expected["u"])


def test_h1_has_its_degrees_of_freedom_and_both_rules_for_k(oracles):
    expected = vector(oracles, "gum-h1-first-order")["expected"]["l"]
    for rule, row in zip(("truncate", "real"), expected["expanded"], strict=True):
        found = evaluated(
            oracles, "gum-h1-first-order", probability=row["p"], validate=False, degrees_of_freedom_rule=rule
        ).outputs["l"]
        close(found.degrees_of_freedom, expected["nu_eff"]["value"])
        close(found.coverage_factor, row["k"])
        close(found.expanded_uncertainty, row["U"])
    assert round(found.standard_uncertainty) == expected["u_first_order"]["rounded_published"]


def test_h1_contributions_are_those_of_table_h1(oracles):
    expected = vector(oracles, "gum-h1-first-order")["expected"]["l"]["contributions"]
    (found,) = evaluated(oracles, "gum-h1-first-order", validate=False).outputs.values()
    parts = {row.input_quantity.symbol: row.contribution for row in found.propagation.contributions}
    close(abs(parts["ls"]), expected["ls"])
    close(math.hypot(parts["d_obs"], parts["d1"], parts["d2"]), expected["d"])
    close(abs(parts["delta_alpha"]), expected["delta_alpha_times_theta_bar"])
    close(abs(parts["delta_theta"]), expected["alpha_s_delta_theta"])


def test_h2_three_outputs_of_five_simultaneous_observations(oracles):
    data = vector(oracles, "gum-h2-simultaneous")
    found = evaluated(oracles, "gum-h2-simultaneous", validate=False)
    for name in "RXZ":
        expected = data["expected"][name]
        close(found.outputs[name].value, expected["y"])
        close(found.outputs[name].standard_uncertainty, expected["u"])
        close(found.outputs[name].degrees_of_freedom, expected["dof"])
        value, u = expected["published"]
        assert round(found.outputs[name].value, 3) == value
        # the GUM carries rounded inputs on: its 0.295 is 0.2956 from unrounded ones
        assert found.outputs[name].standard_uncertainty == pytest.approx(u, abs=1e-3)
    for pair, published in zip(
        ("R_X", "R_Z", "X_Z"), data["expected"]["correlation"]["published"], strict=True
    ):
        r = found.correlation[tuple(pair.split("_"))]
        close(r, data["expected"]["correlation"][pair])
        assert round(r, 3) == published


def test_h2_inputs_are_the_means_with_their_covariance(oracles):
    data = vector(oracles, "gum-h2-simultaneous")
    budget, derived = read_document(data).budget, data["derived_inputs"]
    for item, mean, u in zip(budget.inputs, derived["mean"], derived["u"], strict=True):
        close(item.estimate, mean)
        close(item.standard_uncertainty, u)
    r = {(c.first, c.second): c.coefficient for c in budget.correlations}
    close(r["V", "I"], derived["r_VI"])
    close(r["V", "phi"], derived["r_Vphi"])
    close(r["I", "phi"], derived["r_Iphi"])


def test_h2_second_approach_each_set_by_itself_agrees(oracles):
    """GUM H.2.4: R, X, Z from each set of observations, then averaged."""
    data = vector(oracles, "gum-h2-simultaneous")
    rows = data["observations"]["rows"]
    found = evaluated(oracles, "gum-h2-simultaneous", validate=False).outputs
    formulas = {
        "R": lambda v, i, phi: v * math.cos(phi) / i,
        "X": lambda v, i, phi: v * math.sin(phi) / i,
        "Z": lambda v, i, phi: v / i,
    }
    for name, formula in formulas.items():
        values = [formula(*row) for row in rows]
        mean = sum(values) / len(values)
        u = math.sqrt(sum((x - mean) ** 2 for x in values) / 4 / 5)
        assert found[name].value == pytest.approx(mean, abs=1e-3)
        assert found[name].standard_uncertainty == pytest.approx(u, abs=1e-3)


def test_h3_line_with_its_covariance_and_prediction(oracles):
    expected = vector(oracles, "gum-h3-thermometer-line")["expected"]
    found = evaluated(oracles, "gum-h3-thermometer-line", validate=False)
    for name in ("y1", "y2", "b30"):
        close(found.outputs[name].value, expected[name]["value"])
        close(found.outputs[name].standard_uncertainty, expected[name]["u"])
        close(found.outputs[name].degrees_of_freedom, expected["dof"])
        value, u = (Decimal(str(x)) for x in expected[name]["published"])
        place = u.as_tuple().exponent
        assert round(Decimal(found.outputs[name].standard_uncertainty), -place) == u
        assert float(value) == pytest.approx(found.outputs[name].value, abs=0.5 * 10**place)
    close(found.correlation["y1", "y2"], expected["r_y1_y2"]["value"])
    close(found.document.fitted.residual_standard_deviation, expected["s_residual"]["value"])
    assert found.document.fitted.degrees_of_freedom == expected["dof"]


def test_the_complex_reflection_coefficient_has_both_parts_and_their_correlation(oracles):
    expected = vector(oracles, "nist-tn1900-e15-complex-reflection")["expected"]
    for method in ("lpu", "lpu2", "mc"):
        found = evaluated(oracles, "nist-tn1900-e15-complex-reflection", method)
        for part in ("real", "imag"):
            output, wanted = found.outputs[f"Gamma.{part}"], expected[part]
            assert output.value == pytest.approx(wanted["y"], abs=wanted["tol"])
            assert output.standard_uncertainty == pytest.approx(wanted["u"], abs=wanted["tol"])
        r = expected["r_real_imag"]
        assert found.correlation["Gamma.real", "Gamma.imag"] == pytest.approx(r["value"], abs=r["tol"])


def test_quam_a1_with_an_intermediate_volume(oracles):
    expected = vector(oracles, "quam-a1-cd-standard")["expected"]["c"]
    found = evaluated(oracles, "quam-a1-cd-standard", validate=False).outputs
    close(found["c"].value, expected["y"])
    assert found["c"].standard_uncertainty == pytest.approx(expected["u"], abs=expected["tol_u"])
    assert found["c"].unit == "mg/L"
    assert found["V"].value == 100


# --- draws ---------------------------------------------------------------------------------------------------

DRAWN = {
    "gums1-9-2-2-additive-normal": ("Y", ("mcm", "tol")),
    "gums1-9-2-4-additive-rect-unequal": ("Y", ("mcm", "tol")),
    "gums1-9-3-mass-calibration": ("dm", ("mcm", "tol")),
    "gums1-9-4-comparison-loss-x1_0.000-r_0.0": ("dY", ("mcm_tol",)),
    "gums1-9-4-comparison-loss-x1_0.010-r_0.9": ("dY", ("mcm_tol",)),
    "gums1-9-4-comparison-loss-x1_0.050-r_0.0": ("dY", ("mcm_tol",)),
    "gums1-9-4-comparison-loss-x1_0.050-r_0.9": ("dY", ("mcm_tol",)),
    "gums1-9-5-gauge-block": ("dL", ("mcm", "tol")),
    "nist-tn1900-e11-step-attenuator": ("Lx", ("mcm", "tol")),
    "nist-tn1900-e3-viscometer": ("mu_m", ("mcm", "tol")),
    "npl-ssfm6-log-rectangular": ("Y", ("mcm", "tol")),
}


@pytest.mark.parametrize("name", DRAWN)
def test_draws_meet_the_reference_within_its_tolerance(oracles, name):
    output, tolerance = DRAWN[name]
    data = vector(oracles, name)
    tol = member(data["expected"], tolerance)
    reference = data.get("reference_mc") or {"y": 0.0, "u": 2.0, "intervals": []}
    found = evaluated(oracles, name, "mc", seed=20261121, draws=2_000_000).outputs[output]
    assert found.value == pytest.approx(reference["y"], abs=tol["y"])
    assert found.standard_uncertainty == pytest.approx(reference["u"], abs=tol["u"])
    for row in reference["intervals"]:
        if row["p"] == 0.95:
            assert found.interval == pytest.approx(row["probabilistically_symmetric"], abs=tol["interval"])
            assert found.shortest_interval == pytest.approx(row["shortest"], abs=tol["interval"])


@pytest.mark.parametrize("name", ["gums2-9-3-mag-phase-x_0.001-r_0.0", "gums2-9-3-mag-phase-x_0.010-r_0.9"])
def test_two_outputs_of_the_same_draws_keep_their_correlation(oracles, name):
    data = vector(oracles, name)
    tol, reference = data["expected"]["tol"], data["reference_mc"]
    found = evaluated(oracles, name, "mc", seed=3)
    for output in ("mag", "phase"):
        assert found.outputs[output].value == pytest.approx(reference[output]["y"], abs=tol[f"{output}_y"])
        assert found.outputs[output].standard_uncertainty == pytest.approx(
            reference[output]["u"], abs=tol[f"{output}_u"]
        )
    assert found.correlation["mag", "phase"] == pytest.approx(reference["r_mag_phase"], abs=0.005)


def test_the_exact_ends_of_the_logarithm_are_met(oracles):
    exact = vector(oracles, "npl-ssfm6-log-rectangular")["expected"]["exact"]
    found = evaluated(oracles, "npl-ssfm6-log-rectangular", "mc", seed=5).outputs["Y"]
    low, high = found.shortest_interval
    assert low == pytest.approx(exact["shortest95_lower"], abs=0.003)
    assert high == pytest.approx(exact["shortest95_upper"], abs=1e-4)
    assert found.value == pytest.approx(exact["y"], abs=0.001)


def test_constants_of_nature_have_the_published_intervals(oracles):
    published = vector(oracles, "nist-num-10-stefan-boltzmann")["expected"]["mcm"]
    for p, name in ((0.99, "interval99_published"), (0.68, "interval68_published")):
        found = evaluated(oracles, "nist-num-10-stefan-boltzmann", "mc", probability=p).outputs["sigma"]
        assert found.interval == pytest.approx(published[name], abs=1e-13)


# --- does the law hold? --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "method", "holds"),
    [
        ("gums1-9-2-2-additive-normal", "lpu", True),
        ("gums1-9-2-4-additive-rect-unequal", "lpu", False),
        ("gums1-9-3-mass-calibration", "lpu", False),
        ("gums1-9-3-mass-calibration", "lpu2", True),
        ("gums1-9-4-comparison-loss-x1_0.000-r_0.0", "lpu", False),
        ("npl-ssfm6-log-rectangular", "lpu", False),
    ],
)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_verdict_is_that_of_the_supplement(oracles, name, method, holds, seed):
    document = with_settings(read_document(vector(oracles, name)), method=method, seed=seed)
    (verdict,) = evaluate_document(document).validation.values()
    assert verdict.validated is holds
    assert verdict.certain is True


def test_the_differences_of_the_mass_model_are_those_of_table_6(oracles):
    expected = vector(oracles, "gums1-9-3-mass-calibration")["expected"]
    for method, name in (("lpu", "lpu1"), ("lpu2", "lpu2")):
        (verdict,) = evaluated(
            oracles, "gums1-9-3-mass-calibration", method, draws=2_000_000
        ).validation.values()
        assert verdict.delta == expected["delta"]
        assert verdict.digits == expected["ndig"]
        assert verdict.d_low == pytest.approx(expected[name]["d_low_published"], abs=0.0025)
        assert verdict.d_high == pytest.approx(expected[name]["d_high_published"], abs=0.0025)
