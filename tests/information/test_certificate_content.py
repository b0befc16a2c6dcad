"""What a certificate says, member by member, from a record; and which of it the signatory's look binds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.base.bench_rows import another_standard, build_bench
from tests.information.evaluation_tasks import comparison_task
from tests.information.evidence_rows import certificate

from jialiang import __version__
from jialiang.base.calibrations.errors import CalibrationUnknown, RecordIncomplete
from jialiang.base.calibrations.models import Calibration
from jialiang.base.commissions.models import CommissionItem
from jialiang.base.commissions.services import move_item, note_condition
from jialiang.base.instruments.models import Instrument
from jialiang.base.organizations.facts import SiteFacts
from jialiang.base.organizations.services import add_site, change
from jialiang.formats.content import Trust
from jialiang.information.certificate_content import IssueFacts, content_for, reviewable_digest
from jialiang.information.evaluation import evaluate
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.statuses import CustodyState

TRUST = Trust(
    signer=Text("云泽市计量测试院"), signer_kind="institute_seal", authority=Text("演示根"),
    authority_fingerprint="AB" * 32, domain="check.example",
)  # fmt: skip
ISSUE = IssueFacts(
    number="YZ-2026-C-000001", identifier="10.5555/yz-2026-c-000001", check_code="K7QM3XRD9FWTP",
    check_url="https://check.example/c/1", issue_date="2026-06-18", signing_time="2026-06-18T01:02:03Z",
    time_zone="Asia/Shanghai", due_date="", approver=Text("周子均", "Zhou Zijun"), trust=TRUST,
)  # fmt: skip
ENVIRONMENT = {
    "pressure": {"minimum": "100.9", "maximum": "101.2"},
    "temperature": {"minimum": "22.9", "maximum": "23.3"},
    "humidity": {"minimum": "43", "maximum": "47"},
}


@pytest.fixture(scope="module")
def evaluation():
    return evaluate(comparison_task())


@pytest.fixture
def bench(world):
    return build_bench(world)


@pytest.fixture
def evaluated(bench, evaluation):
    """A reviewed record with an evaluation."""

    def make(**members):
        days = {"begin_date": date(2026, 6, 15), "end_date": date(2026, 6, 16)}
        given = {"environment": ENVIRONMENT, "procedure": "repeated_comparison"} | days
        record = bench.record(state="awaiting_approval", **given | members)
        Calibration.objects.filter(pk=record.pk).update(
            evaluation=evaluation,
            evaluation_digest="e" * 64,
            reviewed_by_zh="陈同律",
            reviewed_by_en="Chen Tonglü",
        )
        return record

    return make


def test_numbers_days_and_addresses_are_those_of_the_issue_and_of_the_record(evaluated):
    record = evaluated()
    content = content_for(record.id, ISSUE)
    assert (content.number, content.identifier, content.check_code) == (
        ISSUE.number,
        ISSUE.identifier,
        ISSUE.check_code,
    )
    assert (content.begin_date, content.end_date, content.issue_date) == (
        "2026-06-15",
        "2026-06-16",
        "2026-06-18",
    )
    assert (content.record_number, content.commission_number) == (
        record.number,
        record.item.commission.number,
    )
    assert (content.kind, content.due_date, content.trust) == ("calibration", "", TRUST)
    assert (content.software_name, content.software_release) == ("Jialiang 嘉量", __version__)
    assert (content.supersedes_number, content.amendment_reason) == ("", Text())


def test_institute_and_customer_stand_as_the_ledger_has_them_that_day(world, evaluated):
    record = evaluated()
    change(world.own_id, {"phone": "0100-1", "laboratory_code": "L-1"}, expected_version=1)
    content = content_for(record.id, ISSUE)
    assert (content.institute.name.zh, content.institute.phone) == ("云泽市计量测试院", "0100-1")
    assert content.institute.laboratory_code == "L-1"
    assert content.customer.name == Text("晨星乳业有限公司", "Morning Star Dairy Ltd")


@pytest.mark.parametrize(("inventory", "numbers"), [("TI-301", [("owner", "TI-301")]), ("", [])])
def test_the_instrument_is_named_with_all_that_identifies_it(evaluated, inventory, numbers):
    record = evaluated()
    note_condition(record.item_id, Text("外观完好", "no visible damage"))
    Instrument.objects.filter(pk=record.item.instrument_id).update(
        inventory_number=inventory, accuracy_class="0.05"
    )
    (item,) = content_for(record.id, ISSUE).items
    assert (item.name.zh, item.model, item.serial_number) == (
        "工作用玻璃液体温度计", "WLB-21", record.item.instrument.serial_number,
    )  # fmt: skip
    assert (item.manufacturer.zh, item.measuring_interval.en) == ("远山仪表厂（虚构）", "20 °C to 30 °C")
    assert (item.accuracy_class, item.condition_on_receipt.en) == ("0.05", "no visible damage")
    assert [(each.issuer, each.value) for each in item.identifications] == numbers


def test_the_standards_are_listed_the_reference_first_and_results_name_the_reference_only(bench, evaluated):
    other = another_standard(bench, "YZ-T-002", number="GJ-2", valid_until=date(2026, 6, 15))
    record = evaluated(standards=((*other, False), (bench.standard_id, bench.certificate_id, True)))
    content = content_for(record.id, ISSUE)
    reference, auxiliary = content.equipment
    assert (reference.key, reference.serial_number, reference.is_reference) == (
        "standard-1",
        "YZ-T-001",
        True,
    )
    assert (auxiliary.key, auxiliary.serial_number, auxiliary.is_reference) == (
        "standard-2",
        "YZ-T-002",
        False,
    )
    assert reference.uncertainty_statement == Text("U = 0.004 ℃，k = 2.00", "U = 0.004 °C, k = 2.00")
    assert (reference.certificate.number, reference.certificate.in_validity) == ("GJ-2026-C-000001", True)
    assert (auxiliary.certificate.number, auxiliary.certificate.in_validity) == ("GJ-2", False)
    assert reference.certificate.valid_until == "2027-01-09"
    determined = content.results[0].columns[-1]
    assert determined.equipment_keys == ("standard-1",)
    assert determined.method_keys == ("method", "uncertainty")


def test_a_certificate_of_a_standard_is_valid_or_not_on_the_last_day_of_the_work(bench, evaluated):
    short = another_standard(bench, "YZ-T-003", number="GJ-3", valid_until=date(2026, 6, 16))
    for end, in_validity in ((date(2026, 6, 16), True), (date(2026, 6, 17), False)):
        record = evaluated(standards=((*short, True),), end_date=end)
        assert content_for(record.id, ISSUE).equipment[0].certificate.in_validity is in_validity


# what was entered: conditions on the certificate, in their order
CONDITIONS = [
    (ENVIRONMENT, [("temperature", "22.9", "23.3", "\\degreecelsius"), ("humidityRelative", "43", "47", "\\percent"),
                   ("pressure", "100.9", "101.2", "\\kilo\\pascal")]),
    ({"humidity": {"minimum": "40", "maximum": "40"}}, [("humidityRelative", "40", "40", "\\percent")]),
    ({}, []),
]  # fmt: skip


@pytest.mark.parametrize(("entered", "stated"), CONDITIONS)
def test_conditions_stand_in_one_order_and_only_those_that_were_entered(evaluated, entered, stated):
    content = content_for(evaluated(environment=entered).id, ISSUE)
    assert [(c.quantity, c.minimum, c.maximum, c.unit) for c in content.conditions] == stated
    assert all(condition.name.zh and condition.name.en for condition in content.conditions)


def test_the_work_and_the_uncertainty_have_a_method_each(evaluated):
    work, uncertainty = content_for(evaluated().id, ISSUE).methods
    assert (work.key, work.name.zh, work.norm, work.is_uncertainty_method) == (
        "method",
        "比较法",
        "YZ-TM-07",
        False,
    )
    assert (uncertainty.key, uncertainty.norm, uncertainty.is_uncertainty_method) == (
        "uncertainty", "JCGM 100:2008", True,
    )  # fmt: skip


def test_three_persons_sign_and_the_signatory_is_the_main_one(evaluated):
    people = content_for(evaluated().id, ISSUE).persons
    assert [(person.name.zh, person.duty) for person in people] == [
        ("李四", "calibrated"), ("陈同律", "reviewed"), ("周子均", "approved"),
    ]  # fmt: skip
    assert [person.main_signer for person in people] == [False, False, True]


@pytest.mark.parametrize(("on_site", "place"), [(False, "laboratory"), (True, "customer")])
def test_where_the_work_was_done(evaluated, on_site, place):
    record = evaluated()
    Instrument.objects.filter(pk=record.item.instrument_id).update(on_site=on_site)
    assert content_for(record.id, ISSUE).performance_location == place


# names and addresses of the room: the address on the certificate
PLACES = [
    (SiteFacts(name=Text("热工室", "Thermal room"), address=Text("度量路 5 号", "5 Duliang Road")),
     Text("度量路 5 号 热工室", "Thermal room, 5 Duliang Road")),
    (SiteFacts(name=Text("热工室", "Thermal room")), Text("热工室", "Thermal room")),
    (SiteFacts(name=Text("热工室"), address=Text("度量路 5 号")), Text("度量路 5 号 热工室")),
    (None, Text()),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "address"), PLACES)
def test_the_address_of_the_room_is_written_as_each_language_does(world, evaluated, facts, address):
    site_id = add_site(world.own_id, facts, now=world.now).id if facts else None
    assert content_for(evaluated(site_id=site_id).id, ISSUE).performance_address == address


def test_the_day_of_receipt_is_that_of_the_institutes_calendar_and_of_the_first_receipt(world, evaluated):
    record = evaluated()
    assert content_for(record.id, ISSUE).receipt_date == ""
    desk = world.person("receptionist")
    first = datetime(2026, 6, 14, 17, 0, tzinfo=UTC)  # one in the morning in Shanghai
    for to, moment in (
        (CustodyState.RECEIVED, first),
        (CustodyState.IN_LABORATORY, first + timedelta(days=1)),
        (CustodyState.RECEIVED, first + timedelta(days=2)),
    ):
        move_item(record.item_id, to, actor=desk, now=moment)
    assert content_for(record.id, ISSUE).receipt_date == "2026-06-15"
    assert content_for(record.id, replace(ISSUE, time_zone="UTC")).receipt_date == "2026-06-14"


def test_results_statements_and_conclusion_follow_from_the_stored_evaluation(evaluated, evaluation):
    content = content_for(evaluated().id, ISSUE)
    (table,) = content.results
    assert table.columns[-1].quantity_values == ("0.0180",)
    assert table.columns[-1].expanded_uncertainties == ("0.0064",)
    assert table.columns[-1].conformities == ("pass",)
    assert [each.ref_type for each in content.statements] == [
        "jl_traceability", "basic_uncertainty", "basic_conformity",
    ]  # fmt: skip
    assert content.conclusion.en == "All points conform to the maximum permissible error."


def test_an_amending_record_names_what_it_supersedes_and_why(world, evaluated):
    original = evaluated()
    issued = certificate(world, original.item.instrument, calibration=original)
    amending = evaluated(
        item_id=original.item_id,
        amends_certificate_id=issued.id,
        amendment_reason=Text("型号有误", "wrong model"),
    )
    content = content_for(amending.id, ISSUE)
    assert (content.supersedes_number, content.supersedes_identifier) == (
        issued.number,
        issued.identifier.text,
    )
    assert content.amendment_reason == Text("型号有误", "wrong model")


@pytest.mark.parametrize("missing", ["evaluation", "begin_date", "end_date"])
def test_a_record_that_was_not_submitted_has_no_certificate(evaluated, missing):
    record = evaluated()
    Calibration.objects.filter(pk=record.pk).update(**{missing: None})
    with pytest.raises(RecordIncomplete) as refused:
        content_for(record.id, ISSUE)
    assert refused.value.facts["number"] == record.number


def test_another_institutes_record_has_none_either(world, evaluated):
    record = evaluated()
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    for wanted in (record.id, new_id(world.now)):
        with scope(other.id), pytest.raises(CalibrationUnknown):
            content_for(wanted, ISSUE)


# member of the issue: another value; is it bound by what the signatory saw
ISSUED = [
    ("number", "YZ-2026-C-000002", False),
    ("identifier", "10.5555/other", False),
    ("check_code", "0000000000000", False),
    ("check_url", "https://check.example/c/2", False),
    ("issue_date", "2026-06-19", False),
    ("signing_time", "2026-06-19T00:00:00Z", False),
    ("due_date", "2027-06-15", False),
    ("approver", Text("另一人", "somebody else"), True),
    ("trust", replace(TRUST, domain="other.example"), True),
    ("time_zone", "UTC", True),
]


@pytest.mark.parametrize(("member", "other", "is_bound"), ISSUED)
def test_what_the_issue_adds_is_not_bound_and_everything_else_is(evaluated, member, other, is_bound):
    record = evaluated()
    seen = reviewable_digest(content_for(record.id, ISSUE), "e" * 64)
    then = reviewable_digest(content_for(record.id, replace(ISSUE, **{member: other})), "e" * 64)
    assert (seen != then) is is_bound


def test_whatever_changes_between_look_and_issue_is_bound(world, evaluated):
    record = evaluated()
    seen = reviewable_digest(content_for(record.id, ISSUE), "e" * 64)
    assert reviewable_digest(content_for(record.id, ISSUE), "f" * 64) != seen
    for table, key, members in (
        (Instrument, record.item.instrument_id, {"model": "X"}),
        (CommissionItem, record.item_id, {"condition_zh": "破损"}),
        (Calibration, record.id, {"method_norm": "YZ-TM-08"}),
        (Calibration, record.id, {"reviewed_by_zh": "某人"}),
    ):
        before = table.objects.values(*members).get(pk=key)
        table.objects.filter(pk=key).update(**members)
        assert reviewable_digest(content_for(record.id, ISSUE), "e" * 64) != seen, members
        table.objects.filter(pk=key).update(**before)
    assert reviewable_digest(content_for(record.id, ISSUE), "e" * 64) == seen
