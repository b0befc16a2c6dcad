"""Finding certificates: inside the institute by everything, from outside by what only a holder knows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.base.bench_rows import build_bench
from tests.base.certificates.certificate_rows import FILES, Office
from tests.ledger import build_world

from jialiang.base.certificates import errors, selectors, services
from jialiang.base.certificates.models import Certificate
from jialiang.base.certificates.services import IssuedFile
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

WHY = Text("量值有误", "a value is wrong")


@pytest.fixture
def other_institute(world):
    with everywhere("a second institute for the test"):
        return create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)


@pytest.fixture
def other_office(other_institute, now):
    """The office of another institute; use it in its own scope."""
    with scope(other_institute.id):
        world = build_world(other_institute.id, now)
        return Office(build_bench(world), world.person("signatory"))


def set_columns(row, **columns):
    Certificate.objects.filter(pk=row.pk).update(**columns)
    return row


def test_a_certificate_is_read_with_everything_around_it_in_one_query(office, django_assert_num_queries):
    made = office.numbered()
    for find in (
        lambda: selectors.certificate(made.id),
        lambda: selectors.certificate_by_number(made.number),
        lambda: selectors.certificate_of_record(made.calibration_id),
    ):
        with django_assert_num_queries(1):
            row = find()
            around = (
                row.customer.name_zh,
                row.identifier.text,
                row.calibration.item.commission.kind,
                row.supersedes,
            )
            assert row.instrument.model == "WLB-21"
        assert around == ("晨星乳业有限公司", made.identifier.text, "calibration", None)


def test_an_unknown_certificate_is_named(office, now):
    for find, wanted in ((selectors.certificate, new_id(now)), (selectors.certificate_by_number, "YZ-1")):
        with pytest.raises(errors.CertificateUnknown) as refused:
            find(wanted)
        assert refused.value.facts["certificate"] == wanted


def test_certificates_are_listed_the_newest_first_and_narrowed(office):
    first, second = office.numbered(), office.numbered()
    newest = set_columns(office.numbered(), numbered_at=office.now + timedelta(hours=1), state="withdrawn")
    set_columns(second, customer_id=office.bench.world.mill_id)
    serial = first.instrument.serial_number
    for narrowing, expected in [
        ({}, [newest, second, first]),
        ({"state": "issuing"}, [second, first]),
        ({"state": "withdrawn"}, [newest]),
        ({"state": "void"}, []),
        ({"customer_id": office.bench.world.mill_id}, [second]),
        ({"search": first.number.lower()}, [first]),
        ({"search": serial}, [first]),
        ({"search": "面粉"}, [second]),
        ({"search": "晨星", "state": "issuing"}, [first]),
        ({"search": "no such text"}, []),
    ]:
        assert [row.id for row in selectors.certificates(**narrowing)] == [row.id for row in expected], (
            narrowing
        )


def test_of_a_record_only_the_certificate_that_is_not_void_is_shown(office):
    record = office.bench.record(state="approved")
    assert selectors.certificate_of_record(record.id) is None
    void = office.numbered(calibration=record)
    services.void(void.id, WHY, actor=office.signatory, now=office.now)
    assert selectors.certificate_of_record(record.id) is None
    assert selectors.certificates_of_records([record.id]) == []
    again = office.numbered(calibration=record)
    assert selectors.certificate_of_record(record.id).id == again.id
    other = set_columns(office.numbered(), numbered_at=office.now - timedelta(hours=1))
    found = selectors.certificates_of_records([record.id, other.calibration_id, new_id(office.now)])
    assert [row.id for row in found] == [other.id, again.id]


def test_the_certificates_of_an_instrument_come_by_their_day_of_issue(office):
    record = office.bench.record(state="approved")
    first = office.numbered(calibration=record)
    second = office.numbered(calibration=office.bench.record(state="approved", item_id=record.item_id))
    set_columns(first, issue_date=date(2026, 6, 18))
    found = selectors.certificates_of_instrument(record.item.instrument_id)
    assert [row.id for row in found] == [first.id, second.id]
    assert selectors.certificates_of_instrument(new_id(office.now)) == []


@pytest.mark.parametrize(
    ("state", "counts"),
    [("issuing", False), ("void", False), ("in_force", True), ("withdrawn", True), ("superseded", True)],
)
def test_a_successor_counts_once_it_is_out(office, state, counts):
    replaced = office.numbered()
    successor = set_columns(office.numbered(supersedes_id=replaced.id), state=state)
    found = selectors.successor_of(replaced.id)
    assert (found.id if found else None) == (successor.id if counts else None)


def test_files_are_listed_in_their_order_and_a_missing_one_is_named(office):
    numbered = office.numbered()
    assert selectors.files_of(numbered.id) == []
    with pytest.raises(errors.FileNotIssued) as refused:
        selectors.file_of(numbered.id, "xml")
    assert refused.value.facts == {"number": numbered.number, "kind": "xml"}
    services.finish(numbered.id, FILES, actor=office.signatory, now=office.now)
    assert [file.kind for file in selectors.files_of(numbered.id)] == ["xml", "pdf_zh", "pdf_en"]
    assert selectors.file_of(numbered.id, "pdf_zh").sha256 == "b" * 64
    with pytest.raises(errors.CertificateUnknown):
        selectors.file_of(new_id(office.now), "xml")


def test_what_is_stuck_was_numbered_before_a_moment_and_is_still_in_issue(office):
    old = set_columns(office.numbered(), numbered_at=office.now - timedelta(minutes=20))
    older = set_columns(office.numbered(), numbered_at=office.now - timedelta(minutes=30))
    set_columns(office.numbered(), numbered_at=office.now - timedelta(minutes=40), state="void")
    set_columns(office.numbered(), numbered_at=office.now - timedelta(minutes=15))
    found = selectors.stuck_certificates(office.now - timedelta(minutes=15))
    assert [row.id for row in found] == [older.id, old.id]


def test_reports_of_fakes_come_newest_first_in_their_state(office):
    row = office.issued()
    made = [
        services.report_fake(
            certificate=about,
            number_seen=f"n{hours}",
            description="",
            contact="",
            now=office.now + timedelta(hours=hours),
        )
        for hours, about in ((1, None), (3, row), (2, None))
    ]
    made[2].state = "settled"
    made[2].save()
    assert [report.number_seen for report in selectors.fake_reports()] == ["n3", "n1"]
    assert [report.number_seen for report in selectors.fake_reports("settled")] == ["n2"]
    assert selectors.fake_reports()[0].certificate.number == row.number


def test_a_stranger_finds_an_issued_certificate_by_what_a_holder_knows(office):
    row = office.issued()
    prefix, suffix = row.identifier.prefix, row.identifier.suffix
    for question in (
        {"sha256": "a" * 64},
        {"identifier": row.identifier.text},
        {"identifier": f"  {prefix}/{suffix.upper()} "},
        {"number": row.number},
        {"number": row.number.lower()},
        {"number": f" {row.number[:4]} {row.number[4:]} "},
        {"sha256": "a" * 64, "number": "YZ-OTHER"},
    ):
        assert selectors.public_certificate(**question).id == row.id, question


def test_a_stranger_finds_nothing_by_a_part_or_by_nothing(office):
    row = office.issued()
    for question in (
        {},
        {"number": ""},
        {"number": row.number[:-1]},
        {"identifier": row.identifier.suffix},
        {"identifier": f"{row.identifier.prefix}/"},
        {"sha256": "a" * 63},
        {"sha256": "f" * 64, "number": row.number},
    ):
        assert selectors.public_certificate(**question) is None, question
    assert selectors.public_certificates_numbered("") == []


def test_what_is_not_out_yet_is_found_by_nobody_outside(office):
    row = office.numbered()
    assert selectors.public_certificate(number=row.number) is None
    assert selectors.public_certificate(identifier=row.identifier.text) is None
    assert selectors.public_certificates_numbered(row.number) == []


def test_a_stranger_is_answered_whatever_institute_is_in_scope_and_also_where_none_is(
    office, other_institute
):
    row = office.issued()
    with scope(other_institute.id):
        assert selectors.public_certificate(number=row.number).id == row.id
        assert selectors.issued_file("a" * 64).certificate_id == row.id
        with pytest.raises(errors.CertificateUnknown):
            selectors.certificate(row.id)


def test_a_number_of_two_institutes_finds_none_but_the_identifier_does(office, other_office, other_institute):
    own = office.issued(number="YZ-2026-C-900001")
    with scope(other_institute.id):
        numbered = other_office.numbered(number="YZ-2026-C-900001")
        files = [IssuedFile("xml", "9" * 64, 1, "x.xml")]
        twin = services.finish(numbered.id, files, actor=other_office.signatory, now=office.now)
    assert selectors.public_certificate(number="YZ-2026-C-900001") is None
    assert {row.id for row in selectors.public_certificates_numbered("YZ-2026-C-900001")} == {own.id, twin.id}
    assert selectors.public_certificate(identifier=own.identifier.text).id == own.id
    assert selectors.public_certificate(sha256="9" * 64).id == twin.id


def test_an_issued_file_is_found_by_its_whole_digest_once_it_is_out(office):
    row = office.issued()
    assert selectors.issued_file("b" * 64).kind == "pdf_zh"
    assert selectors.issued_file("b" * 63) is None
    assert selectors.issued_file("") is None
    set_columns(row, published_at=None)
    assert selectors.issued_file("b" * 64) is None


def test_in_another_institute_no_certificate_is_listed(office, other_institute):
    row = office.issued()
    services.report_fake(certificate=row, number_seen="n", description="", contact="", now=office.now)
    set_columns(office.numbered(), numbered_at=office.now - timedelta(hours=1))
    with scope(other_institute.id):
        assert list(selectors.certificates()) == []
        assert selectors.certificate_of_record(row.calibration_id) is None
        assert selectors.certificates_of_records([row.calibration_id]) == []
        assert selectors.certificates_of_instrument(row.instrument_id) == []
        assert selectors.successor_of(row.id) is None
        assert selectors.files_of(row.id) == []
        assert selectors.status_changes(row.id) == []
        assert selectors.stuck_certificates(office.now) == []
        assert list(selectors.fake_reports()) == []
        with pytest.raises(errors.CertificateUnknown):
            selectors.file_of(row.id, "xml")
