"""The numbers of a quantity as series: one a unit, lists of single numbers as one."""

import pytest
from tests.formats.dcc_samples import certificate_with, expanded, expanded_list, quantity, real, real_list

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.reading_view.series import entry, length_of, meant_unit, series_of, symbol_of

METRE, KELVIN, CELSIUS = "\\metre", "\\kelvin", "\\degreecelsius"


def result(content):
    """The measurement result of one quantity."""
    found = Certificate.read(certificate_with(quantity(content))).quantities()
    return next(each for each in found if each.role == "result")


def listed(*parts, after=""):
    return f"<si:list>{''.join(parts)}{after}</si:list>"


COMPLEX = (
    "<si:complex><si:valueReal>{}</si:valueReal><si:valueImag>{}</si:valueImag><si:unit>\\volt</si:unit>"
    "</si:complex>"
)
LENGTHS = [
    (real("1", METRE), 0),
    (real_list("1", METRE), 0),
    (real_list("1 2", METRE), 2),
    (real_list("1 2 3 4 5", METRE), 5),
    (f"<si:hybrid>{real('1', KELVIN)}{real('2', CELSIUS)}</si:hybrid>", 0),
    (f"<si:hybrid>{real_list('1 2 3', KELVIN)}{real_list('4 5 6', CELSIUS)}</si:hybrid>", 3),
    (f"<si:hybrid>{real_list('1 2 3', KELVIN)}{real_list('4 5', CELSIUS)}</si:hybrid>", 3),
    (listed(real("1", METRE), real("2", METRE)), 2),
    (listed(real("1", METRE)), 0),
    (listed(listed(real("1", METRE), real("2", METRE)), listed(real("3", METRE), real("4", METRE))), 2),
    (COMPLEX.format("1", "2"), 0),
    ("<dcc:charsXMLList>a b c</dcc:charsXMLList>", 3),
    ("<dcc:charsXMLList>a</dcc:charsXMLList>", 0),
    ("<dcc:noQuantity><dcc:content>x</dcc:content></dcc:noQuantity>", 0),
    ("", 0),
    ("<si:realListXMLList/>", 0),
    ("<si:list/>", 0),
]  # fmt: skip


@pytest.mark.parametrize(("content", "length"), LENGTHS)
def test_a_quantity_is_as_long_as_its_longest_list(content, length):
    assert length_of(result(content)) == length


SERIES = [
    (real("1.0", METRE), [(("1.0",), (METRE,))]),
    (real_list("1 2", METRE), [(("1", "2"), (METRE,))]),
    (f"<si:hybrid>{real('1', KELVIN)}{real('2', CELSIUS)}</si:hybrid>", [(("1",), (KELVIN,)), (("2",), (CELSIUS,))]),
    (listed(real("1", METRE), real("2", KELVIN)), [(("1", "2"), (METRE, KELVIN))]),
    (listed(listed(real("1", METRE), real("2", METRE)), listed(real("3", METRE))),
     [(("1", "2"), (METRE, METRE)), (("3",), (METRE,))]),
    (listed(listed(listed(real("1", METRE)), listed(real("2", METRE))), listed(listed(real("3", METRE)))),
     [(("1",), (METRE,)), (("2",), (METRE,)), (("3",), (METRE,))]),
    (listed(real("1", METRE), listed(real("2", METRE))), [(("1",), (METRE,)), (("2",), (METRE,))]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), SERIES)
def test_series_have_every_number_with_its_unit(content, expected):
    assert [(each.values, each.unit) for each in series_of(result(content))] == expected


def test_a_merged_list_keeps_the_uncertainty_of_each_number():
    parts = (
        real("1", METRE, expanded("0.1", "2")),
        real("2", METRE, expanded("0.2", "2.1", "0.95", "normal")),
    )
    (series,) = series_of(result(listed(*parts)))
    u = series.uncertainty
    assert u.form == "expanded"
    assert (u.expanded_uncertainty, u.coverage_factor) == (("0.1", "0.2"), ("2", "2.1"))
    assert u.coverage_probability == ("0.95", "0.95")
    assert u.distribution == ("", "normal")
    assert series.is_list


def test_an_uncertainty_that_one_number_lacks_is_empty():
    (series,) = series_of(result(listed(real("1", METRE), real("2", METRE, expanded("0.2")))))
    assert series.uncertainty.expanded_uncertainty == ("", "0.2")


def test_an_uncertainty_that_all_lack_is_none():
    (series,) = series_of(result(listed(real("1", METRE), real("2", METRE))))
    assert series.uncertainty.expanded_uncertainty == ()
    assert series.uncertainty.form == ""


def test_complex_numbers_merge_in_both_parts():
    (series,) = series_of(result(listed(COMPLEX.format("1", "2"), COMPLEX.format("3", "4"))))
    assert (series.values, series.second, series.complex_form) == (("1", "3"), ("2", "4"), "cartesian")
    assert series.kind == "complexListXMLList"


def test_a_list_is_left_as_it_is():
    found = result(real_list("1 2", METRE, expanded_list("0.1 0.2")))
    assert series_of(found) == found.writings


@pytest.mark.parametrize(
    ("texts", "row", "text"),
    [
        ((), 0, ""),
        (("a",), 0, "a"),
        (("a",), 9, "a"),
        (("a", "b"), 1, "b"),
        (("a", "b"), 2, ""),
        (("\u202ea",), 0, "[U+202E]a"),
    ],
)
def test_one_entry_stands_for_all_rows(texts, row, text):
    assert entry(texts, row) == text


UNITS = [
    ("\\metre", "\\metre", "m"),
    ("\\one", "\\one", ""),
    ("", "", ""),
    ("\\degreeCelsius", "\\degreecelsius", "°C"),
    ("/kilogram", "\\kilogram", "kg"),
    ("metre", "\\metre", "m"),
    ("\\meter", "\\metre", "m"),
    ("\\kilogram \\metre", "\\kilogram\\metre", "kg·m"),
    ("\\metre\\squared", "\\metre\\tothe{2}", "m²"),
    ("\\metre^2", "\\metre\\tothe{2}", "m²"),
    ("mm", "\\milli\\metre", "mm"),
    ("completely unknown thing", "completely unknown thing", "completely unknown thing"),
    ("|ell", "|ell", "|ell"),
    ("\\" + "metre" * 100, "\\" + "metre" * 100, "\\" + "metre" * 100),
    ("<b>", "<b>", "<b>"),
    ("a\u202eb", "a\u202eb", "a[U+202E]b"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "meant", "symbol"), UNITS)
def test_units_are_read_as_they_were_meant(unit, meant, symbol):
    assert meant_unit(unit) == meant
    assert symbol_of(unit, "en") == symbol


def test_a_unit_of_any_length_costs_little():
    assert meant_unit("\\metre" * 10_000) == "\\metre" * 10_000
