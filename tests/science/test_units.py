"""Units as the D-SI spells them."""

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.science.errors import UnitsNotConvertible, UnitSyntax, UnknownUnit
from jialiang.science.units import (
    BASE_QUANTITIES,
    DIMENSIONLESS,
    are_convertible,
    convert,
    display_unit,
    known_units,
    parse_unit,
    quantity_text,
)

ROWS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "unit_conversions.json").read_text(encoding="utf-8")
)["rows"]
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=6)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[1]}→{row[2]}")
def test_units_convert_as_the_si_brochure_says(row):
    number, source, target, expected = row
    converted = convert(number, source=source, target=target)
    assert abs(converted - Decimal(expected)) <= abs(Decimal(expected)) * Decimal("1E-25")


@given(amounts)
def test_conversion_there_and_back_is_the_identity(number):
    there = convert(number, source="\\degreecelsius", target="\\kelvin")
    assert convert(there, source="\\kelvin", target="\\degreecelsius") == number
    small = convert(number, source="\\kilogram", target="\\micro\\gram")
    assert convert(small, source="\\micro\\gram", target="\\kilogram") == number


@given(amounts)
def test_a_temperature_difference_has_no_zero_point(difference):
    as_kelvin = convert(difference, source="\\degreecelsius", target="\\kelvin", difference=True)
    assert as_kelvin == difference


def test_the_celsius_degree_is_affine_only_where_it_stands_alone():
    assert parse_unit("\\degreecelsius").offset == Fraction("273.15")
    assert parse_unit("\\one\\per\\degreecelsius").offset == 0
    assert parse_unit("\\milli\\degreecelsius").offset == 0
    assert convert(
        "11.5", source="\\micro\\metre\\per\\degreecelsius", target="\\micro\\metre\\per\\kelvin"
    ) == Decimal("11.5")


def test_degree_celsius_prints_as_one_sign_in_chinese_and_two_in_english():
    assert display_unit("\\degreecelsius", "zh") == "℃"
    assert display_unit("\\degreecelsius", "zh-hans") == "℃"
    assert display_unit("\\degreecelsius", "en") == "°C"


@pytest.mark.parametrize(
    ("dsi", "printed"),
    [
        ("\\milli\\gram", "mg"),
        ("\\kilogram", "kg"),
        ("\\hecto\\pascal", "hPa"),
        ("\\micro\\ohm", "µΩ"),
        ("\\percent", "%"),
        ("\\one", ""),
        ("\\metre\\per\\second", "m/s"),
        ("\\metre\\per\\second\\tothe{2}", "m/s²"),
        ("\\metre\\second\\tothe{-2}", "m/s²"),
        ("\\per\\second", "s⁻¹"),
        ("\\per\\kelvin\\one", "K⁻¹"),
        ("\\watt\\per\\metre\\tothe{2}\\per\\kelvin", "W·m⁻²·K⁻¹"),
        ("\\volt\\per\\hertz\\tothe{0.5}", "V/Hz⁰·⁵"),
        ("\\newton\\metre", "N·m"),
        ("\\kelvin\\per\\degreecelsius", "K/°C"),
    ],
)
def test_units_print_as_people_write_them(dsi, printed):
    assert display_unit(dsi, "en") == printed


def test_per_turns_the_next_unit_only():
    unit = parse_unit("\\joule\\per\\kilogram\\kelvin")
    assert unit.dimension == parse_unit("\\joule\\kelvin\\per\\kilogram").dimension


def test_number_and_unit_have_a_space_between_them_except_plane_angles():
    assert quantity_text("20.0", "\\degreecelsius", "zh") == "20.0 ℃"
    assert quantity_text("55", "\\percent", "en") == "55 %"
    assert quantity_text("90", "\\degree", "en") == "90°"
    assert quantity_text("1.05", "\\one", "en") == "1.05"


@pytest.mark.parametrize(
    ("wrong", "suggestion"),
    [
        ("\\metrre", "\\metre"),
        ("\\milligram", "\\milli\\gram"),
        ("℃", "\\degreecelsius"),
        ("°C", "\\degreecelsius"),
        ("mg", "\\milli\\gram"),
        ("kPa", "\\kilo\\pascal"),
        ("%", "\\percent"),
        ("Kg", "\\kilogram"),
        ("\\celsius", "\\degreecelsius"),
        ("\\milli\\gramm", "\\gram"),
    ],
)
def test_an_unknown_unit_is_refused_with_the_nearest_spelling(wrong, suggestion):
    with pytest.raises(UnknownUnit) as caught:
        parse_unit(wrong)
    assert caught.value.facts["suggestion"] == suggestion
    assert suggestion in caught.value.way_out.zh
    assert caught.value.code == "JL-UNIT-001"


def test_an_unknown_unit_without_neighbours_says_so_in_both_languages():
    with pytest.raises(UnknownUnit) as caught:
        parse_unit("\\xyzzyqq")
    assert "没有相近的单位" in caught.value.way_out.zh
    assert "nothing similar" in caught.value.way_out.en


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "\\milli",
        "\\per",
        "\\per\\per\\second",
        "\\tothe{2}",
        "\\second\\tothe{0}",
        "\\second\\tothe{-0}",
        "\\second\\tothe",
        "\\second{2}",
        "\\milli\\kilogram",
        "\\milli\\percent",
        "\\kilo\\milli\\metre",
        "\\metre \\second",
        "\\metre\\second x",
    ],
)
def test_tokens_in_the_wrong_order_are_refused(wrong):
    with pytest.raises(UnitSyntax) as caught:
        parse_unit(wrong)
    assert "\\tothe{2}" in caught.value.way_out.en


@given(st.text(alphabet="\\{}-.0123456789aeimlnoprtsgh", max_size=40))
def test_no_text_does_anything_but_parse_or_be_refused(text):
    try:
        parse_unit(text)
    except (UnknownUnit, UnitSyntax) as refused:
        assert refused.what.zh


def test_units_of_different_dimension_do_not_convert():
    assert not are_convertible("\\metre", "\\second")
    with pytest.raises(UnitsNotConvertible) as caught:
        convert(1, source="\\metre", target="\\kilogram")
    assert caught.value.facts == {"source": "\\metre", "target": "\\kilogram"}


@pytest.mark.parametrize("dsi", known_units())
def test_every_unit_of_the_table_has_a_meaning_and_a_symbol(dsi):
    unit = parse_unit(dsi)
    assert unit.factor > 0
    assert len(unit.dimension) == len(BASE_QUANTITIES)
    assert dsi == "\\one" or unit.display("zh")


def test_ratios_have_no_dimension():
    for dsi in ("\\one", "\\percent", "\\radian", "\\metre\\per\\metre"):
        assert parse_unit(dsi).dimension == DIMENSIONLESS


def test_units_in_published_certificates_are_understood(oracles):
    found = set()
    for folder in ("samples", "dsi_examples/PLATINUM"):
        for file in (oracles / "dcc" / folder).rglob("*.xml"):
            text = file.read_text(encoding="utf-8", errors="replace")
            found |= set(re.findall(r"<si:unit>\s*(\\[^<\s]+)\s*</si:unit>", text))
    assert len(found) > 10
    misspelt = {"\\degreeCelsius", "\\ampere\\tothe{+0}", "\\ampere\\tothe{-0}"}
    assert {dsi for dsi in found if not _is_understood(dsi)} <= misspelt


def _is_understood(dsi):
    try:
        parse_unit(dsi)
    except (UnknownUnit, UnitSyntax):
        return False
    return True
