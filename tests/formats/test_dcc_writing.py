"""The DCC writer: valid against the official schema, complete, exact to the digit, always the same bytes."""

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.sample_content import (
    BATH,
    H3_CORRECTIONS,
    H3_READINGS,
    NATIONAL_CERTIFICATE,
    STANDARD,
    sample_content,
    sample_statements,
    sample_table,
)

from jialiang.formats.budget_exchange import certificate_part
from jialiang.formats.canonical import from_plain, to_plain
from jialiang.formats.content import CertificateContent, Column, ResultTable
from jialiang.formats.dcc import profile
from jialiang.formats.dcc.errors import MissingContent, NotDecimalText, UnevenColumns, UnknownReference
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xml.errors import ForbiddenCharacter
from jialiang.kernel.text import Text

NS = {"dcc": "https://ptb.de/dcc", "si": "https://ptb.de/si"}


@cache
def schema_of(oracles):
    return etree.XMLSchema(etree.parse(str(oracles / "dcc" / "schema" / "dcc" / "v3.3.0" / "dcc.xsd")))


@pytest.fixture(scope="module")
def is_valid(oracles):
    """Assert validity against PTB's schema 3.3.0."""

    def check(xml):
        schema = schema_of(oracles)
        assert schema.validate(etree.fromstring(xml)), str(schema.error_log)

    return check


def found(xml, path):
    return [str(each) for each in etree.fromstring(xml).xpath(path, namespaces=NS)]


def test_the_sample_carries_the_readings_of_gum_h3(oracles):
    vector = json.loads(
        (oracles / "uncertainty" / "gum-h3-thermometer-line.json").read_text(encoding="utf-8")
    )
    assert [float(t) for t in H3_READINGS] == vector["data"]["t"]
    assert [float(b) for b in H3_CORRECTIONS] == vector["data"]["b"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"kind": "legal_verification", "due_date": "2027-06-14"},
        {"kind": "testing", "due_date": "", "conclusion": Text()},
        {"supersedes_number": "JZ2026-000100", "supersedes_identifier": "10.9999/jl.2026.000100",
         "amendment_reason": Text("更正出厂编号", "Serial number corrected")},
        {"languages": ("zh",)},
        {"languages": ("en",)},
        {"languages": ("en", "zh")},
        {"equipment": (), "conditions": (), "methods": (),
         "results": (ResultTable(Text("结果", "Results"), (Column("", Text("值", "Value"), "\\one", ("1",)),)),)},
        {"results": (replace(sample_table(), adjustment="beforeAdjustment"),
                     replace(sample_table(), adjustment="afterAdjustment"))},
        {"items": sample_content().items * 3},
        {"receipt_date": "", "performance_address": Text()},
        {"statements": ()},
    ],
)  # fmt: skip
def test_every_kind_of_certificate_is_valid_against_the_official_schema(is_valid, changes):
    is_valid(dcc_xml(sample_content(**changes)))


def test_the_same_content_gives_the_same_bytes_also_after_a_round_through_json():
    content = sample_content()
    again = from_plain(CertificateContent, json.loads(json.dumps(to_plain(content))))
    assert dcc_xml(again) == dcc_xml(content) == dcc_xml(sample_content())


def test_decimal_text_stands_as_it_was_reported():
    xml = dcc_xml(sample_content())
    lists = found(xml, "//si:valueXMLList/text()")
    assert " ".join(H3_READINGS) in lists
    assert " ".join(H3_CORRECTIONS) in lists
    assert "26.010" in lists[3]


def test_a_temperature_is_given_in_kelvin_and_degrees_celsius_and_a_difference_in_kelvin_alone():
    xml = dcc_xml(sample_content())
    hybrid = found(xml, "//dcc:quantity[@refType='basic_measuredValue']/si:hybrid//si:unitXMLList/text()")
    assert hybrid == ["\\kelvin", "\\degreecelsius"]
    kelvins = found(xml, "//dcc:quantity[@refType='basic_measuredValue']//si:valueXMLList/text()")[0].split()
    assert kelvins[0] == "294.671"
    assert kelvins[9] == "299.160"
    correction = "//dcc:quantity[@refType='gp_correction']"
    assert found(xml, f"{correction}/si:realListXMLList/si:unitXMLList/text()") == ["\\kelvin"]
    assert found(xml, f"{correction}//si:valueXMLList/text()")[0].startswith("-0.171 ")


def test_uncertainty_is_given_with_factor_probability_and_distribution():
    xml = dcc_xml(sample_content())
    expanded = "//si:expandedMUXMLList/si:"
    assert found(xml, f"{expanded}valueExpandedMUXMLList/text()") == [" ".join(["0.018"] * 11)]
    assert found(xml, f"{expanded}coverageFactorXMLList/text()") == [" ".join(["2.00"] * 11)]
    assert found(xml, f"{expanded}coverageProbabilityXMLList/text()") == ["0.95"]
    assert found(xml, f"{expanded}distributionXMLList/text()") == ["normal"]


def test_core_data_carry_every_number_by_which_the_certificate_is_known():
    xml = dcc_xml(sample_content())
    content = sample_content()
    numbers = dict(
        zip(
            found(xml, "//dcc:coreData//dcc:identification/@refType"),
            found(xml, "//dcc:coreData//dcc:identification/dcc:value/text()"),
            strict=True,
        )
    )
    assert numbers["jl_identifier"] == content.identifier
    assert numbers["jl_checkCode"] == content.check_code
    assert numbers["jl_checkUrl"] == content.check_url
    assert numbers["jl_commissionNumber"] == content.commission_number
    assert numbers["jl_recordNumber"] == content.record_number
    assert numbers["jl_instituteCreditCode"] == content.institute.credit_code
    assert found(xml, "//dcc:coreData/dcc:uniqueIdentifier/text()") == [content.number]


def test_a_superseding_certificate_names_the_one_it_replaces():
    xml = dcc_xml(sample_content(supersedes_number="JZ-1", supersedes_identifier="10.9999/1"))
    assert found(xml, "//dcc:reportAmendedSubstituted/dcc:typeOfChange/text()") == ["substituted"]
    assert found(xml, "//dcc:replacedUniqueIdentifier/text()") == ["JZ-1"]
    assert found(xml, "//dcc:statement[@refType='jl_amendment']/dcc:reference/text()") == ["10.9999/1"]
    assert found(dcc_xml(sample_content()), "//dcc:reportAmendedSubstituted") == []


def test_a_recalibration_date_stands_only_where_one_was_agreed():
    date = "//dcc:statement[@refType='basic_recalibration']/dcc:date/text()"
    assert found(dcc_xml(sample_content()), date) == ["2027-06-14"]
    assert found(dcc_xml(sample_content(due_date="")), date) == []


def test_the_traceability_chain_is_written_link_by_link():
    xml = dcc_xml(sample_content())
    certificate = "//dcc:measuringEquipment[@id='mE_1']/dcc:certificate"
    assert found(xml, f"{certificate}/dcc:referralID/text()") == [NATIONAL_CERTIFICATE.number]
    assert found(xml, f"{certificate}/dcc:procedure/text()") == ["c14n-sha256"]
    assert found(xml, f"{certificate}/dcc:value/text()") == [NATIONAL_CERTIFICATE.digest]
    assert found(xml, f"{certificate}/dcc:inValidityRange/text()") == ["true"]
    assert found(xml, f"{certificate}/dcc:linkedReport/dcc:value/text()") == ["analogue"]
    assert found(xml, "//dcc:measuringEquipment[@refType='basic_normalUsed']/@id") == ["mE_1"]


def test_every_id_is_referred_to_and_every_reference_has_its_id():
    xml = dcc_xml(sample_content(results=(replace(sample_table(), adjustment="afterAdjustment"),)))
    ids = set(found(xml, "//@id"))
    referred = {each for refs in found(xml, "//@refId") for each in refs.split()}
    assert ids == referred


def test_who_signs_with_what_is_said():
    seal = dcc_xml(sample_content())
    laboratory = "//dcc:calibrationLaboratory/dcc:cryptElectronicSeal/text()"
    main_signer = "//dcc:respPerson[dcc:mainSigner='true']"
    assert found(seal, laboratory) == ["true"]
    assert found(seal, f"{main_signer}/dcc:cryptElectronicSignature/text()") == ["false"]
    content = sample_content()
    person = dcc_xml(sample_content(trust=replace(content.trust, signer_kind="person_in_role")))
    assert found(person, laboratory) == ["false"]
    assert found(person, f"{main_signer}/dcc:cryptElectronicSignature/text()") == ["true"]
    assert len(found(person, f"{main_signer}/dcc:person/dcc:name/dcc:content/text()")) == 2


@pytest.mark.parametrize(
    ("kind", "conformity", "title"),
    [
        ("calibration", "pass", "校准证书"),
        ("legal_verification", "pass", "检定证书"),
        ("legal_verification", "fail", "检定结果通知书"),
        ("testing", "pass", "检测报告"),
    ],
)
def test_the_title_follows_kind_and_result(kind, conformity, title):
    statements = tuple(
        replace(s, conformity=conformity if s.conformity else None) for s in sample_statements()
    )
    xml = dcc_xml(sample_content(kind=kind, statements=statements))
    kind_of = "//dcc:statement[@refType='jl_kind']"
    assert found(xml, f"{kind_of}/dcc:declaration/dcc:content[@lang='zh']/text()") == [title]
    assert found(xml, f"{kind_of}/dcc:convention/text()") == [kind]


def test_a_text_is_in_all_declared_languages_or_in_none():
    content = sample_content(conclusion=Text(zh="仅中文"))
    xml = dcc_xml(content)
    declared = set(found(xml, "//dcc:usedLangCodeISO639_1/text()"))
    for parent in etree.fromstring(xml).iter():
        tags = [c.get("lang") for c in parent if c.tag == "{https://ptb.de/dcc}content"]
        assert not tags or set(tags) == declared or tags == [None] or set(tags) == {None}, tags
    assert (
        found(xml, "//dcc:statement[@refType='jl_conclusion']//dcc:content[not(@lang)]/text()")[0] == "仅中文"
    )


def test_findings_in_words_stand_as_words(is_valid):
    table = ResultTable(Text("外观", "Appearance"), (
        Column("gp_check", Text("结论", "Finding"), "", ("合格", "合格")),
        Column("gp_remark", Text("备注", "Remark"), "", ("有 划痕", "")),
        Column("basic_measuredValue", Text("示值", "Indication"), "\\volt", ("1.0", "")),
    ))  # fmt: skip
    xml = dcc_xml(sample_content(results=(table,)))
    is_valid(xml)
    words, remarks, numbers = read_certificate(xml).results[0].quantities
    assert words.quantity_values == ("合格", "合格")
    assert remarks.quantity_values == ("有 划痕", "—")
    assert numbers.quantity_values == ("1.0", "")


def column(**changes):
    return replace(Column("basic_measuredValue", Text("示值", "Indication"), "\\volt", ("1", "2")), **changes)


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ((column(quantity_values=("1", "1,5")),), NotDecimalText),
        ((column(quantity_values=("1", "−1")),), NotDecimalText),
        ((column(), column(quantity_values=("1",))), UnevenColumns),
        ((column(expanded_uncertainties=("1",), coverage_factors=("2",)),), UnevenColumns),
        ((column(expanded_uncertainties=("1", "1")),), UnevenColumns),
        ((column(conformities=("pass",)),), UnevenColumns),
        ((column(expanded_uncertainties=("1", "-1"), coverage_factors=("2", "2"),
                 coverage_probability="0.95"),), NotDecimalText),
        ((column(expanded_uncertainties=("1", "1"), coverage_factors=("2", "2")),), NotDecimalText),
        ((column(method_keys=("nothing",)),), UnknownReference),
        ((column(quantity_values=()),), UnevenColumns),
        ((), MissingContent),
    ],
)  # fmt: skip
def test_results_that_make_no_sense_are_refused_with_their_place(columns, error):
    with pytest.raises(error) as refused:
        dcc_xml(sample_content(results=(ResultTable(Text("表", "Table"), columns),)))
    assert refused.value.what.zh
    assert refused.value.what.en


@pytest.mark.parametrize(
    "changes", [{"number": " "}, {"results": ()}, {"languages": ()}, {"software_release": ""}]
)
def test_what_a_dcc_must_have_is_asked_for(changes):
    with pytest.raises(MissingContent) as refused:
        dcc_xml(sample_content(**changes))
    assert refused.value.facts["place"].zh != refused.value.facts["place"].en


@pytest.mark.parametrize("character", ["\0", "\x0b", "\x1b", "\ud800", "\udfff", "\ufffe", "\uffff"])
def test_characters_that_xml_cannot_carry_are_refused_and_named(character):
    with pytest.raises(ForbiddenCharacter) as refused:
        dcc_xml(sample_content(conclusion=Text(f"好{character}的", "good")))
    assert refused.value.facts["character"] == f"U+{ord(character):04X}"


PRINTABLE = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters="\ufffe\uffff"),
                    min_size=1, max_size=40).filter(lambda t: t.strip())  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=PRINTABLE, serial=PRINTABLE)
def test_any_printable_text_survives_writing_and_reading(is_valid, name, serial):
    item = replace(sample_content().items[0], name=Text(name, name), serial_number="S/N " + serial.strip())
    xml = dcc_xml(sample_content(items=(item,)))
    view = read_certificate(xml)
    assert view.items[0].name == Text(name.strip(), name.strip())
    assert view.items[0].serial_number == ("S/N " + serial.strip()).strip()


def test_equipment_without_certificate_is_written_without_one(is_valid):
    xml = dcc_xml(sample_content(equipment=(replace(STANDARD, certificate=None), BATH)))
    is_valid(xml)
    assert found(xml, "//dcc:certificate") == []


def test_every_ref_type_of_the_profile_stands_in_the_documentation():
    document = Path(__file__).resolve().parents[2] / "docs" / "reference" / "dcc-profile.md"
    documented = set(re.findall(r"`(jl_\w+)`", document.read_text(encoding="utf-8")))
    everything = sample_content(supersedes_number="JZ-1", amendment_reason=Text("改", "x"))
    own = {"jl_traceability", "jl_decisionRule"}  # of the sample's content, not of the profile
    written = set(found(dcc_xml(everything), "//@refType")) - own
    named = {re.sub("(Min|Max)$", "", each) for each in written if each.startswith("jl_")}
    constants = {
        v for part in (profile, certificate_part) for v in vars(part).values()
        if isinstance(v, str) and v.startswith("jl_")
    }  # fmt: skip
    assert named | constants | set(profile.DUTIES.values()) <= documented
    assert documented - {"jl_other"} <= named | constants | set(profile.DUTIES.values())
