"""Figures of the literature and by hand that people bring to the topics, in the words that they use for them."""

import math

import pytest

from jialiang.science.topics.errors import MembersContradict, MemberUnreadable
from jialiang.science.topics.registry import evaluate_topic

# Five subgroups of five shaft diameters
SHAFTS = [
    [74.030, 74.002, 74.019, 73.992, 74.008],
    [73.995, 73.992, 74.001, 74.011, 74.004],
    [73.988, 74.024, 74.021, 74.005, 74.002],
    [74.002, 73.996, 73.993, 74.015, 74.009],
    [73.992, 74.007, 74.015, 73.989, 74.014],
]


@pytest.mark.parametrize("kind", ["xbar-r", "xbar_r", "XBAR", "x-bar", "x̄-R"])
def test_the_mean_and_range_chart_under_its_names(kind):
    found = evaluate_topic("chart", {"kind": kind, "data": SHAFTS})
    ranges = [max(g) - min(g) for g in SHAFTS]
    mean_range = sum(ranges) / 5
    centre = sum(map(sum, SHAFTS)) / 25
    assert found["centre"] == pytest.approx(centre, rel=1e-12)
    assert found["limits"] == pytest.approx(
        [centre - 0.577 * mean_range, centre + 0.577 * mean_range], rel=1e-6
    )
    assert found["dispersion"]["points"] == pytest.approx(ranges)
    assert found["dispersion"]["limits"] == [0, pytest.approx(2.114 * mean_range, rel=1e-3)]
    assert found["sd"] == pytest.approx(mean_range / 2.326, rel=1e-4)
    assert found["signals"] == []


@pytest.mark.parametrize("kind", ["individuals", "i", "X", "i-mr", "I_MR", "imr", "shewhart"])
def test_the_chart_of_individuals_under_its_names(kind):
    data = [9.98, 10.02, 10.01, 9.99, 10.03, 10.0]
    found = evaluate_topic("chart", {"kind": kind, "data": data})
    moving = [abs(b - a) for a, b in zip(data, data[1:], strict=False)]
    assert found["limits"][1] - found["centre"] == pytest.approx(2.6587 * sum(moving) / 5, rel=1e-4)


@pytest.mark.parametrize("kind", ["p", "", "xbar-q"])
def test_a_chart_that_nobody_draws_lists_the_others(kind):
    with pytest.raises(MemberUnreadable) as problem:
        evaluate_topic("chart", {"kind": kind, "data": [1, 2, 3]})
    assert "xbar-r" in problem.value.rule.en


@pytest.mark.parametrize(
    "limits",
    [[None, 10], {"upper": 10}, {"high": "10"}, {"TU": 10}, {"lower": None, "upper": 10}],
)
def test_a_single_limit_under_its_names(limits):
    for y, statement in (
        ("9.8", "pass"),
        ("9.81", "conditional_pass"),
        ("10.2", "conditional_fail"),
        ("10.21", "fail"),
    ):
        found = evaluate_topic("decision", {"rule": "non-binary", "limits": limits, "U": 0.2, "y": y})
        assert found["statement"] == statement


def test_one_limit_has_one_name():
    with pytest.raises(MembersContradict):
        evaluate_topic("decision", {"rule": "simple", "limits": {"low": 1, "TL": 1}, "y": 1})


@pytest.mark.parametrize(
    ("mpe", "uncertainty", "error", "statement"),
    [
        ("0.5", "0.16", "0.5", "pass"),
        ("0.5", "0.16", "-0.51", "fail"),
        (0.3, 0.1, 0.3, "pass"),
        ("0.5", "0.2", "0.3", "pass"),
        ("0.5", "0.2", "0.31", "undecided"),
        ("0.5", "0.2", "-0.69", "undecided"),
        ("0.5", "0.2", "-0.7", "fail"),
        (0.7, 0.3, 0.4, "pass"),  # 0.7 - 0.3 is 0.39999999999999997 in binary
        (0.7, 0.3, 1.0, "fail"),
    ],
)
def test_the_rule_of_jjf1094(mpe, uncertainty, error, statement):
    found = evaluate_topic("decision", {"rule": "jjf1094", "mpe": mpe, "U": uncertainty, "error": error})
    assert found["statement"] == statement
    assert 0 <= found["probability"] <= 1


def test_a_guard_band_solved_for_one_percent_at_two_to_one():
    """The factor by independent integration over the tail with a fine rectangle rule."""
    from statistics import NormalDist

    found = evaluate_topic("guardband", {"itp": 0.85, "tur": 2, "target_pfa": 0.01})
    factor = found["guard_band_factor"]
    process, measurement = NormalDist(0, 1 / NormalDist().inv_cdf(0.925)), NormalDist(0, 0.25)
    step = 1e-4
    total = 0.0
    for i in range(30_000):
        t = 1 + (i + 0.5) * step
        total += 2 * step * process.pdf(t) * (measurement.cdf(factor - t) - measurement.cdf(-factor - t))
    assert total == pytest.approx(0.01, rel=1e-6)


def test_an_interval_plan_from_evidence_to_the_legal_bound():
    found = evaluate_topic(
        "interval-variables",
        {
            **{"days": [100, 200, 300, 400], "delta": ["0.11", "0.19", "0.31", "0.40"], "u0": 0.02, "y0": 5},
            **{"low": 4, "high": 6, "confidence": 0.9, "legal_maximum": 365},
        },
    )
    assert found["interval_days"]["reliability_two_sided"] > 365
    assert (found["proposed_days"], found["held_by"]) == (365, "legal_maximum")


def test_a_round_of_five_by_consensus():
    results = {"A": 10.1, "B": 9.9, "C": 10.0, "D": 10.05, "E": 12.0}
    found = evaluate_topic(
        "comparison-round",
        {"participants": [{"code": c, "x": x, "U": 0.2} for c, x in results.items()], "sigma_pt": 0.2},
    )
    assert found["assigned"]["by"] == "algorithm-a"
    robust = evaluate_topic("algorithm-a", {"data": list(results.values())})
    assert found["assigned"]["x_ref"] == robust["robust_mean"]
    scores = {row["code"]: row for row in found["results"]}
    assert scores["E"]["verdicts"]["en"] == "unsatisfactory"
    assert scores["E"]["z"] == pytest.approx((12 - robust["robust_mean"]) / 0.2)
    assert found["summary"]["en"]["unsatisfactory"] == 1


def test_a_round_by_weighted_mean_and_by_reference():
    participants = [
        {"code": c, "x": x, "U": u} for c, x, u in (("A", 1.0, 0.1), ("B", 1.1, 0.2), ("C", 0.9, 0.2))
    ]
    mean = evaluate_topic("comparison-round", {"participants": participants, "assigned_by": "weighted-mean"})
    weights = [400, 100, 100]
    assert mean["assigned"]["x_ref"] == pytest.approx(
        sum(w * p["x"] for w, p in zip(weights, participants, strict=True)) / 600
    )
    reference = evaluate_topic("comparison-round", {"participants": participants, "x_ref": 1, "U_ref": 0.06})
    assert reference["assigned"] == {"by": "reference", "x_ref": 1, "u_ref": pytest.approx(0.03)}
    assert reference["results"][1]["zeta"] == pytest.approx(0.1 / math.hypot(0.1, 0.03))


def test_unlike_coverage_factors_are_brought_together():
    found = evaluate_topic("scores", {"x": 1.1, "U": 0.2, "k": 2, "x_ref": 1, "U_ref": 0.3, "k_ref": 3})
    assert found["zeta"] == pytest.approx(0.1 / math.hypot(0.1, 0.1))
    assert found["en"] == pytest.approx(found["zeta"] / 2)


def test_key_comparison_with_a_laboratory_that_does_not_contribute():
    members = {"x": [1.0, 1.1, 1.05, 3.0], "u": [0.1, 0.1, 0.2, 0.1], "contributing": [0, 1, 2]}
    found = evaluate_topic("key-comparison", members)
    assert found["contributing"] == [0, 1, 2]
    assert found["U"] == pytest.approx(2 * found["u"])
    assert found["degrees"][3]["U"] == pytest.approx(2 * math.hypot(0.1, found["u"]))
    assert found["degrees"][0]["U"] == pytest.approx(2 * math.sqrt(0.01 - found["u"] ** 2))
    assert found["pairs"][0][3] == {"d": pytest.approx(-2.0), "U": pytest.approx(2 * math.hypot(0.1, 0.1))}


def test_correlated_results_share_their_uncertainty():
    matrix = [[1, 0.9], [0.9, 1]]
    found = evaluate_topic("weighted-mean", {"x": [1, 1.2], "U": [0.2, 0.2], "correlation": matrix})
    assert found["mean"] == pytest.approx(1.1)
    assert found["u"] == pytest.approx(0.1 * math.sqrt(0.95))
    assert "mandel_paule" not in found


def test_drift_and_the_value_on_a_day():
    days, values = [0, 365, 730, 1095], ["10.000", "10.010", "10.021", "10.030"]
    found = evaluate_topic(
        "drift", {"days": days, "values": values, "U": [0.004] * 4, "k": 2, "at": [1095, 1460]}
    )
    assert found["rate_per_day"] == pytest.approx(0.0101 / 365, rel=0.01)
    assert found["significant"]
    now, later = found["predictions"]
    assert later["value"] - now["value"] == pytest.approx(365 * found["rate_per_day"])
    assert later["u"] > now["u"]
    assert later["U95"] == pytest.approx(4.3027 * later["u"], rel=1e-4)
    carried = evaluate_topic(
        "value-on-day",
        {
            "value": 10.030,
            "U": 0.004,
            "days": 365,
            "rate_per_day": found["rate_per_day"],
            "u_rate": found["u_rate"],
        },
    )
    assert carried["value"] == pytest.approx(10.030 + 365 * found["rate_per_day"])
    assert carried["u"] ** 2 == pytest.approx(0.002**2 + carried["u_drift"] ** 2)


def test_a_curve_read_backwards():
    found = evaluate_topic(
        "calibration-curve",
        {
            "x": [0, 10, 20, 30],
            "y": ["0.02", "10.01", "20.03", "29.98"],
            "solve_for": [15],
            "u_solve": 0.02,
            "at": [15, 40],
        },
    )
    solution = found["solutions"][0]
    slope = found["coefficients"][1]
    assert solution["x"] == pytest.approx((15 - found["coefficients"][0]) / slope)
    assert solution["u"] > 0.02 / slope
    assert [p["extrapolated"] for p in found["predictions"]] == [False, True]


def test_weights_and_a_curve_through_zero():
    found = evaluate_topic(
        "calibration-curve", {"x": [1, 2, 4], "y": [2, 4.1, 7.9], "u": [0.1, 0.1, 0.2], "intercept": False}
    )
    assert found["lowest_power"] == 1
    assert len(found["coefficients"]) == 1
    assert found["chi_squared"] == pytest.approx(
        sum(
            ((y - found["coefficients"][0] * x) / u) ** 2
            for x, y, u in ((1, 2, 0.1), (2, 4.1, 0.1), (4, 7.9, 0.2))
        )
    )


def test_changes_of_level_with_their_stretches():
    found = evaluate_topic("change-points", {"data": [1, 1.1, 0.9, 1, 5, 5.1, 4.9, 5], "sd": 0.1})
    assert found["change_points"] == [4]
    assert [stretch["mean"] for stretch in found["stretches"]] == [pytest.approx(1), pytest.approx(5)]
    assert found["stretches"][1]["u"] == pytest.approx(0.05)


@pytest.mark.parametrize(("probability", "k"), [(0.95, 2.179), (0.99, 3.055)])
def test_coverage_from_effective_degrees(probability, k):
    found = evaluate_topic(
        "welch-satterthwaite", {"u": [0.57, 0.25], "dof": [9, None], "probability": probability}
    )
    assert found["nu_used"] == 12
    assert found["k"] == pytest.approx(k, abs=5e-4)
    real = evaluate_topic("welch-satterthwaite", {"u": [0.57, 0.25], "dof": [9, None], "rule": "real"})
    assert real["nu_used"] == real["nu_eff"]
    infinite = evaluate_topic("welch-satterthwaite", {"u": [3, 4], "dof": [None, None]})
    assert (infinite["nu_eff"], infinite["k"]) == (None, pytest.approx(1.959964, rel=1e-6))
