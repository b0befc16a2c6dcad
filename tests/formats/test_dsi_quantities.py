"""Quantities of the D-SI as values: every form read, every number as it is written, and written back equal."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.proofs.dcc_structure import top_elements

from jialiang.formats.dsi.errors import NotAQuantity
from jialiang.formats.dsi.members import TextList
from jialiang.formats.dsi.quantities import (
    QUANTITIES,
    CharacterSeparated,
    Complex,
    ComplexList,
    ComplexListXMLList,
    Constant,
    CoverageInterval,
    CoverageIntervalList,
    EmptyStatement,
    ExpandedUncertainty,
    ExpandedUncertaintyList,
    Hybrid,
    OlderCoverageInterval,
    OlderExpandedUncertainty,
    OlderExpandedUncertaintyList,
    QuantityList,
    Real,
    RealList,
    RealListXMLList,
    Region,
    RegionList,
    StandardUncertainty,
    quantity_node,
    read_quantity,
    read_real,
    read_real_list,
    write_quantity,
)
from jialiang.formats.dsi.structure import check_dsi
from jialiang.formats.xml.nodes import Node, node_of

SI = "https://ptb.de/si"


def _si(text: str, namespace: str = SI) -> etree._Element:
    end = min(text.index(sign) for sign in " />" if sign in text)
    return etree.fromstring(f'{text[:end]} xmlns:si="{namespace}"{text[end:]}')


def _plain(element: etree._Element) -> bytes:
    """The canonical form without comments and without white space between elements and around numbers."""
    copied = etree.fromstring(etree.tostring(element, with_tail=False))
    etree.strip_tags(copied, etree.Comment, etree.ProcessingInstruction)
    for each in copied.iter():
        each.tail = None
        if len(each):
            each.text = None
    return etree.tostring(copied, method="c14n", exclusive=True)


@pytest.fixture(scope="module")
def valid_elements(oracles: Path) -> list[etree._Element]:
    """The D-SI elements of the examples that the schema accepts."""
    paths = sorted((oracles / "dcc" / "dsi_examples").rglob("*.xml"))
    return [element for path in paths for element in top_elements(path) if check_dsi(element) == ()]


def test_every_valid_element_is_read_and_written_back_equal(valid_elements: list[etree._Element]) -> None:
    assert len(valid_elements) == 362
    for element in valid_elements:
        quantity = read_quantity(element)
        back = write_quantity(quantity)
        assert _plain(back) == _plain(element)
        assert check_dsi(back) == ()
        assert read_quantity(back) == quantity


def test_the_examples_hold_every_form(valid_elements: list[etree._Element]) -> None:
    counts = Counter(type(read_quantity(element)).__name__ for element in valid_elements)
    assert counts == {
        "Real": 194, "RealList": 42, "RealListXMLList": 34, "Complex": 30, "Hybrid": 25, "Constant": 13,
        "ComplexList": 12, "QuantityList": 10, "ComplexListXMLList": 2,
    }  # fmt: skip


def _texts(value: Any) -> Iterator[str]:
    """All texts of a quantity, in the order of its fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if field.name != "form" and getattr(value, field.name) is not None:
                yield from _texts(getattr(value, field.name))


def test_no_text_of_an_element_is_left_out(valid_elements: list[etree._Element]) -> None:
    for element in valid_elements:
        leaves = element.xpath(".//*[not(*)]/text()[normalize-space()]")
        assert Counter(text.strip() for text in leaves) == Counter(
            text.strip() for text in _texts(read_quantity(element)) if text.strip()
        )


def test_all_quantities_of_the_certificates_are_read(oracles: Path) -> None:
    read = 0
    for path in sorted((oracles / "dcc" / "samples").glob("*.xml")):
        tree = etree.parse(path)
        outermost = tree.xpath("//si:*[not(parent::si:*)]", namespaces={"si": SI})
        for element in outermost:
            if element.getparent().tag.endswith(("}quantity", "Quantity")):
                quantity = read_quantity(element)
                assert _plain(write_quantity(quantity)) == _plain(element), (path.name, element.sourceline)
                read += 1
    assert read == 167


REAL = "<si:value> 1.250 </si:value><si:unit>\\metre</si:unit>"
K = "<si:coverageFactor>2.00</si:coverageFactor><si:coverageProbability>0.950</si:coverageProbability>"
RANGE = "<si:intervalMin>-0.10</si:intervalMin><si:intervalMax>+0.1</si:intervalMax>"
P = "<si:coverageProbability>0.950</si:coverageProbability>"
NORMAL = "<si:distribution>normal</si:distribution>"
UNIVARIATE = "measurementUncertaintyUnivariate"

OF_ALL = f"<si:expandedUnc><si:uncertainty>1</si:uncertainty>{K}</si:expandedUnc>"
OF_ALL = f"<si:listUnivariateUnc>{OF_ALL}</si:listUnivariateUnc>"

UNCERTAINTIES: list[tuple[str, Any]] = [
    (
        f"<si:{UNIVARIATE}><si:standardMU><si:valueStandardMU>0.10</si:valueStandardMU></si:standardMU></si:{UNIVARIATE}>",
        StandardUncertainty(form=f"{UNIVARIATE}/standardMU", standard_uncertainty="0.10"),
    ),
    (
        f"<si:{UNIVARIATE}><si:expandedMU><si:valueExpandedMU>0.10</si:valueExpandedMU>{K}{NORMAL}</si:expandedMU>"
        f"</si:{UNIVARIATE}>",
        ExpandedUncertainty(
            form=f"{UNIVARIATE}/expandedMU", expanded_uncertainty="0.10", coverage_factor="2.00",
            coverage_probability="0.950", distribution="normal",
        ),
    ),
    (
        f"<si:{UNIVARIATE}><si:coverageIntervalMU><si:valueStandardMU>0.05</si:valueStandardMU>{RANGE}{P}"
        f"</si:coverageIntervalMU></si:{UNIVARIATE}>",
        CoverageInterval(
            form=f"{UNIVARIATE}/coverageIntervalMU", standard_uncertainty="0.05", lower="-0.10", upper="+0.1",
            coverage_probability="0.950",
        ),
    ),
    (
        f"<si:expandedUnc><si:uncertainty>0.10</si:uncertainty>{K}</si:expandedUnc>",
        OlderExpandedUncertainty(
            form="expandedUnc", expanded_uncertainty="0.10", coverage_factor="2.00", coverage_probability="0.950"
        ),
    ),
    (
        f"<si:coverageInterval><si:standardUnc>0.05</si:standardUnc>{RANGE}{P}{NORMAL}</si:coverageInterval>",
        OlderCoverageInterval(
            form="coverageInterval", standard_uncertainty="0.05", lower="-0.10", upper="+0.1",
            coverage_probability="0.950", distribution="normal",
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "uncertainty"), UNCERTAINTIES)
def test_every_uncertainty_of_one_value(text: str, uncertainty: Any) -> None:
    element = _si(f"<si:real>{REAL}{text}</si:real>")
    assert check_dsi(element) == ()
    quantity = read_quantity(element)
    assert quantity == Real(quantity_value="1.250", unit="\\metre", uncertainty=uncertainty)
    assert _plain(write_quantity(quantity)) == _plain(
        _si(f"<si:real>{REAL.replace(' ', '')}{text}</si:real>")
    )


def test_trailing_zeros_signs_and_exponents_are_data() -> None:
    for number in ("1.2500", "+1.25", "1.25e0", "01.25", "1.25E+00", "125.", ".125", "NaN", "-0"):
        quantity = read_quantity(_si(f"<si:real><si:value>{number}</si:value><si:unit>u</si:unit></si:real>"))
        assert isinstance(quantity, Real)
        assert quantity.quantity_value == number
        assert quantity_node(quantity).first("value") == Node(f"{{{SI}}}value", "si", content=(number,))


def test_a_real_with_everything() -> None:
    element = _si(
        "<si:real><si:label>l = 1 &lt; 2</si:label><si:quantityTypeQUDT>Length</si:quantityTypeQUDT>"
        "<si:value>1.0</si:value><si:unit>\\metre</si:unit><si:significantDigit>2</si:significantDigit>"
        "<si:dateTime>2026-06-16T07:47:30Z</si:dateTime></si:real>"
    )
    quantity = read_quantity(element)
    assert quantity == Real(
        label="l = 1 < 2", quantity_kind="Length", quantity_value="1.0", unit="\\metre", significant_digits="2",
        date_time="2026-06-16T07:47:30Z",
    )  # fmt: skip
    assert _plain(write_quantity(quantity)) == _plain(element)


def test_constants_have_a_standard_uncertainty_in_either_spelling() -> None:
    body = "<si:constant><si:value>6.0</si:value><si:unit>u</si:unit>{}</si:constant>"
    newer = read_quantity(_si(body.format("<si:valueStandardMU>0.1</si:valueStandardMU>")))
    older = read_quantity(
        _si(body.format("<si:uncertainty>0.1</si:uncertainty><si:distribution>n</si:distribution>"))
    )
    assert newer == Constant(quantity_value="6.0", unit="u", standard_uncertainty="0.1")
    assert older == Constant(
        quantity_value="6.0", unit="u", older_standard_uncertainty="0.1", distribution="n"
    )


def _matrix(size: int, start: int = 0) -> str:
    entry = "<si:covariance><si:value>{}</si:value><si:unit>u</si:unit></si:covariance>"
    columns = [
        "<si:column>" + "".join(entry.format(start + size * c + r) for r in range(size)) + "</si:column>"
        for c in range(size)
    ]
    return f"<si:covarianceMatrix>{''.join(columns)}</si:covarianceMatrix>"


@pytest.mark.parametrize("kind", ["ellipsoidalRegion", "rectangularRegion"])
def test_complex_quantities_with_regions(kind: str) -> None:
    polar = "<si:valueMagnitude>1.0</si:valueMagnitude><si:valuePhase>0.50</si:valuePhase>"
    units = "<si:unit>\\volt</si:unit><si:unitPhase>\\radian</si:unitPhase>"
    element = _si(f"<si:complex>{polar}{units}<si:{kind}>{_matrix(2)}{K}</si:{kind}></si:complex>")
    assert check_dsi(element) == ()
    quantity = read_quantity(element)
    assert isinstance(quantity, Complex)
    assert (quantity.magnitude, quantity.phase, quantity.real_part) == ("1.0", "0.50", None)
    assert (quantity.unit, quantity.unit_of_phase) == ("\\volt", "\\radian")
    assert quantity.region is not None
    assert quantity.region.form == kind
    columns = quantity.region.covariance_columns
    assert [[entry.covariance for entry in column] for column in columns] == [["0", "1"], ["2", "3"]]
    assert _plain(write_quantity(quantity)) == _plain(element)


def test_a_complex_quantity_by_its_parts() -> None:
    parts = "<si:valueReal>1.0</si:valueReal><si:valueImag>-2.00</si:valueImag><si:unit>\\ohm</si:unit>"
    assert read_quantity(_si(f"<si:complex>{parts}</si:complex>")) == Complex(
        real_part="1.0", imaginary_part="-2.00", unit="\\ohm"
    )


def _list(name: str, **lists: str) -> str:
    return (
        f"<si:{name}>{''.join(f'<si:{n}XMLList>{t}</si:{n}XMLList>' for n, t in lists.items())}</si:{name}>"
    )


def test_xml_lists_keep_their_text_and_give_entries() -> None:
    expanded = _list(
        "expandedMUXMLList", valueExpandedMU="0.10", coverageFactor="2", coverageProbability="0.95 0.99"
    )
    text = "<si:realListXMLList><si:valueXMLList>1.0 2.00\n  NaN</si:valueXMLList>"
    text += "<si:unitXMLList>\\metre</si:unitXMLList>"
    wrapper = f"{UNIVARIATE}XMLList"
    element = _si(f"{text}<si:{wrapper}>{expanded}</si:{wrapper}></si:realListXMLList>")
    assert check_dsi(element) == ()
    quantity = read_quantity(element)
    assert isinstance(quantity, RealListXMLList)
    assert quantity.quantity_values.entries == ("1.0", "2.00", "NaN")
    assert (len(quantity.quantity_values), len(quantity.units)) == (3, 1)
    assert quantity.uncertainty == ExpandedUncertaintyList(
        form=f"{wrapper}/expandedMUXMLList", expanded_uncertainties=TextList("0.10"), coverage_factors=TextList("2"),
        coverage_probabilities=TextList("0.95 0.99"),
    )  # fmt: skip
    assert _plain(write_quantity(quantity)) == _plain(element)


def test_older_and_newer_uncertainties_of_xml_lists() -> None:
    values = _list("x", value="1 2", unit="u").removeprefix("<si:x>").removesuffix("</si:x>")
    older = _list("expandedUncXMLList", uncertainty="1", coverageFactor="2", coverageProbability="1")
    ends = {"intervalMin": "0", "intervalMax": "2"}
    interval = _list("coverageIntervalMUXMLList", valueStandardMU="1", **ends, coverageProbability="1")
    wrapped = f"<si:{UNIVARIATE}XMLList>{interval}</si:{UNIVARIATE}XMLList>"
    for inside, of_class in ((older, OlderExpandedUncertaintyList), (wrapped, CoverageIntervalList)):
        element = _si(f"<si:realListXMLList>{values}{inside}</si:realListXMLList>")
        assert check_dsi(element) == ()
        quantity = read_quantity(element)
        assert isinstance(quantity, RealListXMLList)
        assert isinstance(quantity.uncertainty, of_class)
        assert _plain(write_quantity(quantity)) == _plain(element)


def test_complex_xml_lists_with_regions_of_each_and_of_all() -> None:
    values = "<si:valueRealXMLList>1 2</si:valueRealXMLList><si:valueImagXMLList>3 4</si:valueImagXMLList>"
    covariance = _list("covarianceXMLList", value="1 2", unit="u")
    column = f"<si:columnXMLList>{covariance}</si:columnXMLList>"
    matrix = f"<si:covarianceMatrixXMLList>{column}</si:covarianceMatrixXMLList>"
    coverage = "<si:coverageFactorXMLList>2</si:coverageFactorXMLList>"
    coverage += "<si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList>"
    region = f"<si:ellipsoidalRegionMUXMLList>{matrix}{coverage}</si:ellipsoidalRegionMUXMLList>"
    element = _si(
        f"<si:complexListXMLList>{values}<si:unitXMLList>u</si:unitXMLList>"
        f"<si:measurementUncertaintyBivariateXMLList>{region}</si:measurementUncertaintyBivariateXMLList>"
        "<si:measurementUncertaintyMultivariateXMLList/></si:complexListXMLList>"
    )
    assert check_dsi(element) == ()
    quantity = read_quantity(element)
    assert isinstance(quantity, ComplexListXMLList)
    assert isinstance(quantity.region_of_each, RegionList)
    assert quantity.region_of_each.covariance_columns[0][0].covariances.entries == ("1", "2")
    assert quantity.region == EmptyStatement(form="measurementUncertaintyMultivariateXMLList")
    assert _plain(write_quantity(quantity)) == _plain(element)


def test_lists_keep_what_holds_for_all_of_them() -> None:
    new = f"<si:expandedMU><si:valueExpandedMU>2</si:valueExpandedMU>{K}</si:expandedMU>"
    new = f"<si:listMeasurementUncertaintyUnivariate>{new}</si:listMeasurementUncertaintyUnivariate>"
    entries = "<si:real><si:value>1</si:value></si:real><si:real><si:value>2</si:value><si:unit>v</si:unit></si:real>"
    element = _si(
        f"<si:realList><si:label>l</si:label><si:listUnit>u</si:listUnit>{new}{OF_ALL}{entries}"
        f"<si:rectangularRegion>{_matrix(1)}{K}</si:rectangularRegion></si:realList>"
    )
    assert check_dsi(element) == ()
    quantity = read_quantity(element)
    assert isinstance(quantity, RealList)
    assert [entry.unit for entry in quantity.quantities] == [None, "v"]
    assert isinstance(quantity.uncertainty, ExpandedUncertainty)
    assert isinstance(quantity.older_uncertainty, OlderExpandedUncertainty)
    assert isinstance(quantity.region, Region)
    assert _plain(write_quantity(quantity)) == _plain(element)


def test_complex_lists_with_an_empty_statement() -> None:
    entry = "<si:complex><si:valueReal>1</si:valueReal><si:valueImag>2</si:valueImag></si:complex>"
    element = _si(
        f"<si:complexList><si:listUnit>u</si:listUnit><si:listBivariateUnc/>{entry}</si:complexList>"
    )
    assert check_dsi(element) == ()
    quantity = read_quantity(element)
    assert isinstance(quantity, ComplexList)
    assert quantity.region_of_each == EmptyStatement(form="listBivariateUnc")
    assert _plain(write_quantity(quantity)) == _plain(element)


def test_lists_in_lists_and_several_units_of_one_quantity() -> None:
    inner = f"<si:realList><si:real>{REAL.replace(' ', '')}</si:real></si:realList>"
    nested = _si(f"<si:list><si:label>a</si:label><si:list>{inner}{inner}</si:list>{inner}</si:list>")
    quantity = read_quantity(nested)
    assert isinstance(quantity, QuantityList)
    assert [type(each) for each in quantity.quantities] == [QuantityList, RealList]
    assert _plain(write_quantity(quantity)) == _plain(nested)
    hybrid = read_quantity(_si(f"<si:hybrid><si:real>{REAL}</si:real><si:real>{REAL}</si:real></si:hybrid>"))
    assert isinstance(hybrid, Hybrid)
    assert hybrid.quantities[0] == hybrid.quantities[1]


def test_lists_of_1_3_hold_the_quantities_themselves() -> None:
    element = _si(
        f"<si:list><si:listUnit>u</si:listUnit>{OF_ALL}<si:real><si:value>1</si:value></si:real></si:list>"
    )
    assert check_dsi(element, "1.3.1") == ()
    quantity = read_quantity(element)
    assert isinstance(quantity, QuantityList)
    assert quantity.unit == "u"
    assert quantity.quantities == (Real(quantity_value="1"),)
    assert _plain(write_quantity(quantity)) == _plain(element)


def test_quantities_of_1_0_1_are_read() -> None:
    old = "https://ptb.de/si/smartcom/d-si/v1_0_1"
    body = f"<si:real>{REAL}<si:label>l</si:label><si:uncertainty>0.10</si:uncertainty>{K}</si:real>"
    quantity = read_quantity(_si(body, old))
    assert quantity == Real(
        label="l", quantity_value="1.250", unit="\\metre",
        uncertainty=OlderExpandedUncertainty(
            form="", expanded_uncertainty="0.10", coverage_factor="2.00", coverage_probability="0.950"
        ),
    )  # fmt: skip
    separated = "<si:realCS><si:pattern>value;unit</si:pattern><si:values>1;m</si:values></si:realCS>"
    assert read_quantity(_si(separated, old)) == CharacterSeparated(
        pattern="value;unit", quantity_values="1;m"
    )


def test_elements_of_other_names_with_the_content_of_quantities() -> None:
    single = _si(f"<si:relativeUncertaintySingle>{REAL}</si:relativeUncertaintySingle>")
    assert read_real(single) == read_real(node_of(single)) == Real(quantity_value="1.250", unit="\\metre")
    lists = _si(_list("relativeUncertaintyXmlList", value="1 2", unit="\\one"))
    assert read_real_list(lists).quantity_values.entries == ("1", "2")


def test_comments_between_digits_do_not_part_a_number() -> None:
    element = _si("<si:real><si:value>1<!-- point -->.5</si:value><si:unit>u</si:unit></si:real>")
    assert read_quantity(element) == Real(quantity_value="1.5", unit="u")


@pytest.mark.parametrize("name", ["expandedUnc", "value", "nonsense"])
def test_what_is_no_quantity_is_refused(name: str) -> None:
    with pytest.raises(NotAQuantity) as refused:
        read_quantity(_si(f"<si:{name}/>"))
    assert name in refused.value.what.zh
    assert "realListXMLList" in refused.value.rule.en
    assert refused.value.way_out


def test_quantities_are_values() -> None:
    one, other = (read_quantity(_si(f"<si:real>{REAL}</si:real>")) for _ in "ab")
    assert one == other
    assert hash(one) == hash(other)
    changed = dataclasses.replace(one, unit="\\milli\\metre")
    assert changed != one
    assert write_quantity(changed).find(f"{{{SI}}}unit").text == "\\milli\\metre"


def test_every_name_has_one_form() -> None:
    assert len(set(QUANTITIES.values())) == len(QUANTITIES) == 10
