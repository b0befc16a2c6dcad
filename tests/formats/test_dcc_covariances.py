"""A covariance matrix in a certificate: valid for PTB, read back to the digit, refused where it is none."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.ptb_schematron import ptb_failures
from tests.formats.sample_content import sample_content

from jialiang.formats.canonical import canonical_json, from_plain, to_plain
from jialiang.formats.content import CertificateContent, Column, ResultTable
from jialiang.formats.content_reading import content_of
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.covariances import can_be_squared, coefficients, matrix_of
from jialiang.formats.dcc.errors import CovarianceNotAllowed, CoverageNotAllowed
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.dsi.units import squared_unit
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.text import Text
from jialiang.science.covariance import exact_matrix, rounded_covariance
from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.units import parse_unit

CELSIUS = "\\degreecelsius"
GRAM = "\\milli\\gram"
MATRIX = (("0.000009", "0.000006"), ("0.000006", "0.000016"))


def column(**changes):
    """Two corrections with u = 0.003 and 0.004, r = 0.5, U = 2 u."""
    known = {
        "ref_type": "jl_correction", "name": Text("修正值", "Correction"), "unit": CELSIUS,
        "quantity_values": ("-0.012", "0.004"), "expanded_uncertainties": ("0.0060", "0.0080"),
        "coverage_factors": ("2.00", "2.00"), "coverage_probability": "0.95", "distribution": "normal",
        "covariances": MATRIX, "region_factor": "2.45",
    }  # fmt: skip
    return Column(**(known | changes))


def content(*columns):
    points = tuple(str(20 + n) for n in range(len(columns[0].quantity_values)))
    first = Column("basic_measuredValue", Text("示值", "Indication"), CELSIUS, points)
    return sample_content(results=(ResultTable(Text("结果", "Results"), (first, *columns)),))


def covariance_of(xml):
    """The matrix that our reader gives back: texts by (column, row), unit, k, p, distribution."""
    (found,) = (q for q in Certificate.read(xml).quantities() if q.first and q.first.shared_uncertainty.covariance)
    stated = found.first.shared_uncertainty
    entries = {(c, r): texts[0] for c, r, texts, _ in stated.covariance}
    (unit,) = {units for _, _, _, units in stated.covariance}
    return found, entries, unit, stated


def test_it_is_valid_for_the_schema_and_for_ptbs_schematron(oracles):
    schema = etree.XMLSchema(etree.parse(str(oracles / "dcc" / "schema" / "dcc" / "v3.3.0" / "dcc.xsd")))
    xml = dcc_xml(content(column()))
    assert schema.validate(etree.fromstring(xml)), str(schema.error_log)
    plain = dcc_xml(content(column(covariances=(), region_factor="")))
    said = [[(f.pattern, f.test) for f in ptb_failures(parse_xml(each), oracles)] for each in (xml, plain)]
    assert said[0] == said[1]
    rules = [[finding.rule for finding in check_rules(parse_xml(each))] for each in (xml, plain)]
    assert rules[0] == rules[1]


def test_our_reader_gives_it_back_beside_the_uncertainty_of_each():
    found, entries, unit, stated = covariance_of(dcc_xml(content(column())))
    assert entries == {(1, 1): "0.000009", (1, 2): "0.000006", (2, 1): "0.000006", (2, 2): "0.000016"}
    assert unit == ("\\kelvin\\tothe{2}",)
    assert (stated.form, stated.coverage_factor, stated.coverage_probability) == ("ellipsoidal", ("2.45",), ("0.95",))
    assert stated.distribution == ("normal",)
    assert found.first.uncertainty.expanded_uncertainty == ("0.0060", "0.0080")
    said = found.to_json("zh")["shared_uncertainty"]
    assert said["covariance"][1] == {"column": 1, "row": 2, "value": "0.000006", "unit": "\\kelvin\\tothe{2}"}
    json.dumps(said)


def test_the_older_reader_still_reads_the_columns():
    table = read_certificate(dcc_xml(content(column()))).results[0]
    assert table.quantities[1].expanded_uncertainties == ("0.0060", "0.0080")
    assert table.quantities[1].quantity_values == ("-0.012", "0.004")


def test_the_same_content_gives_the_same_bytes_and_comes_back_from_json():
    made = content(column())
    assert dcc_xml(made) == dcc_xml(content(column()))
    plain = json.loads(canonical_json(to_plain(made)))
    assert from_plain(CertificateContent, plain) == made
    assert content_of(plain) == made


def test_content_without_a_matrix_is_written_as_it_always_was():
    plain = to_plain(column(covariances=(), region_factor=""))
    assert "covariances" not in plain
    assert "region_factor" not in plain
    assert b"Multivariate" not in dcc_xml(content(column(covariances=(), region_factor="")))


@pytest.mark.parametrize(("unit", "ref_type", "square"), [
    (GRAM, "jl_nominalDeviation", "\\milli\\gram\\tothe{2}"), ("", "jl_correction", "\\one"),
    ("\\percent", "basic_measurementError", "\\percent\\tothe{2}"),
    (CELSIUS, "jl_correction", "\\kelvin\\tothe{2}"),
    ("\\metre\\per\\second", "basic_measurementError", "\\metre\\tothe{2}\\per\\second\\tothe{2}"),
])  # fmt: skip
def test_the_unit_is_the_square_of_the_one_that_stands_there(oracles, unit, ref_type, square):
    xml = dcc_xml(content(column(unit=unit, ref_type=ref_type)))
    assert covariance_of(xml)[2] == (square,)
    schema = etree.XMLSchema(etree.parse(str(oracles / "dcc" / "schema" / "dcc" / "v3.3.0" / "dcc.xsd")))
    assert schema.validate(etree.fromstring(xml)), str(schema.error_log)


def test_a_temperature_in_two_units_has_its_matrix_in_both():
    """A covariance is one of differences: the same number in kelvin squared, whichever zero the scale has."""
    xml = dcc_xml(content(column(ref_type="basic_measuredValue", quantity_values=("20.1", "30.2"))))
    (hybrid,) = (q for q in Certificate.read(xml).quantities() if q.first and q.first.shared_uncertainty.form)
    assert hybrid.kind == "hybrid"
    kelvin, celsius = (part for writing in hybrid.writings for part in writing.flat())
    assert kelvin.shared_uncertainty == celsius.shared_uncertainty
    assert (kelvin.values[0], celsius.values[0]) == ("293.25", "20.1")


REFUSED = [
    ("one row too few", {"covariances": (("0.000009",),)}),
    ("a row that is too long", {"covariances": (("9", "6", "1"), ("6", "16", "1"))}),
    ("a column too many", {"covariances": (("9", "6", "0"), ("6", "16", "0"), ("0", "0", "1"))}),
    ("not the same both ways", {"covariances": (("9", "6"), ("5", "16"))}),
    ("r above one", {"covariances": (("9", "13"), ("13", "16"))}),
    ("a variance below zero", {"covariances": (("-9", "0"), ("0", "16"))}),
    ("words", {"covariances": (("9", "six"), ("six", "16"))}),
    ("nothing", {"covariances": (("9", ""), ("", "16"))}),
    ("no number", {"covariances": (("9", "NaN"), ("NaN", "16"))}),
    ("an endless number", {"covariances": (("9" * 401, "0"), ("0", "16"))}),
    ("a value that is missing", {"quantity_values": ("0.1", "")}),
    ("a unit without a square", {"unit": "\\decibel"}),
    ("no coverage probability", {"coverage_probability": "", "coverage_factors": (), "expanded_uncertainties": ()}),
]


@pytest.mark.parametrize(("_name", "changes"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_is_no_covariance_matrix_is_refused_in_both_languages(_name, changes):
    with pytest.raises(CovarianceNotAllowed) as caught:
        dcc_xml(content(column(**changes)))
    assert caught.value.code == "JL-DCC-008"
    assert "修正值" in caught.value.what.zh
    assert "Correction" in caught.value.what.en
    assert caught.value.way_out.zh
    assert caught.value.way_out.en


@pytest.mark.parametrize("factor", ["", "0.9", "0", "-2", "2,45", "k", "1e1", "02.45"])
def test_the_factor_of_the_region_is_one_that_the_schema_knows(factor):
    with pytest.raises(CoverageNotAllowed):
        dcc_xml(content(column(region_factor=factor)))


def test_a_column_of_words_has_no_matrix():
    words = column(quantity_values=("good", "bad"), expanded_uncertainties=(), coverage_factors=(), unit="")
    with pytest.raises(Exception, match="good"):
        dcc_xml(content(words))


@pytest.mark.parametrize(("unit", "square"), [
    ("\\kelvin", "\\kelvin\\tothe{2}"), ("\\kilogram\\metre\\tothe{-3}", "\\kilogram\\tothe{2}\\per\\metre\\tothe{6}"),
    ("\\metre\\tothe{0.5}", "\\metre"), ("\\one", "\\one"), ("\\micro\\volt\\per\\kelvin",
     "\\micro\\volt\\tothe{2}\\per\\kelvin\\tothe{2}"), ("\\second\\tothe{-0.5}", "\\per\\second"),
])  # fmt: skip
def test_squares_of_units(unit, square):
    assert squared_unit(unit) == square
    once, twice = parse_unit(unit), parse_unit(square)
    assert twice.dimension == tuple(2 * power for power in once.dimension)
    assert float(twice.factor) == pytest.approx(float(once.factor) ** 2)


@pytest.mark.parametrize("unit", ["\\decibel", "mm", "\\meter\\nonsense", "{", "\\tothe{2}"])
def test_what_has_no_square(unit):
    assert not can_be_squared(unit)
    with pytest.raises((UnknownUnit, UnitSyntax)):
        squared_unit(unit)


def test_coefficients_row_by_row():
    found = coefficients(exact_matrix([["1", "0.5", "0"], ["0.5", "1", "-0.25"], ["0", "-0.25", "1"]]))
    assert found == ((0, 1, "0.50"), (0, 2, "0.00"), (1, 2, "-0.25"))
    assert coefficients(exact_matrix([["1"]])) == ()


@pytest.mark.parametrize("text", ["", "x", "NaN", "INF", "1,5", "１", "0x1", "1" * 401])
def test_what_is_no_number_makes_no_matrix(text):
    assert matrix_of([["1", text], [text, "1"]]) is None


PARTS = st.lists(st.lists(st.integers(-999, 999), min_size=2, max_size=2).filter(any), min_size=2, max_size=5)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(PARTS)
def test_what_is_written_is_read(parts):
    exact = tuple(tuple(Fraction(sum(a * b for a, b in zip(x, y, strict=True)), 10**9) for y in parts) for x in parts)
    texts = rounded_covariance(exact)
    rows = len(parts)
    written = column(quantity_values=("1.0",) * rows, expanded_uncertainties=("1",) * rows,
                     coverage_factors=("2",) * rows, covariances=texts)  # fmt: skip
    _, entries, _, _ = covariance_of(dcc_xml(content(written)))
    assert entries == {(c + 1, r + 1): texts[c][r] for c in range(rows) for r in range(rows)}


def test_a_second_column_without_a_matrix_has_none():
    other = column(ref_type="basic_measurementError", name=Text("误差", "Error"), covariances=(), region_factor="")
    xml = dcc_xml(content(column(), other))
    stated = [q.first.shared_uncertainty.form for q in Certificate.read(xml).quantities() if q.role == "result"]
    assert stated.count("ellipsoidal") == 1
    assert replace(other, covariances=MATRIX, region_factor="2.45").covariances == MATRIX
