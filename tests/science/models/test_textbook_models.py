"""Models of the laboratory against derivatives taken by mpmath at fifty digits: value, sensitivities, both orders.

First order: GUM (JCGM 100) equations 10 and 11a. Second order: the note to 5.1.2 of the GUM; the value moves by
½ Σ f″ u².
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import mpmath
import pytest
from mpmath import mpf

from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document, with_settings
from jialiang.science.documents.results import result_to_plain

DIGITS = 50
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Case:
    """A model as text and once more as a function of mpmath; ``inputs`` gives estimate and u by name."""

    name: str
    text: str
    model: Callable[..., mpf]
    inputs: dict[str, tuple[float, float]]


def case(name: str, text: str, model: Callable[..., mpf], **inputs: tuple[float, float]) -> Case:
    return Case(name, text, model, inputs)


CASES = [
    case("sum", "a + b", lambda a, b: a + b, a=(1.5, 0.1), b=(-0.25, 0.02)),
    case("difference", "a - b", lambda a, b: a - b, a=(1.5, 0.1), b=(1.25, 0.02)),
    case("product", "a*b", lambda a, b: a * b, a=(3.0, 0.1), b=(-2.0, 0.3)),
    case("product about zero", "a*b", lambda a, b: a * b, a=(0.0, 0.1), b=(0.0, 0.3)),
    case("ratio", "a/b", lambda a, b: a / b, a=(3.0, 0.1), b=(-2.0, 0.05)),
    case("square", "a**2", lambda a: a**2, a=(0.7, 0.05)),
    case("cube", "a^3", lambda a: a**3, a=(-1.2, 0.05)),
    case("reciprocal", "1/a", lambda a: 1 / a, a=(0.8, 0.02)),
    case("a root of a root", "sqrt(sqrt(a))", lambda a: a ** mpf("0.25"), a=(16.0, 0.5)),
    case("power with both uncertain", "a**b", lambda a, b: a**b, a=(2.5, 0.02), b=(1.7, 0.03)),
    case("negative exponent", "a**-b", lambda a, b: a ** (-b), a=(2.5, 0.02), b=(1.7, 0.03)),
    case(
        "powers bind to the right",
        "a**b**c",
        lambda a, b, c: a ** (b**c),
        a=(1.3, 0.01),
        b=(1.2, 0.01),
        c=(1.1, 0.01),
    ),
    case("a sign before a power", "-a**2", lambda a: -(a**2), a=(1.5, 0.1)),
    case("cube root of a negative", "cbrt(a)", lambda a: -((-a) ** (mpf(1) / 3)), a=(-8.0, 0.2)),
    case("exponential", "exp(-a*t)", lambda a, t: mpmath.exp(-a * t), a=(0.12, 0.004), t=(5.0, 0.1)),
    case("exponential less one", "expm1(a)", lambda a: mpmath.expm1(a), a=(1e-6, 1e-8)),
    case("natural logarithm", "log(a/b)", lambda a, b: mpmath.log(a / b), a=(3.0, 0.05), b=(2.0, 0.04)),
    case(
        "decimal logarithm",
        "20*log10(a/b)",
        lambda a, b: 20 * mpmath.log10(a / b),
        a=(1.05, 0.01),
        b=(1.0, 0.01),
    ),
    case("binary logarithm", "log2(a)", lambda a: mpmath.log(a, 2), a=(10.0, 0.2)),
    case("logarithm of one plus", "log1p(a)", lambda a: mpmath.log1p(a), a=(1e-7, 1e-9)),
    case(
        "sine and cosine",
        "a*sin(p)*cos(q)",
        lambda a, p, q: a * mpmath.sin(p) * mpmath.cos(q),
        a=(2.0, 0.1),
        p=(0.6, 0.01),
        q=(1.1, 0.02),
    ),
    case("tangent", "h/tan(p)", lambda h, p: h / mpmath.tan(p), h=(12.0, 0.05), p=(0.7, 0.002)),
    case("arcsine", "asin(a/b)", lambda a, b: mpmath.asin(a / b), a=(0.5, 0.01), b=(1.2, 0.01)),
    case("arccosine", "acos(a)", lambda a: mpmath.acos(a), a=(0.3, 0.01)),
    case("arctangent", "atan(a)", lambda a: mpmath.atan(a), a=(-2.0, 0.05)),
    case("angle of a vector", "atan2(y, x)", lambda y, x: mpmath.atan2(y, x), y=(1.0, 0.02), x=(-2.0, 0.03)),
    case(
        "length of a vector",
        "hypot(x, y)",
        lambda x, y: mpmath.sqrt(x**2 + y**2),
        x=(3.0, 0.02),
        y=(-4.0, 0.03),
    ),
    case("hyperbolic sine", "sinh(a)", lambda a: mpmath.sinh(a), a=(0.7, 0.02)),
    case("hyperbolic cosine", "cosh(a)", lambda a: mpmath.cosh(a), a=(-0.7, 0.02)),
    case("hyperbolic tangent", "tanh(a)", lambda a: mpmath.tanh(a), a=(0.4, 0.02)),
    case("inverse hyperbolic sine", "asinh(a)", lambda a: mpmath.asinh(a), a=(-1.4, 0.02)),
    case("inverse hyperbolic cosine", "acosh(a)", lambda a: mpmath.acosh(a), a=(2.4, 0.02)),
    case("inverse hyperbolic tangent", "atanh(a)", lambda a: mpmath.atanh(a), a=(0.4, 0.01)),
    case("error function", "erf(a)", lambda a: mpmath.erf(a), a=(0.6, 0.01)),
    case("complement of the error function", "erfc(a)", lambda a: mpmath.erfc(a), a=(1.6, 0.01)),
    case("gamma function", "gamma(a)", lambda a: mpmath.gamma(a), a=(3.4, 0.01)),
    case("logarithm of the gamma function", "lgamma(a)", lambda a: mpmath.loggamma(a), a=(7.4, 0.05)),
    case("degrees", "degrees(a)", lambda a: mpmath.degrees(a), a=(0.5, 0.001)),
    case("radians", "sin(radians(a))", lambda a: mpmath.sin(mpmath.radians(a)), a=(30.0, 0.05)),
    case(
        "a polynomial",
        "poly([c0, c1, c2], x)",
        lambda c0, c1, c2, x: c0 + c1 * x + c2 * x**2,
        c0=(1.0, 0.01),
        c1=(-0.5, 0.02),
        c2=(0.25, 0.01),
        x=(2.0, 0.05),
    ),
    case(
        "a scalar product",
        "dot([a, b], [b, c])",
        lambda a, b, c: a * b + b * c,
        a=(1.0, 0.01),
        b=(2.0, 0.02),
        c=(3.0, 0.03),
    ),
    case(
        "a mean of three",
        "mean([a, b, c])",
        lambda a, b, c: (a + b + c) / 3,
        a=(1.0, 0.01),
        b=(2.0, 0.02),
        c=(3.0, 0.03),
    ),
    case("the same quantity twice", "a/(a + b)", lambda a, b: a / (a + b), a=(3.0, 0.05), b=(5.0, 0.05)),
    case("a quantity that cancels", "(a + b) - a", lambda a, b: b, a=(3.0, 0.05), b=(5.0, 0.05)),
    case("Ohm's law", "v/i", lambda v, i: v / i, v=(4.999, 0.0032), i=(0.019661, 9.5e-6)),
    case(
        "a resistor from four wires",
        "rs*(v1/v2)*(1 + alpha*(t - 20))",
        lambda rs, v1, v2, alpha, t: rs * (v1 / v2) * (1 + alpha * (t - 20)),
        rs=(100.0, 0.001),
        v1=(1.0002, 1e-5),
        v2=(0.9998, 1e-5),
        alpha=(1.5e-5, 1e-6),
        t=(20.4, 0.05),
    ),
    case(
        "a Wheatstone bridge",
        "r1*r3/r2",
        lambda r1, r2, r3: r1 * r3 / r2,
        r1=(100.0, 0.01),
        r2=(1000.0, 0.1),
        r3=(1234.5, 0.2),
    ),
    case(
        "a pendulum",
        "4*pi**2*length/t**2",
        lambda length, t: 4 * mpmath.pi**2 * length / t**2,
        length=(0.9936, 0.0005),
        t=(2.0, 0.001),
    ),
    case(
        "air density",
        "(0.34848*p - 0.009*h*exp(0.061*t))/(273.15 + t)",
        lambda p, h, t: (
            (mpf("0.34848") * p - mpf("0.009") * h * mpmath.exp(mpf("0.061") * t)) / (mpf("273.15") + t)
        ),
        p=(1005.0, 0.4),
        h=(45.0, 2.0),
        t=(21.0, 0.2),
    ),
    case(
        "buoyancy",
        "m*(1 - rho/8000)/(1 - rho/d)",
        lambda m, rho, d: m * (1 - rho / 8000) / (1 - rho / d),
        m=(1.0, 1e-6),
        rho=(1.19, 0.01),
        d=(2330.0, 5.0),
    ),
    case(
        "a gauge block at another temperature",
        "length*(1 + a*(t - 20))",
        lambda length, a, t: length * (1 + a * (t - 20)),
        length=(50.000623, 2.5e-5),
        a=(1.15e-5, 1.2e-6),
        t=(19.9, 0.41),
    ),
    case(
        "radiated power",
        "s*area*(t**4 - t0**4)",
        lambda s, area, t, t0: s * area * (t**4 - t0**4),
        s=(5.67e-8, 1e-12),
        area=(0.01, 1e-5),
        t=(500.0, 1.0),
        t0=(295.0, 0.5),
    ),
    case(
        "a platinum resistance",
        "r0*(1 + a*t + b*t**2)",
        lambda r0, a, b, t: r0 * (1 + a * t + b * t**2),
        r0=(100.0, 0.01),
        a=(3.9083e-3, 1e-6),
        b=(-5.775e-7, 1e-9),
        t=(150.0, 0.03),
    ),
    case(
        "a thermistor",
        "1/(1/t0 + log(r/r0)/b)",
        lambda t0, r, r0, b: 1 / (1 / t0 + mpmath.log(r / r0) / b),
        t0=(298.15, 0.01),
        r=(12000.0, 12.0),
        r0=(10000.0, 10.0),
        b=(3950.0, 8.0),
    ),
    case(
        "flow through an orifice",
        "c*area*sqrt(2*dp/rho)",
        lambda c, area, dp, rho: c * area * mpmath.sqrt(2 * dp / rho),
        c=(0.61, 0.003),
        area=(7.85e-5, 2e-7),
        dp=(25000.0, 60.0),
        rho=(998.2, 0.1),
    ),
    case("half-life", "log(2)/k", lambda k: mpmath.log(2) / k, k=(0.0247, 2e-4)),
    case(
        "concentration of a standard",
        "1000*m*p/v",
        lambda m, p, v: 1000 * m * p / v,
        m=(100.28, 0.05),
        p=(0.9999, 5.8e-5),
        v=(100.0, 0.07),
    ),
    case("a lens", "1/(1/a + 1/b)", lambda a, b: 1 / (1 / a + 1 / b), a=(0.30, 0.001), b=(0.45, 0.002)),
    case(
        "refraction",
        "asin(n1*sin(p)/n2)",
        lambda n1, p, n2: mpmath.asin(n1 * mpmath.sin(p) / n2),
        n1=(1.000273, 1e-6),
        p=(0.8, 0.001),
        n2=(1.5168, 2e-4),
    ),
    case(
        "mismatch of two ports",
        "1 - g1*g2*cos(p)",
        lambda g1, g2, p: 1 - g1 * g2 * mpmath.cos(p),
        g1=(0.05, 0.01),
        g2=(0.1, 0.01),
        p=(0.3, 0.05),
    ),
]
NAMES = [each.name for each in CASES]


def document(of: Case) -> dict[str, object]:
    inputs = [{"name": name, "mean": mean, "u": u} for name, (mean, u) in of.inputs.items()]
    return {"model": {"expr": {"result": of.text}}, "inputs": inputs, "settings": {"validate": False}}


def derivative(of: Case, *orders_of: str) -> mpf:
    """The partial derivative of a model at its estimates, once for each name given."""
    orders = tuple(sum(name == each for each in orders_of) for name in of.inputs)
    at = tuple(mpf(mean) for mean, _ in of.inputs.values())
    with mpmath.workdps(DIGITS):
        return mpmath.diff(of.model, at, orders) if any(orders) else of.model(*at)


def close(found: float, wanted: mpf, scale: float, relative: float) -> bool:
    return abs(found - float(wanted)) <= relative * max(abs(float(wanted)), scale)


@pytest.mark.parametrize("of", CASES, ids=NAMES)
def test_value_sensitivities_and_uncertainty_are_those_of_the_derivatives(of: Case) -> None:
    found = evaluate_document(with_settings(read_document(document(of)), method="lpu"))
    plain = result_to_plain(found)
    slopes = {name: derivative(of, name) for name in of.inputs}
    shares = {name: float(slope) * of.inputs[name][1] for name, slope in slopes.items()}
    u = math.sqrt(math.fsum(share**2 for share in shares.values()))
    assert close(plain["outputs"]["result"]["value"], derivative(of), u, 1e-12)
    assert plain["outputs"]["result"]["u"] == pytest.approx(u, rel=1e-11, abs=1e-300)
    told = {row["name"]: row for row in plain["contributions"]["result"]}
    assert set(told) == set(of.inputs)
    for name, row in told.items():
        assert close(row["sensitivity"], slopes[name], 0, 1e-11) or slopes[name] == 0
        assert row["contribution"] == pytest.approx(shares[name], rel=1e-11, abs=1e-13 * u)
        assert row["share"] == pytest.approx((shares[name] / u) ** 2 if u else 0, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("of", CASES, ids=NAMES)
def test_second_order_adds_the_terms_of_the_note(of: Case) -> None:
    found = evaluate_document(with_settings(read_document(document(of)), method="lpu2")).outputs["result"]
    names = tuple(of.inputs)
    u = {name: of.inputs[name][1] for name in names}
    curved = math.fsum(float(derivative(of, name, name)) * u[name] ** 2 / 2 for name in names)
    squares = [float(derivative(of, name)) ** 2 * u[name] ** 2 for name in names]
    for one, other in itertools.product(names, repeat=2):
        bend = float(derivative(of, one, other)) ** 2 / 2
        slope = float(derivative(of, one)) * float(derivative(of, one, other, other))
        squares.append((bend + slope) * u[one] ** 2 * u[other] ** 2)
    total = math.fsum(squares)
    first = math.sqrt(math.fsum(squares[: len(names)]))
    assert close(found.value, derivative(of) + curved, max(first, math.sqrt(max(total, 0))), 1e-9)
    assert found.standard_uncertainty == pytest.approx(math.sqrt(total), rel=1e-8, abs=1e-300)


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1e3, 1e12])
@pytest.mark.parametrize("of", CASES[2:5] + CASES[44:47], ids=lambda each: each.name)
def test_an_output_in_another_unit_is_another_number_and_nothing_else(of: Case, factor: float) -> None:
    scaled = document(of) | {"model": {"expr": {"result": f"{factor!r}*({of.text})"}}}
    here, there = (result_to_plain(evaluate_document(read_document(each))) for each in (document(of), scaled))
    for member in ("value", "u", "U"):
        assert there["outputs"]["result"][member] == pytest.approx(
            factor * here["outputs"]["result"][member], rel=1e-12
        )
    assert there["outputs"]["result"]["k"] == here["outputs"]["result"]["k"]
    shares = {row["name"]: row["share"] for row in there["contributions"]["result"]}
    assert shares == pytest.approx(
        {row["name"]: row["share"] for row in here["contributions"]["result"]}, abs=1e-9
    )


@pytest.mark.parametrize("of", [each for each in CASES if len(each.inputs) > 1], ids=lambda each: each.name)
def test_monte_carlo_meets_the_second_order_where_the_models_are_smooth(of: Case) -> None:
    drawn = with_settings(read_document(document(of)), method="mc", draws=40_000, seed=20260616)
    law = with_settings(read_document(document(of)), method="lpu2")
    found, expected = (evaluate_document(each).outputs["result"] for each in (drawn, law))
    u = expected.standard_uncertainty
    assert found.value == pytest.approx(expected.value, abs=5 * u / math.sqrt(40_000))
    assert found.standard_uncertainty == pytest.approx(u, rel=0.03)
