"""Certificates from number to withdrawal: each change, each refusal, and that nothing issued ever changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from tests.base.bench_rows import build_bench
from tests.base.certificates.certificate_rows import CODE, FILES, Office
from tests.ledger import build_world

from jialiang.base.calibrations.models import Calibration
from jialiang.base.certificates import errors, services
from jialiang.base.certificates.models import Certificate, CertificateFile, FakeReport, StatusChange
from jialiang.base.certificates.publishing import missing_answers
from jialiang.base.certificates.selectors import files_of, status_changes
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.public_keys import key_by_number
from jialiang.governance.publication.selectors import answer
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

WHY = Text("量值有误", "a value is wrong")
STATES = ("issuing", "in_force", "superseded", "withdrawn", "void")


def put(certificate, state):
    Certificate.objects.filter(pk=certificate.pk).update(state=state)
    return certificate


def state_of(certificate):
    return Certificate.objects.values_list("state", "version").get(pk=certificate.pk)


def way(certificate):
    return [(change.from_state, change.to_state) for change in status_changes(certificate.pk)]


def published(certificate):
    found = answer(key_by_number(certificate.number, CODE, "json"))
    return found.body.decode() if found else ""


def test_a_numbered_certificate_is_in_issue_with_its_content_frozen_under_a_digest(office):
    new = office.new()
    row = Certificate.objects.get(
        pk=services.number_certificate(new, actor=office.signatory, now=office.now).pk
    )
    assert (row.state, row.version, row.number, row.kind) == ("issuing", 1, new.number, "calibration")
    assert (row.content, row.content_digest) == (new.content, sha256_hex(new.content.encode()))
    assert (row.calibration_id, row.customer_id, row.instrument_id, row.identifier_id) == (
        new.calibration_id, new.customer_id, new.instrument_id, new.identifier_id,
    )  # fmt: skip
    assert (row.numbered_at, row.status_since, row.published_at) == (office.now, office.now, None)
    assert (row.issue_date, row.due_date, row.check_code) == (new.issue_date, None, CODE)
    (change,) = status_changes(row.id)
    assert (change.from_state, change.to_state, change.person_id) == (
        "",
        "issuing",
        office.signatory.person_id,
    )
    assert published(row) == ""


def test_finishing_registers_the_files_puts_in_force_and_publishes(office):
    numbered, later = office.numbered(), office.now + timedelta(minutes=1)
    row = services.finish(numbered.id, FILES, actor=office.signatory, now=later)
    assert state_of(row) == ("in_force", 2)
    assert (row.published_at, row.status_since) == (later, later)
    assert [(f.kind, f.sha256, f.size, f.file_name, f.created_at) for f in files_of(row.id)] == [
        ("xml", "a" * 64, 1000, "c.xml", later),
        ("pdf_zh", "b" * 64, 2000, "c.pdf_zh", later),
        ("pdf_en", "c" * 64, 3000, "c.pdf_en", later),
    ]
    assert way(row) == [("", "issuing"), ("issuing", "in_force")]
    assert missing_answers(row) == []
    assert '"genuine"' in published(row)


def test_finishing_again_changes_nothing(office):
    row = office.issued()
    again = services.finish(row.id, FILES, actor=office.signatory, now=office.now + timedelta(days=1))
    assert (again.state, again.version, again.published_at) == ("in_force", 2, office.now)
    assert len(way(row)) == 2
    assert CertificateFile.objects.count() == 3


@pytest.mark.parametrize("kind", ["xml", "pdf_zh", "pdf_en"])
def test_a_file_made_again_with_other_bytes_stops_the_finishing(office, kind):
    row = office.issued()
    others = [replace(file, sha256="d" * 64) if file.kind == kind else file for file in FILES]
    with pytest.raises(errors.FileDiffers) as refused, transaction.atomic():
        services.finish(row.id, others, actor=office.signatory, now=office.now)
    assert (refused.value.code, refused.value.facts["kind"]) == ("JL-CER-008", kind)
    assert {file.sha256 for file in files_of(row.id)} == {"a" * 64, "b" * 64, "c" * 64}


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_a_certificate_that_has_gone_on_is_not_put_in_force_again(office, state):
    row = put(office.issued(), state)
    services.finish(row.id, FILES, actor=office.signatory, now=office.now)
    assert state_of(row) == (state, 2)


def test_a_void_certificate_is_not_finished(office):
    row = put(office.numbered(), "void")
    with pytest.raises(errors.WrongCertificateState) as refused, transaction.atomic():
        services.finish(row.id, FILES, actor=office.signatory, now=office.now)
    assert refused.value.facts["number"] == row.number
    assert files_of(row.id) == []


DEEDS = {
    "void": (services.void, "issuing", "void"),
    "withdraw": (services.withdraw, "in_force", "withdrawn"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_each_end_of_a_certificate_starts_from_its_own_state_only(office, deed):
    service, source, target = DEEDS[deed]
    row = office.numbered()
    for state in STATES:
        if state != source:
            put(row, state)
            with pytest.raises(errors.WrongCertificateState) as refused:
                service(row.id, WHY, actor=office.signatory, now=office.now)
            assert refused.value.code == "JL-CER-002"
            assert (state_of(row), len(way(row))) == ((state, 1), 1)
    later = office.now + timedelta(days=2)
    done = service(put(row, source).id, WHY, actor=office.signatory, now=later)
    assert (state_of(done), way(done)[-1]) == ((target, 2), (source, target))
    assert (done.status_since, done.status_reason_zh, done.status_reason_en) == (later, WHY.zh, WHY.en)
    last = status_changes(done.id)[-1]
    assert (last.at, last.reason_zh, last.reason_en, last.person_name) == (later, WHY.zh, WHY.en, "李四")


def test_an_amendment_starts_from_a_certificate_in_force(office):
    row = office.numbered()
    for state in STATES:
        put(row, state)
        if state == "in_force":
            assert services.require_in_force(row.id, Text("更正", "amended"), WHY).id == row.id
        else:
            with pytest.raises(errors.WrongCertificateState):
                services.require_in_force(row.id, Text("更正", "amended"), WHY)


# reason, what it is refused with
REASONS = [
    (Text(), errors.ReasonRequired),
    (Text("  ", "\n"), errors.ReasonRequired),
    (Text("长" * 301), errors.ReasonRefused),
    (Text("量值有误", "x" * 301), errors.ReasonRefused),
    (Text("量值\x00有误"), errors.ReasonRefused),
]


@pytest.mark.parametrize("deed", ["void", "withdraw", "amend"])
def test_a_reason_is_needed_and_has_to_be_storable_on_every_database(office, deed):
    row = put(office.numbered(), "issuing" if deed == "void" else "in_force")
    before = state_of(row)
    for reason, error in REASONS:
        with pytest.raises(error) as refused:
            if deed == "amend":
                services.require_in_force(row.id, Text("更正", "amended"), reason)
            else:
                DEEDS[deed][0](row.id, reason, actor=office.signatory, now=office.now)
        assert refused.value.facts["number"] == row.number
    assert (state_of(row), len(way(row))) == (before, 1)


@pytest.mark.parametrize(
    "reason", [Text("量值有误"), Text("", "a value is wrong"), Text("长" * 300, "x" * 300)]
)
def test_a_reason_in_one_language_is_a_reason(office, reason):
    row = services.withdraw(office.issued().id, reason, actor=office.signatory, now=office.now)
    assert (row.status_reason_zh, row.status_reason_en) == (reason.zh, reason.en)


def test_a_withdrawal_is_published_in_the_same_transaction(office):
    row = office.issued()
    services.withdraw(row.id, WHY, actor=office.signatory, now=office.now)
    assert '"withdrawn"' in published(row)
    assert "a value is wrong" in published(row)
    other = office.issued()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.withdraw(other.id, WHY, actor=office.signatory, now=office.now)
        raise RuntimeError
    assert '"genuine"' in published(other)


def test_a_successor_supersedes_with_the_reason_of_its_record_and_both_answers_are_published(office):
    replaced = office.issued()
    record = office.bench.record(state="approved")
    Calibration.objects.filter(pk=record.pk).update(
        amendment_reason_zh="型号有误", amendment_reason_en="wrong model"
    )
    later = office.now + timedelta(days=3)
    new = office.new(calibration=record, supersedes_id=replaced.id)
    numbered = services.number_certificate(new, actor=office.signatory, now=later)
    assert state_of(replaced) == ("in_force", 2)
    successor = services.finish(numbered.id, FILES, actor=office.signatory, now=later)
    assert state_of(replaced) == ("superseded", 3)
    old = Certificate.objects.get(pk=replaced.pk)
    assert (old.status_reason_zh, old.status_reason_en, old.status_since) == (
        "型号有误",
        "wrong model",
        later,
    )
    assert '"superseded"' in published(old)
    assert successor.number in published(old)
    assert '"genuine"' in published(successor)
    assert old.content == replaced.content


def test_a_withdrawal_is_the_stronger_word_and_no_successor_takes_it_back(office):
    replaced = office.issued()
    record = office.bench.record(state="approved")
    new = office.new(calibration=record, supersedes_id=replaced.id)
    numbered = services.number_certificate(new, actor=office.signatory, now=office.now)
    services.withdraw(replaced.id, WHY, actor=office.signatory, now=office.now)
    services.finish(numbered.id, FILES, actor=office.signatory, now=office.now)
    assert state_of(replaced) == ("withdrawn", 3)
    assert '"withdrawn"' in published(replaced)


def test_no_deed_changes_what_was_frozen(office):
    row = office.issued()
    before = Certificate.objects.values(
        "content", "content_digest", "number", "check_code", "issue_date"
    ).get(pk=row.pk)
    services.withdraw(row.id, WHY, actor=office.signatory, now=office.now + timedelta(days=1))
    after = Certificate.objects.values("content", "content_digest", "number", "check_code", "issue_date").get(
        pk=row.pk
    )
    assert after == before


def test_a_report_of_a_fake_is_cut_to_what_the_table_holds(office):
    report = services.report_fake(
        certificate=None,
        number_seen=f" {'N' * 70} ",
        description="d" * 1100,
        contact="c" * 200,
        now=office.now,
    )
    stored = FakeReport.objects.get(pk=report.pk)
    assert (len(stored.number_seen), len(stored.description), len(stored.reporter_contact)) == (60, 1000, 120)
    assert (stored.state, stored.certificate_id, stored.reported_at) == ("open", None, office.now)


@pytest.mark.parametrize(
    ("number", "description", "is_kept"),
    [("YZ-1", "", True), ("", "章不对", True), ("  ", "\n", False), ("", "", False)],
)
def test_a_report_says_a_number_or_what_looks_wrong(office, number, description, is_kept):
    report = {
        "certificate": None,
        "number_seen": number,
        "description": description,
        "contact": "x",
        "now": office.now,
    }
    if is_kept:
        assert services.report_fake(**report).state == "open"
        return
    with pytest.raises(errors.FakeReportEmpty):
        services.report_fake(**report)
    assert FakeReport.objects.count() == 0


SERVICES = {
    "locked": lambda key, office: services.locked(key),
    "finish": lambda key, office: services.finish(key, FILES, actor=office.signatory, now=office.now),
    "void": lambda key, office: services.void(key, WHY, actor=office.signatory, now=office.now),
    "withdraw": lambda key, office: services.withdraw(key, WHY, actor=office.signatory, now=office.now),
    "amend": lambda key, office: services.require_in_force(key, WHY, WHY),
}


@pytest.mark.parametrize("service", SERVICES)
def test_a_certificate_of_another_institute_is_neither_found_nor_changed(office, service):
    row = put(office.numbered(), "issuing" if service in ("finish", "void") else "in_force")
    before = state_of(row)
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=office.now)
    with scope(other.id), pytest.raises(errors.CertificateUnknown) as refused:
        SERVICES[service](row.id, office)
    assert refused.value.code == "JL-CER-001"
    assert state_of(row) == before


def test_a_number_is_given_once_in_an_institute_and_may_be_given_in_another(office):
    row = office.numbered(number="YZ-2026-C-900001")
    with pytest.raises(IntegrityError), transaction.atomic():
        office.numbered(number="YZ-2026-C-900001")
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=office.now)
    with scope(other.id):
        world = build_world(other.id, office.now)
        twin = Office(build_bench(world), world.person("signatory")).numbered(number="YZ-2026-C-900001")
    assert twin.tenant_id != row.tenant_id


def test_a_record_has_one_certificate_that_is_not_void(office):
    record = office.bench.record(state="approved")
    first = office.numbered(calibration=record)
    with pytest.raises(IntegrityError), transaction.atomic():
        office.numbered(calibration=record)
    services.void(first.id, WHY, actor=office.signatory, now=office.now)
    office.numbered(calibration=record)
    with pytest.raises(IntegrityError), transaction.atomic():
        office.numbered(calibration=record)


def test_a_certificate_has_one_successor_that_is_not_void(office):
    replaced = office.issued()
    first = office.numbered(supersedes_id=replaced.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        office.numbered(supersedes_id=replaced.id)
    services.void(first.id, WHY, actor=office.signatory, now=office.now)
    assert office.numbered(supersedes_id=replaced.id).supersedes_id == replaced.id


def test_an_identifier_names_one_certificate_and_a_file_kind_stands_once(office):
    row = office.issued()
    with pytest.raises(IntegrityError), transaction.atomic():
        office.numbered(identifier_id=row.identifier_id)
    file = CertificateFile.objects.get(certificate=row, kind="xml")
    members = {field.attname: getattr(file, field.attname) for field in CertificateFile._meta.fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificateFile(**members | {"id": row.id, "sha256": "e" * 64}).save(force_insert=True)


def test_an_issued_certificate_and_what_it_rests_on_cannot_be_deleted(office):
    row = office.issued()
    for held in (row, row.calibration, row.identifier, row.instrument, row.customer):
        with pytest.raises(ProtectedError):
            held.delete()
    assert StatusChange.objects.filter(certificate=row).count() == 2
