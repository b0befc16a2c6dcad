"""Every verb of records, certificates, tokens, keys and jobs: what it leaves, and nothing where it is refused.

One world and the way of a record through it; each step shows its audit record and its event with every member.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.functions import record_world
from tests.functions.record_world import PASSWORD, World, build_world
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.calibrations import selectors as records
from jialiang.base.calibrations.errors import (
    BadEntry,
    CalibrationUnknown,
    NothingToTakeOver,
    NotTheTechnician,
    ReasonNeeded,
    RecordChanged,
    RecordIncomplete,
    SamePerson,
    WrongState,
)
from jialiang.base.certificates import selectors as certificate_rows
from jialiang.base.certificates.errors import (
    AlreadyIssued,
    AmendmentOpen,
    ContentChanged,
    ReasonRefused,
    ReasonRequired,
    WrongCertificateState,
)
from jialiang.base.readings.errors import NothingAmended, ReadingsNotFrozen, ReasonMissing
from jialiang.base.readings.selectors import readings_of
from jialiang.base.readings.views import CellEntry
from jialiang.base.traceability.selectors import evidence_of_certificate
from jialiang.functions import calibrations, certificates, jobs, signing_keys, tokens
from jialiang.functions.calibrations import RecordEntry
from jialiang.functions.certificates import Confirmation
from jialiang.governance.counters.selectors import account
from jialiang.governance.jobs.errors import JobNotDead
from jialiang.governance.jobs.models import Job
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import ConfirmationRefused
from jialiang.security.keys.models import SigningKey
from jialiang.security.policy import NotAuthorized
from jialiang.security.tokens.errors import TokenUnknown

WHY = Text("型号有误", "the model is wrong")
CELL = CellEntry(5, "correction", "-0.162")
CONFIRMED, WRONG = Confirmation(password=PASSWORD), Confirmation(password="no such password")


@pytest.fixture
def world(in_tenant, now) -> World:
    return build_world(in_tenant, now)


@pytest.fixture
def draft(world):
    return record_world.start_record(world, record_world.open_item(world))


@pytest.fixture
def filled(world, draft):
    record_world.fill_record(world, draft)
    return draft


@pytest.fixture
def submitted(world):
    return record_world.submitted_record(world)


@pytest.fixture
def reviewed(world, submitted):
    record_world.pass_review(world, submitted)
    return submitted


@pytest.fixture
def numbered(world, reviewed):
    return record_world.approve(world, reviewed)


@pytest.fixture
def issued(world, numbered):
    return certificates.finish(actor=world.worker(), certificate_id=numbered.id, now=world.now)


def deed(world, who, **members):
    """What every verb is told: who and when."""
    return {"actor": world.people[who], "now": world.now} | members


def test_starting_takes_a_number_and_the_item_to_the_bench(world):
    item_id = record_world.open_item(world)
    with what_is_left() as left:
        record_id = record_world.start_record(world, item_id)
    record = records.calibration(record_id)
    assert (record.number, record.state, record.item.custody) == ("JL-2026-000001", "draft", "in_laboratory")
    assert left.recorded == [("calibration.start", {"number": "JL-2026-000001"})]
    assert left.told == [("calibration.started", {})]
    assert (left.audit[0].subject_type, left.audit[0].subject_id) == ("calibration", str(record_id))
    assert left.events[0].subject_id == record_id


def test_a_start_that_fails_takes_no_number_and_leaves_the_item_where_it_is(world):
    item_id = record_world.open_item(world)
    with nothing_changes():
        for changes in ({"points": ()}, {"parameters": {"nonsense": "1"}}, {"method": Text("长" * 201)}):
            with pytest.raises(BadEntry):
                record_world.start_record(world, item_id, **changes)
    assert account("calibration_record", 2026) == []


def test_saving_a_draft_is_recorded_without_an_event(world, draft):
    with what_is_left() as left:
        entry = RecordEntry(cells=record_world.h3_cells()[:3], begin_date=date(2026, 6, 16))
        calibrations.record(**deed(world, "technician", calibration_id=draft, entry=entry))
    assert left.recorded == [("calibration.record", {"cells": 3, "amended": 0, "reason": ""})]
    assert left.told == []


def test_a_draft_keeps_what_is_not_given_and_replaces_what_is(world, filled):
    before = records.calibration(filled)
    entry = RecordEntry(
        environment={"temperature": {"minimum": "20", "maximum": ""}}, end_date=date(2026, 6, 17)
    )
    calibrations.record(**deed(world, "technician", calibration_id=filled, entry=entry))
    after = records.calibration(filled)
    assert after.environment == {"temperature": {"minimum": "20", "maximum": "20"}}
    assert (after.begin_date, after.end_date) == (before.begin_date, date(2026, 6, 17))
    assert len(readings_of(after.reading_set_id).cells) == 22


def test_a_draft_with_one_wrong_cell_is_not_saved_at_all(world, draft):
    cells = (CellEntry(1, "indication", "21.5"), CellEntry(2, "indication", "21,5"))
    with nothing_changes(), pytest.raises(Exception, match="21,5"):
        entry = RecordEntry(cells=cells, begin_date=date(2026, 6, 1))
        calibrations.record(**deed(world, "technician", calibration_id=draft, entry=entry))


def test_submitting_names_the_digests_of_readings_and_evaluation(world, filled):
    with what_is_left() as left:
        record = calibrations.submit(**deed(world, "technician", calibration_id=filled))
    digests = {"readings": readings_of(record.reading_set_id).digest, "evaluation": record.evaluation_digest}
    assert left.recorded == [("calibration.submit", digests)]
    assert left.told == [("calibration.submitted", {})]
    assert all(len(digest) == 64 for digest in digests.values())


def test_an_amendment_names_the_cell_with_old_and_new_and_why(world, submitted):
    with what_is_left() as left:
        calibrations.amend_reading(
            **deed(world, "technician", calibration_id=submitted, entry=CELL, reason="末位看错")
        )
    expected = {"row": 5, "column": "correction", "old": "-0.164", "new": "-0.162", "reason": "末位看错"}
    assert left.recorded == [("calibration.amend_reading", expected)]
    assert left.told == [("calibration.reading_amended", {})]


def test_a_review_is_recorded_with_what_was_seen(world, submitted):
    digest = records.calibration(submitted).evaluation_digest
    with what_is_left() as left:
        record_world.pass_review(world, submitted)
    assert left.recorded == [("calibration.review", {"evaluation": digest})]
    assert left.told == [("calibration.reviewed", {})]


def test_a_return_tells_its_reason(world, submitted):
    with what_is_left() as left:
        calibrations.return_record(**deed(world, "reviewer", calibration_id=submitted, reason="第 3 行"))
    assert left.recorded == [("calibration.return", {"reason": "第 3 行"})]
    assert left.told == [("calibration.returned", {"reason": "第 3 行"})]


def test_after_a_return_changed_cells_are_counted_as_amendments(world, submitted):
    calibrations.return_record(**deed(world, "reviewer", calibration_id=submitted, reason="第 5 行"))
    same, other = CellEntry(1, "indication", " 21.521 "), CELL
    with nothing_changes(), pytest.raises(ReasonMissing):
        calibrations.record(
            **deed(world, "technician", calibration_id=submitted, entry=RecordEntry(cells=(other,)))
        )
    with what_is_left() as left:
        entry = RecordEntry(cells=(same, other), reason="末位看错")
        calibrations.record(**deed(world, "technician", calibration_id=submitted, entry=entry))
    assert left.recorded == [("calibration.record", {"cells": 2, "amended": 1, "reason": "末位看错"})]
    assert [step.action for step in records.steps_of(submitted)][-1] == "calibration.amend_reading"


def test_an_approval_takes_number_and_job_and_records_what_was_seen(world, reviewed):
    seen = certificates.preview(**deed(world, "signatory", calibration_id=reviewed))
    with what_is_left() as left:
        certificate = record_world.approve(world, reviewed)
    detail = {
        "number": "YZ-2026-C-000001", "content": certificate.content_digest, "seen": seen.digest,
        "confirmed_by": "password",
    }  # fmt: skip
    assert left.recorded == [("certificate.approve", detail)]
    assert left.told == [("certificate.numbered", {"number": "YZ-2026-C-000001"})]
    job = Job.objects.get(subject_id=certificate.id)
    assert (job.kind, job.state, job.payload) == (
        "certificate.finish",
        "ready",
        {"number": "YZ-2026-C-000001"},
    )


def test_a_preview_and_reading_leave_nothing(world, reviewed):
    with nothing_changes():
        certificates.preview(**deed(world, "signatory", calibration_id=reviewed))
    numbered = record_world.approve(world, reviewed)
    with nothing_changes():
        certificates.read(actor=world.people["signatory"], certificate_id=numbered.id)


def test_finishing_names_every_file_by_its_digest_and_is_silent_the_second_time(world, numbered):
    with what_is_left() as left:
        certificates.finish(actor=world.worker(), certificate_id=numbered.id, now=world.now)
    files = {file.kind: file.sha256 for file in certificate_rows.files_of(numbered.id)}
    assert set(files) == {"xml", "pdf_zh", "pdf_en"}
    *chain, finished = left.recorded
    assert [action for action, _ in chain] == ["identifier.register"] * 2, "the first signature publishes its chain"
    assert finished == ("certificate.finish", {"number": numbered.number, "files": files})
    assert left.told[-1] == ("certificate.issued", {"number": numbered.number})
    assert [name for name, _ in left.told[:-1]] == ["identifier.registered"] * 2
    with nothing_changes():
        certificates.finish(
            actor=world.worker(), certificate_id=numbered.id, now=world.now + timedelta(days=1)
        )


def test_voiding_gives_the_record_back_and_accounts_for_the_number(world, numbered):
    with what_is_left() as left:
        certificates.void(actor=world.worker(), certificate_id=numbered.id, reason=WHY, now=world.now)
    assert left.recorded == [("certificate.void", {"number": numbered.number, "reason": WHY.to_json()})]
    assert left.told == [("certificate.voided", {})]
    record = records.calibration(numbered.calibration_id)
    assert (record.state, record.approved_by_id) == ("awaiting_approval", None)
    (line,) = account("certificate.calibration", 2026)
    assert line.number == numbered.number
    with nothing_changes(), pytest.raises(WrongCertificateState):
        certificates.void(actor=world.worker(), certificate_id=numbered.id, reason=WHY, now=world.now)


def test_an_amendment_of_a_certificate_names_its_record_and_is_opened_once(world, issued):
    with what_is_left() as left:
        copy = certificates.amend(**deed(world, "signatory", certificate_id=issued.id, reason=WHY))
    assert left.recorded == [("certificate.amend", {"reason": WHY.to_json(), "record": copy.number})]
    assert left.told == [("certificate.amendment_opened", {"record": copy.number})]
    assert left.events[0].subject_id == issued.id
    with nothing_changes(), pytest.raises(AmendmentOpen) as refused:
        certificates.amend(**deed(world, "signatory", certificate_id=issued.id, reason=WHY))
    assert refused.value.facts["record"] == copy.number


def test_a_withdrawal_ends_the_evidence_and_is_done_once(world, issued):
    verb = deed(world, "signatory", certificate_id=issued.id, reason=WHY, confirmation=CONFIRMED)
    with what_is_left() as left:
        certificates.withdraw(**verb)
    detail = {"number": issued.number, "reason": WHY.to_json(), "confirmed_by": "password"}
    assert left.recorded == [("certificate.withdraw", detail)]
    assert left.told == [("certificate.withdrawn", {})]
    (evidence,) = evidence_of_certificate(issued.id)
    assert (evidence.ended_at, evidence.end_reason) == (world.now, "型号有误")
    with what_is_left() as left, pytest.raises(WrongCertificateState):
        certificates.withdraw(**verb)
    assert (left.audit, left.events) == ([], [])


def test_no_certificate_is_amended_or_withdrawn_without_a_reason_that_can_be_kept(world, issued):
    for reason, error in ((Text(), ReasonRequired), (Text(" "), ReasonRequired), (Text("长" * 301), ReasonRefused)):
        with nothing_changes(), pytest.raises(error):
            certificates.amend(**deed(world, "signatory", certificate_id=issued.id, reason=reason))
        confirmed = {"reason": reason, "confirmation": CONFIRMED}
        with pytest.raises(error):
            certificates.withdraw(**deed(world, "signatory", certificate_id=issued.id, **confirmed))
    assert certificate_rows.certificate(issued.id).state == "in_force"


def test_approval_and_withdrawal_need_the_signatorys_own_confirmation(world, reviewed):
    signatory = world.people["signatory"]
    seen = certificates.preview(actor=signatory, calibration_id=reviewed, now=world.now).digest
    approval = {"actor": signatory, "calibration_id": reviewed, "seen_digest": seen, "now": world.now}
    with pytest.raises(ConfirmationRefused):
        certificates.approve(**approval, confirmation=WRONG)
    with pytest.raises(ConfirmationRefused):
        certificates.approve(**approval, confirmation=Confirmation())
    assert records.calibration(reviewed).state == "awaiting_approval"
    certificate = certificates.approve(**approval, confirmation=CONFIRMED)
    certificates.finish(actor=world.worker(), certificate_id=certificate.id, now=world.now)
    with pytest.raises(ConfirmationRefused):
        certificates.withdraw(
            actor=signatory, certificate_id=certificate.id, reason=WHY, confirmation=WRONG, now=world.now
        )
    assert certificate_rows.certificate(certificate.id).state == "in_force"


def refusals_of_a_draft(world, record_id):
    """(verb, what it is refused with) of everything that a draft does not allow."""
    technician, reviewer, signatory = (world.people[who] for who in ("technician", "reviewer", "signatory"))
    at = {"calibration_id": record_id, "now": world.now}
    yield lambda: calibrations.submit(actor=technician, **at), RecordIncomplete
    yield lambda: calibrations.submit(actor=technician, expected_version=99, **at), RecordChanged
    yield (
        lambda: calibrations.amend_reading(actor=technician, entry=CELL, reason="r", **at),
        ReadingsNotFrozen,
    )
    yield lambda: calibrations.review(actor=reviewer, seen_digest="x", **at), RecordChanged
    yield lambda: calibrations.review(actor=reviewer, seen_digest="", **at), WrongState
    yield lambda: calibrations.return_record(actor=reviewer, reason="r", **at), WrongState
    yield lambda: calibrations.take_over(actor=technician, reason="r", **at), NothingToTakeOver
    yield (
        lambda: calibrations.record(actor=technician, entry=RecordEntry(expected_version=99), **at),
        RecordChanged,
    )
    yield lambda: certificates.preview(actor=signatory, **at), RecordIncomplete


def test_what_a_draft_does_not_allow(world, draft):
    for verb, error in refusals_of_a_draft(world, draft):
        with nothing_changes(), pytest.raises(error):
            verb()


def refusals_of_a_submitted_record(world, record_id):
    """(verb, what it is refused with) of everything that a record in review does not allow."""
    technician, reviewer = world.people["technician"], world.people["reviewer"]
    colleague = replace(technician, person_id=new_id(world.now))
    digest = records.calibration(record_id).evaluation_digest
    at = {"calibration_id": record_id, "now": world.now}
    yield lambda: calibrations.record(actor=technician, entry=RecordEntry(cells=(CELL,)), **at), WrongState
    yield lambda: calibrations.submit(actor=technician, **at), WrongState
    yield lambda: calibrations.take_over(actor=colleague, reason="r", **at), WrongState
    yield lambda: calibrations.amend_reading(actor=colleague, entry=CELL, reason="r", **at), NotTheTechnician
    yield lambda: calibrations.amend_reading(actor=technician, entry=CELL, reason=" ", **at), ReasonMissing
    unchanged = CellEntry(5, "correction", "-0.164")
    yield (
        lambda: calibrations.amend_reading(actor=technician, entry=unchanged, reason="r", **at),
        NothingAmended,
    )
    yield lambda: calibrations.review(actor=reviewer, seen_digest="0" * 64, **at), RecordChanged
    yield lambda: calibrations.return_record(actor=reviewer, reason="  ", **at), ReasonNeeded
    both = replace(technician, roles=frozenset({"technician", "reviewer"}))
    yield lambda: calibrations.review(actor=both, seen_digest=digest, **at), SamePerson
    yield lambda: calibrations.return_record(actor=both, reason="r", **at), SamePerson


def test_what_a_record_in_review_does_not_allow(world, submitted):
    for verb, error in refusals_of_a_submitted_record(world, submitted):
        with nothing_changes(), pytest.raises(error):
            verb()


def test_what_an_approved_record_does_not_allow(world, numbered):
    record_id = numbered.calibration_id
    technician, reviewer, signatory = (world.people[who] for who in ("technician", "reviewer", "signatory"))
    digest = records.calibration(record_id).evaluation_digest
    at = {"calibration_id": record_id, "now": world.now}
    refused = [
        (lambda: calibrations.record(actor=technician, entry=RecordEntry(cells=(CELL,)), **at), WrongState),
        (lambda: calibrations.submit(actor=technician, **at), WrongState),
        (lambda: calibrations.amend_reading(actor=technician, entry=CELL, reason="r", **at), WrongState),
        (lambda: calibrations.review(actor=reviewer, seen_digest=digest, **at), WrongState),
        (lambda: calibrations.return_record(actor=reviewer, reason="r", **at), WrongState),
    ]
    for verb, error in refused:
        with nothing_changes(), pytest.raises(error):
            verb()
    with pytest.raises(AlreadyIssued) as again:
        certificates.approve(actor=signatory, seen_digest="", confirmation=CONFIRMED, **at)
    assert again.value.facts["certificate"] == numbered.number


def test_whoever_calibrated_or_reviewed_does_not_approve_whatever_else_they_may_do(world, reviewed):
    for who in ("technician", "reviewer"):
        both = replace(world.people[who], roles=frozenset({who, "signatory"}))
        with nothing_changes(), pytest.raises(SamePerson):
            certificates.approve(
                actor=both, calibration_id=reviewed, seen_digest="", confirmation=CONFIRMED, now=world.now
            )


def test_an_approval_holds_for_what_the_signatory_saw(world, reviewed):
    signatory = world.people["signatory"]
    for seen in ("", "0" * 64):
        with pytest.raises(ContentChanged):
            certificates.approve(
                actor=signatory,
                calibration_id=reviewed,
                seen_digest=seen,
                confirmation=CONFIRMED,
                now=world.now,
            )
    assert account("certificate.calibration", 2026) == []
    assert records.calibration(reviewed).state == "awaiting_approval"


def test_a_thing_that_does_not_exist_is_named_by_every_verb(world):
    nowhere = new_id(world.now)
    at = {"calibration_id": nowhere, "now": world.now}
    technician, reviewer = world.people["technician"], world.people["reviewer"]
    for verb in (
        lambda: calibrations.record(actor=technician, entry=RecordEntry(), **at),
        lambda: calibrations.submit(actor=technician, **at),
        lambda: calibrations.amend_reading(actor=technician, entry=CELL, reason="r", **at),
        lambda: calibrations.take_over(actor=technician, reason="r", **at),
        lambda: calibrations.review(actor=reviewer, seen_digest="", **at),
        lambda: calibrations.return_record(actor=reviewer, reason="r", **at),
        lambda: certificates.preview(actor=world.people["signatory"], **at),
    ):
        with pytest.raises(CalibrationUnknown) as refused:
            verb()
        assert refused.value.facts["calibration"] == nowhere


def test_a_token_is_made_and_ended_with_its_prefix_on_record_and_never_its_secret(world):
    technician = world.people["technician"]
    with what_is_left() as left:
        made = tokens.create(actor=technician, name="bench", days=7, password=PASSWORD, now=world.now)
    row = made.row
    detail = {
        "name": "bench", "prefix": row.prefix, "roles": row.roles, "confirmed_by": "password",
        "expires_at": row.expires_at.isoformat(timespec="microseconds"),
    }  # fmt: skip
    assert left.recorded == [("token.create", detail)]
    assert left.told == [("token.created", {"prefix": row.prefix})]
    assert made.text not in repr(left.recorded) + repr(left.told)
    with what_is_left() as left:
        tokens.revoke(actor=technician, token_id=row.id, now=world.now)
    assert left.recorded == [("token.revoke", {"prefix": row.prefix})]
    assert left.told == [("token.revoked", {"prefix": row.prefix})]
    with nothing_changes():
        tokens.revoke(actor=technician, token_id=row.id, now=world.now + timedelta(days=1))


def test_a_token_is_nobody_elses_business_but_the_administrators(world):
    made = tokens.create(
        actor=world.people["technician"], name="bench", days=7, password=PASSWORD, now=world.now
    )
    with nothing_changes(), pytest.raises(TokenUnknown):
        tokens.revoke(actor=world.people["reviewer"], token_id=made.row.id, now=world.now)
    assert [row.id for row in tokens.own(actor=world.people["technician"])] == [made.row.id]
    assert tokens.own(actor=world.people["reviewer"]) == []
    administrator = replace(
        world.people["reviewer"], person_id=new_id(world.now), roles=frozenset({"system_administrator"})
    )
    tokens.revoke(actor=administrator, token_id=made.row.id, now=world.now)
    assert tokens.own(actor=world.people["technician"])[0].revoked_at == world.now


def test_a_token_that_is_not_confirmed_is_not_made(world):
    with pytest.raises(ConfirmationRefused):
        tokens.create(actor=world.people["technician"], name="bench", days=7, password="x", now=world.now)
    assert tokens.own(actor=world.people["technician"]) == []


def test_a_new_seal_and_the_end_of_one_are_recorded(world):
    administrator = replace(world.people["reviewer"], roles=frozenset({"system_administrator"}))
    with what_is_left() as left:
        row = signing_keys.issue_seal(actor=administrator, now=world.now)
    (action, detail), *more = left.recorded
    assert (action, more, left.told) == ("signing_key.issue", [], [])
    assert detail == {"name": row.name, "valid_until": row.valid_until.isoformat(timespec="microseconds")}
    with what_is_left() as left:
        signing_keys.revoke(
            actor=administrator, signing_key_id=row.id, reason="key_compromise", now=world.now
        )
    assert left.recorded == [("signing_key.revoke", {"name": row.name, "reason": "key_compromise"})]
    assert SigningKey.objects.count() == 2


def test_only_a_job_that_was_given_up_is_tried_anew(world, numbered):
    administrator = replace(world.people["reviewer"], roles=frozenset({"system_administrator"}))
    job = Job.objects.get(subject_id=numbered.id)
    for job_id in (job.id, new_id(world.now)):
        with nothing_changes(), pytest.raises(JobNotDead):
            jobs.revive(actor=administrator, job_id=job_id, now=world.now)
    Job.objects.filter(pk=job.id).update(state="dead", attempts=8, last_error="x" * 500)
    with nothing_changes(), pytest.raises(NotAuthorized):
        jobs.revive(actor=world.people["technician"], job_id=job.id, now=world.now)
    with what_is_left() as left:
        jobs.revive(actor=administrator, job_id=job.id, now=world.now)
    assert left.recorded == [("job.revive", {"kind": "certificate.finish", "last_error": "x" * 200})]
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("ready", 0)
