"""The demonstration, played once in the test's database: what it leaves on every desk, in every ledger and outside."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.assembly.installation import use_folder

from jialiang.assembly import founding
from jialiang.assembly.demonstration import _administrator, _finish_waiting
from jialiang.base.calibrations.models import Calibration
from jialiang.base.calibrations.selectors import calibrations
from jialiang.base.certificates.selectors import certificate, file_of, files_of
from jialiang.base.instruments.models import Instrument
from jialiang.business.demonstration.data import PASSWORD, world
from jialiang.business.demonstration.scenario import Played, play
from jialiang.formats.public_keys import after_key, key_by_number
from jialiang.functions import traceability
from jialiang.functions.authenticity import check_by_code, check_by_identifier, check_file
from jialiang.functions.register_check import verify_stored_files
from jialiang.governance.counters.selectors import account, gaps
from jialiang.governance.jobs.models import Job
from jialiang.governance.publication.selectors import answer
from jialiang.governance.storage.current import current_store
from jialiang.information.queue import Queue, queue_for
from jialiang.information.status import fitness_of
from jialiang.security.accounts.models import Person
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.actor import Actor
from jialiang.security.audit.models import AuditRecord
from jialiang.security.audit.selectors import verify_chain
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.selectors import tenant_by_slug

pytestmark = pytest.mark.slow
NOW = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)
TODAY = date(2026, 6, 16)


@dataclass(frozen=True)
class Left:
    """What the demonstration left; ``national`` and ``city`` are the tenants."""

    played: Played
    national: object
    city: object

    def somebody(self, username: str) -> Actor:
        return actor_of(Person.objects.get(username=username).pk, TODAY, "console")

    def desk(self, username: str) -> Queue:
        return queue_for(self.somebody(username), NOW)


@pytest.fixture
def left(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Left]:
    """Play it in a folder of its own; whoever looks afterwards looks from the city institute."""
    use_folder(settings, tmp_path)
    monkeypatch.setattr(founding, "migrate", lambda: None)  # the test's database has its tables
    national, city = (_administrator(key, NOW - timedelta(days=431)) for key in ("gj", "yz"))
    played = play(national, city, NOW, _finish_waiting)
    tenants = [tenant_by_slug(world()["institutes"][key]["slug"]) for key in ("gj", "yz")]
    with scope(tenants[1].id):
        yield Left(played, *tenants)


def test_the_demonstration_leaves_what_it_is_there_to_show(left: Left) -> None:
    """Played once, looked at from every side; each side is a function below."""
    each_verdict_by_number_by_identifier_and_by_file(left)
    open_work_on_the_desks(left)
    every_number_accounted_for_and_every_job_done(left)
    three_persons_in_every_record(left)
    fitness_follows_from_the_certificates(left)
    the_chain_leads_to_the_national_standard(left)
    answers_turn_over_when_the_due_date_ends(left)
    the_trails_are_whole_and_the_files_as_registered(left)
    names_are_plainly_fictional_and_readings_as_printed(left)


def each_verdict_by_number_by_identifier_and_by_file(left: Left) -> None:
    for shows in ("genuine", "expired", "superseded", "withdrawn"):
        row = certificate(getattr(left.played, shows))
        with everywhere("a stranger asks"):
            by_code = check_by_code(number=row.number, code=row.check_code, now=NOW)
            wrong = check_by_code(number=row.number, code="0" * 13, now=NOW)
        assert (by_code.verdict, wrong.verdict, wrong.certificate) == (shows, "unknown", None)
        by_identifier = check_by_identifier(identifier=row.identifier.text, code=row.check_code, now=NOW)
        assert by_identifier.verdict == shows
        for kind in ("xml", "pdf_zh", "pdf_en"):
            file = file_of(row.id, kind)
            checked = check_file(data=current_store().get(file.sha256), name=file.file_name, now=NOW)
            assert checked.answer.verdict == shows, (shows, kind)


def open_work_on_the_desks(left: Left) -> None:
    shown = {
        username: [(entry.kind, entry.state, entry.blocked_by) for entry in left.desk(username).entries]
        for username in ("reception", "technician", "reviewer", "signatory", "keeper", "quality", "yz-admin")
    }
    assert shown == {
        "reception": [("commission.accept", "waiting", None)],
        "technician": [("calibration.start", "waiting", None), ("calibration.record", "waiting", None)],
        "reviewer": [("calibration.review", "waiting", None)],
        "signatory": [("certificate.approve", "waiting", None)],
        "keeper": [],
        "quality": [],
        "yz-admin": [],
    }
    subjects = [left.desk(name).entries[0].subject.zh for name in ("technician", "reviewer", "signatory")]
    for serial, subject in zip(("T2104-0390", "T2104-0392", "T2104-0393"), subjects, strict=True):
        assert serial in subject


def every_number_accounted_for_and_every_job_done(left: Left) -> None:
    lines = [line for year in (2025, 2026) for line in account("certificate.calibration", year)]
    assert [line.number for line in lines] == [
        "YZ-2025-C-000001", "YZ-2026-C-000001", "YZ-2026-C-000002", "YZ-2026-C-000003", "YZ-2026-C-000004",
    ]  # fmt: skip
    assert {line.state for line in lines} == {"used"}
    assert gaps() == []
    assert Counter(Job.objects.values_list("state", flat=True)) == {"done": 5}
    with scope(left.national.id):
        assert [line.number for line in account("certificate.calibration", 2025)] == ["GJ-2025-C-000001"]
        assert gaps() == []


def three_persons_in_every_record(left: Left) -> None:
    states = Counter(row.state for row in calibrations())
    assert states == {"approved": 5, "awaiting_approval": 1, "in_review": 1, "draft": 1}
    for row in calibrations():
        persons = [row.calibrated_by_id, row.reviewed_by_id, row.approved_by_id]
        there = [person for person in persons if person]
        assert len(set(there)) == len(there) == {"approved": 3, "awaiting_approval": 2}.get(row.state, 1)


def fitness_follows_from_the_certificates(left: Left) -> None:
    found = {row.serial_number: fitness_of(row.id, TODAY) for row in Instrument.objects.all()}
    states = {serial: fitness.state.value for serial, fitness in sorted(found.items())}
    assert states == {
        "T2104-0387": "fit", "T2104-0388": "fit", "T2104-0389": "out_of_use", "T2104-0390": "unproven",
        "T2104-0391": "unproven", "T2104-0392": "unproven", "T2104-0393": "unproven",
        "T2104-0394": "unproven",
    }  # fmt: skip
    assert found["T2104-0387"].due.date == date(2027, 6, 15)
    assert found["T2104-0388"].certificate_number == "YZ-2026-C-000003"  # the amendment, not what it superseded
    out = found["T2104-0389"].reason
    assert "恒温槽被发现失准" in out.zh
    assert "The bath used was found out of tolerance" in out.en  # each language gives the reason in its own


def the_chain_leads_to_the_national_standard(left: Left) -> None:
    chain = traceability.chain_of(
        actor=left.somebody("customer"), on=TODAY, certificate_id=left.played.genuine
    )
    assert [step.kind for step in chain.steps][:2] == ["instrument", "standard"]
    assert len(chain.steps) >= 3
    holders = [step.holder.zh for step in chain.steps]
    assert any("国家" in holder for holder in holders)
    assert chain.examination.is_unbroken, chain.examination


def answers_turn_over_when_the_due_date_ends(left: Left) -> None:
    row = certificate(left.played.genuine)
    key = key_by_number(row.number, row.check_code, "json")
    now_and_after = answer(key), answer(after_key(key))
    assert [json.loads(found.body)["verdict"] for found in now_and_after] == ["genuine", "expired"]
    # the day of 2027-06-15 ends in Shanghai at 16:00 UTC
    assert now_and_after[0].not_after == datetime(2027, 6, 15, 16, 0, tzinfo=UTC)
    assert now_and_after[1].not_after is None
    withdrawn = certificate(left.played.withdrawn)
    told = json.loads(answer(key_by_number(withdrawn.number, withdrawn.check_code, "json")).body)
    assert told["verdict"] == "withdrawn"


def the_trails_are_whole_and_the_files_as_registered(left: Left) -> None:
    for tenant in (left.national, left.city):
        assert verify_chain(tenant.id) == []
        with scope(tenant.id):
            assert AuditRecord.objects.count() > 20
            assert not AuditRecord.objects.filter(detail__icontains=PASSWORD).exists()
    assert verify_stored_files(NOW) == []
    for name in ("genuine", "expired", "superseded", "withdrawn"):
        assert [file.kind for file in files_of(getattr(left.played, name))] == ["xml", "pdf_zh", "pdf_en"]


def names_are_plainly_fictional_and_readings_as_printed(left: Left) -> None:
    content = json.loads(certificate(left.played.genuine).content)
    assert "虚构" in content["customer"]["name"]["zh"]
    assert content["institute"]["fictional"] is True
    record = Calibration.objects.get(pk=certificate(left.played.genuine).calibration_id)
    typed = [reading.entered_text for reading in record.reading_set.readings.filter(column="indication")]
    assert typed == world()["gum_h3"]["indication"]
