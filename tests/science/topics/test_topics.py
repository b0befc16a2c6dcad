"""Every topic answers what its page says, refuses what is missing or contradictory, and keeps every digit."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.kernel.errors import JialiangError
from jialiang.science.errors import DecimalComma, NotANumber
from jialiang.science.topics.errors import (
    InputUnreadable,
    MemberMissing,
    MembersContradict,
    MemberUnknown,
    MemberUnreadable,
    UnknownTopic,
)
from jialiang.science.topics.reading import Members, read_object
from jialiang.science.topics.registry import evaluate_topic, plain, topics

ROOT = Path(__file__).resolve().parents[3]
STUDY = [[[1.0, 1.1], [1.05, 1.2]], [[2.0, 2.1], [2.1, 2.2]], [[3.0, 3.2], [3.1, 3.05]]]
SERIES = [0.1, -0.2, 0.15, 0.05, -0.1, 3.1, 2.9, 3.05, 2.95, 3.0]

# One good input for every topic
GOOD = {
    "scores": {"x": "10.012", "U": 0.01, "x_ref": 10, "U_ref": 0.006, "k": 2},
    "z-scores": {"x": 5.2, "x_ref": 5, "sigma_pt": 0.1, "U_ref": 0.04},
    "algorithm-a": {"data": [4.5, 4.9, 5.6, 4.2, 6.2, 5.2, 9.9]},
    "weighted-mean": {"x": [1, 2, 1.5], "u": [0.1, 0.2, 0.3]},
    "key-comparison": {"x": [1, 1.1, 1.05], "U": [0.2, 0.2, 0.4], "method": "largest-consistent-subset"},
    "youden": {"a": [1, 2, 3, 4], "b": [1.1, 2.2, 2.9, 4.1]},
    "comparison-round": {
        "participants": [
            {"code": "A", "x": 1, "U": 0.1},
            {"code": "B", "x": 1.1, "U": 0.1},
            {"code": "C", "x": 1.2},
        ],
        "sigma_pt": 0.1,
    },
    "risk": {"itp": 0.95, "tur": 4, "guard_band_factor": 0.9},
    "guardband": {"itp": 0.8, "tur": 2, "target_pfa": 0.02},
    "decision": {"rule": "jjf1094", "mpe": "0.3", "U": "0.1", "error": "0.3"},
    "specific-risk": {"mpe": 1, "error": 0.5, "U": 0.4, "dof": 10},
    "tur": {"mpe": 1, "U": 0.25},
    "chart": {"kind": "individuals", "data": SERIES},
    "ewma": {"data": SERIES, "centre": 0, "sd": 0.1},
    "cusum": {"data": SERIES, "target": 0, "sigma": 0.5},
    "check-standard": {"times": list(range(10)), "data": SERIES, "baseline": 5},
    "intermediate-check": {
        **{"criterion": "mpe-share", "mpe": 0.3, "data": ["10.05", "10.11"], "x_ref": 10},
        **{"first": "2027-01-31", "months": 1, "until": "2027-03-31"},
    },
    "repeatability": {"data": ["10.0012", 10.0009, "10.0014"]},
    "pooled-deviation": {"s": [1, 2], "dof": [3, 4]},
    "welch-satterthwaite": {"u": [0.57, 0.25], "dof": [9, None]},
    "anova": {"data": [[1, 2, 3], [2, 3, 4], [5, 6, 7]]},
    "gauge-study": {"data": STUDY, "tolerance": 6},
    "stability-jjf1033": {"group_means": [1, 1.1, 1.05, 1.02], "mpe": 0.2},
    "verification-jjf1033": {"y": 1, "U": 0.1, "ybar": 1.05, "n": 3},
    "interval-a3": {"in_tolerance": 15, "n": 20, "interval_days": 365, "target": 0.95, "legal_maximum": 200},
    "interval-s2": {
        "times": [4, 10, 20],
        "n": [10, 10, 10],
        "in_tolerance": [9, 8, 6],
        "target": 0.75,
        "model": "weibull",
    },
    "interval-variables": {"days": [10, 20, 30], "delta": [0.1, 0.22, 0.29], "u0": 0.1, "low": -1, "high": 1},
    "interval-staircase": {"interval": 12, "error": 0.5, "mpe": 1, "rule": {"extend_factor": 2}},
    "interval-control-chart": {"days": [0, 365, 730], "deviations": [0.1, 0.22, 0.29], "mpe": 1},
    "interval-in-use": {"hours_allowed": 1000, "hours_used": 250, "days_observed": 100},
    "interval-black-box": {"interval": 12, "checks": [{"parameter": "gain", "deviation": 0.1, "limit": 1}]},
    "allan": {"phase": [0, 1, 3, 2, 5, 4, 7, 6, 9], "tau0": 1},
    "calibration-curve": {
        "x": [0, 1, 2, 3],
        "y": [0.1, 1.9, 4.1, 6.0],
        "at": [1.5],
        "solve_for": [3],
        "u_solve": 0.1,
    },
    "drift": {"days": [0, 365, 730, 900], "values": [1, 1.01, 1.02, 1.03], "U": [0.01] * 4, "at": [1000]},
    "value-on-day": {"value": 10, "U": 0.01, "days": 100, "rate_per_day": 1e-5, "u_rate": 1e-5},
    "change-points": {"data": SERIES, "sd": 0.15},
}


def test_there_is_a_good_input_for_every_topic():
    assert list(GOOD) == list(topics())


@pytest.mark.parametrize("name", GOOD)
def test_every_member_of_an_answer_is_described_on_the_page(name):
    answer = evaluate_topic(name, GOOD[name])
    assert answer
    assert set(answer) <= set(topics()[name].gives), name
    assert set(GOOD[name]) <= set(topics()[name].takes), name
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


@pytest.mark.parametrize("name", GOOD)
def test_every_number_may_be_text(name):
    def as_text(value):
        if isinstance(value, dict):
            return {k: as_text(v) for k, v in value.items()}
        if isinstance(value, list):
            return [as_text(v) for v in value]
        return repr(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value

    assert evaluate_topic(name, as_text(GOOD[name])) == evaluate_topic(name, GOOD[name])
    parsed = read_object(json.dumps(GOOD[name]))
    assert evaluate_topic(name, parsed) == evaluate_topic(name, GOOD[name])


@pytest.mark.parametrize("name", GOOD)
def test_the_page_of_topics_is_that_of_the_data(name):
    page = (ROOT / "docs" / "reference" / "metrology-topics.md").read_text(encoding="utf-8")
    section = page.split(f"### {name}\n")[1].split("\n### ")[0]
    for member in (*topics()[name].takes, *topics()[name].gives):
        assert f"| `{member}` |" in section, member
    assert topics()[name].source in section


@pytest.mark.parametrize("name", GOOD)
def test_an_empty_input_names_what_is_missing(name):
    with pytest.raises((MemberMissing, InputUnreadable)) as problem:
        evaluate_topic(name, {})
    assert problem.value.facts["topic"] == name
    assert problem.value.what.zh
    assert str(problem.value.facts["member"]).split(" | ")[0] in topics()[name].takes


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(list(GOOD)),
    st.data(),
    st.none()
    | st.booleans()
    | st.text(max_size=8)
    | st.integers()
    | st.lists(st.integers(-3, 3), max_size=4)
    | st.just({}),
)
def test_no_wrong_member_makes_anything_but_a_named_error(name, data, wrong):
    member = data.draw(st.sampled_from(list(GOOD[name])))
    if isinstance(wrong, int) and abs(wrong) > 10_000:
        wrong %= 10_000
    try:
        answer = evaluate_topic(name, {**GOOD[name], member: wrong})
    except JialiangError as problem:
        assert problem.what.zh
        assert problem.what.en
        assert problem.way_out.en
    else:
        json.dumps(answer, allow_nan=False)


def test_an_unknown_topic_lists_the_known_ones():
    with pytest.raises(UnknownTopic) as problem:
        evaluate_topic("score", {})
    assert "scores" in problem.value.rule.en


def test_members_that_nobody_knows_are_listed_and_misspelt_ones_refused():
    assert evaluate_topic("risk", {"itp": 0.9, "tur": 4, "id": "x", "remark": 1})["ignored"] == [
        "id",
        "remark",
    ]
    with pytest.raises(MemberUnknown) as problem:
        evaluate_topic("risk", {"itp": 0.9, "tur": 4, "gaurd_band_factor": 0.9})
    assert problem.value.facts["suggestion"] == "guard_band_factor"
    assert "ignored" not in evaluate_topic("risk", {"itp": 0.9, "tur": 4, "guard_band_factor": None})


CONTRADICTIONS = [
    ("decision", {"rule": "simple", "mpe": 1, "limits": [0, 1], "error": 0}),
    ("decision", {"rule": "simple", "mpe": 1, "error": 0, "y": 0}),
    ("decision", {"rule": "guarded", "mpe": 1, "error": 0, "U": 1, "u": 1}),
    ("decision", {"rule": "jjf1094", "mpe": 1, "error": 0, "U": 1, "r": 2}),
    ("risk", {"itp": 0.9, "tur": 4, "limits": [0, 1]}),
    (
        "risk",
        {"process": {"sd": 1}, "limits": [0, 1], "u": 0.1, "acceptance": [0, 1], "guard_band_factor": 1},
    ),
    ("risk", {"process": {"sd": 1}, "limits": [None, 1], "u": 0.1, "guard_band_factor": 0.9}),
    ("guardband", {"itp": 0.9, "tur": 4, "target_pfa": 0.01, "target_pfr": 0.01}),
    ("z-scores", {"x": 1, "x_ref": 1, "sigma_pt": 1, "u_ref": 1, "U_ref": 2}),
    ("weighted-mean", {"x": [1], "u": [1], "U": [2]}),
    ("comparison-round", {"participants": [{"code": "A", "x": 1}], "x_ref": 1, "assigned_by": "algorithm-a"}),
    ("allan", {"phase": [1, 2, 3], "frequency": [1, 2]}),
    ("chart", {"kind": "xbar-r", "data": [[1, 2], [2, 3]], "subgroup": 3}),
    ("chart", {"kind": "individuals", "data": [1, 2], "parameters": {"sd": 1, "s": 1}}),
    ("check-standard", {"times": [1, 2, 3], "data": [1, 2, 3], "baseline": 2, "baseline_before": 3}),
    ("anova", {"data": [[1, 2], [2, 3]], "means": [1, 2]}),
    ("welch-satterthwaite", {"u": [1], "dof": [1], "n_obs": [2]}),
    ("verification-jjf1033", {"y": 1, "U": 1, "y0": 1, "ybar": 1}),
    (
        "interval-s2",
        {"times": [1, 2], "n": [1, 1], "in_tolerance": [1, 1], "observed_reliability": [1, 1], "target": 0.9},
    ),
]


@pytest.mark.parametrize(("name", "members"), CONTRADICTIONS)
def test_contradictions_are_named(name, members):
    with pytest.raises(MembersContradict) as problem:
        evaluate_topic(name, members)
    assert problem.value.rule.zh
    assert problem.value.rule.en


UNREADABLE = [
    ("scores", {**GOOD["scores"], "x": [1]}, MemberUnreadable),
    ("scores", {**GOOD["scores"], "x": True}, MemberUnreadable),
    ("scores", {**GOOD["scores"], "x": "10,012"}, DecimalComma),
    ("scores", {**GOOD["scores"], "x": "ten"}, NotANumber),
    ("algorithm-a", {"data": 5}, MemberUnreadable),
    ("algorithm-a", {"data": [1, [2]]}, MemberUnreadable),
    ("decision", {**GOOD["decision"], "rule": "lenient"}, MemberUnreadable),
    ("decision", {"rule": "simple", "limits": [1], "y": 0}, MemberUnreadable),
    ("decision", {"rule": "simple", "limits": 1, "y": 0}, MemberUnreadable),
    ("interval-a3", {**GOOD["interval-a3"], "n": 20.5}, MemberUnreadable),
    ("interval-a3", {**GOOD["interval-a3"], "two_sided": "yes"}, MemberUnreadable),
    ("chart", {"kind": "xbar-r", "data": [1, 2, 3], "subgroup": 2}, MemberUnreadable),
    ("chart", {"kind": "individuals", "data": [1, 2], "parameters": 3}, MemberUnreadable),
    ("comparison-round", {"participants": [1]}, MemberUnreadable),
    ("intermediate-check", {**GOOD["intermediate-check"], "first": "yesterday"}, MemberUnreadable),
    ("welch-satterthwaite", {"u": [1], "dof": 3}, MemberUnreadable),
    ("gauge-study", {"data": [[1, 2], [3, 4]]}, MemberUnreadable),
    ("anova", {"data": [1, 2]}, MemberUnreadable),
]


@pytest.mark.parametrize(("name", "members", "error"), UNREADABLE)
def test_members_of_the_wrong_shape_are_named(name, members, error):
    with pytest.raises(error) as problem:
        evaluate_topic(name, members)
    assert problem.value.what.en


@pytest.mark.parametrize(
    "text", ["", "[1]", "3", "{", '{"a": NaN}', '{"a": Infinity}', '{"a": 1, "a": 2}', "[" * 100_000, b"\xff"]
)
def test_input_that_is_not_one_object_is_refused(text):
    with pytest.raises(InputUnreadable):
        read_object(text)


def test_numbers_keep_their_digits_from_json_to_decision():
    data = read_object('{"rule": "guarded", "limits": {"upper": 0.3}, "U": 0.1, "r": 1, "y": 0.2, "k": 2}')
    assert data["limits"]["upper"] == Decimal("0.3")
    assert evaluate_topic("decision", data)["statement"] == "pass"
    assert (
        evaluate_topic("decision", {**data, "y": Decimal("0.2000000000000000000000000001")})["statement"]
        == "fail"
    )
    exact = Members("t", read_object('{"x": 10.000, "y": 1e-30}'))
    assert str(exact.decimal("x")) == "10.000"
    assert exact.decimal("y") == Decimal("1e-30")


@pytest.mark.parametrize(
    ("rule", "y", "statement"),
    [
        ("simple", "10.0", "pass"),
        ("simple", "10.0001", "fail"),
        ("guarded", "9.8", "pass"),
        ("guarded", "9.8001", "fail"),
        ("non-binary", "9.9", "conditional_pass"),
        ("non_binary", "10.1", "conditional_fail"),
        ("Non-Binary", "10.3", "fail"),
    ],
)
def test_rules_by_name(rule, y, statement):
    members = {"rule": rule, "limits": [None, "10"], "U": "0.2", "y": y}
    assert evaluate_topic("decision", members)["statement"] == statement


def test_simple_acceptance_needs_no_uncertainty_and_then_claims_no_probability():
    found = evaluate_topic("decision", {"rule": "simple", "mpe": 1, "error": 1})
    assert (found["statement"], found["probability"]) == ("pass", None)
    with pytest.raises(MemberMissing):
        evaluate_topic("decision", {"rule": "guarded", "mpe": 1, "error": 1})


@pytest.mark.parametrize("kind", ["xbar-r", "xbar-s"])
def test_flat_data_and_subgroups_are_one(kind):
    flat = [1.0, 2.0, 1.5, 2.5, 1.2, 2.2, 0.9, 2.9]
    nested = [flat[i : i + 4] for i in (0, 4)]
    one = evaluate_topic("chart", {"kind": kind, "data": flat, "subgroup": 4})
    assert one == evaluate_topic("chart", {"kind": kind, "data": nested})
    alone = evaluate_topic("chart", {"kind": kind[-1], "data": nested})
    assert alone["limits"] == one["dispersion"]["limits"]


def test_limits_from_a_baseline_judge_what_follows():
    data = [0.1, -0.1, 0.2, -0.2, 0.0, 0.1, 5.0]
    found = evaluate_topic(
        "chart", {"kind": "individuals", "data": data, "parameters": {"baseline": 6, "rules": [1]}}
    )
    assert found["signals"] == [{"index": 6, "rule": 1}]
    assert found["centre"] == pytest.approx(0.1 / 6)


def test_cusum_and_ewma_take_their_parameters_either_way():
    for kind, parameters in (
        ("cusum", {"target": 0, "sd": 0.5, "h": 4}),
        ("ewma", {"centre": 0, "sd": 0.5, "exact": True}),
    ):
        inside = evaluate_topic("chart", {"kind": kind, "data": SERIES, "parameters": parameters})
        assert inside == evaluate_topic(kind, {"data": SERIES, **parameters})
        assert inside["signals"]


def test_a_rectangular_process_and_a_factor_for_its_limits():
    found = evaluate_topic(
        "risk",
        {
            "process": {"kind": "rectangular", "low": -2, "high": 2},
            "mpe": 1,
            "U": 0.2,
            "guard_band_factor": 0.9,
        },
    )
    assert found["itp"] == pytest.approx(0.5)
    assert found["accepted"] == pytest.approx(0.45, rel=1e-6)


def test_guard_bands_by_every_target():
    for target, figure in (("target_pfa", "pfa"), ("target_pfr", "pfr")):
        found = evaluate_topic("guardband", {"itp": 0.8, "tur": 2, target: 0.03})
        assert found[figure] == pytest.approx(0.03, rel=1e-9)
        again = evaluate_topic(
            "risk", {"itp": 0.8, "tur": 2, "guard_band_factor": found["guard_band_factor"]}
        )
        assert again[figure] == pytest.approx(0.03, rel=1e-9)
    assert evaluate_topic("guardband", {"tur": 4, "target_specific_risk": 0.5})["guard_band_factor"] == 1
    assert "rss" not in evaluate_topic("guardband", {"tur": 0.9})["factors"]
    with pytest.raises(MemberMissing):
        evaluate_topic("guardband", {"itp": 0.9, "tur": 4})


def test_a_legal_maximum_holds_and_says_so():
    found = evaluate_topic("interval-a3", GOOD["interval-a3"])
    assert (found["interval_days"], found["held_by"]) == (200, "legal_maximum")
    assert found["unbounded"] == pytest.approx(230.846, abs=0.001)
    endless = {"days": [10, 20, 30], "delta": [0, 0, 0], "low": -1, "high": 1, "legal_maximum": 365}
    assert evaluate_topic("interval-variables", endless)["proposed_days"] == 365


def test_no_reliability_model_without_a_target_in_reach():
    found = evaluate_topic(
        "interval-s2",
        {"times": [1, 2], "n": [9, 9], "in_tolerance": [9, 9], "target": 0.5, "model": "exponential"},
    )
    assert (found["best"], found["interval"]) == (None, None)


def test_nested_studies_and_years_in_use():
    found = evaluate_topic("gauge-study", {"design": "nested", "data": STUDY, "repetitions": 2, "days": 2})
    parts = (found["s_runs"], found["s_days"] / 2**0.5, found["s1"] / 2)
    assert found["u"] == pytest.approx(sum(part**2 for part in parts) ** 0.5)
    assert found["s_days"] == 0
    in_use = evaluate_topic(
        "stability-jjf1033", {"kind": "in-use", "yearly_means": ["1.0", "1.1"], "U_correction": 0.2}
    )
    assert in_use == {"stability": 0.1, "ok_with_correction": True}


@pytest.mark.parametrize(
    ("criterion", "limit"),
    [
        ({"criterion": "en", "U": 3, "U_ref": 4}, 5),
        ({"criterion": "uncertainty", "U": "0.2"}, 0.2),
        ({"criterion": "control-limits", "sd": 0.1}, 0.3),
        ({"criterion": "control-limits", "baseline_data": [1, 2, 3]}, 3),
        ({"criterion": "mpe-share", "mpe": 1, "share": 0.5}, 0.5),
    ],
)
def test_criteria_of_checks(criterion, limit):
    found = evaluate_topic("intermediate-check", {**criterion, "data": [0]})
    assert found["limit"] == pytest.approx(limit)
    assert found["state"] == "normal"


def test_the_allan_topic_leaves_out_what_it_cannot_know():
    found = evaluate_topic("allan", {"phase": [0, 1, 3, 2, 5], "tau0": 10, "taus": [10, 20]})
    assert found["mdev"][1] is None
    assert found["intervals"]["mdev"][1] is None
    assert found["intervals"]["adev"][0]["low"] < found["adev"][0] < found["intervals"]["adev"][0]["high"]
    assert "intervals" not in evaluate_topic(
        "allan", {"phase": [0, 1, 3, 2, 5], "confidence_intervals": False}
    )
    assert evaluate_topic("allan", {"phase": [1, 1, 1, 1]})["adev"][0] == 0


def test_the_deviations_wanted_and_the_slow_one_in_long_records():
    long = {"phase": [float(i * i % 7) for i in range(2100)], "taus": [1]}
    assert "htotdev" not in evaluate_topic("allan", long)
    found = evaluate_topic("allan", {**long, "deviations": ["htotdev", "ADEV"]})
    assert set(found) == {"taus", "n", "htotdev", "adev", "intervals"}
    with pytest.raises(MemberUnreadable):
        evaluate_topic("allan", {**long, "deviations": ["sdev"]})


def test_what_json_cannot_carry_becomes_null():
    assert plain({"a": [float("inf"), float("nan"), Decimal("1.5"), (1, "x")]}) == {
        "a": [None, None, 1.5, [1, "x"]]
    }
