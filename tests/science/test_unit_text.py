"""Units as people type them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.logarithmic import from_level, to_level
from jialiang.science.unit_text import read_unit
from jialiang.science.units import parse_unit


@pytest.mark.parametrize(
    ("text", "dsi"),
    [
        ("g", "\\gram"),
        ("nm", "\\nano\\metre"),
        ("1/K", "\\per\\kelvin"),
        ("kg/m3", "\\kilogram\\per\\metre\\tothe{3}"),
        ("kg/m^3", "\\kilogram\\per\\metre\\tothe{3}"),
        ("kg m-3", "\\kilogram\\per\\metre\\tothe{3}"),
        ("kg·m⁻³", "\\kilogram\\per\\metre\\tothe{3}"),
        ("W m-2 K-4", "\\watt\\per\\metre\\tothe{2}\\per\\kelvin\\tothe{4}"),
        ("J/(mol K)", "\\joule\\per\\mole\\per\\kelvin"),
        ("J/mol/K", "\\joule\\per\\mole\\per\\kelvin"),
        ("mPa s", "\\milli\\pascal\\second"),
        ("mg/L", "\\milli\\gram\\per\\litre"),
        ("ohm", "\\ohm"),
        ("kΩ", "\\kilo\\ohm"),
        ("degC", "\\degreecelsius"),
        ("°C", "\\degreecelsius"),
        ("℃", "\\degreecelsius"),
        ("uV", "\\micro\\volt"),
        ("μm", "\\micro\\metre"),
        ("µm", "\\micro\\metre"),
        ("%", "\\percent"),
        ("1", "\\one"),
        ("m²", "\\metre\\tothe{2}"),
        ("m**2", "\\metre\\tothe{2}"),
        ("min", "\\minute"),
        ("\\milli\\gram", "\\milli\\gram"),
    ],
)
def test_spellings_have_one_meaning_in_the_d_si(text, dsi):
    found, wanted = read_unit(text), parse_unit(dsi)
    assert (found.factor, found.dimension, found.offset) == (wanted.factor, wanted.dimension, wanted.offset)
    assert parse_unit(found.dsi).factor == wanted.factor


@pytest.mark.parametrize(
    ("text", "factor", "of"),
    [
        ("in", Fraction("0.0254"), "m"),
        ("psi", Fraction(44482216152605, 6451600000), "Pa"),
        ("atm", Fraction(101325), "Pa"),
        ("Torr", Fraction(101325, 760), "Pa"),
        ("kWh", Fraction(3_600_000), "J"),
        ("cSt", Fraction(1, 10**6), "m2/s"),
        ("rpm", Fraction(1, 60), "Hz"),
        ("lb", Fraction("0.45359237"), "kg"),
        ("cal", Fraction("4.184"), "J"),
        ("nmi", Fraction(1852), "m"),
        ("ppm/K", Fraction(1, 10**6), "1/K"),
        ("mm/m", Fraction(1, 1000), "1"),
    ],
)
def test_units_outside_the_si_have_their_exact_factors(text, factor, of):
    found = read_unit(text)
    assert found.factor == factor * read_unit(of).factor
    assert found.dimension == read_unit(of).dimension


def test_one_pound_force_to_the_square_inch_is_one_psi():
    assert read_unit("lbf/in2").factor == read_unit("psi").factor


@pytest.mark.parametrize(
    "text", ["", " ", "m//s", "kg/", "/", "(", "m)", "(m", "m s)", "m^", "m^x", "m" * 200, "\\per"]
)
def test_what_is_no_unit_is_refused(text):
    with pytest.raises((UnitSyntax, UnknownUnit)):
        read_unit(text)


def test_an_unknown_unit_gets_the_nearest_one():
    with pytest.raises(UnknownUnit) as refused:
        read_unit("killogram")
    assert refused.value.facts["suggestion"] == "\\kilogram"


@given(st.sampled_from(["m", "kg", "s", "A", "K", "mol", "cd", "N", "Pa", "V", "ohm"]), st.integers(-9, 9))
def test_powers_multiply_dimension_and_factor(symbol, power):
    if power:
        single, raised = read_unit(symbol), read_unit(f"{symbol}{power}")
        assert raised.factor == single.factor**power
        assert raised.dimension == tuple(x * power for x in single.dimension)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text):
    try:
        read_unit(text)
    except (UnitSyntax, UnknownUnit) as refused:
        assert refused.what.en


def test_levels_are_no_plain_numbers():
    assert read_unit("dB").level == "dB"
    assert not read_unit("dB").same_scale(read_unit("1"))
    assert read_unit("K").same_scale(read_unit("degC"))


# --- logarithmic quantities ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "unit", "kind", "ratio"),
    [
        (0, "dB", "power", 1),
        (3, "dB", "power", 1.9952623149688795),
        (20, "dB", "power", 100),
        (20, "dB", "field", 10),
        (-6, "dB", "field", 0.5011872336272722),
        (1, "B", "power", 10),
        (1, "Np", "field", 2.718281828459045),
        (1, "Np", "power", 7.38905609893065),
        (0, "dBm", "power", 0.001),
        (30, "dBm", "power", 1.0),
        (0, "dBV", "field", 1.0),
        (120, "dBuV", "field", 1.0),
    ],
)
def test_levels_and_ratios(level, unit, kind, ratio):
    assert from_level(level, unit, kind) == pytest.approx(ratio, rel=1e-14)
    assert to_level(ratio, unit, kind) == pytest.approx(level, abs=1e-12)


@given(st.floats(-100, 100), st.sampled_from(["dB", "Np", "B"]))
def test_two_neper_of_power_are_one_of_field_squared(level, unit):
    field, power = from_level(level, unit, "field"), from_level(level, unit, "power")
    assert power == pytest.approx(field**2, rel=1e-12)
