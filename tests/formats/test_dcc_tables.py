"""Result tables: which columns are temperatures, which are differences, and what links them to their causes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.sample_content import BATH, STANDARD, sample_content, sample_table

from jialiang.formats.content import Column, InfluenceCondition, ResultTable
from jialiang.formats.dcc.differences import difference
from jialiang.formats.dcc.errors import NotDecimalText, UnknownReference
from jialiang.formats.dcc.profile import TEMPERATURES, is_difference, place
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.kernel.text import Text

NS = {"dcc": "https://ptb.de/dcc", "si": "https://ptb.de/si"}
READINGS = st.decimals(min_value=-200, max_value=1000, places=3).map(lambda d: format(d, "f"))
UNCERTAINTIES = st.decimals(min_value="0.001", max_value=5, places=3).map(lambda d: format(d, "f"))


def certificate(*columns, **table):
    made = ResultTable(Text("结果", "Results"), columns, **table)
    return sample_content(results=(made,))


def column(ref_type, unit="\\degreecelsius", **more):
    return Column(ref_type, Text("列", "Column"), unit, **{"quantity_values": ("20.0", "30.00"), **more})


def found(xml, path):
    return [str(each) for each in etree.fromstring(xml).xpath(path, namespaces=NS)]


def units_of(content):
    return found(dcc_xml(content), "//dcc:result//si:unitXMLList/text()")


@pytest.mark.parametrize("ref_type", sorted(TEMPERATURES))
def test_temperatures_are_given_in_both_units(ref_type):
    assert units_of(certificate(column(ref_type))) == ["\\kelvin", "\\degreecelsius"]


@pytest.mark.parametrize(
    "ref_type",
    ["basic_measurementError", "gp_correction", "basic_acceptanceLimitUpper", "gp_temperatureDeviation", "gp_drift",
     "gp_stability", "gp_uniformity", "jl_indicationErrorRise"],
)  # fmt: skip
def test_differences_of_temperatures_are_in_kelvin_with_the_same_digits(ref_type):
    assert is_difference(ref_type)
    xml = dcc_xml(certificate(column(ref_type)))
    assert found(xml, "//dcc:result//si:unitXMLList/text()") == ["\\kelvin"]
    assert found(xml, "//dcc:result//si:valueXMLList/text()") == ["20.0 30.00"]


def test_what_is_neither_for_sure_stays_as_the_content_says():
    assert units_of(certificate(column("gp_somethingElse"))) == ["\\degreecelsius"]


@pytest.mark.parametrize("unit", ["\\volt", "\\kilogram", "\\one", "\\kelvin", "\\milli\\metre"])
def test_other_units_are_written_once(unit):
    assert units_of(certificate(column("basic_measuredValue", unit))) == [unit]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(READINGS, UNCERTAINTIES), min_size=1, max_size=15))
def test_any_temperatures_come_back_to_the_digit_and_agree_in_kelvin(rows):
    readings, uncertainties = zip(*rows, strict=True)
    made = column(
        "basic_measuredValue", quantity_values=readings, expanded_uncertainties=uncertainties,
        coverage_factors=("2",) * len(rows), coverage_probability="0.95",
    )  # fmt: skip
    xml = dcc_xml(certificate(made))
    (quantity,) = read_certificate(xml).results[0].quantities
    assert quantity.quantity_values == readings
    assert quantity.expanded_uncertainties == uncertainties
    kelvins = found(xml, "//dcc:result//si:valueXMLList/text()")[0].split()
    assert [Decimal(k) - Decimal(c) for k, c in zip(kelvins, readings, strict=True)] == [
        Decimal("273.15")
    ] * len(rows)
    lists = found(xml, "//dcc:result//si:valueExpandedMUXMLList/text()")
    assert lists == [" ".join(uncertainties)] * 2, "an uncertainty is an interval: it has no offset"


def test_an_empty_cell_is_no_number_in_either_unit():
    xml = dcc_xml(certificate(column("basic_measuredValue", quantity_values=("20.0", ""))))
    assert found(xml, "//dcc:result//si:valueXMLList/text()") == ["293.15 NaN", "20.0 NaN"]
    assert read_certificate(xml).results[0].quantities[0].quantity_values == ("20.0", "")


def test_columns_refer_to_their_methods_and_equipment_and_the_table_to_the_rest():
    linked = column("basic_referenceValue", method_keys=("gum",), equipment_keys=("standard",))
    xml = dcc_xml(certificate(linked, column("basic_measuredValue")))
    assert found(xml, "//dcc:quantity[@refType='basic_referenceValue']/@refId") == ["uM_2 mE_1"]
    assert found(xml, "//dcc:quantity[@refType='basic_measuredValue']/@refId") == []
    assert found(xml, "//dcc:list/@refId") == ["uM_1 mE_2"]


def test_a_key_of_equipment_is_no_key_of_a_method():
    with pytest.raises(UnknownReference) as refused:
        dcc_xml(certificate(column("basic_measuredValue", method_keys=("standard",))))
    assert refused.value.facts["key"] == "standard"


def test_keys_may_be_anything_because_ids_are_numbered():
    odd = replace(STANDARD, key="1 weird/键 <key>")
    table = replace(sample_table(), columns=(column("basic_measuredValue", equipment_keys=(odd.key,)),))
    xml = dcc_xml(sample_content(equipment=(BATH, odd), results=(table,)))
    assert found(xml, "//dcc:quantity[@refType='basic_measuredValue']/@refId") == ["mE_2"]


def test_before_and_after_adjustment_are_told_apart():
    before = replace(sample_table(), adjustment="beforeAdjustment")
    after = replace(sample_table(), adjustment="afterAdjustment")
    xml = dcc_xml(sample_content(results=(before, after)))
    assert found(xml, "//dcc:influenceCondition/dcc:status/text()") == ["afterAdjustment", "beforeAdjustment"]
    lists = found(xml, "//dcc:list/@refId")
    assert lists[0].endswith("iC_beforeAdjustment")
    assert lists[1].endswith("iC_afterAdjustment")


@pytest.mark.parametrize("bound", ["", "about 20", "20,1", "２０"])
def test_a_condition_without_a_number_is_refused(bound):
    condition = InfluenceCondition(
        "temperature", Text("环境温度", "Ambient"), "19.8", bound, "\\degreecelsius"
    )
    with pytest.raises(NotDecimalText):
        dcc_xml(sample_content(conditions=(condition,)))


def test_conformity_stands_a_row_each():
    xml = dcc_xml(certificate(column("basic_measurementError", conformities=("pass", "conditionalFail"))))
    assert found(xml, "//dcc:conformityXMLList/text()") == ["pass conditionalFail"]
    assert read_certificate(xml).results[0].quantities[0].conformities == ("pass", "conditionalFail")


@settings(max_examples=30, deadline=None)
@given(st.lists(READINGS, min_size=2, max_size=6), st.data())
def test_exactly_the_row_that_was_changed_is_named(readings, data):
    row = data.draw(st.integers(0, len(readings) - 1))
    other = data.draw(READINGS.filter(lambda r: r != readings[row]))
    changed = [*readings[:row], other, *readings[row + 1 :]]
    issued = certificate(column("gp_value", "\\volt", quantity_values=tuple(readings)))
    presented = certificate(column("gp_value", "\\volt", quantity_values=tuple(changed)))
    (named,) = difference(read_certificate(dcc_xml(issued)), read_certificate(dcc_xml(presented)))
    assert (named.issued, named.presented) == (readings[row], other)
    assert named.path.endswith(f"row[{row + 1}]")
    assert named.name == Text(f"{readings[row]} V 列", f"{readings[row]} V Column")


def test_differences_are_the_same_seen_from_the_other_side():
    one = read_certificate(dcc_xml(sample_content()))
    other = read_certificate(dcc_xml(sample_content(number="JZ-9", end_date="2026-06-16", due_date="")))
    forward = {(d.path, d.issued, d.presented) for d in difference(one, other)}
    backward = {(d.path, d.presented, d.issued) for d in difference(other, one)}
    assert forward == backward
    assert forward


def test_places_are_named_as_people_name_them():
    assert place("item/name") == Text("器具 › 名称", "item › name")
    assert place("somethingNew") == Text("somethingNew", "somethingNew")
