"""The main job, from a reading to a certificate that anyone can check, with real signature and real pages."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pikepdf
import pytest
from tests.functions import record_world
from tests.functions.record_world import PASSWORD, World, build_world

from jialiang.base.calibrations import selectors as records
from jialiang.base.calibrations.errors import SamePerson, WrongState
from jialiang.base.certificates import selectors
from jialiang.base.certificates.errors import (
    AmendmentOpen,
    ContentChanged,
    ReasonRequired,
    WrongCertificateState,
)
from jialiang.base.certificates.public_answers import content_of
from jialiang.base.measurement_standards.errors import StandardSuspended
from jialiang.base.traceability.selectors import evidence_of_instrument
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.public_keys import FORMS, after_key, key_by_identifier, key_by_number
from jialiang.functions import calibrations, certificates, measurement_standards
from jialiang.functions.certificate_files import made_files
from jialiang.functions.certificate_finishing import STEPS
from jialiang.functions.certificates import Confirmation
from jialiang.functions.job_handlers import HANDLERS
from jialiang.governance.counters.selectors import account, gaps
from jialiang.governance.jobs.services import claim, complete
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.publication.selectors import answer, answer_at
from jialiang.governance.storage.current import current_store
from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import ConfirmationRefused
from jialiang.security.audit.selectors import history, verify_chain
from jialiang.security.keys.selectors import seal_by_id
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

REASON = Text("原始记录有误", "The record was wrong")


@pytest.fixture
def world(in_tenant, now) -> World:
    return build_world(in_tenant, now)


def _finish(world: World, certificate, **more):
    return certificates.finish(actor=world.worker(), certificate_id=certificate.id, now=world.now, **more)


def _published(certificate, form="json"):
    return answer(key_by_number(certificate.number, certificate.check_code, form))


def _withdraw(world: World, certificate):
    return certificates.withdraw(
        actor=world.people["signatory"],
        certificate_id=certificate.id,
        reason=REASON,
        confirmation=Confirmation(password=PASSWORD),
        now=world.now + timedelta(hours=1),
    )


def test_a_reading_becomes_a_certificate_that_anyone_can_check(world):
    certificate = record_world.issued_certificate(world)
    assert certificate.number == "YZ-2026-C-000001"
    assert certificate.state == "in_force"
    files = {file.kind: file for file in selectors.files_of(certificate.id)}
    assert list(files) == ["xml", "pdf_zh", "pdf_en"]
    stored = {kind: current_store().get(file.sha256) for kind, file in files.items()}
    assert all(sha256_hex(data) == files[kind].sha256 for kind, data in stored.items())
    for language in ("zh", "en"):
        with pikepdf.open(io.BytesIO(stored[f"pdf_{language}"])) as pdf:
            (attached,) = pdf.attachments.values()
            assert attached.get_file().read_bytes() == stored["xml"]
    said = json.loads(_published(certificate).body)
    assert said["verdict"] == "genuine"
    assert said["certificate"]["serial_number"] == "T2104-0387"
    assert said["certificate"]["results"]["rows"][0][0] == "22"


def test_the_job_of_the_queue_finishes_the_certificate(world):
    certificate = record_world.numbered_certificate(world)
    leased = claim("worker-1", list(HANDLERS), world.now, 60)
    HANDLERS[leased.kind](leased, world.now)
    complete(leased, world.now)
    assert selectors.certificate(certificate.id).state == "in_force"
    assert claim("worker-1", list(HANDLERS), world.now, 60) is None


def test_the_certificate_says_what_was_evaluated_and_the_preview_showed(world):
    record_id = record_world.submitted_record(world)
    record_world.pass_review(world, record_id)
    seen = certificates.preview(actor=world.people["signatory"], calibration_id=record_id, now=world.now)
    content = content_of(record_world.approve(world, record_id))
    assert content.results == seen.content.results
    assert content.statements == seen.content.statements
    assert [person.name.zh for person in content.persons] == ["李小量", "陈同律", "周子均"]
    correction = content.results[0].columns[1]
    points = records.calibration(record_id).evaluation["points"]
    assert correction.quantity_values == tuple(point["deviation"] for point in points)
    assert correction.expanded_uncertainties == tuple(point["expanded_uncertainty"] for point in points)
    assert set(correction.conformities) == {"pass"} or "conditionalPass" in correction.conformities
    assert content.equipment[0].certificate.number == "GJ-2026-C-000312"
    assert content.equipment[0].certificate.linked.number == "GJ-2026-C-000007"
    assert content.due_date == ""


def test_an_agreed_due_date_ends_with_its_day_in_the_institutes_zone(world):
    certificate = record_world.issued_certificate(world, due_date_agreed=True, agreed_interval_months=12)
    assert certificate.due_date.isoformat() == "2027-06-15"
    key = key_by_number(certificate.number, certificate.check_code, "json")
    stored = answer(key)
    # midnight after the day in Shanghai is 16:00 UTC of the day itself
    assert stored.not_after.isoformat() == "2027-06-15T16:00:00+00:00"
    before, after = stored.not_after - timedelta(seconds=1), stored.not_after
    assert json.loads(answer_at(key, before).body)["verdict"] == "genuine"
    assert json.loads(answer_at(key, after).body)["verdict"] == "expired"
    assert answer(after_key(key)) is not None


def test_the_three_persons_are_different_and_the_signatory_confirms(world):
    record_id = record_world.submitted_record(world)
    record_world.pass_review(world, record_id)
    seen = certificates.preview(actor=world.people["signatory"], calibration_id=record_id, now=world.now)
    both = record_world.replace(world.people["reviewer"], roles=frozenset({"reviewer", "signatory"}))
    given = {"calibration_id": record_id, "seen_digest": seen.digest, "now": world.now}
    with pytest.raises(SamePerson):
        certificates.approve(actor=both, confirmation=Confirmation(password=PASSWORD), **given)
    with pytest.raises(ConfirmationRefused):
        certificates.approve(
            actor=world.people["signatory"], confirmation=Confirmation(password="wrong"), **given
        )
    assert account("certificate.calibration", 2026) == []


def test_the_signatory_approves_what_was_seen_and_nothing_else(world):
    record_id = record_world.submitted_record(world)
    record_world.pass_review(world, record_id)
    signatory = world.people["signatory"]
    seen = certificates.preview(actor=signatory, calibration_id=record_id, now=world.now)
    calibrations.amend_reading(
        actor=world.people["technician"],
        calibration_id=record_id,
        entry=record_world.CellEntry(1, "correction", "-0.172"),
        reason="转录错误",
        now=world.now,
    )
    given = {"actor": signatory, "calibration_id": record_id, "confirmation": Confirmation(password=PASSWORD)}
    with pytest.raises(WrongState):
        certificates.approve(seen_digest=seen.digest, now=world.now, **given)
    record_world.pass_review(world, record_id)
    with pytest.raises(ContentChanged):
        certificates.approve(seen_digest=seen.digest, now=world.now, **given)
    assert record_world.approve(world, record_id).number == "YZ-2026-C-000001"


def test_a_standard_taken_out_of_use_stops_the_approval(world):
    record_id = record_world.submitted_record(world)
    record_world.pass_review(world, record_id)
    measurement_standards.suspend(
        actor=world.people["standards_keeper"], standard_id=world.standard_id, reason="期间核查异常", now=world.now
    )
    with pytest.raises(StandardSuspended):
        record_world.approve(world, record_id)
    assert records.calibration(record_id).state == "awaiting_approval"
    assert account("certificate.calibration", 2026) == []


class PulledPlug(Exception):
    """Stands for the power cut."""


@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_after_any_step_leaves_a_certificate_that_a_later_run_completes(world, step):
    certificate = record_world.numbered_certificate(world)

    def pull(name: str) -> None:
        if name == step:
            raise PulledPlug(name)

    with pytest.raises(PulledPlug):
        _finish(world, certificate, after_step=pull)
    half = selectors.certificate(certificate.id)
    whole = step == "published"
    assert half.state == ("in_force" if whole else "issuing")
    assert (len(selectors.files_of(certificate.id)), _published(certificate) is not None) == (
        (3, True) if whole else (0, False)
    )
    finished = _finish(world, certificate)
    assert finished.state == "in_force"
    assert finished.content_digest == certificate.content_digest
    first = {file.kind: file.sha256 for file in selectors.files_of(certificate.id)}
    assert len(first) == 3
    assert _published(certificate) is not None
    assert len(evidence_of_instrument(world.thermometer_id)) == 1


def test_finishing_twice_changes_nothing(world):
    certificate = record_world.issued_certificate(world)
    before = (selectors.files_of(certificate.id), selectors.status_changes(certificate.id), _published(certificate))
    _finish(world, certificate)
    after = (selectors.files_of(certificate.id), selectors.status_changes(certificate.id), _published(certificate))
    assert after == before
    issued = OutboxEvent.objects.filter(name="certificate.issued", subject_id=certificate.id)
    assert issued.count() == 1


def test_making_the_files_again_gives_the_same_bytes(world):
    certificate = record_world.issued_certificate(world)
    again = made_files(content_of(certificate), seal_by_id(certificate.signing_key_id))
    registered = {file.kind: file.sha256 for file in selectors.files_of(certificate.id)}
    assert {made.kind: sha256_hex(made.data) for made in again} == registered


def test_a_withdrawal_is_in_every_published_answer_with_the_commit(world):
    certificate = record_world.issued_certificate(world, due_date_agreed=True, agreed_interval_months=12)
    _withdraw(world, certificate)
    for form in FORMS:
        for key in (
            key_by_number(certificate.number, certificate.check_code, form),
            key_by_identifier(certificate.identifier.text, certificate.check_code, form),
        ):
            stored = answer(key)
            assert stored.not_after is None
            assert ("withdrawn" if form == "json" else REASON.in_language(form)).encode() in stored.body
    assert evidence_of_instrument(world.thermometer_id)[0].ended_at is not None
    with pytest.raises(WrongCertificateState):
        _withdraw(world, certificate)


def test_an_amendment_supersedes_and_says_by_which_and_why(world):
    first = record_world.issued_certificate(world)
    signatory = world.people["signatory"]
    copy = certificates.amend(actor=signatory, certificate_id=first.id, reason=REASON, now=world.now)
    with pytest.raises(AmendmentOpen):
        certificates.amend(actor=signatory, certificate_id=first.id, reason=REASON, now=world.now)
    calibrations.submit(actor=world.people["technician"], calibration_id=copy.id, now=world.now)
    record_world.pass_review(world, copy.id)
    second = record_world.approve(world, copy.id)
    assert selectors.certificate(first.id).state == "in_force"  # until the successor is whole
    second = _finish(world, second)
    said = json.loads(_published(selectors.certificate(first.id)).body)
    assert (said["verdict"], said["superseded_by_number"]) == ("superseded", "YZ-2026-C-000002")
    assert said["reason"] == REASON.to_json()
    assert content_of(second).supersedes_number == first.number
    ended = {evidence.certificate_id: evidence.ended_at for evidence in evidence_of_instrument(world.thermometer_id)}
    assert ended[first.id] is not None
    assert ended[second.id] is None


def test_an_amending_record_keeps_person_time_and_source_of_the_readings(world):
    first = record_world.issued_certificate(world)
    later = world.now + timedelta(days=2)
    copy = certificates.amend(
        actor=world.people["signatory"], certificate_id=first.id, reason=REASON, now=later
    )
    old = calibrations.readings_of(records.calibration(first.calibration_id).reading_set_id)
    new = calibrations.readings_of(copy.reading_set_id)
    assert [(c.text, c.person_name, c.entered_at, c.source) for c in new.cells] == [
        (c.text, c.person_name, c.entered_at, c.source) for c in old.cells
    ]
    assert copy.calibrated_by_id == world.people["technician"].person_id


def test_a_number_that_cannot_be_finished_is_void_with_its_reason_and_the_next_one_follows(world):
    certificate = record_world.numbered_certificate(world)
    signatory = world.people["signatory"]
    with pytest.raises(ReasonRequired):
        certificates.void(actor=signatory, certificate_id=certificate.id, reason=Text(), now=world.now)
    certificates.void(actor=signatory, certificate_id=certificate.id, reason=REASON, now=world.now)
    assert _finish(world, certificate).state == "void"
    again = record_world.approve(world, certificate.calibration_id)
    assert [(line.number, line.state, line.reason.zh) for line in account("certificate.calibration", 2026)] == [
        ("YZ-2026-C-000001", "void", REASON.zh),
        ("YZ-2026-C-000002", "used", ""),
    ]
    assert again.number == "YZ-2026-C-000002"
    assert gaps() == []


def test_a_certificate_in_force_is_not_voided(world):
    certificate = record_world.issued_certificate(world)
    with pytest.raises(WrongCertificateState):
        certificates.void(
            actor=world.people["signatory"], certificate_id=certificate.id, reason=REASON, now=world.now
        )


def test_every_step_is_in_the_audit_trail_and_the_outbox(world):
    certificate = record_world.issued_certificate(world)
    assert [row.action for row in history("certificate", certificate.id)] == [
        "certificate.approve",
        "certificate.finish",
    ]
    assert verify_chain(world.tenant.id) == []
    names = list(OutboxEvent.objects.order_by("id").values_list("name", flat=True))
    expected = ["calibration.started", "calibration.submitted", "calibration.reviewed"]
    expected += ["certificate.numbered", "certificate.issued"]
    assert [name for name in names if name.startswith(("calibration.", "certificate."))] == expected


def test_another_institute_sees_nothing_of_it(world, now):
    certificate = record_world.issued_certificate(world)
    other = create_tenant(slug="other-institute", name=Text("另一院", "Another"), now=now)
    with scope(other.id):
        assert selectors.certificates().count() == 0
        with pytest.raises(selectors.CertificateUnknown):
            selectors.certificate(certificate.id)
        stranger = build_world(other, now, short_code="YZ", mark="B")
        with pytest.raises(selectors.CertificateUnknown):
            certificates.read(actor=stranger.people["signatory"], certificate_id=certificate.id)
        same_number = record_world.issued_certificate(stranger)
        theirs = selectors.certificate(same_number.id).identifier.text
    assert same_number.number == certificate.number
    assert theirs.startswith(selectors.certificate(certificate.id).identifier.text + "-")


def test_outside_every_scope_a_query_raises(tenant, now):
    with pytest.raises(NoTenantInScope):
        selectors.certificates().count()
