"""D-SI: decimal text, the ice point, units for people, and that writing and reading agree."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from jialiang.formats.dsi import writing
from jialiang.formats.dsi.decimals import celsius_to_kelvin, is_decimal
from jialiang.formats.dsi.reading import real_lists
from jialiang.formats.dsi.units import unit_text
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.text import Text
from jialiang.science.units import display_unit, known_units

DECIMALS = st.decimals(min_value=-1000, max_value=10_000, places=4, allow_nan=False).map(
    lambda d: format(d, "f")
)


@pytest.mark.parametrize(
    ("celsius", "kelvin"),
    # ITS-90 fixed points: t90/°C and T90/K of the triple point of water, gallium, tin, zinc, silver.
    [
        ("0.01", "273.16"),
        ("29.7646", "302.9146"),
        ("231.928", "505.078"),
        ("419.527", "692.677"),
        ("961.78", "1234.93"),
    ],
)
def test_celsius_becomes_kelvin_as_in_the_fixed_points_of_its_90(celsius, kelvin):
    assert celsius_to_kelvin(celsius) == kelvin


def test_trailing_zeros_are_data_and_stay():
    assert celsius_to_kelvin("10.000") == "283.150"
    assert celsius_to_kelvin("20") == "293.15"
    assert celsius_to_kelvin("-273.150") == "0.000"


@given(DECIMALS)
def test_conversion_to_kelvin_is_exact_and_loses_no_digit(celsius):
    kelvin = celsius_to_kelvin(celsius)
    assert Decimal(kelvin) - Decimal(celsius) == Decimal("273.15")
    assert len(kelvin.partition(".")[2]) >= len(celsius.partition(".")[2])


@pytest.mark.parametrize("text", ["1", "-0.171", "+5.", ".5", "1E-6", "0010"])
def test_decimal_text(text):
    assert is_decimal(text)


@pytest.mark.parametrize("text", ["", "1,5", "１", "−1", "1e9999", "NaN", "inf", "1 ", "0x1", "٣", "1_000"])
def test_what_is_no_decimal_text(text):
    assert not is_decimal(text)


@pytest.mark.parametrize(
    ("unit", "zh", "en"),
    [
        ("\\degreecelsius", "℃", "°C"),
        ("\\kilogram\\metre\\tothe{-3}", "kg/m³", "kg/m³"),
        ("\\milli\\volt", "mV", "mV"),
        ("\\metre\\per\\second\\tothe{2}", "m/s²", "m/s²"),
        ("\\one", "", ""),
        ("\\percent", "%", "%"),
        ("\\one\\per\\metre", "m⁻¹", "m⁻¹"),
        ("\\joule\\per\\kilogram\\per\\kelvin", "J·kg⁻¹·K⁻¹", "J·kg⁻¹·K⁻¹"),
        ("\\decibel", "dB", "dB"),
        ("\\neper", "Np", "Np"),
        ("\\furlong", "\\furlong", "\\furlong"),
        ("\\metre\\furlong", "\\metre\\furlong", "\\metre\\furlong"),
        ("\\per", "\\per", "\\per"),
        ("", "", ""),
        ("furlong", "furlong", "furlong"),
        ("\\metre or so", "\\metre or so", "\\metre or so"),
    ],
)
def test_units_read_as_people_write_them(unit, zh, en):
    assert (unit_text(unit).zh, unit_text(unit).en) == (zh, en)


PREFIXES = ["", "\\milli", "\\kilo", "\\micro"]
PARTS = st.tuples(
    st.sampled_from(["", "\\per"]),
    st.sampled_from(PREFIXES),
    st.sampled_from(["\\metre", "\\kelvin", "\\pascal", "\\volt"]),
    st.sampled_from(["", "\\tothe{2}", "\\tothe{-1}", "\\tothe{0.5}"]),
).map("".join)


@given(st.lists(PARTS, min_size=1, max_size=4).map("".join))
def test_a_unit_reads_the_same_in_a_comparison_and_on_the_page(unit):
    assert unit_text(unit) == Text(display_unit(unit, "zh"), display_unit(unit, "en"))


@pytest.mark.parametrize("unit", known_units())
def test_every_unit_that_can_be_converted_can_be_shown(unit):
    assert unit_text(unit) == Text(display_unit(unit, "zh"), display_unit(unit, "en"))


@given(st.text(max_size=60) | st.text("\\{}.-0123456789metrkilopsn", max_size=60).map(lambda t: "\\" + t))
def test_a_unit_of_anybody_is_shown_and_never_refused(unit):
    shown = unit_text(unit)
    assert shown.zh.strip() or shown.en.strip() or not unit.strip() or "one" in unit


def test_a_unit_of_strangers_is_not_multiplied_out_however_long_it_is():
    long = "\\kilo\\metre" * 100_000
    assert unit_text(long) == Text(long, long)


@given(st.lists(st.tuples(DECIMALS, DECIMALS.map(lambda d: d.lstrip("-"))), min_size=1, max_size=12))
def test_what_is_written_is_read_again_to_the_letter(pairs):
    values = writing.RealList(
        tuple(v for v, _ in pairs),
        "\\volt",
        tuple(u for _, u in pairs),
        ("2",) * len(pairs),
        "0.95",
        "normal",
    )
    parent = etree.Element("q")
    writing.real_list(parent, values)
    assert real_lists(parent) == [values]


def test_a_hybrid_is_read_in_degrees_celsius_first():
    parent = etree.Element("q")
    values = writing.RealList(("21.350", "NaN"), "\\degreecelsius", ("0.010", "0.010"), ("2", "2"), "0.95")
    writing.temperature_list(parent, values)
    celsius, kelvin = real_lists(parent)
    assert celsius == values
    assert kelvin.quantity_values == ("294.500", "NaN")
    assert kelvin.expanded_uncertainties == ("0.010", "0.010")


@pytest.mark.parametrize("tier", ["BRONZE", "SILVER", "GOLD"])
def test_the_list_examples_of_ptb_are_read_in_full(oracles, tier):
    files = sorted((oracles / "dcc" / "dsi_examples" / tier).glob("*-xmllists.xml"))
    assert files
    for file in files:
        root = parse_xml(file.read_bytes()).getroot()
        lists = list(root.iter("{https://ptb.de/si}realListXMLList"))
        for element in lists:
            alone = etree.Element("q")
            alone.append(element)
            (read,) = real_lists(alone)
            assert read.unit.startswith("\\")
            assert all(is_decimal(v) for v in read.quantity_values)
