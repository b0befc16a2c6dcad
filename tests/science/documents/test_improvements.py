"""What halving an input would bring: against the budget evaluated anew, and by hand."""

import math

import pytest

from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.improvements import improvements
from jialiang.science.documents.reading import read_document


def document(*inputs, expr="a + b", **members):
    settings = {"validate": False, **members.pop("settings", {})}
    return {"model": {"expr": {"y": expr}}, "inputs": list(inputs), "settings": settings, **members}


def normal(name, u, **more):
    return {"name": name, "mean": 1, "u": u, **more}


def found(data, factor=0.5):
    return improvements(evaluate_document(read_document(data)), factor=factor)


def test_two_normal_inputs_by_hand():
    """u² = 3² + 4² = 25; halving b: 3² + 2² = 13; halving a: 1.5² + 4² = 18.25."""
    first, second = found(document(normal("a", 3), normal("b", 4)))["y"]
    assert (first.symbols, second.symbols) == (("b",), ("a",))
    assert first.standard_uncertainty == pytest.approx(math.sqrt(13), rel=1e-14)
    assert second.standard_uncertainty == pytest.approx(math.sqrt(18.25), rel=1e-14)
    assert first.gain == pytest.approx(1 - math.sqrt(13) / 5, rel=1e-12)
    assert (first.share, second.share) == pytest.approx((0.64, 0.36))


SHAPES = [
    {"distribution": "rectangular", "half_width": 0.3},
    {"distribution": "triangular", "half_width": 0.3},
    {"distribution": "arcsine", "half_width": 0.3},
    {"distribution": "t", "u": 0.2, "dof": 5},
    {"distribution": "normal", "u": 0.2, "dof": 12},
]


@pytest.mark.parametrize("method", ["lpu", "lpu2"])
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_what_the_budget_with_half_the_width_gives(shape, method):
    def whole(row):
        return document(
            {"name": "a", "mean": 2, **row},
            normal("b", 0.1, dof=8),
            expr="a*b + a**2",
            settings={"method": method},
        )

    name = "u" if "u" in shape else "half_width"
    better = evaluate_document(read_document(whole(shape | {name: shape[name] / 2}))).outputs["y"]
    (told,) = [each for each in found(whole(shape))["y"] if each.symbols == ("a",)]
    assert told.standard_uncertainty == pytest.approx(better.standard_uncertainty, rel=1e-12)
    assert told.expanded_uncertainty == pytest.approx(better.expanded_uncertainty, rel=1e-12)


@pytest.mark.parametrize("method", ["lpu", "lpu2"])
def test_factor_one_changes_nothing(method):
    data = document(normal("a", 3, dof=4), normal("b", 4), expr="a*b", settings={"method": method})
    for each in found(data, factor=1.0)["y"]:
        assert each.gain == pytest.approx(0, abs=1e-12)


def test_a_better_input_with_few_degrees_of_freedom_also_brings_a_smaller_k():
    """Halving a (ν = 3) takes most of the weight off its ν, so U falls more than u does."""
    best, _ = found(document(normal("a", 4, dof=3), normal("b", 1)))["y"]
    assert best.symbols == ("a",)
    assert best.gain > 1 - best.standard_uncertainty / math.hypot(4, 1)


def test_correlated_inputs_are_improved_together():
    data = document(
        normal("a", 3), normal("b", 4), normal("c", 1), expr="a + b + c", correlation=[["a", "b", 0.5]]
    )
    told = {each.symbols: each for each in found(data)["y"]}
    assert set(told) == {("a", "b"), ("c",)}
    half = math.sqrt((9 + 16 + 2 * 0.5 * 12) / 4 + 1)
    assert told["a", "b"].standard_uncertainty == pytest.approx(half, rel=1e-14)


def test_a_fit_halves_as_a_whole():
    data = {
        "model": {"expr": {"b": "y1 + y2*(30 - 20)"}},
        "fit": {
            "model": "b_k = y1 + y2*(t - 20)",
            "data": {"t": [21, 23, 25, 26], "b_k": [1, 1.2, 1.5, 1.4]},
        },
        "settings": {"validate": False},
    }
    (only,) = found(data)["b"]
    assert set(only.symbols) == {"y1", "y2"}
    assert only.gain == pytest.approx(0.5, rel=1e-12)


def test_draws_are_scaled_by_the_ratio_of_the_law():
    data = document(normal("a", 3), normal("b", 4), settings={"method": "mc", "draws": 20_000})
    evaluation = evaluate_document(read_document(data))
    first, _ = improvements(evaluation)["y"]
    expected = evaluation.outputs["y"].expanded_uncertainty * math.sqrt(13) / 5
    assert first.expanded_uncertainty == pytest.approx(expected, rel=1e-12)


def test_nothing_is_promised_below_the_capability():
    data = document(normal("a", 3), normal("b", 4), settings={"cmc": 9.0})
    assert [each.expanded_uncertainty for each in found(data)["y"]] == [9.0, 9.0]


@pytest.mark.parametrize(
    "data",
    [
        document(normal("a", 0), normal("b", 0)),
        document(normal("a", 1), expr="(a - 1)**2"),
        document(normal("a", 1), expr="0*a"),
    ],
)
def test_outputs_without_uncertainty_have_none(data):
    assert found(data) == {}


def test_inputs_that_matter_not_are_left_out_of_each_output():
    data = document(normal("a", 1), normal("b", 1))
    data["model"]["expr"] = {"y": "a", "z": "b"}
    told = found(data)
    assert [each.symbols for each in told["y"]] == [("a",)]
    assert [each.symbols for each in told["z"]] == [("b",)]
