"""A quantity equation does not know in which units its inputs are written: every choice gives the same quantity."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass
from typing import Any

import pytest

from jialiang.kernel.errors import JialiangError
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document, with_settings
from jialiang.science.documents.results import result_to_plain

# exact factors to the coherent SI unit (SI Brochure, 9th edition; yard and pound of 1959, standard acceleration)
FACTORS: dict[str, dict[str, float]] = {
    "length": {"m": 1.0, "mm": 1e-3, "µm": 1e-6, "km": 1e3, "cm": 1e-2, "nm": 1e-9},
    "area": {"m2": 1.0, "mm2": 1e-6, "cm2": 1e-4, "ha": 1e4},
    "volume": {"m3": 1.0, "L": 1e-3, "mL": 1e-6, "cm3": 1e-6, "mm3": 1e-9},
    "mass": {"kg": 1.0, "g": 1e-3, "mg": 1e-6, "t": 1e3, "µg": 1e-9},
    "time": {"s": 1.0, "ms": 1e-3, "min": 60.0, "h": 3600.0, "d": 86400.0},
    "voltage": {"V": 1.0, "mV": 1e-3, "kV": 1e3, "µV": 1e-6},
    "current": {"A": 1.0, "mA": 1e-3, "µA": 1e-6},
    "resistance": {"ohm": 1.0, "kohm": 1e3, "Mohm": 1e6, "mohm": 1e-3},
    "power": {"W": 1.0, "kW": 1e3, "mW": 1e-3},
    "energy": {"J": 1.0, "kJ": 1e3, "kW h": 3.6e6, "eV": 1.602176634e-19},
    "pressure": {"Pa": 1.0, "kPa": 1e3, "hPa": 1e2, "MPa": 1e6, "bar": 1e5},
    "force": {"N": 1.0, "kN": 1e3, "mN": 1e-3},
    "frequency": {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6},
    "density": {"kg/m3": 1.0, "g/cm3": 1e3, "mg/cm3": 1.0, "g/L": 1.0},
    "speed": {"m/s": 1.0, "km/h": 1 / 3.6, "mm/s": 1e-3},
    "torque": {"N m": 1.0, "kN m": 1e3, "mN m": 1e-3},
    "difference": {"K": 1.0, "mK": 1e-3},
    "angle": {"rad": 1.0, "mrad": 1e-3, "deg": math.pi / 180},
}


@dataclass(frozen=True)
class Equation:
    """A quantity equation; inputs and result by kind, estimates and u in coherent units."""

    name: str
    text: str
    of: str
    inputs: dict[str, tuple[str, float, float]]


EQUATIONS = [
    Equation("density", "m/v", "density", {"m": ("mass", 0.5, 1e-5), "v": ("volume", 1.87e-4, 2e-8)}),
    Equation("speed", "s/t", "speed", {"s": ("length", 100.0, 0.01), "t": ("time", 9.8, 0.02)}),
    Equation("pressure", "f/a", "pressure", {"f": ("force", 980.0, 0.5), "a": ("area", 2e-3, 1e-6)}),
    Equation(
        "resistance", "u/i", "resistance", {"u": ("voltage", 4.999, 3e-3), "i": ("current", 0.02, 1e-5)}
    ),
    Equation("power", "u*i", "power", {"u": ("voltage", 230.0, 0.4), "i": ("current", 4.5, 0.02)}),
    Equation("energy", "p*t", "energy", {"p": ("power", 1500.0, 8.0), "t": ("time", 7200.0, 1.0)}),
    Equation("volume", "a*h", "volume", {"a": ("area", 0.03, 1e-5), "h": ("length", 0.25, 1e-4)}),
    Equation("area", "x*y", "area", {"x": ("length", 0.3, 1e-4), "y": ("length", 0.21, 1e-4)}),
    Equation(
        "force",
        "m*s/t**2",
        "force",
        {"m": ("mass", 2.0, 1e-3), "s": ("length", 9.8, 2e-3), "t": ("time", 1.0, 1e-3)},
    ),
    Equation("torque", "f*l1", "torque", {"f": ("force", 12.0, 0.02), "l1": ("length", 0.35, 2e-4)}),
    Equation("frequency", "n/t", "frequency", {"n": ("number", 1000.0, 0.5), "t": ("time", 0.8, 1e-4)}),
    Equation(
        "sum of lengths",
        "x + y - z",
        "length",
        {"x": ("length", 0.1, 1e-6), "y": ("length", 0.02, 1e-6), "z": ("length", 0.005, 2e-6)},
    ),
    Equation(
        "mean of masses",
        "(x + y)/2",
        "mass",
        {"x": ("mass", 0.1000012, 1e-8), "y": ("mass", 0.0999991, 2e-8)},
    ),
    Equation(
        "length of a vector",
        "sqrt(x**2 + y**2)",
        "length",
        {"x": ("length", 3.0, 0.01), "y": ("length", 4.0, 0.02)},
    ),
    Equation("projection", "x*cos(p)", "length", {"x": ("length", 2.0, 1e-3), "p": ("angle", 0.3, 1e-3)}),
    Equation("ratio of lengths", "x/y", "number", {"x": ("length", 0.12, 1e-5), "y": ("length", 3.4, 1e-3)}),
    Equation(
        "logarithm of a ratio",
        "log(x/y)",
        "number",
        {"x": ("pressure", 2e5, 50.0), "y": ("pressure", 1e5, 40.0)},
    ),
    Equation(
        "expansion",
        "x*a*d",
        "length",
        {"x": ("length", 0.05, 1e-7), "a": ("per_kelvin", 1.15e-5, 1e-7), "d": ("difference", 2.5, 0.05)},
    ),
]
SEEDS = range(8)


def factors(kind: str) -> dict[str, float]:
    return {"number": {"": 1.0}, "per_kelvin": {"1/K": 1.0, "1/mK": 1e3}}.get(kind) or FACTORS[kind]


def document(of: Equation, units: dict[str, str], result: str) -> dict[str, Any]:
    inputs = []
    for name, (kind, mean, u) in of.inputs.items():
        factor = factors(kind)[units[name]]
        inputs.append({"name": name, "unit": units[name], "mean": mean / factor, "u": u / factor})
    model = {"expr": {"result": of.text}, "unit": {"result": result}, "equation": "quantity"}
    return {"model": model, "inputs": inputs, "settings": {"validate": False}}


def output_of(given: dict[str, Any], **changes: Any) -> dict[str, Any]:
    plain = result_to_plain(evaluate_document(with_settings(read_document(given), **changes)))
    return plain["outputs"]["result"]


def coherent(of: Equation) -> dict[str, Any]:
    first = {name: next(iter(factors(kind))) for name, (kind, _, _) in of.inputs.items()}
    return document(of, first, next(iter(factors(of.of))))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("of", EQUATIONS, ids=lambda each: each.name)
def test_units_of_inputs_and_result_change_the_numbers_and_not_the_quantity(of: Equation, seed: int) -> None:
    chance = random.Random(f"{of.name}/{seed}")
    units = {name: chance.choice(list(factors(kind))) for name, (kind, _, _) in of.inputs.items()}
    result = chance.choice(list(factors(of.of)))
    wanted, found = output_of(coherent(of)), output_of(document(of, units, result))
    factor = factors(of.of)[result]
    assert found["value"] * factor == pytest.approx(wanted["value"], rel=1e-12, abs=1e-12 * wanted["u"])
    assert found["u"] * factor == pytest.approx(wanted["u"], rel=1e-12)
    assert found["U"] * factor == pytest.approx(wanted["U"], rel=1e-12)
    assert found["k"] == wanted["k"]


@pytest.mark.parametrize("of", EQUATIONS, ids=lambda each: each.name)
def test_shares_do_not_hang_on_units(of: Equation) -> None:
    def shares(given: dict[str, Any]) -> dict[str, float]:
        rows = result_to_plain(evaluate_document(read_document(given)))["contributions"]["result"]
        return {row["name"]: row["share"] for row in rows}

    last = {name: list(factors(kind))[-1] for name, (kind, _, _) in of.inputs.items()}
    assert shares(document(of, last, list(factors(of.of))[-1])) == pytest.approx(
        shares(coherent(of)), rel=1e-9
    )


@pytest.mark.parametrize(
    "of", [each for each in EQUATIONS if each.of != "number"], ids=lambda each: each.name
)
def test_a_result_of_another_dimension_is_refused_by_name(of: Equation) -> None:
    wrong = "s" if of.of != "time" else "m"
    first = {name: next(iter(factors(kind))) for name, (kind, _, _) in of.inputs.items()}
    with pytest.raises(JialiangError) as refused:
        output_of(document(of, first, wrong))
    for language in ("zh", "en"):
        assert of.text in refused.value.what.in_language(language)
        assert f"“{wrong}”" in refused.value.what.in_language(language)


SUMS = list(itertools.permutations(["m", "kg", "s", "V", "K"], 2))


@pytest.mark.parametrize(("one", "other"), SUMS)
def test_unlike_is_not_added_to_unlike(one: str, other: str) -> None:
    inputs = [
        {"name": "first", "unit": one, "mean": 1, "u": 0.1},
        {"name": "second", "unit": other, "mean": 2, "u": 0.1},
    ]
    given = {"model": {"expr": {"result": "first + second"}, "equation": "quantity"}, "inputs": inputs}
    with pytest.raises(JialiangError) as refused:
        output_of(given, method="lpu")
    said = refused.value.what.en
    assert "first" in said or "second" in said


@pytest.mark.parametrize("function", ["exp", "log", "sin", "cos", "tan", "log10", "asin", "sinh", "erf"])
@pytest.mark.parametrize("unit", ["m", "kg", "V/A", "1/s"])
def test_functions_of_numbers_take_no_quantity(function: str, unit: str) -> None:
    inputs = [{"name": "first", "unit": unit, "mean": 0.4, "u": 0.01}]
    given = {"model": {"expr": {"result": f"{function}(first)"}, "equation": "quantity"}, "inputs": inputs}
    with pytest.raises(JialiangError) as refused:
        output_of(given, method="lpu")
    assert function in refused.value.what.en or "first" in refused.value.what.en
