"""The Chinese profile: every field of every kind, every rule with a planted fault, and certificates made from data."""

import json
import socket
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.formats.chinese_certificates import KINDS, content_of_kind, data_of_kind, xml_of_kind
from tests.formats.dcc_samples import SAMPLES, sample
from tests.formats.made_up_content import made_up
from tests.formats.ptb_schematron import ptb_failures
from tests.formats.sample_content import STANDARD, sample_content

from jialiang.formats.content_reading import content_of
from jialiang.formats.data_members import MemberMissing, MemberUnknown, MemberWrong
from jialiang.formats.dcc.chinese_profile.catalogue import fields, kinds, profile_id, profile_rules
from jialiang.formats.dcc.chinese_profile.checking import LIMIT, check_profile
from jialiang.formats.dcc.chinese_profile.reading import claims, profile_of, said_in
from jialiang.formats.dcc.making import certificate_xml
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.vocabulary.regions import is_region_code

NAMES = {None: DCC}
V, N, C, T, E = KINDS


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refused(*_):
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr(socket.socket, "connect", refused)


def found(text, *, asked=True):
    """What the profile has against a certificate, as pairs (rule, severity)."""
    return [(f.rule, f.severity) for f in check_profile(parse_xml(text.encode()), asked=asked)]


def edited(text, before, after):
    """A certificate with one text replaced everywhere, which has to be there."""
    assert before in text, before
    return text.replace(before, after)


def without_elements(text, *paths):
    """A certificate without the elements at some paths."""
    root = etree.fromstring(text.encode())
    gone = 0
    for path in paths:
        for element in list(root.iterfind(path, NAMES)):
            element.getparent().remove(element)
            gone += 1
    assert gone, paths
    return etree.tostring(root, encoding="unicode")


# --- kinds and claim ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_complete_certificate_of_each_kind_claims_and_keeps_the_profile(oracles, kind):
    tree = parse_xml(xml_of_kind(kind).encode())
    said = profile_of(tree)
    assert (said.kind.id, said.is_claimed, said.missing) == (kind, True, ())
    assert said.title.zh in kinds()[kind].titles
    assert check_profile(tree) == check_profile(tree, asked=True) == ()
    assert etree.XMLSchema(etree.parse(oracles / "dcc/schema/dcc/v3.3.0/dcc.xsd")).validate(tree)
    assert check_structure(tree) == ()
    assert [failure for failure in ptb_failures(tree, oracles) if failure.is_assert] == []
    assert [f.rule for f in check_rules(tree) if f.severity != "hint"] == []


def test_the_claim_stands_in_the_statement_of_the_kind():
    root = etree.fromstring(xml_of_kind(C).encode())
    (reference,) = root.xpath("//d:statement[@refType='jl_kind']/d:reference", namespaces={"d": DCC})
    assert reference.text == profile_id() == "urn:jialiang:dcc-profile:cn:1"


def test_without_the_claim_nothing_is_checked_unless_somebody_asks():
    text = edited(xml_of_kind(C), profile_id(), "urn:other").replace(
        "91110000600037341L", "91110000600037341K"
    )
    assert found(text, asked=False) == []
    assert found(text) == [("CN-CREDIT-CODE-WRONG", "error")]
    assert found(edited(text, "urn:other", profile_id()), asked=False) == [("CN-CREDIT-CODE-WRONG", "error")]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_written_claims_the_profile_only_if_it_keeps_it(seed):
    tree = parse_xml(dcc_xml(made_up(seed)))
    against = [f for f in check_profile(tree, asked=True) if f.severity != "hint"]
    assert claims(tree) == (against == [])
    assert all(f.severity == "hint" for f in check_profile(tree))


@pytest.mark.parametrize("name", SAMPLES)
def test_certificates_of_others_are_read_without_a_claim(oracles, name):
    tree = parse_xml(sample(oracles, name))
    assert check_profile(tree) == ()
    assert not profile_of(tree).is_claimed
    rules = {f.rule for f in check_profile(tree, asked=True)}
    assert "CN-KIND-UNKNOWN" in rules and "CN-LANGUAGE-NOT-CHINESE" in rules


@pytest.mark.parametrize(
    ("title", "convention", "kind"),
    [
        ("检定证书", "legal_verification", V),
        ("检定结果通知书", "legal_verification", N),
        ("校准证书", "calibration", C),
        ("检测报告", "testing", T),
        ("测试报告", "testing", T),
        ("型式评价报告", "type_evaluation", E),
        ("合格证", "calibration", None),
    ],
)
def test_the_title_says_the_kind(title, convention, kind):
    text = edited(xml_of_kind(C), ">校准证书<", f">{title}<").replace(">calibration<", f">{convention}<")
    said = profile_of(parse_xml(text.encode()))
    assert (said.kind.id if said.kind else None) == kind
    assert ("CN-KIND-UNKNOWN" in {rule for rule, _ in found(text)}) == (kind is None)


# --- fields -------------------------------------------------------------------------------------------------------

REQUIRED = [(field.id, kind) for field in fields().values() for kind in KINDS if kind in field.levels]
# The title decides the kind, so that without it nothing else can be missing.
NEEDED = [(field, kind) for field, kind in REQUIRED if field != "title"]


@pytest.mark.parametrize(("field", "kind"), NEEDED)
def test_a_field_that_a_kind_needs_is_missed(field, kind):
    declared = fields()[field]
    root = etree.fromstring(xml_of_kind(kind).encode())
    places = [place for place in declared.places if root.find(place, NAMES) is not None]
    text = without_elements(xml_of_kind(kind), *places)
    tree = parse_xml(text.encode())
    missing = [f for f in check_profile(tree, asked=True) if f.rule == "CN-FIELD-MISSING"]
    assert declared.name.zh in " ".join(f.text.zh for f in missing)
    assert declared.name.en in " ".join(f.text.en for f in missing)
    (mine,) = [f for f in missing if f"“{declared.name.zh}”" in f.text.zh]
    assert mine.severity == declared.levels[kind]
    assert field in {each.id for each in profile_of(tree).missing}


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_title_the_kind_of_work_still_says_something(kind):
    text = without_elements(xml_of_kind(kind), fields()["title"].places[0])
    said = profile_of(parse_xml(text.encode()))
    assert said.kind is not None and said.kind.convention == kinds()[kind].convention
    assert "title" in {field.id for field in said.missing}


def test_the_table_of_fields_says_of_every_kind_what_a_laboratory_must_write():
    """The fields that 检定证书, 检定结果通知书, 校准证书, 检测报告 and 型式评价报告 cannot do without."""
    errors = {kind: {f.id for f in fields().values() if f.levels.get(kind) == "error"} for kind in KINDS}
    shared = {
        "title",
        "certificate_number",
        "institute",
        "institute_credit_code",
        "client",
        "item",
        "place",
        "date_of_work",
        "issue_date",
        "approved_by",
    }
    assert all(shared <= errors[kind] for kind in KINDS)
    assert {"valid_until", "conclusion", "regulation", "standards", "calibrated_by", "reviewed_by"} <= errors[
        V
    ]
    assert errors[N] == errors[V] - {"valid_until"}
    assert {"environment", "standards", "calibrated_by"} <= errors[C] and "conclusion" not in errors[C]
    assert errors[T] == shared
    assert {"conclusion", "conformity", "model", "serial_number", "manufacturer"} <= errors[E]
    assert fields()["valid_until"].never == {N, E}


@pytest.mark.parametrize("kind", [N, E])
def test_an_end_of_validity_where_none_may_stand(kind):
    text = edited(
        xml_of_kind(kind),
        "</dcc:statements>",
        '<dcc:statement refType="basic_recalibration"><dcc:date>2027-01-01'
        "</dcc:date></dcc:statement></dcc:statements>",
    )
    assert found(text) == [("CN-FIELD-FORBIDDEN", "error")]


def test_values_of_fields_are_those_of_the_content():
    content = content_of_kind(V)
    said = profile_of(parse_xml(dcc_xml(content)))
    assert said.first("certificate_number").zh == content.number
    assert said.first("institute") == content.institute.name
    assert said.first("region").zh == "110000"
    assert said.first("institute_credit_code").zh == "91110000600037341L"
    assert said.first("laboratory_code").zh == "CNAS L00000"
    assert said.first("serial_number").zh == "A-1987-003"
    assert said.first("valid_until").zh == "2027-06-14"
    assert [norm.zh for norm in said.fields["regulation"].values] == ["JJG 130-2011", "JJF 1059.1-2012"]
    assert said.first("calibrated_by").zh == "甲（虚构）"
    plain = said.to_json()
    assert (plain["kind"], plain["claimed"], plain["missing"]) == (V, True, [])
    assert plain["fields"]["conclusion"] == [{"zh": "准予作 0.05 级使用", "en": "Conclusion"}]
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("text", Text("text", "text")),
        ('<content lang="zh">字</content><content lang="en">w</content>', Text("字", "w")),
        ("<content>both</content>", Text("both", "both")),
        ('<content lang="de">Wort</content>', Text()),
        ('<content lang="zh">一</content><content lang="zh">二</content>', Text("一", "")),
        ("", Text()),
    ],
)
def test_texts_by_language(inside, said):
    assert said_in(etree.fromstring(f'<name xmlns="{DCC}">{inside}</name>')) == said


# --- rules --------------------------------------------------------------------------------------------------------


def persons(content, **names):
    """The persons with other names by duty."""
    return tuple(replace(p, name=Text(names[p.duty])) if p.duty in names else p for p in content.persons)


def bare_standard(**changes):
    """Equipment of one measurement standard that lacks something."""
    return (replace(STANDARD, **changes), sample_content().equipment[1])


BARE = content_of_kind(C)
FAILED = "<dcc:conformity>fail</dcc:conformity>"
PLANTED = {
    "unknown title": (edited(xml_of_kind(C), ">校准证书<", ">合格证明<"), "CN-KIND-UNKNOWN"),
    "calibration called verification": (
        edited(xml_of_kind(V), ">legal_verification<", ">calibration<"),
        "CN-KIND-CONTRADICTED",
    ),
    "no kind of work": (
        edited(xml_of_kind(C), "<dcc:convention>calibration</dcc:convention>", ""),
        "CN-KIND-CONTRADICTED",
    ),
    "another country": (edited(xml_of_kind(C), "3166_1>CN<", "3166_1>DE<"), "CN-COUNTRY-NOT-CHINA"),
    "English mandatory": (
        edited(xml_of_kind(C), "mandatoryLangCodeISO639_1>zh<", "mandatoryLangCodeISO639_1>en<"),
        "CN-LANGUAGE-NOT-CHINESE",
    ),
    "institute in English": (
        edited(xml_of_kind(C), '<dcc:content lang="zh">示例省计量科学研究院（虚构）</dcc:content>', ""),
        "CN-CHINESE-MISSING",
    ),
    "client in English": (
        edited(xml_of_kind(C), '<dcc:content lang="zh">示例制药有限公司（虚构）</dcc:content>', ""),
        "CN-CHINESE-MISSING",
    ),
    "item in English": (
        edited(xml_of_kind(T), '<dcc:content lang="zh">水银温度计</dcc:content>', ""),
        "CN-CHINESE-MISSING",
    ),
    "wrong check character": (
        edited(xml_of_kind(C), "91110000600037341L", "91110000600037341K"),
        "CN-CREDIT-CODE-WRONG",
    ),
    "code too short": (
        edited(xml_of_kind(C), "91110000600037341L", "9111000060003734"),
        "CN-CREDIT-CODE-WRONG",
    ),
    "code with a letter that none has": (
        edited(xml_of_kind(C), "91110000600037341L", "9I110000600037341L"),
        "CN-CREDIT-CODE-WRONG",
    ),
    "code with letters in the division": (
        edited(xml_of_kind(C), "91110000600037341L", "91AA0000600037341L"),
        "CN-CREDIT-CODE-WRONG",
    ),
    "client's code": (
        edited(xml_of_kind(T), "91350100M000100Y43", "91350100M000100Y44"),
        "CN-CREDIT-CODE-WRONG",
    ),
    "province that is none": (edited(xml_of_kind(C), ">110000<", ">990000<"), "CN-REGION-WRONG"),
    "province in words": (edited(xml_of_kind(C), ">110000<", ">北京<"), "CN-REGION-WRONG"),
    "five digits": (edited(xml_of_kind(N), ">110000<", ">11000<"), "CN-REGION-WRONG"),
    "CNAS without L": (edited(xml_of_kind(C), "CNAS L00000", "CNAS 00000"), "CN-LABORATORY-CODE-WRONG"),
    "CNAS in small letters": (
        edited(xml_of_kind(V), "CNAS L00000", "cnas l00000"),
        "CN-LABORATORY-CODE-WRONG",
    ),
    "conclusion in other words": (edited(xml_of_kind(V), "准予作 0.05 级使用", "很好"), "CN-CONCLUSION-FORM"),
    "certificate that says not": (
        edited(xml_of_kind(V), "准予作 0.05 级使用", "不合格"),
        "CN-CONCLUSION-FORM",
    ),
    "class left out": (edited(xml_of_kind(V), "准予作 0.05 级使用", "准予作级使用"), "CN-CONCLUSION-FORM"),
    "notice that says yes": (edited(xml_of_kind(N), ">不合格<", ">合格<"), "CN-CONCLUSION-FORM"),
    "evaluation in other words": (edited(xml_of_kind(E), "符合大纲要求", "通过"), "CN-CONCLUSION-FORM"),
    "certificate with fail": (
        edited(xml_of_kind(V), "<dcc:conformity>pass</dcc:conformity>", FAILED),
        "CN-CONFORMITY-CONTRADICTED",
    ),
    "notice with pass": (
        edited(xml_of_kind(N), FAILED, "<dcc:conformity>pass</dcc:conformity>"),
        "CN-CONFORMITY-CONTRADICTED",
    ),
    "notice of no item": (
        edited(xml_of_kind(N), " ".join(["fail"] * 11), " ".join(["pass"] * 11)),
        "CN-FAILED-ITEMS-MISSING",
    ),
    "verification by a specification": (
        edited(xml_of_kind(V), "JJG 130-2011", "JJF 130-2011"),
        "CN-REGULATION-NOT-JJG",
    ),
    "notice by a specification": (
        edited(xml_of_kind(N), "JJG 130-2011", "Q/JJG 130-2011"),
        "CN-REGULATION-NOT-JJG",
    ),
    "validity before the work": (edited(xml_of_kind(V), "2027-06-14", "2026-06-14"), "CN-VALID-UNTIL-EARLY"),
    "date that nobody agreed to": (
        edited(xml_of_kind(C), "按与委托方的约定，建议再校准日期", "建议再校准日期").replace(
            "Recalibration due, as agreed with the customer", "Recalibration due"
        ),
        "CN-INTERVAL-NOT-AGREED",
    ),
    "one person does and reviews": (
        xml_of_kind(C, persons=persons(BARE, reviewed="甲（虚构）")),
        "CN-PERSONS-NOT-SEPARATE",
    ),
    "one person reviews and approves": (
        xml_of_kind(V, persons=persons(BARE, approved="乙（虚构）")),
        "CN-PERSONS-NOT-SEPARATE",
    ),
    "no uncertainty": (
        without_elements(xml_of_kind(C), ".//{https://ptb.de/si}measurementUncertaintyUnivariateXMLList"),
        "CN-UNCERTAINTY-MISSING",
    ),
    "standard without certificate": (
        xml_of_kind(C, equipment=bare_standard(certificate=None)),
        "CN-STANDARD-INCOMPLETE",
    ),
    "standard without uncertainty": (
        xml_of_kind(V, equipment=bare_standard(measuring_interval=Text(), uncertainty_statement=Text())),
        "CN-STANDARD-INCOMPLETE",
    ),
    "standard whose certificate ends nobody knows when": (
        without_elements(
            xml_of_kind(C),
            ".//measuringEquipment/certificate/inValidityRange",
            ".//measuringEquipment/certificate/description",
        ),
        "CN-STANDARD-INCOMPLETE",
    ),
    "test without conclusion": (
        without_elements(xml_of_kind(E), ".//results//conformityXMLList"),
        "CN-ITEM-CONCLUSION-MISSING",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_alone_in_both_languages(name):
    text, rule = PLANTED[name]
    assert [each for each, _ in found(text)] == [rule]
    (finding,) = check_profile(parse_xml(text.encode()), asked=True)
    assert finding.severity == profile_rules()[rule].severity
    assert finding.path.startswith("/dcc:digitalCalibrationCertificate") and finding.line
    assert any("\u4e00" <= letter <= "\u9fff" for letter in finding.text.zh)
    assert "{" not in finding.text.zh + finding.text.en and finding.text.en


def test_every_rule_is_planted_or_tested_by_the_fields():
    assert {rule for _, rule in PLANTED.values()} | {"CN-FIELD-MISSING", "CN-FIELD-FORBIDDEN"} == set(
        profile_rules()
    )


HARMLESS = {
    "plain conclusion": edited(xml_of_kind(V), "准予作 0.05 级使用", "合格"),
    "conclusion with more": edited(xml_of_kind(V), "准予作 0.05 级使用", "合格，准予使用"),
    "order of measurement standards": edited(xml_of_kind(V), "准予作 0.05 级使用", "准予作二等使用"),
    "rejected with reasons": edited(xml_of_kind(N), ">不合格<", ">不合格。示值误差超差<"),
    "failed items in words": edited(
        edited(xml_of_kind(N), " ".join(["fail"] * 11), " ".join(["pass"] * 11)),
        "</dcc:statements>",
        '<dcc:statement refType="jl_failedItems"><dcc:declaration><dcc:content>示值误差</dcc:content></dcc:declaration>'
        "</dcc:statement></dcc:statements>",
    ),
    "regulation of a province": edited(xml_of_kind(V), "JJG 130-2011", "JJG(京) 39-2019"),
    "regulation of a trade": edited(xml_of_kind(V), "JJG 130-2011", "JJG（交通）12-2020"),
    "authorization in place of CNAS": edited(xml_of_kind(V), "CNAS L00000", "(国)法计(2026)01001号"),
    "long CNAS number": edited(xml_of_kind(C), "CNAS L00000", "CNAS L12345"),
    "county": edited(xml_of_kind(C), ">110000<", ">110105<"),
    "equipment that is no standard": xml_of_kind(
        C, equipment=(*BARE.equipment[:1], replace(BARE.equipment[1], certificate=None))
    ),
    "no next date": xml_of_kind(C, due_date=""),
    "validity of one day": edited(xml_of_kind(V), "2027-06-14", "2026-06-15"),
    "client without a code": xml_of_kind(C, customer=replace(BARE.customer, credit_code="")),
    "test of words": xml_of_kind(T, conclusion=Text()),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_fault_is_not_found(name):
    assert found(HARMLESS[name]) == []


def test_region_codes_of_the_statistics_office_are_all_taken(oracles):
    folder = oracles / "china" / "regions"
    codes = [
        entry["code"]
        for name in ("provinces", "cities", "areas")
        for entry in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    ]
    six = [code.ljust(6, "0") for code in codes]
    assert len(six) > 3000
    assert all(map(is_region_code, six))
    text = xml_of_kind(C)
    for code in six[:: len(six) // 25]:
        assert found(edited(text, ">110000<", f">{code}<")) == []


def test_credit_codes_of_the_oracle_are_judged_as_it_says(oracles):
    cases = json.loads((oracles / "china" / "uscc_gb32100.json").read_text(encoding="utf-8"))
    text = xml_of_kind(C)
    for code in cases["fictional_valid"]:
        assert found(edited(text, "91110000600037341L", code)) == []
    for code in cases["fictional_invalid"]:
        assert found(edited(text, "91110000600037341L", code)) == [("CN-CREDIT-CODE-WRONG", "error")]


# --- hostile input ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_loses_its_parts_one_by_one_without_a_traceback(kind):
    whole = etree.fromstring(xml_of_kind(kind).encode())
    count = len(list(whole.iter(etree.Element)))
    for number in range(1, count, 3):
        root = etree.fromstring(etree.tostring(whole))
        gone = list(root.iter(etree.Element))[number]
        gone.getparent().remove(gone)
        tree = root.getroottree()
        assert all(f.text.zh and f.text.en for f in check_profile(tree, asked=True))
        assert json.dumps(profile_of(tree).to_json())


@pytest.mark.parametrize(
    "root", ["<a/>", f'<digitalCalibrationCertificate xmlns="{DCC}"/>', f'<item xmlns="{DCC}"/>']
)
def test_what_is_no_certificate_has_no_kind(root):
    tree = parse_xml(root.encode())
    assert profile_of(tree).kind is None
    assert {"CN-KIND-UNKNOWN", "CN-LANGUAGE-NOT-CHINESE"} == {f.rule for f in check_profile(tree, asked=True)}


def test_findings_are_not_without_end_and_long_texts_are_cut():
    wrong = (
        '<dcc:identification refType="jl_instituteCreditCode"><dcc:issuer>other</dcc:issuer><dcc:value>'
        + "X" * 5000
    )
    many = f"{wrong}</dcc:value></dcc:identification>" * 900
    text = xml_of_kind(C).replace("<dcc:identifications>", f"<dcc:identifications>{many}", 1)
    against = check_profile(parse_xml(text.encode()), asked=True)
    assert len(against) == LIMIT
    assert max(len(f.text.zh) for f in against) < 300


# --- making -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_data_make_the_certificate_that_the_content_makes(kind):
    data = json.loads(json.dumps(data_of_kind(kind)))
    assert content_of(data) == content_of_kind(kind)
    xml, against = certificate_xml(data)
    assert xml.decode() == xml_of_kind(kind)
    assert against == ()


def test_a_type_evaluation_report_from_little_data_says_what_it_lacks():
    data = {
        "kind": "type_evaluation",
        "number": "XP-1",
        "languages": ["zh"],
        "software_release": "1.0",
        "institute": {"name": "示范院", "address": {}},
        "customer": {"name": "示例厂", "address": {}},
        "items": [{"name": "电子天平", "serial_number": "1"}],
        "begin_date": "2026-01-01",
        "end_date": "2026-01-02",
        "persons": [{"name": "甲", "duty": "approved"}],
        "results": [
            {
                "name": "示值误差",
                "columns": [
                    {
                        "ref_type": "basic_measurementError",
                        "name": "误差",
                        "unit": "\\gram",
                        "quantity_values": ["0.1"],
                    }
                ],
            }
        ],
    }
    xml, against = certificate_xml(data)
    tree = parse_xml(xml)
    assert check_structure(tree) == ()
    assert not claims(tree)
    rules = [f.rule for f in against]
    assert {"CN-FIELD-MISSING", "CN-ITEM-CONCLUSION-MISSING"} == set(rules)
    missing = " ".join(f.text.zh for f in against)
    assert all(
        name in missing for name in ("结论", "型号规格", "制造单位", "机构统一社会信用代码", "审查的技术资料")
    )
    assert profile_of(tree).kind.id == E
    assert b"jl_trust" not in xml


def at(path, value):
    """The data of a report with one member replaced; ``...`` takes it out."""
    data = json.loads(json.dumps(data_of_kind(E)))
    *steps, last = path
    place = data
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


def nested(depth):
    """References within references."""
    reference = {"referral": "x", "number": "1", "digest": ""}
    for _ in range(depth):
        reference = {"referral": "x", "number": "1", "digest": "", "linked": reference}
    return reference


WRONG = [
    (("kind",), ..., MemberMissing, "kind"),
    (("kind",), "guess", MemberWrong, "kind"),
    (("number",), "", MemberMissing, "number"),
    (("number",), 7, MemberWrong, "number"),
    (("titel",), "x", MemberUnknown, "titel"),
    (("items",), "x", MemberWrong, "items"),
    (("items", 0, "serial"), "1", MemberUnknown, "items[1].serial"),
    (("items", 0, "name"), 5, MemberWrong, "items[1].name"),
    (("items", 0, "name"), {"de": "x"}, MemberUnknown, "items[1].name.de"),
    (
        ("results", 0, "columns", 0, "quantity_values"),
        [1.5],
        MemberWrong,
        "results[1].columns[1].quantity_values[1]",
    ),
    (
        ("results", 0, "columns", 2, "conformities", 3),
        "maybe",
        MemberWrong,
        "results[1].columns[3].conformities[4]",
    ),
    (("persons", 0, "duty"), ..., MemberMissing, "persons[1].duty"),
    (("persons", 0, "main_signer"), 1, MemberWrong, "persons[1].main_signer"),
    (("equipment", 0, "certificate", "procedure"), "md5", MemberWrong, "equipment[1].certificate.procedure"),
    (("institute",), [], MemberWrong, "institute"),
    (("languages",), {"zh": 1}, MemberWrong, "languages"),
]


@pytest.mark.parametrize(("path", "value", "error", "place"), WRONG)
def test_a_wrong_member_is_named_with_its_place(path, value, error, place):
    with pytest.raises(error) as refused:
        certificate_xml(at(path, value))
    assert refused.value.facts["place"] == place


def test_references_without_end_are_refused():
    content_of(at(("equipment", 0, "certificate"), nested(20)))
    with pytest.raises(MemberWrong):
        content_of(at(("equipment", 0, "certificate"), nested(300)))


@pytest.mark.parametrize("data", [None, [], "x", 5, {}, True])
def test_data_of_another_shape_are_refused(data):
    with pytest.raises((MemberMissing, MemberWrong)):
        content_of(data)


JSON = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.lists(st.text(max_size=3), max_size=2)
)


@given(path=st.sampled_from([path for path, *_ in WRONG]), value=JSON)
def test_any_data_make_a_valid_certificate_or_an_error_of_ours(path, value):
    try:
        xml, _ = certificate_xml(at(path, value))
    except JialiangError as problem:
        assert problem.what.zh and problem.what.en
    else:
        assert parse_xml(xml).getroot().tag.endswith("Certificate")
