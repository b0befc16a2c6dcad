"""No text of a quantity changes without being told, in whichever form of the D-SI it stands."""

from decimal import Decimal

import pytest
from lxml import etree
from tests.formats.dcc_samples import certificate_with, expanded, quantity, real, real_list

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.comparison.comparing import compare

METRE, MILLIMETRE, SECOND = "\\metre", "\\milli\\metre", "\\second"
KELVIN, CELSIUS = "\\kelvin", "\\degreecelsius"
OTHER_UNIT = {
    METRE: SECOND,
    SECOND: KELVIN,
    KELVIN: SECOND,
    CELSIUS: SECOND,
    "\\radian": SECOND,
    "\\one": METRE,
}


def si(name, *content):
    return f"<si:{name}>{''.join(content)}</si:{name}>"


def univariate(*content):
    return si("measurementUncertaintyUnivariate", *content)


STATED = si("valueExpandedMU", "0.1") + si("coverageFactor", "2") + si("coverageProbability", "0.95")
INTERVAL = si("intervalMin", "0.8") + si("intervalMax", "1.2") + si("coverageProbability", "0.95")
INTERVALS = (
    si("valueStandardMUXMLList", "0.1 0.2") + si("intervalMinXMLList", "0.8 1.6") + si("intervalMaxXMLList", "1.2 2.4")
    + si("coverageProbabilityXMLList", "0.95")
)  # fmt: skip


def covariance(value):
    return si("covariance", si("value", value), si("unit", METRE))


MATRIX = si("covarianceMatrix", si("column", covariance("1"), covariance("2")), si("column", covariance("3")))
REGION = si("ellipsoidalRegion", MATRIX, si("coverageFactor", "2.45"), si("coverageProbability", "0.95"))
MATRICES = si(
    "measurementUncertaintyMultivariateXMLList",
    si("rectangularRegionMUXMLList", si("covarianceMatrixXMLList", si("columnXMLList", si("covarianceXMLList",
       si("valueXMLList", "1 2"), si("unitXMLList", METRE)))), si("coverageFactorXMLList", "2"),
       si("coverageProbabilityXMLList", "0.95")),
)  # fmt: skip


def part(first, second, *after):
    return si("complex", si("valueReal", first), si("valueImag", second), si("unit", METRE), *after)


FORMS = {
    "standard uncertainty": real("1", METRE, univariate(
        si("standardMU", si("valueStandardMU", "0.1"), si("distribution", "normal")))),
    "expanded uncertainty": real("1", METRE, univariate(si("expandedMU", STATED))),
    "expanded uncertainty of 2.1": real("1", METRE, expanded("0.1", distribution="normal")),
    "coverage interval": real("1", METRE, univariate(
        si("coverageIntervalMU", si("valueStandardMU", "0.1"), INTERVAL, si("distribution", "t")))),
    "coverage interval of 2.1": real("1", METRE, si("coverageInterval", si("standardUnc", "0.1"), INTERVAL)),
    "everything beside the value": si(
        "real", si("label", "L"), si("quantityTypeQUDT", "Length"), si("value", "1"), si("unit", METRE),
        si("significantDigit", "3"), si("dateTime", "2026-03-01T00:00:00Z")),
    "hybrid": si("hybrid", real("293.15", KELVIN), real("20.00", CELSIUS)),
    "hybrid with U": si("hybrid", real("293.15", KELVIN, expanded()), real("20.00", CELSIUS, expanded())),
    "hybrid of lists": si("hybrid", real_list("293.15 294.15", KELVIN), real_list("20.00 21.00", CELSIUS)),
    "constant": si("constant", si("value", "1"), si("unit", METRE), si("valueStandardMU", "0.1")),
    "constant of 2.1": si("constant", si("value", "1"), si("unit", METRE), si("uncertainty", "0.1")),
    "complex": part("1", "2"),
    "complex with region": part("1", "2", REGION),
    "complex with region of 2.2": part("1", "2", si("measurementUncertaintyBivariate", REGION)),
    "polar": si("complex", si("valueMagnitude", "1"), si("valuePhase", "2"), si("unit", METRE),
                si("unitPhase", "\\radian")),
    "list of 1.3": si("list", si("listUnit", METRE), si("real", si("value", "1")), si("real", si("value", "2"))),
    "list of lists": si("list", si("realList", real("1", METRE), real("2", METRE)),
                        si("realList", real("3", SECOND, expanded()), real("4", SECOND, expanded()))),
    "list with U of all": si("list", si("realList", si("listUnit", METRE),
        si("listMeasurementUncertaintyUnivariate", si("expandedMU", STATED)),
        si("real", si("value", "1")), si("real", si("value", "2")))),
    "complex list": si("list", si("complexList", part("1", "2"), part("3", "4"))),
    "XML list": si("realListXMLList", si("labelXMLList", "a b"), si("valueXMLList", "1 2"),
                   si("unitXMLList", f"{METRE} {SECOND}"), si("significantDigitXMLList", "3 4"),
                   si("dateTimeXMLList", "2026-03-01T00:00:00Z 2026-03-02T00:00:00Z")),
    "XML list of intervals": real_list("1 2", METRE, si("measurementUncertaintyUnivariateXMLList",
                                       si("coverageIntervalMUXMLList", INTERVALS))),
    "XML list with matrix": real_list("1 2", METRE, MATRICES),
    "complex XML list": si("complexListXMLList", si("valueRealXMLList", "1 2"), si("valueImagXMLList", "3 4"),
                           si("unitXMLList", METRE)),
    "relative uncertainty": real("1", METRE) + "<dcc:relativeUncertainty><dcc:relativeUncertaintySingle>"
    "<si:value>0.1</si:value><si:unit>\\one</si:unit></dcc:relativeUncertaintySingle></dcc:relativeUncertainty>",
    "marks": "<dcc:charsXMLList>a b</dcc:charsXMLList>",
    "words": '<dcc:noQuantity><dcc:content lang="zh">好</dcc:content><dcc:content lang="en">good</dcc:content>'
             "<dcc:formula><dcc:latex>x = 1</dcc:latex></dcc:formula></dcc:noQuantity>",
}  # fmt: skip


def other(token):
    """Another text of the same kind."""
    try:
        return str(Decimal(token) + 1)
    except ArithmeticError:
        return OTHER_UNIT.get(token, f"{token}9")


def changed_once(data):
    """The certificate with each token of its quantity changed alone: (element and place, bytes)."""
    count = sum(1 for _ in etree.fromstring(data).find(".//{*}quantity").iter())
    for position in range(count):
        length = len((at(etree.fromstring(data), position).text or "").split())
        for place in range(length):
            root = etree.fromstring(data)
            element = at(root, position)
            tokens = element.text.split()
            tokens[place] = other(tokens[place])
            element.text = " ".join(tokens)
            yield (etree.QName(element).localname, place), etree.tostring(root)


def at(root, position):
    return list(root.find(".//{*}quantity").iter())[position]


@pytest.mark.parametrize("form", FORMS)
def test_every_text_that_changes_is_a_difference(form):
    data = certificate_with(quantity(FORMS[form], name=""))
    first = Certificate.read(data)
    assert compare(first, first).is_same
    places = dict(changed_once(data))
    assert len(places) > 1
    unseen = [
        place
        for place, changed in places.items()
        if compare(first, Certificate.read(changed)).is_same
        or compare(Certificate.read(changed), first).relation == "same"
    ]
    assert unseen == []


def of(content, **more):
    return Certificate.read(certificate_with(quantity(content, **more)))


@pytest.mark.parametrize("form", ["coverage interval", "coverage interval of 2.1", "XML list of intervals"])
def test_an_interval_that_moved_without_growing_is_a_change(form):
    moved = FORMS[form].replace("0.8", "0.9").replace("1.2", "1.3")
    difference = compare(of(FORMS[form]), of(moved))
    assert {(change.first, change.second) for change in difference.administrative} == {
        ("0.8", "0.9"),
        ("1.2", "1.3"),
    }
    assert not difference.is_same


# --- units that cannot be converted ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (METRE, SECOND),
        (METRE, "|x"),
        ("|x", "|y"),
        ("\\decibel", "\\one"),
        (METRE, "\\metre\\tothe{2}"),
        ("\\newton\\metre", "\\newton"),
    ],
)
def test_another_kind_of_unit_is_named_with_both_units(before, after):
    difference = compare(of(real("1.5", before)), of(real("1.5", after)))
    (change,) = difference.administrative
    assert (change.first, change.second) == (before, after)
    assert change.path.endswith("/unit[1]")
    assert difference.relation == "other_version"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("1", METRE), ("1000", MILLIMETRE)),
        (("293.15", KELVIN), ("20.00", CELSIUS)),
        (("0.5", "\\one"), ("50", "\\percent")),
        (("1", "\\newton\\metre"), ("1", "\\joule")),
        (("1", "\\degreecelsius"), ("1", "\\degreeCelsius")),
    ],
)
def test_units_into_which_one_can_convert_are_no_change(first, second):
    assert compare(of(real(*first)), of(real(*second))).administrative == ()


def test_each_entry_of_a_list_of_units_is_looked_at():
    before, after = f"{METRE} {SECOND} {KELVIN}", f"{MILLIMETRE} {METRE} {KELVIN}"
    changes = compare(of(real_list("1 2 3", before)), of(real_list("1 2 3", after))).administrative
    assert [(c.path.rsplit("/", 1)[1], c.first, c.second) for c in changes] == [("row[2]", SECOND, METRE)]


# --- lists of single values -----------------------------------------------------------------------------------------


def listed(*members):
    return of(si("list", si("realList", *(real(value, unit, expanded(u)) for value, unit, u in members))))


def rows(first, second):
    (difference,) = compare(first, second).quantities
    return difference.rows


def test_every_value_of_a_list_is_a_row():
    first = listed(("1", METRE, "0.3"), ("2", METRE, "0.6"), ("3", METRE, "0.9"))
    second = listed(("1.5", METRE, "0.4"), ("1", METRE, "0.8"), ("3", METRE, "1.2"))
    assert [(r.row_first, r.row_second, r.difference, r.e_n) for r in rows(first, second)] == [
        (1, 1, "0.5", 1.0),
        (2, 2, "-1", -1.0),
        (3, 3, "0", 0.0),
    ]


def test_every_value_of_a_list_has_its_own_unit():
    first = listed(("1", METRE, "3"), ("2", SECOND, "3"))
    second = listed(("1", METRE, "4"), ("7", SECOND, "4"))
    assert [(r.unit, r.difference, r.e_n) for r in rows(first, second)] == [
        (METRE, "0", 0.0),
        (SECOND, "5", 1.0),
    ]


def test_a_list_in_another_unit_is_converted_row_by_row():
    first = listed(("1.000", METRE, "0.003"), ("2.000", METRE, "0.003"))
    second = listed(("1005", MILLIMETRE, "4"), ("1995", MILLIMETRE, "4"))
    assert [(r.second, r.difference, r.e_n) for r in rows(first, second)] == [
        ("1.005", "0.005", 1.0),
        ("1.995", "-0.005", -1.0),
    ]


def test_a_list_of_values_meets_an_xml_list_of_the_same_values():
    written = of(real_list("1 2", METRE))
    assert [r.difference for r in rows(listed(("1", METRE, "1"), ("2.5", METRE, "1")), written)] == [
        "0",
        "-0.5",
    ]


def test_a_value_that_a_list_lost_is_a_row_of_one_side():
    last = rows(listed(("1", METRE, "1"), ("2", METRE, "0.5")), listed(("1", METRE, "1")))[-1]
    assert (last.row_first, last.row_second, last.first, last.second) == (2, 0, "2", "")
    assert last.expanded_uncertainty_first == "0.5"


# --- hybrids and errors ---------------------------------------------------------------------------------------------


def hybrid(kelvin, celsius):
    return of(si("hybrid", real(kelvin, KELVIN), real(celsius, CELSIUS)))


def test_a_hybrid_is_one_row_as_long_as_its_first_unit_tells_the_change():
    (row,) = rows(hybrid("293.15", "20.00"), hybrid("293.25", "20.10"))
    assert (row.unit, row.difference) == (KELVIN, "0.1")


def test_a_change_in_the_other_unit_alone_is_a_row_more():
    same, other_unit = rows(hybrid("293.15", "20.00"), hybrid("293.15", "20.10"))
    assert (same.unit, same.is_changed) == (KELVIN, False)
    assert (other_unit.unit, other_unit.first, other_unit.second, other_unit.difference) == (
        CELSIUS, "20.00", "20.10", "0.1",
    )  # fmt: skip


# first, second, refType, difference in the unit of the first
ERRORS = {
    "an error has no ice point": ((KELVIN, "0.10"), (CELSIUS, "0.12"), "basic_measurementError", "0.02"),
    "nor the other way round": ((CELSIUS, "-0.10"), (KELVIN, "0.10"), "basic_measurementError", "0.2"),
    "among other refTypes": ((KELVIN, "0.1"), (CELSIUS, "0.1"), "a_b basic_measurementError", "0"),
    "a temperature has one": ((KELVIN, "293.15"), (CELSIUS, "20.05"), "basic_measuredValue", "0.05"),
    "an error of length is scaled": ((METRE, "0.001"), (MILLIMETRE, "2"), "basic_measurementError", "0.001"),
}  # fmt: skip


@pytest.mark.parametrize("case", ERRORS)
def test_errors_in_another_unit(case):
    (unit, value), (unit_after, value_after), ref_type, difference = ERRORS[case]
    attributes = f'refType="{ref_type}"'
    (row,) = rows(
        of(real(value, unit, expanded("0.03")), attributes=attributes),
        of(real(value_after, unit_after, expanded("0.04")), attributes=attributes),
    )
    assert row.difference == difference
