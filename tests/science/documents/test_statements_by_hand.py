"""The sentence of each kind of result in zh and en, and the figures on paper by each rule of rounding."""

import pytest

from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.documents.results import result_to_plain

MINUS = "\u2212"


def evaluated(item, unit="", **settings):
    model = {"expr": {"L": "x"}, "unit": {"L": unit}}
    data = {"model": model, "inputs": [{"name": "x", **item}], "settings": {"validate": False, **settings}}
    return result_to_plain(evaluate_document(read_document(data)))["outputs"]["L"]


@pytest.mark.parametrize(
    ("item", "unit", "settings", "zh", "en"),
    [
        (
            {"mean": 50.0009, "u": 0.0005},
            "mm",
            {},
            "L = (50.00090 ± 0.00098) mm，其中扩展不确定度 U = 0.00098 mm 由合成标准不确定度乘以包含因子 k = 1.96 "
            "得到，包含概率约为 95%（正态分布）。",
            "L = (50.00090 ± 0.00098) mm, where the expanded uncertainty U = 0.00098 mm is the combined standard "
            "uncertainty times the coverage factor k = 1.96, for a coverage probability of about 95 % "
            "(normal distribution).",
        ),
        (
            {"mean": -3, "u": 1, "dof": 10, "distribution": "t"},
            "V",
            {"probability": 0.9545},
            f"L = ({MINUS}3.0 ± 2.3) V，其中扩展不确定度 U = 2.3 V 由合成标准不确定度乘以包含因子 k = 2.28 得到，"
            "包含概率约为 95.45%（t 分布，有效自由度 10）。",
            f"L = ({MINUS}3.0 ± 2.3) V, where the expanded uncertainty U = 2.3 V is the combined standard uncertainty "
            "times the coverage factor k = 2.28, for a coverage probability of about 95.45 % "
            "(t-distribution, effective degrees of freedom 10).",
        ),
        (
            {"mean": 1234.5, "u": 60},
            "",
            {"coverage_factor": 2},
            "L = (1230 ± 120)，扩展不确定度 U = 120，k = 2.00。",
            "L = (1230 ± 120), with the expanded uncertainty U = 120 and k = 2.00.",
        ),
        (
            {"mean": 10, "u": 1},
            "kg",
            {"coverage_factor": 2, "cmc": 3, "reported_digits": 1},
            "L = (10 ± 3) kg，扩展不确定度 U = 3 kg，k = 2.00。U 已提高到实验室的校准和测量能力（CMC）。",
            "L = (10 ± 3) kg, with the expanded uncertainty U = 3 kg and k = 2.00. U was raised to the calibration "
            "and measurement capability (CMC) of the laboratory.",
        ),
        (
            {"value": -4.25},
            "s",
            {},
            f"L = {MINUS}4.25 s；一阶不确定度为零，须用蒙特卡洛法评定。",
            f"L = {MINUS}4.25 s; its uncertainty of first order is zero: evaluate it by Monte Carlo.",
        ),
        (
            {"value": -4.25},
            "s",
            {"cmc": 0.5},
            f"L = ({MINUS}4.25 ± 0.50) s，U = 0.50 s。U 已提高到实验室的校准和测量能力（CMC）。",
            f"L = ({MINUS}4.25 ± 0.50) s with U = 0.50 s. U was raised to the calibration and measurement capability "
            "(CMC) of the laboratory.",
        ),
        (
            {"value": 4.25},
            "s",
            {"cmc": 0.5, "method": "mc", "draws": 10_000},
            "L = (4.25 ± 0.50) s，U = 0.50 s。U 已提高到实验室的校准和测量能力（CMC）。",
            "L = (4.25 ± 0.50) s with U = 0.50 s. U was raised to the calibration and measurement capability (CMC) "
            "of the laboratory.",
        ),
    ],
)
def test_the_sentence_of_each_kind_of_result(item, unit, settings, zh, en):
    assert evaluated(item, unit, **settings)["statement"] == {"zh": zh, "en": en}


def test_the_sentence_of_a_drawn_result_names_both_intervals():
    """Rectangular from −1 to 1: the symmetric 95 % interval ends at ±0.95, with two digits of U = 0.95."""
    found = evaluated(
        {"distribution": "rectangular", "low": -1, "high": 1}, "mm", method="mc", draws=1_000_000, seed=2
    )
    assert f"symmetric 95 % coverage interval is [{MINUS}0.95, 0.95] mm" in found["statement"]["en"]
    assert f"概率对称包含区间为 [{MINUS}0.95, 0.95] mm" in found["statement"]["zh"]
    assert "u = 0.58 mm" in found["statement"]["en"]
    reported = found["reported"]
    assert (reported["U"], reported["u"]) == ("0.95", "0.58")
    assert (reported["low"], reported["high"]) == ("-0.95", "0.95")
    assert float(reported["short_high"]) - float(reported["short_low"]) == pytest.approx(1.9, abs=0.011)


def test_k_from_the_draws_is_said_to_be_so():
    inputs = [{"name": n, "mean": 1, "u": 1, "distribution": "t", "dof": d} for n, d in (("x", 5), ("z", 9))]
    data = {
        "model": {"expr": {"y": "x+z"}},
        "inputs": inputs,
        "correlation": [["x", "z", 0.5]],
        "settings": {"validate": False, "draws": 10_000},
    }
    said = result_to_plain(evaluate_document(read_document(data)))["outputs"]["y"]["statement"]
    assert "（k 由蒙特卡洛法得到）" in said["zh"]
    assert "(k from Monte Carlo)" in said["en"]


@pytest.mark.parametrize(
    ("dof", "said"),
    [
        (5, "5"),
        (16.75, "16.8"),
        (18.9987, "19"),
        (999.4, "999"),
        (1234, "1234"),
        (12345.6, "12346"),
        (1_000_000, "1000000"),
    ],
)
def test_degrees_of_freedom_are_said_without_an_exponent(dof, said):
    found = evaluated({"mean": 1, "u": 1, "distribution": "t", "dof": dof})
    assert f"effective degrees of freedom {said})" in found["statement"]["en"]
    assert f"有效自由度 {said}）" in found["statement"]["zh"]


@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [
        ("1", "", ""),
        ("m/s2", " m/s²", " m/s²"),
        ("degC", " ℃", " °C"),
        ("furlong", " furlong", " furlong"),
        ("dB", " dB", " dB"),
        ("inch", " inch", " inch"),
        ("ohm", " Ω", " Ω"),
        ("\\milli\\metre", " mm", " mm"),
    ],
)
def test_units_stand_as_they_are_printed(unit, zh, en):
    said = evaluated({"mean": 1, "u": 0.5}, unit, coverage_factor=2)["statement"]
    assert said["zh"] == f"L = (1.0 ± 1.0){zh}，扩展不确定度 U = 1.0{zh}，k = 2.00。"
    assert said["en"] == f"L = (1.0 ± 1.0){en}, with the expanded uncertainty U = 1.0{en} and k = 2.00."


@pytest.mark.parametrize(
    ("p", "said"),
    [(0.95, "95"), (0.9545, "95.45"), (0.9973, "99.73"), (0.99, "99"), (0.29, "29"), (0.683, "68.3")],
)
def test_the_probability_is_said_in_percent(p, said):
    assert f"about {said} %" in evaluated({"mean": 1, "u": 1}, probability=p)["statement"]["en"]


@pytest.mark.parametrize(
    ("value", "expanded", "digits", "rule", "on_paper"),
    [
        (10.0, 0.125, 2, "half_even", ("10.00", "0.12")),
        (10.0, 0.125, 2, "half_up", ("10.00", "0.13")),
        (10.0, 0.125, 2, "up", ("10.00", "0.13")),
        (10.0, 0.121, 2, "up", ("10.00", "0.13")),
        (10.0, 0.12, 2, "up", ("10.00", "0.12")),
        (10.0, 0.121, 2, "half_even", ("10.00", "0.12")),
        (10.0, 0.135, 2, "half_even", ("10.00", "0.14")),
        (10.125, 0.12, 2, "half_even", ("10.12", "0.12")),
        (10.125, 0.12, 2, "half_up", ("10.13", "0.12")),
        (10.125, 0.12, 2, "up", ("10.12", "0.12")),
        (-10.125, 0.12, 2, "half_up", ("-10.13", "0.12")),
        (10.0, 0.125, 1, "half_even", ("10.0", "0.1")),
        (10.0, 0.125, 1, "up", ("10.0", "0.2")),
        (10.0, 0.996, 2, "half_even", ("10.0", "1.0")),
        (10.0, 0.0996, 2, "half_even", ("10.00", "0.10")),
        (10.0, 0.96, 1, "half_even", ("10", "1")),
        (12345.0, 678.0, 2, "half_even", ("12340", "680")),
        (12345.0, 678.0, 1, "half_even", ("12300", "700")),
        (-0.001, 0.5, 1, "half_even", ("0.0", "0.5")),
        (1e-9, 2.5e-12, 2, "half_even", ("0.0000000010000", "0.0000000000025")),
    ],
)
def test_rounding_of_value_and_u_by_each_rule(value, expanded, digits, rule, on_paper):
    settings = {"coverage_factor": 1, "reported_digits": digits, "rounding_rule": rule}
    reported = evaluated({"mean": value, "u": expanded}, **settings)["reported"]
    assert (reported["value"], reported["U"]) == on_paper


@pytest.mark.parametrize(
    ("k", "said"), [(2, "2.00"), (1.9599, "1.96"), (2.005, "2.00"), (2.015, "2.02"), (12.706, "12.71")]
)
def test_k_has_two_decimals_rounded_half_to_even(k, said):
    assert evaluated({"mean": 1, "u": 1}, coverage_factor=k)["reported"]["k"] == said
