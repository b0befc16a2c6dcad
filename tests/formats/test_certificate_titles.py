"""Under which title a certificate goes, and what becomes of members that are of the wrong type."""

import dataclasses
import json
from typing import get_type_hints

import pytest
from lxml import etree
from tests.formats.chinese_certificates import KINDS, content_of_kind, data_of_kind, xml_of_kind
from tests.formats.sample_content import sample_content, sample_statements

from jialiang.formats.content import CertificateContent
from jialiang.formats.content_reading import content_of
from jialiang.formats.data_members import MemberMissing, MemberWrong
from jialiang.formats.dcc.chinese_profile.reading import profile_of
from jialiang.formats.dcc.profile import words
from jialiang.formats.dcc.statements import certificate_title
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.text import Text

NS = {"d": "https://ptb.de/dcc"}
OUTCOMES = ("pass", "fail", "conditionalPass", "conditionalFail", "noPass", "noFail")
REJECTING = {"fail", "conditionalFail", "noPass"}


def content(kind, outcome):
    """A certificate of a kind of work with one statement of conformity."""
    statements = [
        dataclasses.replace(s, conformity=outcome) if s.conformity else s for s in sample_statements()
    ]
    return sample_content(kind=kind, statements=tuple(statements))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_verification_that_is_not_accepted_is_a_notice(outcome):
    title = words(certificate_title(content("legal_verification", outcome))).zh
    assert title == ("检定结果通知书" if outcome in REJECTING else "检定证书")


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize(
    ("kind", "title"),
    [("calibration", "校准证书"), ("testing", "检测报告"), ("type_evaluation", "型式评价报告")],
)
def test_other_kinds_keep_their_title_whatever_came_out(kind, title, outcome):
    assert words(certificate_title(content(kind, outcome))).zh == title
    said = dcc_xml(content(kind, outcome)).decode()
    assert f">{title}<" in said and f"<dcc:convention>{kind}</dcc:convention>" in said


def test_without_a_statement_of_conformity_a_verification_is_no_notice():
    assert (
        certificate_title(sample_content(kind="legal_verification", statements=()))
        == "kind.legal_verification"
    )


def test_a_type_evaluation_has_no_next_date_and_an_unsigned_certificate_no_trust():
    made = content_of_kind(KINDS[4], due_date="2027-01-01")
    assert b"basic_recalibration" not in dcc_xml(made)
    unsigned = dataclasses.replace(made, trust=dataclasses.replace(made.trust, authority_fingerprint=""))
    assert b"jl_trust" in dcc_xml(made) and b"jl_trust" not in dcc_xml(unsigned)


def test_a_certificate_without_any_further_number_has_no_empty_list_of_them():
    bare = sample_content(
        identifier="", check_code="", check_url="", commission_number="", record_number="",
        institute=dataclasses.replace(sample_content().institute, credit_code="", gln=""),
        customer=dataclasses.replace(sample_content().customer, credit_code="", gln=""),
    )  # fmt: skip
    root = etree.fromstring(dcc_xml(bare))
    assert root.xpath("//d:coreData/d:identifications", namespaces=NS) == []


# --- an independent reading of the fields -------------------------------------------------------------------------

XPATHS = {
    "certificate_number": "string(//d:coreData/d:uniqueIdentifier)",
    "record_number": "string(//d:coreData//d:identification[@refType='jl_recordNumber']/d:value)",
    "institute": "string(//d:calibrationLaboratory/d:contact/d:name/d:content[@lang='zh'])",
    "institute_credit_code": "string(//d:coreData//d:identification[@refType='jl_instituteCreditCode']/d:value)",
    "client_credit_code": "string(//d:coreData//d:identification[@refType='jl_customerCreditCode']/d:value)",
    "region": "string(//d:calibrationLaboratory//d:location/d:state)",
    "laboratory_code": "string(//d:calibrationLaboratoryCode)",
    "client": "string(//d:customer/d:name/d:content[@lang='zh'])",
    "item": "string(//d:items/d:item/d:name/d:content[@lang='zh'])",
    "model": "string(//d:items/d:item/d:model)",
    "manufacturer": "string(//d:items/d:item/d:manufacturer/d:name/d:content[@lang='zh'])",
    "serial_number": "string(//d:item//d:identification[d:issuer='manufacturer']/d:value)",
    "regulation": "string(//d:usedMethod/d:norm)",
    "standards": "string(//d:measuringEquipment/d:name/d:content[@lang='zh'])",
    "date_of_work": "string(//d:endPerformanceDate)",
    "receipt_date": "string(//d:receiptDate)",
    "issue_date": "string(//d:issueDate)",
    "approved_by": "string(//d:respPerson[@refType='jl_approved']/d:person/d:name/d:content[@lang='zh'])",
    "conformity": "string(//d:statements/d:statement/d:conformity)",
    "valid_until": "string(//d:statement[@refType='basic_recalibration']/d:date)",
    "place": "string(//d:statement[@refType='jl_performancePlace']/d:declaration/d:content[@lang='zh'])",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("field", XPATHS)
def test_a_field_is_what_an_independent_path_finds(kind, field):
    tree = parse_xml(xml_of_kind(kind).encode())
    assert profile_of(tree).first(field).zh == tree.xpath(XPATHS[field], namespaces=NS)


# --- members of another type --------------------------------------------------------------------------------------

FIELDS = [field.name for field in dataclasses.fields(CertificateContent)]
WRONG_FOR = {str: (5, [], True), Text: (5, True, {"zh": 1}), tuple: ("", 5, {"a": 1}, True)}


def wrong_values(name):
    """Values that a member cannot have, by its type."""
    hint = get_type_hints(CertificateContent)[name]
    if hint in (str, Text):
        return WRONG_FOR[hint]
    if str(hint).startswith("tuple"):
        return (5, True, {"a": 1}, "words") if name != "languages" else (5, True, {"a": 1})
    return (5, [], "words", True)


@pytest.mark.parametrize("name", FIELDS)
def test_a_member_of_another_type_is_refused_under_its_name(name):
    for value in wrong_values(name):
        data = json.loads(json.dumps(data_of_kind(KINDS[2]))) | {name: value}
        with pytest.raises((MemberWrong, MemberMissing)) as refused:
            content_of(data)
        assert str(refused.value.facts["place"]).startswith(name), value


@pytest.mark.parametrize("name", FIELDS)
def test_a_member_that_is_null_counts_as_absent(name):
    data = json.loads(json.dumps(data_of_kind(KINDS[2]))) | {name: None}
    if name in ("kind", "number"):
        with pytest.raises(MemberMissing):
            content_of(data)
    else:
        assert dataclasses.replace(content_of(data), **{name: getattr(content_of_kind(KINDS[2]), name)})
