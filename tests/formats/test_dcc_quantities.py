"""Every quantity of every sample, against an independent reading with XPath; and every form of D-SI."""

import json
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from tests.formats.dcc_samples import (
    NS,
    SAMPLES,
    certificate_with,
    expanded,
    quantity,
    real,
    real_list,
    reference,
    sample,
    sample_certificate,
)

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.errors import NotACertificate
from jialiang.formats.dcc.quantities.model import text_in
from jialiang.formats.dcc.quantities.reading import formulas, quantities
from jialiang.formats.dcc.quantities.writings import WRITINGS, uncertainty_of, writing_of
from jialiang.formats.xml.parsing import parse_xml

ALL = "//dcc:quantity | //dcc:itemQuantity | //dcc:measuringEquipmentQuantity | //dcc:usedMethodQuantity"
# Counted by hand with XPath once: samples and how many quantities of which kind they have.
COUNTS = {
    "v2.3.0_example_multi_item": {"real": 12, "noQuantity": 8},
    "v2.4.0_siliziumkugel": {"real": 8, "noQuantity": 4},
    "v3.0.0_mass_singleweight": {"real": 9},
    "v3.1.1_gp_temperature_extensive": {"real": 7, "hybrid": 6, "realListXMLList": 12},
    "v3.1.2_gp_humidity": {"hybrid": 20, "real": 2},
    **{
        name: {"real": 7, "hybrid": 3, "realListXMLList": 3}
        for name in SAMPLES
        if name.startswith("v3.3.0") or "typical" in name or "xades" in name
    },
}


def tokens(element, path):
    """The blank-separated entries at an XPath, the oracle's way."""
    return tuple(str(element.xpath(f"normalize-space({path})", namespaces=NS)).split())


def expected_writing(element):
    """What an independent reader sees in one si:real or si:realListXMLList."""
    many = "XMLList" if element.tag.endswith("XMLList") else ""
    u = f"si:expandedUnc{many}/si:"
    return {
        "values": tokens(element, f"si:value{many}"),
        "unit": tokens(element, f"si:unit{many}"),
        "u": tokens(element, f"{u}uncertainty{many}"),
        "k": tokens(element, f"{u}coverageFactor{many}"),
        "p": tokens(element, f"{u}coverageProbability{many}"),
        "distribution": tokens(element, f"{u}distribution{many}"),
        "dates": tokens(element, f"si:dateTime{many}"),
        "label": (str(element.xpath("normalize-space(si:label)", namespaces=NS)),) if not many else (),
    }


def read_writing(writing):
    """What we read."""
    u = writing.uncertainty
    return {
        "values": writing.values,
        "unit": writing.unit,
        "u": u.expanded_uncertainty,
        "k": u.coverage_factor,
        "p": u.coverage_probability,
        "distribution": u.distribution,
        "dates": writing.date_time,
        "label": writing.label or (() if writing.kind.endswith("XMLList") else ("",)),
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_every_quantity_of_a_sample_is_read_as_xpath_reads_it(oracles, name):
    tree = parse_xml(sample(oracles, name))
    expected = tree.xpath(ALL, namespaces=NS)
    read = quantities(tree)
    assert len(read) == len(expected)
    assert Counter(each.kind for each in read) == COUNTS[name]
    for ours, element in zip(read, expected, strict=True):
        kind = element.xpath(
            "*[self::si:* or self::dcc:noQuantity or self::dcc:charsXMLList]", namespaces=NS
        )[0]
        assert ours.kind == etree.QName(kind).localname
        assert ours.line == element.sourceline
        assert ours.ref_type == tuple(element.get("refType", "").split())
        assert ours.name == tuple(
            (c.get("lang", ""), c.text.strip()) for c in element.xpath("dcc:name/dcc:content", namespaces=NS)
        )
        inside = element.xpath("si:real | si:realListXMLList | si:hybrid/*", namespaces=NS)
        assert [read_writing(w) for w in ours.writings] == [expected_writing(each) for each in inside]
        words = element.xpath("dcc:noQuantity/dcc:content", namespaces=NS)
        assert [text for _, text in ours.words] == [each.text.strip() for each in words]
        stated = element.xpath(
            "dcc:measurementMetaData/dcc:metaData/dcc:conformityXMLList | "
            "dcc:measurementMetaData/dcc:metaData/dcc:conformity",
            namespaces=NS,
        )
        assert ours.conformity == (tuple(stated[0].text.split()) if stated else ())


@pytest.mark.parametrize("name", SAMPLES)
def test_the_path_of_a_quantity_leads_to_it(oracles, name):
    tree = parse_xml(sample(oracles, name))
    for ours, element in zip(quantities(tree), tree.xpath(ALL, namespaces=NS), strict=True):
        assert tree.xpath(ours.path, namespaces=NS) == [element]
        if ours.table:
            (table,) = tree.xpath(ours.table, namespaces=NS)
            assert table in element.iterancestors()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_quantity_belongs_to_the_nearest_methods_equipment_and_conditions(oracles, name):
    tree = parse_xml(sample(oracles, name))
    groups = {
        "methods": ("usedMethods", "usedMethod"),
        "equipment": ("measuringEquipments", "measuringEquipment"),
        "conditions": ("influenceConditions", "influenceCondition"),
        "software": ("usedSoftware", "software"),
    }
    for ours, element in zip(quantities(tree), tree.xpath(ALL, namespaces=NS), strict=True):
        # The last level in document order of ancestors that declares a group is the nearest one.
        for member, (group, entry) in groups.items():
            if element.xpath(
                "ancestor-or-self::*[@refId] | dcc:measurementMetaData/*[@refId]", namespaces=NS
            ):
                continue  # refIds have a test of their own
            levels = element.xpath(
                f"ancestor-or-self::*[dcc:{group}][1]/dcc:{group}/dcc:{entry}", namespaces=NS
            )
            names = [
                tuple(c.text.strip() for c in e.xpath("dcc:name/dcc:content", namespaces=NS)) for e in levels
            ]
            assert [tuple(text for _, text in link.name) for link in getattr(ours, member)] == names


def test_ref_ids_choose_methods_software_and_equipment(oracles):
    certificate = sample_certificate(oracles, "v3.1.1_gp_temperature_extensive")
    named = [each for each in certificate.quantities() if each.ref_id]
    assert [(each.ref_id, [m.id for m in each.methods]) for each in named] == [
        (("gp_uMTotalSampleTime",), ["gp_uMTotalSampleTime"]),
        (("gp_uMNumberOfSamples",), ["gp_uMNumberOfSamples"]),
    ]
    # The metadata of this column name one method, software and equipment a row.
    rows = [each for each in certificate.quantities() if [m.id for m in each.methods] == ["gp_uM1", "gp_uM2"]]
    assert rows
    assert [link.id for link in rows[0].equipment] == ["gp_mE1", "gp_mE2", "gp_mE3"]
    assert [link.id for link in rows[0].software] == ["gp_uS1", "gp_uS2"]


def test_a_result_names_its_item_by_ref_id(oracles):
    certificate = sample_certificate(oracles, "v3.0.0_mass_singleweight")
    result = next(each for each in certificate.quantities() if each.role == "result")
    assert [item.id for item in result.items] == ["item_x"]
    condition = next(each for each in certificate.quantities() if each.role == "condition")
    assert condition.result == ()


def test_roles_say_where_a_quantity_stands(oracles):
    certificate = sample_certificate(oracles, "v3.1.2_gp_humidity")
    roles = Counter(each.role for each in certificate.quantities())
    tree = certificate.tree
    assert roles["statement"] == len(tree.xpath("//dcc:statement//dcc:quantity", namespaces=NS))
    assert roles["metadata"] == len(tree.xpath("//dcc:metaData//dcc:quantity", namespaces=NS))
    assert roles["condition"] == len(
        tree.xpath("//dcc:influenceCondition//dcc:quantity[not(ancestor::dcc:metaData)]", namespaces=NS)
    )
    assert sum(roles.values()) == 22


def test_exact_text_is_kept_with_its_zeros():
    certificate = Certificate.read(
        certificate_with(quantity(real("0010.500", "\\metre", expanded("0.020", "2.00"))))
    )
    (only,) = certificate.quantities()
    assert only.first.values == ("0010.500",)
    assert only.first.uncertainty.expanded_uncertainty == ("0.020",)
    assert only.first.uncertainty.coverage_factor == ("2.00",)
    assert only.to_json()["value"] == "0010.500"
    assert only.to_json()["expanded_uncertainty"] == "0.020"


SI_NEW = "xmlns:si='https://ptb.de/si'"
FORMS = {
    "standard 2.2": (
        "<si:real {0}><si:value>1</si:value><si:unit>\\one</si:unit><si:measurementUncertaintyUnivariate>"
        "<si:standardMU><si:valueStandardMU>0.5</si:valueStandardMU><si:distribution>normal</si:distribution></si:standardMU>"
        "</si:measurementUncertaintyUnivariate></si:real>",
        ("standard", {"standard_uncertainty": ("0.5",), "distribution": ("normal",)}),
    ),
    "expanded 2.2": (
        "<si:real {0}><si:value>1</si:value><si:unit>\\one</si:unit><si:measurementUncertaintyUnivariate>"
        "<si:expandedMU><si:valueExpandedMU>0.5</si:valueExpandedMU><si:coverageFactor>2</si:coverageFactor>"
        "<si:coverageProbability>0.95</si:coverageProbability></si:expandedMU>"
        "</si:measurementUncertaintyUnivariate></si:real>",
        (
            "expanded",
            {"expanded_uncertainty": ("0.5",), "coverage_factor": ("2",), "coverage_probability": ("0.95",)},
        ),
    ),
    "interval 2.2": (
        "<si:real {0}><si:value>1</si:value><si:unit>\\one</si:unit><si:measurementUncertaintyUnivariate>"
        "<si:coverageIntervalMU><si:valueStandardMU>0.2</si:valueStandardMU><si:intervalMin>0.6</si:intervalMin>"
        "<si:intervalMax>1.5</si:intervalMax><si:coverageProbability>0.95</si:coverageProbability>"
        "</si:coverageIntervalMU></si:measurementUncertaintyUnivariate></si:real>",
        (
            "coverage_interval",
            {"standard_uncertainty": ("0.2",), "interval_min": ("0.6",), "interval_max": ("1.5",)},
        ),
    ),
    "interval 2.1": (
        "<si:real {0}><si:value>1</si:value><si:unit>\\one</si:unit><si:coverageInterval><si:standardUnc>0.2"
        "</si:standardUnc><si:intervalMin>0.6</si:intervalMin><si:intervalMax>1.5</si:intervalMax>"
        "<si:coverageProbability>0.95</si:coverageProbability></si:coverageInterval></si:real>",
        ("coverage_interval", {"standard_uncertainty": ("0.2",), "coverage_probability": ("0.95",)}),
    ),
    "constant 2.1": (
        "<si:constant {0}><si:value>299792458</si:value><si:unit>\\metre\\per\\second</si:unit>"
        "<si:uncertainty>0.1</si:uncertainty></si:constant>",
        ("standard", {"standard_uncertainty": ("0.1",)}),
    ),
    "constant 2.2": (
        "<si:constant {0}><si:value>1.5</si:value><si:unit>\\one</si:unit>"
        "<si:valueStandardMU>0.1</si:valueStandardMU></si:constant>",
        ("standard", {"standard_uncertainty": ("0.1",)}),
    ),
    "none": ("<si:real {0}><si:value>1</si:value><si:unit>\\one</si:unit></si:real>", ("", {})),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_uncertainty_is_read(form):
    xml, (kind, members) = FORMS[form]
    uncertainty = writing_of(etree.fromstring(xml.format(SI_NEW))).uncertainty
    assert uncertainty.form == kind
    for member, expected in members.items():
        assert getattr(uncertainty, member) == expected


def test_complex_values_have_two_parts_and_a_covariance_matrix():
    entry = "<si:covariance><si:value>{}</si:value><si:unit>\\volt\\tothe{{2}}</si:unit></si:covariance>"
    xml = (
        f"<si:complex {SI_NEW}><si:valueReal>1.23</si:valueReal><si:valueImag>-0.5</si:valueImag>"
        "<si:unit>\\volt</si:unit><si:ellipsoidalRegion><si:covarianceMatrix><si:column>"
        f"{entry.format('1E-4')}{entry.format('2E-5')}</si:column><si:column>{entry.format('2E-5')}"
        f"{entry.format('4E-4')}</si:column></si:covarianceMatrix><si:coverageFactor>2.45</si:coverageFactor>"
        "<si:coverageProbability>0.95</si:coverageProbability></si:ellipsoidalRegion></si:complex>"
    )
    writing = writing_of(etree.fromstring(xml))
    assert (writing.values, writing.second, writing.complex_form) == (("1.23",), ("-0.5",), "cartesian")
    assert writing.uncertainty.form == "ellipsoidal"
    assert [(c, r, v[0]) for c, r, v, _ in writing.uncertainty.covariance] == [
        (1, 1, "1E-4"), (1, 2, "2E-5"), (2, 1, "2E-5"), (2, 2, "4E-4"),
    ]  # fmt: skip
    assert writing.uncertainty.coverage_factor == ("2.45",)


def test_polar_lists_have_magnitudes_phases_and_their_units():
    xml = (
        f"<si:complexListXMLList {SI_NEW}><si:valueMagnitudeXMLList>1 2 3</si:valueMagnitudeXMLList>"
        "<si:valuePhaseXMLList>0.1 0.2 0.3</si:valuePhaseXMLList><si:unitXMLList>\\volt</si:unitXMLList>"
        "<si:unitPhaseXMLList>\\radian</si:unitPhaseXMLList></si:complexListXMLList>"
    )
    writing = writing_of(etree.fromstring(xml))
    assert writing.values == ("1", "2", "3")
    assert writing.second == ("0.1", "0.2", "0.3")
    assert (writing.unit, writing.second_unit, writing.complex_form) == (("\\volt",), ("\\radian",), "polar")
    assert writing.is_list


def test_a_list_of_d_si_1_gives_its_members_in_order():
    xml = (
        f"<si:list {SI_NEW}><si:label>steps</si:label><si:listUnit>\\metre</si:listUnit>"
        "<si:real><si:value>1.0</si:value></si:real><si:real><si:value>2.0</si:value></si:real></si:list>"
    )
    writing = writing_of(etree.fromstring(xml))
    assert [member.values for member in writing.flat()] == [("1.0",), ("2.0",)]
    assert (writing.label, writing.unit) == (("steps",), ("\\metre",))


def every_si_file(oracles):
    return sorted((oracles / "dcc" / "dsi_examples").rglob("*.xml"))


def test_every_number_of_the_d_si_examples_is_read(oracles):
    """Independent count: all value leaves of top-level elements in the 17 files, and what our writings hold."""
    files = every_si_file(oracles)
    assert len(files) == 17
    for file in files:
        tree = parse_xml(file.read_bytes())
        for element in tree.xpath("//si:*[not(parent::si:*)]", namespaces=NS):
            if etree.QName(element).localname not in WRITINGS:
                continue
            names = (
                "value",
                "valueReal",
                "valueMagnitude",
                "valueXMLList",
                "valueRealXMLList",
                "valueMagnitudeXMLList",
            )
            leaves = element.xpath(
                " | ".join(f".//si:{name}[not(ancestor::si:covarianceMatrix) and "
                           "not(ancestor::si:covarianceMatrixXMLList)]" for name in names), namespaces=NS
            )  # fmt: skip
            expected = [token for leaf in leaves for token in (leaf.text or "").split()]
            assert [value for part in writing_of(element).flat() for value in part.values] == expected, file


def test_the_d_si_examples_have_every_form_of_uncertainty(oracles):
    forms = Counter(
        uncertainty_of(element).form
        for file in every_si_file(oracles)
        for element in parse_xml(file.read_bytes()).xpath(
            "//si:expandedUnc | //si:coverageInterval | //si:ellipsoidalRegion | //si:rectangularRegion | "
            "//si:standardMU | //si:expandedMU | //si:coverageIntervalMU | //si:expandedUncXMLList", namespaces=NS)
    )  # fmt: skip
    assert {"standard", "expanded", "coverage_interval", "ellipsoidal", "rectangular"} <= set(forms)
    assert "" not in forms


def test_words_chars_and_formulas_are_read():
    formula = "<dcc:formula><dcc:latex>E = m c^2</dcc:latex></dcc:formula>"
    certificate = Certificate.read(
        certificate_with(
            quantity(f"<dcc:noQuantity><dcc:content lang='zh'>合格</dcc:content><dcc:content lang='en'>good"
                     f"</dcc:content>{formula}</dcc:noQuantity>")
            + quantity("<dcc:charsXMLList>A B C</dcc:charsXMLList>", "Grades")
            + '<dcc:formula><dcc:mathml><m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mi>x</m:mi>'
            "</m:math></dcc:mathml></dcc:formula>"
        )
    )  # fmt: skip
    words, grades = certificate.quantities()
    assert words.words == (("zh", "合格"), ("en", "good"))
    assert [(f.notation, f.text) for f in words.formulas] == [("latex", "E = m c^2")]
    assert grades.chars == ("A", "B", "C")
    assert words.to_json("en")["words"] == {"zh": "合格", "en": "good"}
    found = certificate.formulas()
    assert [f.notation for f in found] == ["latex", "mathml"]
    assert "<m:mi>x</m:mi>" in found[1].text
    assert found == formulas(certificate.tree)


def test_relative_uncertainty_stands_beside_the_value():
    relative = (
        "<dcc:relativeUncertainty><dcc:relativeUncertaintySingle><si:value>0.05</si:value><si:unit>\\one</si:unit>"
        "</dcc:relativeUncertaintySingle></dcc:relativeUncertainty>"
    )
    certificate = Certificate.read(
        certificate_with(quantity(real("2", "\\metre", expanded()), after=relative))
    )
    (only,) = certificate.quantities()
    assert (only.relative_uncertainty.values, only.relative_uncertainty.unit) == (("0.05",), ("\\one",))
    assert only.to_json()["relative_uncertainty"] == {"value": "0.05", "unit": "\\one"}


def test_quantities_of_equipment_belong_to_it():
    inside = (
        "<dcc:measuringEquipmentQuantities><dcc:measuringEquipmentQuantity><dcc:name><dcc:content>Span</dcc:content>"
        f"</dcc:name>{real('5', chr(92) + 'kelvin')}</dcc:measuringEquipmentQuantity>"
        "</dcc:measuringEquipmentQuantities>"
    )
    equipment = reference("C-1", "analogue", "analogue").replace(
        "</dcc:measuringEquipment>", f"{inside}</dcc:measuringEquipment>"
    )
    span = Certificate.read(certificate_with(equipment=equipment)).find(name="span")[0]
    assert (span.role, span.element) == ("equipment", "measuringEquipmentQuantity")


def test_lookup_by_ref_type_and_by_name_in_a_language(oracles):
    certificate = sample_certificate(oracles, "v3.1.2_gp_humidity")
    errors = certificate.find(ref_type="basic_measurementError")
    assert [each.name_in("de") for each in errors] == ["Messabweichung"]
    assert certificate.find(name="Messabweichung", language="de") == errors
    assert certificate.find(name="messabweichung") == errors
    assert certificate.find(name="Messabweichung", language="en") == ()
    assert certificate.find(ref_type="basic_measurementError", name="Measurement error") == errors
    assert certificate.find(ref_type="no_such") == ()


def test_a_text_without_a_language_stands_in_and_nothing_is_translated():
    assert text_in((("de", "Wert"), ("", "x")), "en") == "x"
    assert text_in((("de", "Wert"), ("fr", "valeur")), "en") == "Wert"
    assert text_in((("de", "Wert"), ("en", "value")), "en") == "value"
    assert text_in((), "en") == ""


def test_status_of_conditions_tells_found_from_left():
    condition = (
        '<dcc:influenceCondition id="{0}"><dcc:name><dcc:content>State</dcc:content></dcc:name>'
        "<dcc:status>{1}</dcc:status><dcc:data><dcc:text><dcc:content>x</dcc:content></dcc:text></dcc:data>"
        "</dcc:influenceCondition>"
    )
    certificate = Certificate.read(
        certificate_with(
            quantity(real("1", "\\metre"), attributes='refId="iC_b"')
            + quantity(real("2", "\\metre"), attributes='refId="iC_a"'),
            conditions=condition.format("iC_b", "beforeAdjustment")
            + condition.format("iC_a", "afterAdjustment"),
        )
    )
    assert [each.adjustment for each in certificate.quantities()] == ["beforeAdjustment", "afterAdjustment"]


def test_json_has_arrays_for_lists_and_texts_for_single_values(oracles):
    certificate = sample_certificate(oracles, "v3.3.0_gp_temperature_valid")
    for quantity_ in certificate.quantities():
        said = json.loads(json.dumps(quantity_.to_json("en")))
        assert {"path", "name", "kind"} <= set(said)
        many = quantity_.first.kind.endswith("XMLList")
        assert isinstance(said["value"], list if many else str)
    hybrid = next(q for q in certificate.quantities() if q.kind == "hybrid").to_json()
    assert [writing["unit"] for writing in hybrid["writings"]] == ["\\kelvin", "\\degreecelsius"]


def test_only_a_certificate_is_read():
    with pytest.raises(NotACertificate):
        Certificate.read(b"<a/>")
    with pytest.raises(NotACertificate):
        Certificate.read(b'<digitalCalibrationCertificate schemaVersion="3.3.0"/>')


def test_core_facts_of_a_certificate(oracles):
    certificate = sample_certificate(oracles, "v2.4.0_siliziumkugel")
    assert (certificate.version, certificate.number) == ("2.4.0", "PTB - 11129 18")
    assert certificate.languages == ("de", "en")


def test_a_hundred_thousand_quantities_do_not_take_minutes():
    import time

    many = quantity(real("1", "\\metre"), name="") * 4000
    start = time.perf_counter()
    found = Certificate.read(certificate_with(f"<dcc:list>{many}</dcc:list>")).quantities()
    assert len(found) == 4000
    assert found[-1].path.endswith("dcc:quantity[4000]")
    assert time.perf_counter() - start < 20


def test_the_samples_are_where_they_should_be(oracles):
    assert sorted(file.stem for file in Path(oracles / "dcc" / "samples").glob("*.xml")) == sorted(SAMPLES)


def test_a_measurement_result_without_list_is_a_list_of_one():
    certificate = Certificate.read(certificate_with(quantity(real_list("1.50", "\\volt"))))
    (only,) = certificate.quantities()
    assert only.first.is_list
    assert only.to_json()["value"] == ["1.50"]
