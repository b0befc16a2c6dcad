"""Laws of the D-SI: any quantity is written and read again, every number text stays, units add up."""

import csv
import io
import json
from dataclasses import MISSING, fields
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.dcc_samples import certificate_with, expanded, expanded_list, quantity, real, real_list

from jialiang.formats.conversion.data import certificate_data
from jialiang.formats.conversion.rows import COLUMNS, entry, groups, rows
from jialiang.formats.conversion.text_tables import csv_of
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dsi import members
from jialiang.formats.dsi.decimals import celsius_to_kelvin, is_decimal
from jialiang.formats.dsi.members import TextList
from jialiang.formats.dsi.quantities import QUANTITIES, read_quantity, write_quantity
from jialiang.formats.dsi.reading import real_lists
from jialiang.formats.dsi.unit_codes import better_unit, is_unit, read_unit
from jialiang.formats.dsi.unit_repair import simplified
from jialiang.formats.dsi.writing import SI, RealList, temperature_list
from jialiang.formats.dsi.writing import real_list as write_real_list
from jialiang.science.units import parse_unit

LAWS = settings(max_examples=15, deadline=None)
FEW = settings(max_examples=5, deadline=None)
NUMBERS = st.from_regex(r"[-+]?[0-9]{1,6}(\.[0-9]{0,6})?([eE][-+]?[0-9]{1,2})?", fullmatch=True)
TEXTS = st.text(st.sampled_from("ab米 \\{}<&"), min_size=1, max_size=6)
LISTS = st.lists(NUMBERS, min_size=1, max_size=4).map(" ".join).map(TextList)


# --- quantities as values -------------------------------------------------------------------------------------------


def value_of(member, depth):
    """A value for one field, made from how the field stands in XML."""
    match member:
        case members.TextMember():
            return NUMBERS if member.is_number else TEXTS
        case members.ListMember():
            return LISTS
        case members.FormMember():
            return st.one_of([made(each, depth, form=form) for form, each in member.forms.items()])
        case members.ColumnsMember():
            cells = st.lists(made(member.of_class, depth), min_size=1, max_size=2).map(tuple)
            return st.lists(cells, min_size=1, max_size=2).map(tuple)
        case members.EntriesMember():
            known = member.classes().values()
            inner = [made(each, depth - 1) for each in known if depth > 0 or not is_nested(each)]
            return st.lists(st.one_of(inner), min_size=1, max_size=2).map(tuple)
    raise AssertionError(member)


def is_nested(of_class):
    return any(isinstance(each.metadata.get("member"), members.EntriesMember) for each in fields(of_class))


@st.composite
def made(draw, of_class, depth=1, **known):
    """Any object of a class, absent fields included where they may be absent."""
    values = dict(known)
    for each in fields(of_class):
        if "member" not in each.metadata or each.name in ("older_uncertainty", "older_standard_uncertainty"):
            continue
        if each.default is MISSING or draw(st.booleans()):
            values[each.name] = draw(value_of(each.metadata["member"], depth))
    return of_class(**values)


@pytest.mark.parametrize("name", QUANTITIES)
@FEW
@given(st.data())
def test_whatever_quantity_is_written_is_read_again(name, data):
    said = data.draw(made(QUANTITIES[name]))
    element = write_quantity(said)
    assert etree.QName(element).localname == name
    assert read_quantity(element) == said
    assert read_quantity(etree.fromstring(etree.tostring(element))) == said


@pytest.mark.parametrize("name", QUANTITIES)
@FEW
@given(st.data())
def test_comments_and_blanks_between_elements_say_nothing(name, data):
    said = data.draw(made(QUANTITIES[name]))
    element = write_quantity(said)
    for each in list(element.iter(etree.Element)):
        if len(each):
            each.text = "\n "
            each[0].addprevious(etree.Comment("x"))
            for child in each:
                child.tail = "\n"
    assert read_quantity(element) == said


# --- lists of reals -------------------------------------------------------------------------------------------------


@st.composite
def real_lists_of(draw):
    """A list with U, with u or without uncertainty; with one probability for all or one a value."""
    values = tuple(draw(st.lists(NUMBERS | st.just("NaN"), min_size=1, max_size=4)))
    form = draw(st.sampled_from(["", "expanded", "standard"]))
    each = st.lists(NUMBERS, min_size=len(values), max_size=len(values)).map(tuple)
    unit = draw(st.sampled_from(["\\metre", "\\one", "\\volt"]))
    if not form:
        return RealList(values, unit)
    distribution = draw(st.sampled_from(["", "normal"]))
    if form == "standard":
        return RealList(values, unit, standard_uncertainties=draw(each), distribution=distribution)
    probabilities = draw(st.sampled_from(["0.95", " ".join(f"0.9{n}" for n in range(len(values)))]))
    return RealList(values, unit, draw(each), draw(each), probabilities, distribution)


@LAWS
@given(real_lists_of())
def test_a_list_with_any_uncertainty_is_read_as_it_was_written(values):
    parent = etree.Element("quantity")
    write_real_list(parent, values)
    assert real_lists(parent) == [values]


PROBABILITIES = {
    "one for all": ("0.95", "0.95"),
    "the same each time": ("0.95 0.95 0.95", "0.95"),
    "another each time": ("0.95 0.95 0.99", "0.95 0.95 0.99"),
    "the same number otherwise written": ("0.95 0.950 0.95", "0.95 0.950 0.95"),
}


@pytest.mark.parametrize("case", PROBABILITIES)
def test_probabilities_are_said_once_only_if_they_are_one(case):
    written, read = PROBABILITIES[case]
    inside = quantity(real_list("1 2 3", "\\metre", expanded_list("0.1", "2", written)))
    element = etree.fromstring(certificate_with(inside)).find(f".//{{{SI}}}realListXMLList").getparent()
    (values,) = real_lists(element)
    assert values.coverage_probability == read
    assert values.expanded_uncertainties == ("0.1", "0.1", "0.1")


@pytest.mark.parametrize(("suffix", "many"), [("", 1), ("XMLList", 2)])
def test_a_standard_uncertainty_stands_for_every_value(suffix, many):
    stated = (
        f"<si:measurementUncertaintyUnivariate{suffix}><si:standardMU{suffix}><si:valueStandardMU{suffix}>0.10"
        f"</si:valueStandardMU{suffix}></si:standardMU{suffix}></si:measurementUncertaintyUnivariate{suffix}>"
    )
    content = real("1", "\\metre", stated) if many == 1 else real_list("1 2", "\\metre", stated)
    element = (
        etree.fromstring(certificate_with(quantity(content))).find(f".//{{{SI}}}unit{suffix}").getparent()
    )
    (values,) = real_lists(element.getparent())
    assert values.standard_uncertainties == ("0.10",) * many
    assert (values.expanded_uncertainties, values.coverage_probability) == ((), "")


@LAWS
@given(st.lists(st.from_regex(r"-?[0-9]{1,3}\.[0-9]{0,5}", fullmatch=True), min_size=1, max_size=4))
def test_temperatures_are_273_15_apart_in_their_two_units(celsius):
    parent = etree.Element("quantity")
    temperature_list(parent, RealList(tuple(celsius), "\\degreecelsius"))
    first, second = real_lists(parent)
    assert (first.unit, second.unit) == ("\\degreecelsius", "\\kelvin")
    for degrees, kelvin in zip(first.quantity_values, second.quantity_values, strict=True):
        assert Fraction(kelvin) - Fraction(degrees) == Fraction(27315, 100)
        assert -Decimal(kelvin).as_tuple().exponent == max(2, len(degrees.partition(".")[2]))
        assert celsius_to_kelvin(degrees) == kelvin


@given(st.text("0123456789.+-eE ", max_size=8))
def test_a_decimal_is_what_decimal_takes_within_three_digits_of_exponent(text):
    if is_decimal(text):
        assert Decimal(text).is_finite()
    elif text.strip() == text and text:
        try:
            exponent = text.lower().partition("e")[2].lstrip("+-")
            Decimal(text)
        except ArithmeticError:
            return
        assert len(exponent) > 3


# --- units ----------------------------------------------------------------------------------------------------------

UNIT_PARTS = st.tuples(
    st.booleans(),
    st.sampled_from(["", "\\milli", "\\kilo", "\\nano"]),
    st.sampled_from(["\\metre", "\\second", "\\ampere", "\\volt", "\\pascal"]),
    st.integers(-3, 3).filter(bool),
)


def unit_of(parts):
    return "".join(
        ("\\per" if per else "") + prefix + name + (f"\\tothe{{{power}}}" if power != 1 else "")
        for per, prefix, name, power in parts
    )


@LAWS
@given(st.lists(UNIT_PARTS, min_size=1, max_size=3))
def test_a_unit_over_itself_is_one(parts):
    unit = unit_of(parts)
    inverse = unit_of([(not per, prefix, name, power) for per, prefix, name, power in parts])
    whole, both = read_unit(unit), read_unit(unit + inverse)
    assert both.factor == 1
    assert set(both.dimension) == {0}
    assert whole.factor * read_unit(inverse).factor == 1
    science = parse_unit(unit)
    assert (whole.factor, whole.dimension) == (science.factor, science.dimension)


@LAWS
@given(st.lists(UNIT_PARTS, min_size=1, max_size=3), st.permutations([0, 1, 2]))
def test_the_order_of_the_parts_does_not_matter(parts, order):
    shuffled = [parts[place] for place in order if place < len(parts)]
    one, other = read_unit(unit_of(parts)), read_unit(unit_of(shuffled))
    assert (one.factor, one.dimension) == (other.factor, other.dimension)


@LAWS
@given(st.lists(UNIT_PARTS, min_size=1, max_size=3))
def test_a_negative_power_is_a_unit_below_the_line(parts):
    turned = [(not per, prefix, name, -power) for per, prefix, name, power in parts]
    one, other = read_unit(unit_of(parts)), read_unit(unit_of(turned))
    assert (one.factor, one.dimension, one.ucum) == (other.factor, other.dimension, other.ucum)


@LAWS
@given(st.lists(UNIT_PARTS, min_size=1, max_size=3))
def test_capitals_and_blanks_are_put_right_and_a_right_unit_is_left_alone(parts):
    unit = unit_of(parts)
    assert is_unit(unit)
    assert better_unit(unit) is None
    assert simplified(unit) == unit
    assert better_unit(unit.replace("\\metre", "\\Metre")) in (None, unit)
    assert better_unit(f" {unit}") == unit


# --- rows of a certificate ------------------------------------------------------------------------------------------

CELLS = st.lists(st.tuples(NUMBERS, st.sampled_from(["", "0.1", "0.25"])), min_size=1, max_size=4)


@LAWS
@given(st.lists(CELLS, min_size=1, max_size=3))
def test_every_value_is_one_row_with_its_own_uncertainty(columns):
    inside = ""
    for number, cells in enumerate(columns):
        stated = [u for _, u in cells]
        after = expanded_list(" ".join(stated)) if all(stated) else ""
        inside += quantity(real_list(" ".join(v for v, _ in cells), "\\metre", after), f"C{number}")
    certificate = Certificate.read(certificate_with(f"<dcc:list>{inside}</dcc:list>"))
    found = [row for row in rows(certificate) if row["role"] == "result"]
    expected = [
        (f"C{number}", str(at), value, width if all(u for _, u in cells) else "")
        for number, cells in enumerate(columns)
        for at, (value, width) in enumerate(cells, start=1)
    ]
    assert [(r["name"], r["row"], r["value"], r["expanded_uncertainty"]) for r in found] == expected
    assert all(tuple(row) == COLUMNS for row in found)
    (group,) = groups(certificate)
    assert [each.name_in("en") for each in group] == [f"C{number}" for number in range(len(columns))]
    read = list(csv.DictReader(io.StringIO(csv_of(certificate).data.decode("utf-8-sig"), newline="")))
    written = [(r["name"], r["row"], r["value"].removeprefix("'")) for r in read if r["role"] == "result"]
    assert written == [each[:3] for each in expected]


@given(st.lists(st.sampled_from("abc"), max_size=4).map(tuple), st.integers(0, 5))
def test_an_entry_is_there_for_its_row_or_for_all(texts, row):
    expected = texts[0] if len(texts) == 1 else dict(enumerate(texts)).get(row, "")
    assert entry(texts, row) == expected


@LAWS
@given(NUMBERS, st.sampled_from(["zh", "en"]))
def test_typed_data_keep_the_text_of_a_number_in_both_languages(number, language):
    name = '<dcc:content lang="zh">示值</dcc:content><dcc:content lang="en">Indication</dcc:content>'
    inside = quantity(real(number, "\\volt", expanded("0.10", "2.00", "0.950")), name="").replace(
        "<dcc:quantity>", f"<dcc:quantity><dcc:name>{name}</dcc:name>"
    )
    data = certificate_data(Certificate.read(certificate_with(inside)), language)
    (said,) = (q for q in data["quantities"] if q["role"] == "result")
    assert json.loads(json.dumps(data)) == data
    assert said["name"] == {"zh": "示值", "en": "Indication"}[language]
    assert said["names"] == {"zh": "示值", "en": "Indication"}
    assert (said["value"], said["unit"]) == (number, "\\volt")
    assert [said[m] for m in ("expanded_uncertainty", "coverage_factor", "coverage_probability")] == [
        "0.10", "2.00", "0.950",
    ]  # fmt: skip
