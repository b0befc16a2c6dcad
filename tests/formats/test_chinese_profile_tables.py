"""The Chinese profile as tables: words of conclusions, duties, codes and fields, each worked out another way."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.chinese_certificates import KINDS, xml_of_kind
from tests.formats.test_chinese_profile_by_hand import NOTICE, rules_of

from jialiang.formats.dcc.chinese_profile.catalogue import fields, kinds, profile_id, profile_rules
from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.chinese_profile.claiming import claim_where_kept
from jialiang.formats.dcc.chinese_profile.reading import claims, profile_of, said_in
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.text import Text

V, N, C, T, E = KINDS
XML = {kind: xml_of_kind(kind) for kind in KINDS}


def edited(text, before, after):
    """A text with one part replaced, which has to be there."""
    assert before in text, before
    return text.replace(before, after, 1)


# --- conclusions ----------------------------------------------------------------------------------------------------

CONCLUSIONS = [
    (V, "准予作 0.05 级使用", True), (V, "准予作0.05级使用", True), (V, "准予作一等使用", True),
    (V, "准予作 M1 级使用，有效期一年", True), (V, "合格", True), (V, "合格。", True), (V, "合格（按 JJG 130）", True),
    (V, "合格使用", False), (V, "合格 ", True), (V, "准予使用", False), (V, "准予作使用", False),
    (V, "准予作 级使用", False), (V, "不合格", False), (V, "基本合格", False), (V, "准予作 0.05 级", False),
    (V, "准予作" + "很" * 31 + "级使用", True), (V, "准予作" + "很" * 33 + "级使用", False),
    (N, "不合格", True), (N, "不合格；示值误差超差", True), (N, "不合格\n", True), (N, "合格", False),
    (N, "部分不合格", False), (N, "不合格的项目", False),
    (E, "合格", True), (E, "不合格", True), (E, "符合", True), (E, "不符合大纲要求，见附页", True),
    (E, "符合型式评价大纲", True),
    (E, "通过", False), (E, "基本符合", False), (E, "符合 大纲", False),
]  # fmt: skip
SAID = {V: "准予作 0.05 级使用", N: "不合格", E: "符合大纲要求"}


@pytest.mark.parametrize(("kind", "conclusion", "is_form"), CONCLUSIONS)
def test_a_conclusion_is_in_the_words_of_its_kind(kind, conclusion, is_form):
    text = edited(XML[kind], f">{SAID[kind]}<", f">{conclusion}<")
    found = [each.rule for each in check_profile(parse_xml(text.encode()), asked=True)]
    assert found == ([] if is_form else ["CN-CONCLUSION-FORM"])


@pytest.mark.parametrize("kind", [C, T])
@pytest.mark.parametrize("conclusion", ["合格", "很好", "不合格"])
def test_other_kinds_conclude_in_words_of_their_own(kind, conclusion):
    before = re.search(r'refType="jl_conclusion">.*?lang="zh">([^<]*)<', XML[kind], re.DOTALL)
    assert before
    text = XML[kind].replace(f">{before[1]}<", f">{conclusion}<")
    assert check_profile(parse_xml(text.encode()), asked=True) == ()


@pytest.mark.parametrize("outcomes", list(itertools.product(["pass", "fail"], repeat=2)))
@pytest.mark.parametrize("kind", [V, N])
def test_what_the_statements_say_decides_which_certificate_it_may_be(kind, outcomes):
    """A certificate of verification has no rejection among its statements, a notice at least one."""
    stated = "".join(f"<statement><conformity>{each}</conformity></statement>" for each in outcomes)
    text = edited(NOTICE, "<statement><conformity>fail</conformity></statement>", stated)
    if kind == V:
        text = edited(edited(text, "检定结果通知书", "检定证书"), "不合格。称量误差超差", "合格")
    contradicted = "fail" in outcomes if kind == V else "fail" not in outcomes
    assert ("CN-CONFORMITY-CONTRADICTED" in rules_of(text)) is contradicted


@pytest.mark.parametrize(
    ("outcome", "is_failed"),
    [("fail", True), ("conditionalFail", True), ("noPass", True), ("pass", False), ("conditionalPass", False),
     ("noFail", False), ("Fail", False), ("failed", False), ("pass fail", True)],
)  # fmt: skip
def test_a_notice_names_results_that_fail(outcome, is_failed):
    text = edited(
        NOTICE,
        "<metaData><conformity>fail</conformity></metaData>",
        f"<metaData><conformityXMLList>{outcome}</conformityXMLList></metaData>",
    )
    assert ("CN-FAILED-ITEMS-MISSING" not in rules_of(text)) is is_failed


# --- persons --------------------------------------------------------------------------------------------------------

DUTIES = [("calibrated", "检定、校准或检测人员"), ("reviewed", "核验人员"), ("approved", "批准人员")]


@pytest.mark.parametrize("names", list(itertools.product("甲乙丙", repeat=3)))
def test_every_way_to_give_three_duties_to_persons(names):
    text = NOTICE
    for (duty, _), name, before in zip(DUTIES, names, "甲乙丙", strict=True):
        text = edited(
            text, f'"jl_{duty}"><person><name><content>{before}<', f'"jl_{duty}"><person><name><content>{name}<'
        )  # fmt: skip
    found = check_profile(parse_xml(text.encode()), asked=True)
    assert {each.rule for each in found} <= {"CN-PERSONS-NOT-SEPARATE"}
    assert len(found) == 3 - len(set(names))
    for each, at in zip(found, [at for at in (1, 2) if names[at] in names[:at]], strict=True):
        first = DUTIES[names.index(names[at])][1]
        assert each.text.zh == f"{first}与{DUTIES[at][1]}是同一人：{names[at]}。"


# --- codes ----------------------------------------------------------------------------------------------------------

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE = "91370000MA0000001T"


@settings(max_examples=8, deadline=None)
@given(body=st.text(st.sampled_from(ALPHABET), min_size=9, max_size=9), division=st.integers(0, 999_999))
def test_of_31_check_characters_one_is_right(body, division):
    """GB 32100-2015: seventeen characters times powers of three, and the last itself, make a multiple of 31."""
    first = f"91{division:06}{body}"
    for last in ALPHABET:
        weighed = sum(ALPHABET.index(letter) * 3**at for at, letter in enumerate(first)) + ALPHABET.index(
            last
        )
        found = rules_of(NOTICE.replace(CODE, first + last))
        assert found == ([] if weighed % 31 == 0 else ["CN-CREDIT-CODE-WRONG"])


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        (CODE[:-1], "应为 18 位", "it should have 18 characters"),
        (CODE + "0", "应为 18 位", "it should have 18 characters"),
        ("9137000OMA0000001T", "含有不允许的字符", "it has a character that is not allowed"),
        ("91370000ma0000001T", "含有不允许的字符", "it has a character that is not allowed"),
        ("913700A0MA0000001T", "第 3～8 位应为数字", "the third to the eighth should be digits"),
        ("91370000MA0000001K", "校验码不符", "the check character does not fit"),
    ],
)  # fmt: skip
def test_a_wrong_credit_code_is_told_with_its_reason(code, zh, en):
    (found,) = check_profile(parse_xml(NOTICE.replace(CODE, code).encode()), asked=True)
    assert found.text == Text(
        f"“{code}”不是统一社会信用代码：{zh}。", f"“{code}” is no unified social credit code: {en}."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "is_one"),
    [("CNAS L0001", True), ("CNAS L000123", True), ("CNAS L123", False), ("CNAS L1234567", False),
     ("CNAS  L0001", False),
     ("CNASL0001", False), ("cnas L0001", False), ("CNAS L０００１", False), ("CNAS L0001 ", True), ("CMA 1", True),
     ("CNAS C001", False), ("(国)法计(2025)01001号", True)],
)  # fmt: skip
def test_numbers_of_accreditation(code, is_one):
    text = edited(NOTICE, "(鲁)法计(2025)00001号", code)
    assert rules_of(text) == ([] if is_one else ["CN-LABORATORY-CODE-WRONG"])


@pytest.mark.parametrize(
    ("code", "is_one"),
    [("110000", True), ("659001", True), ("710000", True), ("820000", True), ("000000", False), ("160000", False),
     ("3701", False), ("37010０", False), ("3701000", False)],
)  # fmt: skip
def test_divisions_begin_with_a_province(code, is_one):
    assert rules_of(edited(NOTICE, "<state>370100<", f"<state>{code}<")) == (
        [] if is_one else ["CN-REGION-WRONG"]
    )


@pytest.mark.parametrize(
    ("norm", "is_regulation"),
    [("JJG 539-2016", True), ("JJG539", True), ("JJG(鲁) 12-2020", True), ("JJG（交通）12", True), ("JJG（）12", False),
     ("JJG", False), ("JJG X", False), ("JJF 1059", False), ("按 JJG 539", False), ("jjg 539", False)],
)  # fmt: skip
def test_what_is_a_verification_regulation(norm, is_regulation):
    text = edited(NOTICE, "<norm>JJG 539-2016</norm>", f"<norm>{norm}</norm>")
    assert rules_of(text) == ([] if is_regulation else ["CN-REGULATION-NOT-JJG"])


# --- kinds and fields -----------------------------------------------------------------------------------------------


def titled(title, convention):
    """What is read of a certificate with this title (None: no declaration) and kind of work."""
    declared = "" if title is None else f"<declaration>{title}</declaration>"
    text = (
        f'<digitalCalibrationCertificate xmlns="{DCC}"><administrativeData><statements><statement refType="jl_kind">'
        f"<convention>{convention}</convention>{declared}</statement></statements></administrativeData>"
        "</digitalCalibrationCertificate>"
    )
    return profile_of(parse_xml(text.encode()))


@pytest.mark.parametrize(
    ("title", "convention", "kind"),
    [
        ("<content>检定证书</content>", "calibration", V), ("<content lang='zh'>测试报告</content>", "", T),
        ("检测报告", "x", T), ("<content lang='zh'>检定证书（副本）</content>", "legal_verification", None),
        ("<content lang='en'>Certificate</content>", "calibration", C),
        ("<content lang='de'>Schein</content>", "testing", T),
        (None, "legal_verification", V), (None, "type_evaluation", E), (None, "", None), (None, "Calibration", None),
        ("<content/>", "calibration", C), ("<content lang='zh'> 校准证书 </content>", " calibration ", C),
    ],
)  # fmt: skip
def test_the_kind_goes_by_the_title_and_else_by_the_work(title, convention, kind):
    found = titled(title, convention)
    assert (found.kind.id if found.kind else None) == kind
    assert found.convention == convention.strip()


@pytest.mark.parametrize("convention", sorted({each.convention for each in kinds().values()}))
@pytest.mark.parametrize("kind", KINDS)
def test_a_title_of_another_work_is_told_with_both(kind, convention):
    own = kinds()[kind].convention
    found = [
        each
        for each in check_profile(
            parse_xml(edited(XML[kind], f"<dcc:convention>{own}<", f"<dcc:convention>{convention}<").encode())
        )
        if each.rule == "CN-KIND-CONTRADICTED"
    ]
    assert bool(found) is (convention != own)
    for each in found:
        assert kinds()[kind].titles[0] in each.text.zh and own in each.text.en and convention in each.text.en


def test_of_a_bare_certificate_every_field_that_its_kind_needs_is_missed():
    found = titled("<content>校准证书</content>", "calibration")
    expected = [id_ for id_, field in fields().items() if C in field.levels and id_ != "title"]
    assert [each.id for each in found.missing] == expected
    assert found.to_json()["missing"] == expected
    assert found.to_json()["fields"] == {"title": [{"zh": "校准证书", "en": "校准证书"}]}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_missing_is_told_with_place_and_severity(kind):
    tree = parse_xml(XML[kind].encode())
    root = tree.getroot()
    for name in ("statements", "respPersons", "items"):
        for element in root.iter(f"{{{DCC}}}{name}"):
            keep = [each for each in element if each.get("refType") == "jl_kind"]
            for each in list(element):
                if each not in keep:
                    element.remove(each)
    found = [each for each in check_profile(tree, asked=True) if each.rule == "CN-FIELD-MISSING"]
    gone = {each.id for each in profile_of(tree).missing}
    assert gone and len(found) == len(gone)
    for id_ in gone:
        field = fields()[id_]
        (told,) = [each for each in found if f"“{field.name.zh}”" in each.text.zh]
        assert told.severity == field.levels[kind]
        assert told.text.en.startswith(f"The {kinds()[kind].name.en} lacks the {field.name.en} (")
        assert told.text.en.endswith(f"({field.places[0].rpartition('//')[2]}).")


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("own", Text("own", "own")), ("  own\n", Text("own", "own")), ("", Text()),
        ("<content>甲</content>", Text("甲", "甲")), ("<content lang='zh'>甲</content>", Text("甲", "")),
        ("<content lang='en'>a</content><content>甲</content>", Text("甲", "a")),
        ("<content lang='zh'>甲</content><content lang='zh'>乙</content>", Text("甲", "")),
        ("<content lang='de'>x</content>", Text()), ("<content lang='zh'/>", Text()),
    ],
)  # fmt: skip
def test_what_an_element_says(inside, said):
    assert said_in(etree.fromstring(f'<name xmlns="{DCC}">{inside}</name>')) == said


# --- the claim ------------------------------------------------------------------------------------------------------


def unclaimed(kind):
    """The root of a complete certificate that claims nothing."""
    text = edited(XML[kind], f"<dcc:reference>{profile_id()}</dcc:reference>", "")
    return etree.fromstring(text.encode())


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_that_keeps_the_profile_claims_it_before_its_declaration(kind):
    root = unclaimed(kind)
    assert not claims(root.getroottree())
    assert claim_where_kept(root) is True
    assert claims(root.getroottree())
    (reference,) = root.iterfind(f".//{{{DCC}}}statement[@refType='jl_kind']/{{{DCC}}}reference")
    assert reference.getnext().tag == f"{{{DCC}}}declaration"


@pytest.mark.parametrize(
    ("gone", "claims_still"),
    [("uniqueIdentifier", False), ("conformity", False), ("phone", True), ("manufacturer", False),
     ("receiptDate", True)],
)  # fmt: skip
def test_only_hints_leave_the_claim(gone, claims_still):
    root = unclaimed(V)
    removed = list(root.iter(f"{{{DCC}}}{gone}"))
    for element in removed:
        element.getparent().remove(element)
    before = etree.tostring(root)
    assert removed and claim_where_kept(root) is claims_still
    assert (etree.tostring(root) == before) is not claims_still


@pytest.mark.parametrize(
    ("reference", "claimed"),
    [("urn:jialiang:dcc-profile:cn:1", True), (" urn:jialiang:dcc-profile:cn:1\n", True),
     ("urn:jialiang:dcc-profile:cn:2", False), ("URN:jialiang:dcc-profile:cn:1", False), ("", False)],
)  # fmt: skip
def test_a_claim_is_the_name_of_the_profile_to_the_letter(reference, claimed):
    text = edited(NOTICE, f"<reference>{profile_id()}<", f"<reference>{reference}<")
    assert claims(parse_xml(text.encode())) is claimed


def test_a_claim_elsewhere_is_none():
    text = edited(NOTICE, 'refType="jl_kind"', 'refType="jl_other"')
    assert not claims(parse_xml(text.encode()))


@pytest.mark.parametrize("rule", list(profile_rules()))
def test_a_rule_has_the_same_facts_in_both_languages(rule):
    said = profile_rules()[rule]
    facts = [sorted(re.findall(r"\{(\w+)\}", text)) for text in (said.text.zh, said.text.en)]
    assert facts[0] == facts[1]
    assert all((said.title.zh, said.title.en, said.why.zh, said.why.en))
