"""What the platform issues keeps to the Chinese profile and says so: every kind, passed and failed, with no finding."""

import copy
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree
from tests.base.bench_rows import build_bench
from tests.formats.ptb_schematron import ptb_failures
from tests.information.evaluation_tasks import comparison_task
from tests.information.test_certificate_content import ENVIRONMENT, ISSUE

from jialiang.base.calibrations.models import Calibration
from jialiang.base.commissions.models import Commission
from jialiang.base.instruments.models import Instrument
from jialiang.base.organizations.models import Organization
from jialiang.formats.dcc.chinese_profile.checking import check_profile
from jialiang.formats.dcc.chinese_profile.reading import profile_of
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.xml.parsing import parse_xml
from jialiang.information.certificate_content import content_for
from jialiang.information.evaluation import evaluate


@pytest.fixture(scope="module")
def evaluation():
    return evaluate(comparison_task())


@pytest.fixture
def bench(world):
    Organization.objects.update(
        laboratory_code="CNAS L0001",
        region_code="110000",
        phone="010-5550 0000",
        city_zh="示范市",
        street_zh="嘉量路 9 号",
    )
    return build_bench(world)


def certificate(bench, evaluation, kind, outcome, norm, accuracy_class="", **issue):
    """The certificate of a reviewed record of a kind, with one outcome at every point."""
    judged = copy.deepcopy(evaluation)
    for point in judged["points"]:
        point["conformity"] = outcome
    record = bench.record(
        state="awaiting_approval",
        kind=kind,
        environment=ENVIRONMENT,
        procedure="repeated_comparison",
        begin_date=date(2026, 6, 15),
        end_date=date(2026, 6, 16),
        method_norm=norm,
    )
    Instrument.objects.filter(pk=record.item.instrument_id).update(accuracy_class=accuracy_class)
    Commission.objects.filter(pk=record.item.commission_id).update(kind=kind)
    Calibration.objects.filter(pk=record.pk).update(
        evaluation=judged, evaluation_digest="e" * 64, reviewed_by_zh="陈同律", reviewed_by_en="Chen Tonglü"
    )
    return content_for(record.id, replace(ISSUE, **issue))


CASES = {
    "校准证书": ("calibration", "", "JJF 1101-2019", {}, ""),
    "校准证书 with conformity": (
        "calibration",
        "pass",
        "JJF 1101-2019",
        {},
        "所校准各点均符合最大允许误差的要求。",
    ),
    "校准证书 with an agreed date": (
        "calibration",
        "fail",
        "JJF 1101-2019",
        {"due_date": "2027-06-15"},
        "部分点超出最大允许误差，不符合要求。",
    ),
    "检定证书": ("legal_verification", "pass", "JJG 130-2011", {"due_date": "2027-06-15"}, "合格"),
    "检定证书 in a class": (
        "legal_verification",
        "pass",
        "JJG 130-2011",
        {"due_date": "2027-06-15"},
        "准予作0.05级使用",
    ),
    "检定结果通知书": ("legal_verification", "fail", "JJG 130-2011", {}, "不合格"),
    "检定结果通知书 on a condition": ("legal_verification", "conditionalFail", "JJG 130-2011", {}, "不合格"),
    "检测报告": ("testing", "", "GB/T 1-2020", {}, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_every_kind_is_issued_by_the_profile_and_claims_it(bench, evaluation, oracles, case):
    kind, outcome, norm, issue, conclusion = CASES[case]
    accuracy_class = "0.05级" if "class" in case else ""
    content = certificate(bench, evaluation, kind, outcome, norm, accuracy_class, **issue)
    tree = parse_xml(dcc_xml(content))
    said = profile_of(tree)
    assert said.is_claimed
    assert said.title.zh == said.kind.name.zh == case.split()[0]
    assert check_profile(tree) == ()
    assert said.first("conclusion").zh == conclusion
    assert [field.id for field in said.missing] == []
    # The file stays what it was: valid, with nothing against it.
    assert etree.XMLSchema(etree.parse(oracles / "dcc/schema/dcc/v3.3.0/dcc.xsd")).validate(tree)
    assert check_structure(tree) == ()
    assert [failure for failure in ptb_failures(tree, oracles) if failure.is_assert] == []
    assert [f.rule for f in check_rules(tree, date(2026, 6, 18)) if f.severity != "hint"] == []


LACKING = {
    "a verification without a conclusion": (
        "legal_verification",
        "",
        "JJG 130-2011",
        {"due_date": "2027-06-15"},
    ),
    "a verification by no regulation": (
        "legal_verification",
        "pass",
        "JJF 1101-2019",
        {"due_date": "2027-06-15"},
    ),
    "a verification without an end": ("legal_verification", "pass", "JJG 130-2011", {}),
}


@pytest.mark.parametrize("case", LACKING)
def test_what_does_not_keep_to_the_profile_claims_nothing(bench, evaluation, case):
    kind, outcome, norm, issue = LACKING[case]
    tree = parse_xml(dcc_xml(certificate(bench, evaluation, kind, outcome, norm, **issue)))
    assert not profile_of(tree).is_claimed
    assert check_profile(tree) == ()
    assert {f.severity for f in check_profile(tree, asked=True)} == {"error"}


@pytest.mark.parametrize("code", ["", "91350100M000100Y44"])
def test_an_institute_without_its_credit_code_claims_nothing(bench, evaluation, code):
    content = certificate(bench, evaluation, "calibration", "", "JJF 1101-2019")
    lacking = replace(content, institute=replace(content.institute, credit_code=code))
    tree = parse_xml(dcc_xml(lacking))
    assert not profile_of(tree).is_claimed
    assert len(check_profile(tree, asked=True)) == 1


def test_a_certificate_in_english_alone_claims_nothing(bench, evaluation):
    content = certificate(bench, evaluation, "calibration", "", "JJF 1101-2019")
    tree = parse_xml(dcc_xml(replace(content, languages=("en",))))
    assert not profile_of(tree).is_claimed
