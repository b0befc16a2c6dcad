"""The edges of single rules: how many findings, at which of several places, and limits on both sides."""

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.formats.dcc_samples import (
    certificate_with,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    reference,
)

from jialiang.formats.dcc.rules.checking import check_numbers, check_rules
from jialiang.formats.dcc.rules.document import date_of
from jialiang.formats.dcc.rules.numbers import last_digit, number_of, respelled, shown
from jialiang.formats.xml.parsing import parse_xml

METRE, KELVIN = "\\metre", "\\kelvin"


def found(document):
    """Rule and end of the path of every finding."""
    tree = parse_xml(document if isinstance(document, bytes) else document.encode())
    return [(each.rule.removeprefix("DCC-"), each.path) for each in check_rules(tree)]


def rules_of(document):
    return [rule for rule, _ in found(document)]


def one(value, unit=METRE, uncertainty="", **more):
    return certificate_with(quantity(real(value, unit, uncertainty), **more))


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("1", 1),
        ("1.0", Fraction(1, 10)),
        ("-0.050", Fraction(1, 1000)),
        ("1e3", 1000),
        ("1.20e3", 10),
        ("5.", 1),
    ],
)
def test_the_last_digit_that_was_written(text, digit):
    assert last_digit(Decimal(text)) == digit


@pytest.mark.parametrize(
    ("text", "is_computable"),
    [
        ("1" * 60, True),
        ("1" * 61, False),
        ("1e999", True),
        ("1e1000", False),
        ("1e-999", True),
        ("NaN", False),
        ("", False),
        (" 1", False),
        ("+.5", True),
        ("1..5", False),
    ],
)
def test_which_numbers_are_computed_with(text, is_computable):
    assert (number_of(text) is not None) is is_computable


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(1, 2), "0.5"),
        (Fraction(-2, 3), "-0.6666666667"),
        (Fraction(0), "0"),
        (Fraction(10) ** 20, "1e+20"),
        (Fraction(10) ** 400, "1e+400"),
        (-(Fraction(10) ** 400) / 3, "-3.333333333e+399"),
    ],
)
def test_numbers_of_any_size_are_shown(number, text):
    assert shown(number) == text


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("\\Metre", METRE),
        ("/metre", METRE),
        ("/Kilo/Gram", "\\kilo\\gram"),
        ("\\metre", METRE),
        ("metre", "metre"),
        ("\\Nothing", "\\Nothing"),
        ("|Metre", "|Metre"),
        ("", ""),
    ],
)
def test_units_are_spelled_anew_only_where_that_makes_them_known(written, spelled):
    assert respelled(written) == spelled


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("2026-03-01", True),
        ("2026-03-01Z", True),
        ("2026-03-01T12:00:00+08:00", True),
        ("2024-02-29", True),
        ("2026-02-29", False),
        ("2026-3-1", False),
        ("01.03.2026", False),
        ("", False),
    ],
)
def test_what_is_a_date(text, is_date):
    assert (date_of(text) is not None) is is_date


# --- one finding a place ------------------------------------------------------------------------------------------


def test_a_list_of_wrong_numbers_is_one_finding():
    assert rules_of(certificate_with(quantity(real_list("1,5 2,5 3,5", METRE)))) == ["NUMBER-UNREADABLE"]


def test_a_list_of_wrong_uncertainties_is_one_finding():
    document = certificate_with(quantity(real_list("1 2 3", METRE, expanded_list("0 -1 0.1"))))
    assert rules_of(document) == ["UNCERTAINTY-NOT-POSITIVE"]


def test_wrong_things_are_found_where_they_stand_in_the_order_of_the_file():
    document = certificate_with(
        "\n".join(
            [
                quantity(real("1,5", METRE)),
                quantity(real("1", METRE, expanded("0"))),
                quantity(real("1", "\\x")),
            ]
        )
    )
    made = found(document)
    assert [rule for rule, _ in made] == ["NUMBER-UNREADABLE", "UNCERTAINTY-NOT-POSITIVE", "UNIT-UNKNOWN"]
    assert [path.partition("dcc:quantity[")[2][0] for _, path in made] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        (("1 2", "1 2"), []),
        (("1 2", "1"), []),
        (("1", "1"), []),
        (("1 2", "1 2 3"), ["COLUMNS-UNEVEN"]),
        (("1 2", "1 2 3", "1 2 3 4"), ["COLUMNS-UNEVEN"]),
    ],
)
def test_columns_of_a_list(lists, expected):
    columns = "".join(quantity(real_list(values, METRE)) for values in lists)
    assert rules_of(certificate_with(f"<dcc:list>{columns}</dcc:list>")) == expected
    # Side by side, and not in one list, they may have any length.
    assert rules_of(certificate_with(columns)) == []


@pytest.mark.parametrize(
    ("text", "spaced"),
    [
        ("1 2", True),
        ("1", True),
        ("1  2", False),
        (" 1 2", False),
        ("1 2 ", False),
        ("1\t\t2", False),
        ("1\n2", True),
    ],
)
def test_one_blank_between_entries(text, spaced):
    assert ("LIST-SPACING" not in rules_of(certificate_with(quantity(real_list(text, METRE))))) is spaced


@pytest.mark.parametrize("attribute", ['refType="a  b"', 'refType=" a"', 'refType="a "', 'refType=""'])
def test_one_blank_between_entries_of_an_attribute(attribute):
    ((rule, path),) = found(one("1", attributes=attribute))
    assert (rule, path.rpartition("/")[2]) == ("LIST-SPACING", "@refType")


# k just inside and outside of what p = 0.95 allows: 0.97 · 1.95996 = 1.90, and Student's 4.30 at ν = 2.
@pytest.mark.parametrize(("k", "fits"), [("1.90", False), ("1.91", True), ("4.30", True), ("4.31", False)])
def test_coverage_factors_at_their_limits(k, fits):
    assert (rules_of(one("1", METRE, expanded("0.1", k, "0.95"))) == []) is fits


# A rectangular distribution: √3 · 0.95 = 1.6454, and 3 % less: 1.596.
@pytest.mark.parametrize(("k", "fits"), [("1.59", False), ("1.60", True), ("1.65", True)])
def test_coverage_factors_of_a_rectangle_at_their_limits(k, fits):
    assert (rules_of(one("1", METRE, expanded("0.1", k, "0.95", "rectangular"))) == []) is fits


@pytest.mark.parametrize("name", ["normal", "Normal", "GAUSSIAN", "gauss", "Normalverteilung"])
def test_names_of_the_normal_distribution(name):
    assert rules_of(one("1", METRE, expanded("0.1", "1.65", "0.95", name))) == ["COVERAGE-IMPLAUSIBLE"]


@pytest.mark.parametrize(
    ("celsius", "agrees"),
    [("20.00", True), ("20.01", True), ("20.02", True), ("20.03", False), ("19.97", False)],
)
def test_writings_agree_within_one_digit_of_each(celsius, agrees):
    """293.15 K is 20.00 °C; each was rounded to 0.01, so 0.02 between them is no contradiction."""
    inside = f"<si:hybrid>{real('293.15', KELVIN)}{real(celsius, CELSIUS)}</si:hybrid>"
    assert (rules_of(certificate_with(quantity(inside))) == []) is agrees


CELSIUS = "\\degreecelsius"


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ("", []),
        ("<dcc:inValidityRange>true</dcc:inValidityRange>", []),
        ("<dcc:inValidityRange>0</dcc:inValidityRange>", ["STANDARD-OUT-OF-VALIDITY"]),
        ("<dcc:traceable>false</dcc:traceable>", ["STANDARD-NOT-TRACEABLE"]),
        ("<dcc:traceable>no</dcc:traceable>", []),  # the structure speaks of that
    ],
)
def test_what_a_reference_says_of_its_standard(extra, expected):
    assert rules_of(certificate_with(equipment=reference("C", "analogue", "x", extra))) == expected


# --- one number, several files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "values", "expected"),
    [
        (("A", "A"), ("1", "1"), []),
        (("A", "A"), ("1", "2"), ["1"]),
        (("A", "B"), ("1", "2"), []),
        (("", ""), ("1", "2"), []),
        (("A", "B", "A", "B"), ("1", "1", "1", "2"), ["3"]),
        (("A", "A", "A"), ("1", "2", "3"), ["1", "2"]),
    ],
)
def test_numbers_used_again(numbers, values, expected):
    files = [
        (str(n), parse_xml(certificate_with(quantity(real(value, METRE)), number=number)))
        for n, (number, value) in enumerate(zip(numbers, values, strict=True))
    ]
    assert list(check_numbers(files)) == expected


def test_a_comment_makes_no_other_certificate():
    data = certificate_with()
    files = [
        ("a", parse_xml(data)),
        ("b", parse_xml(data.replace(b"<dcc:items>", b"<!-- x --><dcc:items >"))),
    ]
    assert check_numbers(files) == {}
