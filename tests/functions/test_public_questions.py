"""What strangers may ask of the register, on certificates made by the services alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from tests.base.bench_rows import build_bench
from tests.base.certificates.certificate_rows import CODE, FILES, Office
from tests.ledger import build_world
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.certificates.errors import FakeReportEmpty
from jialiang.base.certificates.models import Certificate, FakeReport
from jialiang.base.certificates.services import IssuedFile, finish, withdraw
from jialiang.base.organizations.services import change
from jialiang.functions import identifiers
from jialiang.functions.authenticity import (
    FakeSeen,
    check_by_code,
    check_by_identifier,
    issued_file,
    register_facts,
    report_fake,
)
from jialiang.governance.storage.current import current_store
from jialiang.kernel.text import Text
from jialiang.security.tenancy.errors import NoInstituteYet
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

DUE = date(2027, 6, 15)
LAST_SECOND = datetime(2027, 6, 15, 15, 59, 59, tzinfo=UTC)  # of that day in Shanghai


@pytest.fixture
def office(world) -> Office:
    return Office(build_bench(world), world.person("signatory"))


@pytest.fixture
def other_office(world) -> Office:
    """The office of another institute, the city of Heshan."""
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        twin = build_world(other.id, world.now)
        change(twin.own_id, {"short_code": "HS"}, expected_version=1)
        return Office(build_bench(twin), twin.person("signatory"))


def issue(office, **members):
    """A certificate in force whose XML lies in the store."""
    numbered = office.numbered(**members)
    data = f"<xml>{numbered.id}</xml>".encode()
    files = [
        IssuedFile("xml", current_store().put(data), len(data), f"{numbered.number}.xml"),
        FILES[0],
        FILES[2],
    ]
    return finish(numbered.id, files, actor=office.signatory, now=office.now)


# how a code or a number may be typed
CODES = [CODE, CODE.lower(), f"{CODE[:4]}-{CODE[4:8]}-{CODE[8:]}", f" {CODE[:7]} {CODE[7:]} "]


def test_number_and_code_are_understood_however_they_are_typed(office):
    row = issue(office)
    for code in CODES:
        for number in (row.number, row.number.lower(), f" {row.number} "):
            found = check_by_code(number=number, code=code, now=office.now)
            assert (found.verdict, found.certificate.number) == ("genuine", row.number)
        assert (
            check_by_identifier(identifier=row.identifier.text, code=code, now=office.now).verdict
            == "genuine"
        )


def test_whoever_does_not_hold_both_learns_nothing_not_even_that_the_number_exists(office):
    row, pending = issue(office), office.numbered()
    never = check_by_code(number="YZ-2026-C-999999", code=CODE, now=office.now)
    for number, code in ((row.number, "0" * 13), (row.number, ""), (row.number[:-1], CODE), ("", CODE),
                         (pending.number, CODE)):  # fmt: skip
        found = check_by_code(number=number, code=code, now=office.now)
        assert (found.verdict, found.certificate, found.checks) == ("unknown", None, ())
        assert (found.status, found.domain) == (never.status, never.domain)
        assert found.queried_number == number
    for identifier, code in ((row.identifier.text, "0" * 13), (row.identifier.suffix, CODE), ("", CODE)):
        found = check_by_identifier(identifier=identifier, code=code, now=office.now)
        assert (found.verdict, found.certificate, found.queried_number) == ("unknown", None, "")


def test_a_long_question_is_cut_in_the_answer(office):
    assert len(check_by_code(number="N" * 500, code=CODE, now=office.now).queried_number) == 60


def test_the_verdict_turns_with_the_last_second_of_the_institutes_day(office):
    row = issue(office, due_date=DUE)
    for moment, verdict in ((LAST_SECOND, "genuine"), (LAST_SECOND + timedelta(seconds=1), "expired")):
        assert check_by_code(number=row.number, code=CODE, now=moment).verdict == verdict
        assert check_by_identifier(identifier=row.identifier.text, code=CODE, now=moment).verdict == verdict


def test_a_number_that_reads_alike_in_two_institutes_is_told_by_its_code(office, other_office):
    own = issue(office, number="A-1")
    with scope(other_office.bench.world.tenant_id):
        twin = issue(other_office, number="A-1")
        Certificate.objects.filter(pk=twin.pk).update(check_code="0000000000001")
        theirs = twin.identifier.text
    assert (
        check_by_code(number="A-1", code=CODE, now=office.now).certificate.identifier == own.identifier.text
    )
    found = check_by_code(number="A-1", code="0000000000001", now=office.now)
    assert found.certificate.identifier == theirs


def test_an_issued_file_is_given_to_whoever_knows_its_whole_digest(office):
    row, pending = issue(office), office.numbered()
    digest = row.files.get(kind="xml").sha256
    name, data = issued_file(sha256=digest.upper())
    assert (name, data) == (f"{row.number}.xml", f"<xml>{row.id}</xml>".encode())
    assert issued_file(sha256=digest[:-1]) is None
    assert issued_file(sha256="") is None
    assert pending.files.count() == 0


def test_the_registers_word_is_for_whoever_holds_the_certificate(office):
    row = issue(office, due_date=DUE)
    digest, identifier = row.files.get(kind="xml").sha256, row.identifier.text
    for question in ({"sha256": digest}, {"identifier": identifier, "code": CODE}):
        facts = register_facts(**question)
        assert (facts.status, facts.due_date, facts.kind) == ("in_force", "2027-06-15", "calibration")
        assert digest in facts.issued_digests
        assert facts.since.isoformat() == "2026-06-16T15:47:30+08:00"
    for question in (
        {}, {"identifier": identifier}, {"identifier": identifier, "code": "0" * 13}, {"sha256": "e" * 64},
        {"identifier": identifier, "content_digest": ""}, {"code": CODE}, {"identifier": "no identifier", "code": CODE},
    ):  # fmt: skip
        assert register_facts(**question).status == "not_registered", question


def test_a_withdrawal_is_the_registers_word_with_its_reason(office):
    row = issue(office)
    withdraw(row.id, Text("量值有误", "a value is wrong"), actor=office.signatory, now=office.now)
    facts = register_facts(identifier=row.identifier.text, code=CODE)
    assert (facts.status, facts.reason) == ("withdrawn", Text("量值有误", "a value is wrong"))


def test_a_report_reaches_the_institute_of_the_certificate_else_of_the_number_else_the_first(
    office, other_office
):
    """``demo-institute`` comes before ``other-institute``."""
    own_id, other_id = office.bench.world.tenant_id, other_office.bench.world.tenant_id
    with scope(other_id):
        theirs = issue(other_office, number="YZ-LOOKS-LIKE-OURS").identifier.text
    cases = [
        (FakeSeen(number="YZ-LOOKS-LIKE-OURS"), other_id),
        (FakeSeen(identifier=theirs), other_id),
        (FakeSeen(number="HS-2026-C-000009"), other_id),
        (FakeSeen(number=" hs-1 "), other_id),
        (FakeSeen(number="YZ-2026-C-000009"), own_id),
        (FakeSeen(number="nobody's"), own_id),
        (FakeSeen(description="章不对"), own_id),
    ]
    for seen, tenant_id in cases:
        report_id = report_fake(seen=seen, now=office.now)
        with everywhere("look where the report went"):
            assert FakeReport.objects.get(pk=report_id).tenant_id == tenant_id, seen


@pytest.mark.parametrize("spelling", [str, str.upper])
def test_a_report_on_an_identifier_reaches_the_institute_that_keeps_it(office, other_office, now, spelling):
    name = f"{settings.JIALIANG.identifier_prefix}/gauge-7"
    theirs = other_office.bench.world
    with scope(theirs.tenant_id):
        identifiers.register(actor=theirs.person("identifier_operator"), name=name, values=(), now=now)
    for seen, keeper in (
        (FakeSeen(identifier=spelling(name)), other_office),
        (FakeSeen(identifier=name, number="YZ-2026-C-000009"), other_office),
        (FakeSeen(identifier=f"{name}0", number="HS-1"), other_office),
        (FakeSeen(identifier=f"{name}0"), office),
    ):
        report_id = report_fake(seen=seen, now=office.now)
        with everywhere("look where the report went"):
            assert FakeReport.objects.get(pk=report_id).tenant_id == keeper.bench.world.tenant_id, seen


def test_a_report_is_recorded_in_the_name_of_the_public(office):
    with what_is_left() as left:
        report_fake(seen=FakeSeen(number="YZ-1", contact="0531-1"), now=office.now)
    assert left.recorded == [("fake.report", {"number": "YZ-1"})]
    assert left.told == [("fake.reported", {"number": "YZ-1"})]
    assert (left.audit[0].actor_id, left.audit[0].actor_name.zh, left.audit[0].door) == (
        None,
        "公众",
        "public",
    )


def test_an_empty_report_leaves_nothing(office):
    with nothing_changes(), pytest.raises(FakeReportEmpty):
        report_fake(seen=FakeSeen(contact="0531-1"), now=office.now)


@pytest.mark.django_db
def test_a_report_to_an_installation_without_an_institute_says_so():
    with pytest.raises(NoInstituteYet) as refused:
        report_fake(seen=FakeSeen(number="YZ-2026-C-000001", contact="0531-1"), now=datetime(2026, 6, 16, tzinfo=UTC))
    assert (refused.value.code, refused.value.http_status) == ("JL-TEN-006", 503)
