"""Certificates by the Chinese profile that other laboratories might write: other prefixes, other places, less of it."""

import itertools
import random
from datetime import date

import pytest
from lxml import etree
from tests.formats.chinese_certificates import KINDS, content_of_kind, xml_of_kind
from tests.formats.made_up_content import made_up

from jialiang.formats.canonical import to_plain
from jialiang.formats.content_reading import content_of
from jialiang.formats.dcc.chinese_profile.catalogue import fields, kinds, profile_rules
from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.chinese_profile.reading import claims, profile_of
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xml.parsing import parse_xml

V, N, C, T, E = KINDS

# A notice of verification result in Chinese alone, default namespace, with the alternative places of the fields.
NOTICE = """<digitalCalibrationCertificate xmlns="https://ptb.de/dcc" xmlns:si="https://ptb.de/si"
 schemaVersion="3.3.0">
<administrativeData>
 <dccSoftware><software><name><content>记事本</content></name><release>v1</release></software></dccSoftware>
 <coreData><countryCodeISO3166_1>CN</countryCodeISO3166_1><usedLangCodeISO639_1>zh</usedLangCodeISO639_1>
  <mandatoryLangCodeISO639_1>zh</mandatoryLangCodeISO639_1><uniqueIdentifier>通2026-1</uniqueIdentifier>
  <identifications>
   <identification refType="jl_instituteCreditCode"><issuer>other</issuer>
  <value>91370000MA0000001T</value></identification>
   <identification refType="jl_recordNumber"><issuer>calibrationLaboratory</issuer>
  <value>记-1</value></identification>
  </identifications>
  <beginPerformanceDate>2026-03-01</beginPerformanceDate><endPerformanceDate>2026-03-01</endPerformanceDate>
  <performanceLocation>customer</performanceLocation><issueDate>2026-03-02</issueDate></coreData>
 <items><item><name><content lang="zh">电子计价秤</content></name>
  <manufacturer><name><content lang="zh">某厂</content></name></manufacturer><model>ACS-30</model>
  <identifications><identification><issuer>manufacturer</issuer><value>S-1</value>
  </identification></identifications></item></items>
 <calibrationLaboratory><calibrationLaboratoryCode>(鲁)法计(2025)00001号</calibrationLaboratoryCode>
  <contact><name><content lang="zh">某市计量所</content></name><eMail>a@b.example</eMail>
   <location><state>370100</state><street>经十路 1 号</street></location></contact></calibrationLaboratory>
 <respPersons>
  <respPerson refType="jl_calibrated"><person><name><content>甲</content></name></person></respPerson>
  <respPerson refType="jl_reviewed"><person><name><content>乙</content></name></person></respPerson>
  <respPerson refType="jl_approved"><person><name><content>丙</content></name></person>
  <mainSigner>true</mainSigner></respPerson>
 </respPersons>
 <customer><name><content lang="zh">某菜市场</content></name><location><city>济南</city></location></customer>
 <statements>
  <statement refType="jl_kind"><convention>legal_verification</convention>
   <reference>urn:jialiang:dcc-profile:cn:1</reference><declaration>
  <content lang="zh">检定结果通知书</content></declaration></statement>
  <statement refType="jl_conclusion"><declaration><content lang="zh">不合格。称量误差超差</content>
  </declaration></statement>
  <statement refType="jl_traceability"><declaration><content lang="zh">可溯源</content>
  </declaration></statement>
  <statement><conformity>fail</conformity></statement>
 </statements>
</administrativeData>
<measurementResults>
 <usedMethods><usedMethod><name><content lang="zh">规程</content></name>
  <norm>JJG 539-2016</norm></usedMethod></usedMethods>
 <measuringEquipments><measuringEquipment refType="basic_normalUsed"><name>
  <content lang="zh">M1 等级砝码</content></name>
  <certificate><referral><content lang="zh">检定证书</content></referral><referralID>砝-1</referralID>
   <procedure>analogue</procedure><value>analogue</value><inValidityRange>true</inValidityRange></certificate>
  <measuringEquipmentQuantities><measuringEquipmentQuantity><noQuantity>
  <content lang="zh">M1 等级</content></noQuantity>
  </measuringEquipmentQuantity></measuringEquipmentQuantities></measuringEquipment></measuringEquipments>
 <influenceConditions><influenceCondition><name><content lang="zh">温度</content></name>
  <data><text><content lang="zh">20 ℃</content></text></data></influenceCondition></influenceConditions>
 <measurementResult><name><content lang="zh">结果</content></name>
  <results><result><name><content lang="zh">称量</content></name><data><quantity>
   <si:real><si:value>0.05</si:value><si:unit>\\kilogram</si:unit></si:real>
   <measurementMetaData><metaData><conformity>fail</conformity></metaData>
  </measurementMetaData></quantity></data></result></results>
 </measurementResult>
</measurementResults>
</digitalCalibrationCertificate>
"""


def rules_of(text):
    """The rules that a certificate breaks."""
    return [finding.rule for finding in check_profile(parse_xml(text.encode()), asked=True)]


def test_a_notice_of_another_laboratory_keeps_the_profile(oracles):
    tree = parse_xml(NOTICE.encode())
    assert etree.XMLSchema(etree.parse(oracles / "dcc/schema/dcc/v3.3.0/dcc.xsd")).validate(tree)
    assert check_structure(tree) == ()
    assert claims(tree)
    assert check_profile(tree) == ()
    assert [f.rule for f in check_rules(tree, date(2026, 3, 3)) if f.severity == "error"] == []


def test_the_other_places_of_its_fields_are_read():
    said = profile_of(parse_xml(NOTICE.encode()))
    assert said.kind.id == N
    assert said.first("serial_number").zh == "S-1"
    assert said.first("institute_address").zh == "经十路 1 号"
    assert said.first("institute_contact").zh == "a@b.example"
    assert said.first("place").zh == "customer"
    assert said.first("regulation").zh == "JJG 539-2016"
    assert said.first("laboratory_code").zh.startswith("(鲁)")
    assert not said.first("valid_until") and not said.first("client_credit_code")


# Each change of the text, and what it breaks; worked out by hand from the table of fields.
CHANGES = [
    ("<norm>JJG 539-2016</norm>", "", ["CN-FIELD-MISSING"]),
    ("<norm>JJG 539-2016</norm>", "<norm>GB/T 7722</norm>", ["CN-REGULATION-NOT-JJG"]),
    ("<norm>JJG 539-2016</norm>", "<norm>GB/T 7722</norm><norm>JJG 539</norm>", []),
    (
        "<metaData><conformity>fail</conformity></metaData>",
        "<metaData><conformity>pass</conformity></metaData>",
        ["CN-FAILED-ITEMS-MISSING"],
    ),
    (
        "<metaData><conformity>fail</conformity></metaData>",
        "<metaData><conformityXMLList>pass noPass</conformityXMLList></metaData>",
        [],
    ),
    ("<statement><conformity>fail</conformity></statement>", "", ["CN-FIELD-MISSING"]),
    (
        "<statement><conformity>fail</conformity></statement>",
        "<statement><conformity>pass</conformity></statement>",
        ["CN-CONFORMITY-CONTRADICTED"],
    ),
    (
        "<statement><conformity>fail</conformity></statement>",
        "<statement><conformity>pass</conformity></statement><statement><conformity>fail</conformity></statement>",
        [],
    ),
    ("不合格。称量误差超差", "不予使用", ["CN-CONCLUSION-FORM"]),
    ("<content>乙</content>", "<content>甲</content>", ["CN-PERSONS-NOT-SEPARATE"]),
    (' refType="jl_reviewed"', "", ["CN-FIELD-MISSING"]),
    ("<state>370100</state>", "", ["CN-FIELD-MISSING"]),
    ("<state>370100</state>", "<state>山东</state>", ["CN-REGION-WRONG"]),
    ("<inValidityRange>true</inValidityRange>", "", ["CN-STANDARD-INCOMPLETE"]),
    ("<referralID>砝-1</referralID>", "", ["CN-STANDARD-INCOMPLETE"]),
    (' refType="basic_normalUsed"', "", []),
    ("91370000MA0000001T", "91370000MA0000001K", ["CN-CREDIT-CODE-WRONG"]),
    ("<eMail>a@b.example</eMail>", "", ["CN-FIELD-MISSING"]),
    (
        '<content lang="zh">某市计量所</content>',
        '<content lang="en">Institute</content>',
        ["CN-CHINESE-MISSING"],
    ),
    ('<content lang="zh">某市计量所</content>', "<content>某市计量所</content>", []),
    (
        '<content lang="zh">检定结果通知书</content>',
        '<content lang="zh">检定证书</content>',
        ["CN-CONCLUSION-FORM", "CN-CONFORMITY-CONTRADICTED", "CN-FIELD-MISSING"],
    ),
    ("legal_verification", "calibration", ["CN-KIND-CONTRADICTED"]),
    (">CN<", ">CNX<", ["CN-COUNTRY-NOT-CHINA"]),
    ("mandatoryLangCodeISO639_1>zh<", "mandatoryLangCodeISO639_1>en<", ["CN-LANGUAGE-NOT-CHINESE"]),
]


@pytest.mark.parametrize(("before", "after", "broken"), CHANGES)
def test_a_change_breaks_what_it_should_and_nothing_else(before, after, broken):
    assert before in NOTICE
    assert sorted(rules_of(NOTICE.replace(before, after))) == broken


def test_two_changes_break_the_rules_of_both():
    chance = random.Random(7)
    # Those that touch the same words or thing, or that change the kind, act on one another.
    acting = (' refType="jl_reviewed"', "<referralID>砝-1</referralID>", "legal_verification")
    alone = [change for change in CHANGES if len(change[2]) == 1 and change[0] not in acting]
    for one, other in chance.sample(list(itertools.combinations(alone, 2)), 60):
        if one[0] == other[0] or one[0] in other[0] or other[0] in one[0]:
            continue
        text = NOTICE.replace(one[0], one[1]).replace(other[0], other[1])
        assert sorted(rules_of(text)) == sorted(one[2] + other[2]), (one[0], other[0])


# --- titles against kinds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "other"), list(itertools.permutations(KINDS, 2)))
def test_a_certificate_under_the_title_of_another_kind_is_found_out(kind, other):
    """校准 is not 检定: whoever changes the title of a certificate makes one that keeps the profile no more."""
    before, after = (kinds()[each].titles[0] for each in (kind, other))
    text = xml_of_kind(kind).replace(f">{before}<", f">{after}<")
    found = check_profile(parse_xml(text.encode()))
    assert any(finding.severity == "error" for finding in found)
    assert ("CN-KIND-CONTRADICTED" in {f.rule for f in found}) == (
        kinds()[kind].convention != kinds()[other].convention
    )


# --- the data ------------------------------------------------------------------------------------------------------


def test_every_kind_has_a_letter_a_title_and_a_name_of_its_own():
    said = list(kinds().values())
    for member in ("letter", "id", "titles"):
        assert len({getattr(kind, member) for kind in said}) == len(said) == 5
    assert all(kind.name.zh == kind.titles[0] for kind in said)
    assert {kind.convention for kind in said} == {
        "legal_verification",
        "calibration",
        "testing",
        "type_evaluation",
    }


def test_every_place_leads_into_a_certificate():
    """Each first place of a field stands in one of the samples, and names only elements of the DCC 3.3.0."""
    roots = [etree.fromstring(xml_of_kind(kind).encode()) for kind in KINDS]
    for field in fields().values():
        assert any(root.find(field.places[0], {None: DCC}) is not None for root in roots), field.id


def test_rules_and_fields_have_words_in_both_languages():
    for rule in profile_rules().values():
        for text in (rule.title, rule.text, rule.why):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh), rule.id
            assert text.en and not any(
                "\u4e00" <= letter <= "\u9fff" for letter in text.en.replace("准予作…级使用", "")
            ), rule.id
    names = [field.name for field in fields().values()]
    assert len({name.zh for name in names}) == len({name.en for name in names}) == len(names)


def test_no_kind_needs_what_it_must_not_have():
    for field in fields().values():
        assert not field.never & set(field.levels)
        assert set(field.levels) | field.never <= set(KINDS)


# --- content from plain data ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_plain_data_of_any_certificate_come_back_as_its_content(seed):
    content = made_up(seed)
    assert content_of(to_plain(content)) == content
    assert dcc_xml(content_of(to_plain(content))) == dcc_xml(content)


def test_one_text_alone_is_chinese_and_choices_have_their_defaults():
    data = to_plain(content_of_kind(C))
    data["conclusion"] = "合格"
    del data["performance_location"], data["trust"]["signer_kind"], data["software_name"]
    made = content_of(data)
    assert (made.conclusion.zh, made.conclusion.en) == ("合格", "")
    assert (made.performance_location, made.trust.signer_kind) == ("laboratory", "institute_seal")
    assert made.software_name == ""
