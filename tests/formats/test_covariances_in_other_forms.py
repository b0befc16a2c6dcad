"""A covariance matrix outside the XML: in the data JSON, lossless JSON and OFD; and the units that have a square."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from tests.formats.test_dcc_covariances import MATRIX, column, content

from jialiang.formats.conversion.data import certificate_data
from jialiang.formats.conversion.lossless import from_lossless, to_lossless
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.comparison.comparing import compare
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.dsi.units import squared_unit
from jialiang.formats.ofd.certificate import certificate_document
from jialiang.formats.ofd.faces import Faces
from jialiang.formats.ofd.page_writing import NewText
from jialiang.formats.xml.canonicalization import canonical_document
from jialiang.formats.xml.parsing import parse_xml
from jialiang.science.covariance import exact_matrix
from jialiang.science.units import known_units, parse_unit


@pytest.fixture(scope="module")
def xml():
    return dcc_xml(content(column()))


def regions(data):
    """Every region that stands anywhere in JSON data."""
    if isinstance(data, dict):
        found = [data["shared_uncertainty"]] if "covariance" in data.get("shared_uncertainty", {}) else []
        return found + [each for member in data.values() for each in regions(member)]
    return [each for member in data for each in regions(member)] if isinstance(data, list) else []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_data_of_the_certificate_have_the_matrix(xml, language):
    data = json.loads(json.dumps(certificate_data(Certificate.read(xml), language)))
    found = regions(data)
    assert found
    entries = {(each["column"], each["row"]): each["value"] for each in found[0]["covariance"]}
    assert entries == {(c + 1, r + 1): MATRIX[c][r] for c in range(2) for r in range(2)}
    assert (found[0]["coverage_factor"], found[0]["coverage_probability"]) == ("2.45", "0.95")


def test_lossless_json_gives_the_certificate_back(xml):
    back = from_lossless(json.loads(json.dumps(to_lossless(parse_xml(xml)))))
    assert canonical_document(parse_xml(back)) == canonical_document(parse_xml(xml))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_ofd_has_the_coefficient_and_no_covariance(xml, language):
    made = certificate_document(Certificate.read(xml), language, Faces())
    texts = [each.text for page in made.pages for each in page.content if isinstance(each, NewText)]
    assert "0.50" in texts
    assert not any("0.000006" in text for text in texts)
    word = {"zh": "相关系数", "en": "Correlation coefficients"}[language]
    assert any(word in text for text in texts)


def test_a_certificate_compared_with_itself_does_not_differ_and_another_matrix_does(xml):
    other = dcc_xml(content(column(covariances=(("0.000009", "0.000003"), ("0.000003", "0.000016")))))
    same, changed = (compare(Certificate.read(xml), Certificate.read(each)) for each in (xml, other))
    assert same != changed


@pytest.mark.parametrize("unit", known_units())
def test_every_unit_that_stands_alone_has_the_square_of_its_size(unit):
    square, once = parse_unit(squared_unit(unit)), parse_unit(unit)
    assert square.dimension == tuple(2 * power for power in once.dimension)
    assert square.offset == 0
    assert square.factor == once.factor**2


@pytest.mark.parametrize("prefix", ["\\milli", "\\micro", "\\kilo", "\\mega"])
@pytest.mark.parametrize("unit", ["\\metre", "\\volt", "\\pascal"])
def test_a_prefix_is_squared_with_its_unit(prefix, unit):
    written = squared_unit(prefix + unit)
    assert written == f"{prefix}{unit}\\tothe{{2}}"
    assert parse_unit(written).factor == parse_unit(prefix + unit).factor ** 2


def test_the_matrix_of_the_column_is_exact():
    assert exact_matrix(MATRIX)[0][0] == Fraction(9, 10**6)
