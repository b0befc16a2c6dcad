"""What the check of the register finds, one damage at a time, on certificates made by the services alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from tests.base.bench_rows import build_bench
from tests.base.certificates.certificate_rows import FILES, Office
from tests.ledger import build_world

from jialiang.base.certificates.models import Certificate, CertificateFile
from jialiang.base.certificates.services import IssuedFile, finish, withdraw
from jialiang.base.readings.models import Reading
from jialiang.base.readings.services import enter, freeze
from jialiang.base.readings.views import CellEntry
from jialiang.functions.register_check import STUCK_AFTER, verify_stored_files
from jialiang.governance.publication.models import PublishedAnswer
from jialiang.governance.storage.current import current_store
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant


@pytest.fixture
def office(world, tmp_path, monkeypatch) -> Office:
    monkeypatch.setattr(settings, "JIALIANG", replace(settings.JIALIANG, data_dir=tmp_path))
    return Office(build_bench(world), world.person("signatory"))


@pytest.fixture
def issued(office):
    """A certificate in force whose files lie in the store."""
    numbered = office.numbered()
    files = []
    for file in FILES:
        data = f"{numbered.number} {file.kind}".encode()
        files.append(IssuedFile(file.kind, current_store().put(data), len(data), file.file_name))
    return finish(numbered.id, files, actor=office.signatory, now=office.now)


def found(now):
    return [(finding.grave, finding.kind, finding.subject) for finding in verify_stored_files(now)]


def change(row, **columns):
    type(row).objects.filter(pk=row.pk).update(**columns)


def wrong_content(office, row):
    change(row, content=row.content.replace("JZ", "JX").replace("22.012", "22.013"))
    return [("damage", "content_changed", row.number)]


def wrong_digest(office, row):
    change(row, content_digest="0" * 64)
    return [("damage", "content_changed", row.number)]


def wrong_size(office, row):
    CertificateFile.objects.filter(certificate=row, kind="xml").update(size=1)
    return [("damage", "file_damaged", f"{row.number} xml")]


def unknown_file(office, row):
    file = CertificateFile.objects.get(certificate=row, kind="pdf_en")
    stored = file.sha256
    change(file, sha256="f" * 64)
    return [("damage", "file_damaged", f"{row.number} pdf_en"), ("warning", "loose_object", stored)]


def lost_answers(office, row):
    PublishedAnswer.objects.exclude(key__startswith="unknown").filter(key__endswith=":zh").delete()
    return [("damage", "answer_missing", row.number)] * 2


def never_published(office, row):
    """What is not out needs no answers."""
    PublishedAnswer.objects.all().delete()
    change(row, published_at=None)
    return []


def changed_reading(office, row):
    record = office.bench.record()
    cells = [CellEntry(1, "indication", "21.5")]
    enter(record.reading_set_id, cells, actor=office.bench.technician, now=office.now)
    freeze(record.reading_set_id, office.now)
    Reading.objects.filter(reading_set_id=record.reading_set_id).update(entered_text="21.6")
    return [("damage", "readings_changed", str(record.reading_set_id))]


DAMAGES = [
    wrong_content, wrong_digest, wrong_size, unknown_file, lost_answers, never_published, changed_reading
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_each_damage_is_found_and_named_and_nothing_else_is(office, issued, damage):
    assert found(office.now) == []
    expected = damage(office, issued)
    assert sorted(found(office.now)) == sorted(expected)


def test_a_withdrawn_certificate_is_as_whole_as_any_other(office, issued):
    withdraw(issued.id, Text("量值有误"), actor=office.signatory, now=office.now)
    assert found(office.now) == []


def test_only_what_was_numbered_a_quarter_of_an_hour_ago_is_stuck(office):
    row = office.numbered()
    for minutes, is_stuck in ((0, False), (15, False), (16, True)):
        moment = office.now + timedelta(minutes=minutes)
        assert (("warning", "issuing_long", row.number) in found(moment)) is is_stuck
    assert timedelta(minutes=15) == STUCK_AFTER
    change(row, state="void")
    assert found(office.now + timedelta(days=1)) == []


def test_every_institute_is_looked_at_and_each_finding_names_its_own(office, issued):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=office.now)
    with scope(other.id):
        world = build_world(other.id, office.now)
        twin = Office(build_bench(world), world.person("signatory")).numbered()
    change(issued, content_digest="0" * 64)
    findings = verify_stored_files(office.now + STUCK_AFTER + timedelta(seconds=1))
    assert {(finding.tenant, finding.kind, finding.subject) for finding in findings} == {
        ("demo-institute", "content_changed", issued.number), ("other-institute", "issuing_long", twin.number),
    }  # fmt: skip


def test_a_file_that_two_certificates_name_is_not_loose(office, issued):
    (xml,) = CertificateFile.objects.filter(certificate=issued, kind="xml")
    other = office.numbered()
    file = IssuedFile("xml", xml.sha256, xml.size, "other.xml")
    finish(other.id, [file], actor=office.signatory, now=office.now)
    assert found(office.now) == []
    CertificateFile.objects.filter(certificate=issued, kind="xml").delete()
    assert found(office.now) == []


def test_findings_are_said_in_both_languages(office, issued):
    wrong_size(office, issued)
    changed_reading(office, issued)
    Certificate.objects.filter(pk=issued.pk).update(content_digest="0" * 64)
    findings = verify_stored_files(office.now)
    assert len(findings) == 3
    assert all(finding.text.zh and finding.text.en for finding in findings)
