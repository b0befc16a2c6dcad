"""Units of the D-SI: dimension, exact factor, codes elsewhere, and how a wrong one was meant."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from scipy import constants

from jialiang.formats.dsi.unit_codes import QUDT, SI_REFERENCE_POINT, better_unit, is_unit, read_unit
from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.units import known_units, parse_unit

TABLE = json.loads((resources.files("jialiang.formats.dsi") / "unit_codes.json").read_text("utf-8"))

# text; factor; powers of m kg s A K mol cd; UCUM; QUDT; SI Reference Point
UNITS = [
    ("\\metre", "1", "1 0 0 0 0 0 0", "m", "M", "metre"),
    ("\\kilogram", "1", "0 1 0 0 0 0 0", "kg", "KiloGM", "kilogram"),
    ("\\milli\\gram", "1/1000000", "0 1 0 0 0 0 0", "mg", "MilliGM", "milligram"),
    ("\\kilo\\gram", "1", "0 1 0 0 0 0 0", "kg", "KiloGM", "kilogram"),
    ("\\kilogram\\metre\\tothe{-3}", "1", "-3 1 0 0 0 0 0", "kg.m-3", "KiloGM-PER-M3", "kilogram.metre-3"),
    ("\\metre\\per\\second\\tothe{2}", "1", "1 0 -2 0 0 0 0", "m.s-2", "M-PER-SEC2", "metre.second-2"),
    ("\\kilo\\metre\\per\\hour", "5/18", "1 0 -1 0 0 0 0", "km.h-1", "KiloM-PER-HR", "kilometre.hour-1"),
    (
        "\\watt\\per\\metre\\tothe{2}\\per\\kelvin",
        "1",
        "0 1 -3 0 -1 0 0",
        "W.m-2.K-1",
        "W-PER-M2-K",
        "watt.metre-2.kelvin-1",
    ),
    ("\\newton\\metre", "1", "2 1 -2 0 0 0 0", "N.m", "N-M", "newton.metre"),
    ("\\per\\second", "1", "0 0 -1 0 0 0 0", "s-1", "PER-SEC", "second-1"),
    ("\\mega\\ohm", "1000000", "2 1 -3 -2 0 0 0", "MOhm", "MegaOHM", "megaohm"),
    ("\\micro\\metre\\tothe{2}", "1/1000000000000", "2 0 0 0 0 0 0", "um2", "MicroM2", "micrometre2"),
    ("\\degreecelsius", "1", "0 0 0 0 1 0 0", "Cel", "DEG_C", "degreeCelsius"),
    ("\\litre\\per\\minute", "1/60000", "3 0 -1 0 0 0 0", "L.min-1", "L-PER-MIN", "litre.minute-1"),
    ("\\electronvolt", "1.602176634e-19", "2 1 -2 0 0 0 0", "eV", "EV", "electronvolt"),
    ("\\hecto\\pascal", "100", "-1 1 -2 0 0 0 0", "hPa", "HectoPA", "hectopascal"),
    ("\\one", "1", "0 0 0 0 0 0 0", "1", "UNITLESS", None),
    ("\\one\\one", "1", "0 0 0 0 0 0 0", "1", "UNITLESS", None),
    ("\\one\\per\\second", "1", "0 0 -1 0 0 0 0", "s-1", "PER-SEC", None),
    ("\\percent", "1/100", "0 0 0 0 0 0 0", "%", "PERCENT", None),
    ("\\mmhg", "133.322387415", "-1 1 -2 0 0 0 0", "mm[Hg]", "MilliM_HG", None),
    ("\\nauticalmile", "1852", "1 0 0 0 0 0 0", "[nmi_i]", "MI_N", None),
    ("\\knot", "463/900", "1 0 -1 0 0 0 0", "[kn_i]", "KN", None),
    ("\\astronomicalunit", "149597870700", "1 0 0 0 0 0 0", "AU", "AU", "astronomicalunit"),
    ("\\milli\\barn", "1e-31", "2 0 0 0 0 0 0", "mb", "MilliBARN", None),
    ("\\clight", "299792458", "1 0 -1 0 0 0 0", "[c]", None, None),
]


@pytest.mark.parametrize(("text", "factor", "powers", "ucum", "qudt", "si"), UNITS)
def test_units_with_their_meaning_and_codes(
    text: str, factor: str, powers: str, ucum: str, qudt: str | None, si: str | None
) -> None:
    unit = read_unit(text)
    assert unit.factor == Fraction(factor)
    assert unit.dimension == tuple(Fraction(power) for power in powers.split())
    assert unit.ucum == ucum
    assert unit.qudt == (None if qudt is None else QUDT + qudt)
    assert unit.si_reference_point == (None if si is None else SI_REFERENCE_POINT + si)
    assert is_unit(text)
    assert better_unit(text) is None


def test_degrees_celsius_alone_have_an_offset() -> None:
    assert read_unit("\\degreecelsius").offset == Fraction("273.15")
    assert read_unit("\\degreecelsius\\per\\second").offset == 0
    assert read_unit("\\kelvin").offset == 0


@pytest.mark.parametrize("text", ["\\bel", "\\decibel", "\\neper", "\\milli\\bel", "\\decibel\\per\\metre"])
def test_logarithmic_units_have_no_factor(text: str) -> None:
    unit = read_unit(text)
    assert unit.factor is None
    assert unit.ucum is not None


def test_powers_that_are_no_whole_numbers_have_no_codes() -> None:
    unit = read_unit("\\volt\\per\\hertz\\tothe{0.5}")
    assert unit.dimension[2] == Fraction(-5, 2)
    assert (unit.ucum, unit.qudt, unit.si_reference_point) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "constant"),
    [
        ("electronmass", "electron mass"),
        ("bohr", "Bohr radius"),
        ("hartree", "Hartree energy"),
        ("elementarycharge", "elementary charge"),
        ("planckbar", "reduced Planck constant"),
        ("atomicunittime", "atomic unit of time"),
        ("naturalunittime", "natural unit of time"),
        ("atomicmassunit", "atomic mass constant"),
        ("clight", "speed of light in vacuum"),
    ],
)
def test_natural_and_atomic_units_are_those_of_codata(name: str, constant: str) -> None:
    factor = read_unit(f"\\{name}").factor
    assert factor is not None
    assert float(factor) == pytest.approx(constants.value(constant), rel=2e-9)


def test_every_unit_of_the_science_table_means_the_same_here() -> None:
    for text in known_units():
        known, unit = parse_unit(text), read_unit(text)
        assert (unit.factor, unit.offset, unit.dimension) == (known.factor, known.offset, known.dimension)


def test_every_code_stands_at_a_unit_that_can_be_read() -> None:
    for name, codes in TABLE["units"].items():
        assert is_unit(f"\\{name}"), name
        assert len(codes) == 3
    assert set(TABLE["more"]) <= set(TABLE["units"])
    assert len(TABLE["prefixes"]) == 24


_NAMES = sorted(set(TABLE["units"]) - {"one", "percent", "ppm", "mmhg", "degreecelsius"} - set(TABLE["more"]))
_PARTS = st.tuples(st.sampled_from(_NAMES), st.integers(-4, 4).filter(bool), st.booleans())


@given(st.lists(_PARTS, min_size=1, max_size=4))
def test_products_multiply_factors_and_add_dimensions(parts: list[tuple[str, int, bool]]) -> None:
    text = "".join(("\\per" if per else "") + f"\\{name}\\tothe{{{power}}}" for name, power, per in parts)
    unit = read_unit(text)
    factor = Fraction(1)
    dimension = [Fraction(0)] * 7
    for name, power, per in parts:
        one = parse_unit(f"\\{name}")
        factor *= one.factor ** (-power if per else power)
        dimension = [
            a + b * (-power if per else power) for a, b in zip(dimension, one.dimension, strict=True)
        ]
    assert unit.factor == factor
    assert list(unit.dimension) == dimension
    assert unit.ucum is not None
    assert unit.ucum.count(".") == len(parts) - 1


REPAIRS = [
    ("\\degreeCelsius", "\\degreecelsius"),
    ("\\meter", "\\metre"),
    ("\\liter", "\\litre"),
    ("metre", "\\metre"),
    ("/kilogram", "\\kilogram"),
    ("kilowatt hour", "\\kilo\\watt\\hour"),
    ("\\ampere hour", "\\ampere\\hour"),
    ("\\kilowatt hour", "\\kilo\\watt\\hour"),
    ("\\mmHg", "\\mmhg"),
    ("\\planckbar\t", "\\planckbar"),
    ("knot", "\\knot"),
    ("\\metre\\\\tothe{2}", "\\metre\\tothe{2}"),
    ("\\metre\\tothe{0,5}", "\\metre\\tothe{0.5}"),
    ("\\second^-2", "\\second\\tothe{-2}"),
    ("\\millimetre", "\\milli\\metre"),
    ("\\kiloGram", "\\kilo\\gram"),
    ("\\metre\\per\\second\\squared", "\\metre\\per\\second\\tothe{2}"),
    ("mg", "\\milli\\gram"),
    ("℃", "\\degreecelsius"),
    ("\\metre\\tothe{{2}}", "\\metre\\tothe{2}"),
    ("\\kelvinn", "\\kelvin"),
    ("\\pasca", "\\pascal"),
    ("Volt", "\\volt"),
    ("\\milli\\kilogram", "\\gram"),
    ("\\micro\\kilogram\\per\\litre", "\\milli\\gram\\per\\litre"),
    ("\\micro\\mega\\ampere", "\\ampere"),
    ("\\milli\\micro\\metre\\tothe{2}", "\\nano\\metre\\tothe{2}"),
    ("\\milli\\metre\\tothe{0}\\nano\\second\\tothe{-1}", "\\nano\\second\\tothe{-1}"),
    ("\\ampere\\tothe{+0}", "\\one"),
    ("\\milli\\metre\\tothe{-0}\\per\\second\\tothe{0.0}", "\\one"),
]


@pytest.mark.parametrize(("wrong", "right"), REPAIRS)
def test_wrong_units_get_a_suggestion_that_is_a_unit(wrong: str, right: str) -> None:
    assert better_unit(wrong) == right
    assert is_unit(right)
    with pytest.raises(UnknownUnit) as refused:
        read_unit(wrong)
    assert refused.value.facts["suggestion"] == right
    assert right in refused.value.way_out.en


@pytest.mark.parametrize(
    "text", ["", "nonsense of all kinds", "HRC", "ounce", "imperial gallon", "12", "\\", "{}", "²"]
)
def test_where_nothing_is_near_nothing_is_suggested(text: str) -> None:
    assert better_unit(text) is None
    assert not is_unit(text)


SYNTAX = [
    "\\metre\\tothe{0}",
    "\\milli\\kilogram",
    "\\milli\\one",
    "\\micro\\mega\\ampere",
    "\\deci\\decibel",
    "\\milli\\knot",
    "\\kelvin\\tothe{2}\\tothe{-2}",
    "\\tothe{2}\\metre",
    "\\milli",
    "\\per",
    "\\milli\\tothe{2}\\metre",
    "\\metre\\per",
    "\\milli\\per\\metre",
    "\\metre\\tothe{2000}",
    "\\metre" * 200,
]


@pytest.mark.parametrize("text", SYNTAX)
def test_units_against_the_grammar_are_refused(text: str) -> None:
    with pytest.raises((UnitSyntax, UnknownUnit)) as refused:
        read_unit(text)
    assert refused.value.what.zh
    assert len(refused.value.what.en) < 2000


def test_units_of_the_certificates(oracles: Path) -> None:
    read, wrong = set(), set()
    for path in (oracles / "dcc" / "samples").glob("*.xml"):
        for element in etree.parse(path).iter("{https://ptb.de/si}unit", "{https://ptb.de/si}unitXMLList"):
            for text in (element.text or "").split():
                (read if is_unit(text) else wrong).add(text)
    assert len(read) >= 8
    assert {"\\kelvin", "\\degreecelsius", "\\kilogram"} <= read
    # PTB's older certificates spell the degree Celsius with a capital and once a slash for a backslash.
    assert {text: better_unit(text) for text in wrong} == {
        "\\degreeCelsius": "\\degreecelsius",
        "/kilogram": "\\kilogram",
    }


@given(st.text(st.sampled_from("\\abcdegiklmnoprstu{}0123-^ "), max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    suggestion = better_unit(text)
    assert suggestion is None or is_unit(suggestion)
