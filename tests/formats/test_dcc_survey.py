"""One walk for everybody: whoever shares a survey reads and finds the same as whoever does not, in any order."""

import resource
import time
from datetime import date

import pytest
from lxml import etree
from tests.formats.dcc_samples import DCC, NS, SAMPLES, SI, sample, sample_certificate

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.quantities.reading import QUANTITIES, quantities, quantities_named
from jialiang.formats.dcc.quantities.survey import Survey
from jialiang.formats.dcc.quantities.writings import local_name, writing_of
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.xml.parsing import parse_xml

TODAY = date(2026, 1, 1)
NEAREST = {"methods": "usedMethods/dcc:usedMethod", "equipment": "measuringEquipments/dcc:measuringEquipment",
           "conditions": "influenceConditions/dcc:influenceCondition",
           "software": "usedSoftware/dcc:software"}  # fmt: skip
KINDS = {"usedMethod": "methods", "measuringEquipment": "equipment", "influenceCondition": "conditions",
         "software": "software", "item": "items"}  # fmt: skip
ROLES = {"metaData": "metadata", "statement": "statement", "influenceCondition": "condition", "usedMethod": "method",
         "measuringEquipment": "equipment", "item": "item", "result": "result"}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_a_certificate_finds_what_structure_and_rules_find_alone(oracles, name):
    tree = parse_xml(sample(oracles, name))
    alone = [*check_structure(tree), *check_rules(tree, TODAY)]
    assert list(Certificate.of(tree).check(TODAY)) == sorted(alone, key=lambda finding: finding.line or 0)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_order_of_questions_does_not_matter(oracles, name):
    one, other = sample_certificate(oracles, name), sample_certificate(oracles, name)
    findings, read = one.check(TODAY), one.quantities()
    assert other.quantities() == read == quantities(parse_xml(sample(oracles, name)))
    assert other.check(TODAY) == findings
    assert one.check(TODAY) == findings


def test_without_a_day_no_date_is_in_the_future(oracles):
    certificate = sample_certificate(oracles, "v3.3.0_gp_temperature_valid")
    early = date(1900, 1, 1)
    assert "DCC-DATE-IN-FUTURE" in {finding.rule for finding in certificate.check(early)}
    assert "DCC-DATE-IN-FUTURE" not in {finding.rule for finding in certificate.check()}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_survey_has_the_elements_that_xpath_has(oracles, name):
    tree = parse_xml(sample(oracles, name))
    survey = Survey(tree.getroot())
    held_by = {"id": survey.with_id, "refId": survey.with_ref_id, "refType": survey.with_ref_type}
    for attribute, held in held_by.items():
        assert held == tree.xpath(f"//*[@{attribute}]")
    assert list(survey.dcc("content", "quantity")) == [
        *tree.xpath("//dcc:content", namespaces=NS), *tree.xpath("//dcc:quantity", namespaces=NS)
    ]  # fmt: skip
    assert list(survey.si("unit")) == tree.xpath("//si:unit", namespaces=NS)
    assert set(survey.si_names()) == {etree.QName(e).localname for e in tree.xpath("//si:*", namespaces=NS)}
    for element in survey.si("real", "realListXMLList", "hybrid"):
        assert survey.writing(element) == writing_of(element)
        assert survey.writing(element) is survey.writing(element)
    assert {id_: element.get("id") for id_, element in survey.by_id.items()} == {k: k for k in survey.by_id}


def brute(quantity, root):
    """What a quantity belongs to, by the definition: ids named in and around it, else the nearest declaration."""
    around = [quantity, *quantity.iterancestors()]
    metadata = quantity.xpath("dcc:measurementMetaData/dcc:metaData", namespaces=NS)
    ids = [id_ for element in (*around, *metadata) for id_ in element.get("refId", "").split()]
    found = {}
    for id_ in dict.fromkeys(ids):
        targets = root.xpath("//*[@id = $id]", id=id_)
        kind = KINDS.get(etree.QName(targets[0]).localname) if targets else None
        if kind:
            found.setdefault(kind, []).append(id_)
    for kind, path in NEAREST.items():
        if kind not in found:
            group = path.partition("/")[0]
            holder = next((e for e in around if e.xpath(f"dcc:{group}", namespaces=NS)), None)
            first = f"dcc:{group}[1]/dcc:{path.partition(':')[2]}"
            declared = holder.xpath(first, namespaces=NS) if holder is not None else []
            found[kind] = [each.get("id", "") for each in declared]
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_quantity_belongs_to_is_what_the_definition_says(oracles, name):
    tree = parse_xml(sample(oracles, name))
    root = tree.getroot()
    tags = (f"{{{DCC}}}{each}" for each in QUANTITIES)
    for ours, element in zip(quantities(tree), root.iter(*tags), strict=True):
        expected = brute(element, root)
        for kind in NEAREST:
            assert [link.id for link in getattr(ours, kind)] == expected[kind], (ours.path, kind)
        if "items" in expected:
            assert [link.id for link in ours.items] == expected["items"]
        role = next((ROLES[local_name(e)] for e in element.iterancestors() if local_name(e) in ROLES), "result")
        assert ours.role == role
        lists = element.xpath("ancestor::dcc:list[1]", namespaces=NS)
        assert (tree.xpath(ours.table, namespaces=NS) if ours.table else []) == lists
        names = element.xpath("ancestor::dcc:result[1]/dcc:name/dcc:content", namespaces=NS)
        assert [text for _, text in ours.result] == [each.text.strip() for each in names]


def _nested(depth, ids):
    """Lists in lists, each naming many ids, with one quantity at the bottom."""
    named = " ".join(f"m{n}" for n in range(ids))
    methods = "".join(f'<dcc:usedMethod id="m{n}"/>' for n in range(ids))
    inside = '<dcc:quantity><si:real><si:value>1</si:value><si:unit>\\one</si:unit></si:real></dcc:quantity>'
    for _ in range(depth):
        inside = f'<dcc:list refId="{named}">{inside}</dcc:list>'
    return parse_xml(
        f'<dcc:digitalCalibrationCertificate xmlns:dcc="{DCC}" xmlns:si="{SI}"><dcc:usedMethods>{methods}'
        f"</dcc:usedMethods>{inside}</dcc:digitalCalibrationCertificate>".encode()
    )


def test_ids_named_at_every_depth_cost_no_more_memory_than_the_file():
    tree = _nested(150, 5_000)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    (only,) = quantities(tree)
    assert len(only.methods) == 5_000
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 150  # MiB
    assert time.process_time() - begun < 10


def test_of_two_groups_of_one_name_the_first_holds():
    tree = parse_xml(
        f'<dcc:digitalCalibrationCertificate xmlns:dcc="{DCC}" xmlns:si="{SI}"><dcc:list><dcc:usedMethods>'
        '<dcc:usedMethod id="a"/></dcc:usedMethods><dcc:usedMethods><dcc:usedMethod id="b"/></dcc:usedMethods>'
        "<dcc:quantity/></dcc:list></dcc:digitalCalibrationCertificate>".encode()
    )
    (only,) = quantities(tree)
    assert [link.id for link in only.methods] == ["a"]


def test_of_two_contents_of_a_quantity_the_first_is_read():
    tree = parse_xml(
        f'<dcc:digitalCalibrationCertificate xmlns:dcc="{DCC}" xmlns:si="{SI}"><dcc:quantity><other/>'
        "<si:real><si:value>1.0</si:value></si:real><dcc:noQuantity/><si:real><si:value>2</si:value></si:real>"
        "</dcc:quantity></dcc:digitalCalibrationCertificate>".encode()
    )
    (only,) = quantities(tree)
    assert (only.kind, only.first.values) == ("real", ("1.0",))


def test_quantities_of_a_vocabulary_built_on_the_dcc_have_its_own_lists_and_results():
    tree = parse_xml(
        f'<x:root xmlns:x="urn:x" xmlns:dcc="{DCC}" xmlns:si="{SI}"><dcc:list><x:result><x:name>'
        "<dcc:content>R</dcc:content></x:name><x:list><dcc:list><x:quantity><si:real><si:value>1</si:value></si:real></x:quantity></dcc:list></x:list>"
        "</x:result></dcc:list></x:root>".encode()
    )
    (only,) = quantities_named(tree, "{urn:x}quantity")
    assert (only.result, only.table) == ((("", "R"),), "/x:root/dcc:list[1]/x:result[1]/x:list[1]")
    assert quantities(tree) == ()


@pytest.mark.parametrize("name", SAMPLES)
def test_links_lead_to_their_elements(oracles, name):
    certificate = sample_certificate(oracles, name)
    for quantity in certificate.quantities():
        for link in (*quantity.items, *quantity.methods, *quantity.equipment, *quantity.conditions):
            (element,) = certificate.tree.xpath(link.path, namespaces=NS)
            assert element.get("id", "") == link.id


def test_a_certificate_has_the_bytes_it_was_read_from(oracles):
    data = sample(oracles, "v3.3.0_gp_temperature_xmldsig_signed")
    assert Certificate.read(data).xml == Certificate.read(data).source == data
    tree = parse_xml(data)
    assert Certificate.of(tree).source == b""
    assert etree.tostring(parse_xml(Certificate.of(tree).xml), method="c14n") == etree.tostring(tree, method="c14n")
