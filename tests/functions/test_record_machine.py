"""Records under many sequences of verbs by anybody: no forbidden state, three persons, and nothing digested changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from tests.functions import record_world
from tests.functions.record_world import World, build_world

from jialiang.base.calibrations.models import Calibration, CalibrationStep
from jialiang.base.calibrations.transitions import TRANSITIONS
from jialiang.base.certificates.models import Certificate
from jialiang.base.readings.models import ReadingAmendment
from jialiang.base.readings.selectors import digest_problems, people_of, readings_of
from jialiang.base.readings.views import CellEntry
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.functions import calibrations, certificates
from jialiang.functions.calibrations import RecordEntry
from jialiang.functions.certificates import Confirmation
from jialiang.governance.counters.selectors import account, gaps
from jialiang.information import evaluation
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.accounts.services import grant_role
from jialiang.security.audit.models import AuditRecord
from jialiang.security.audit.selectors import verify_chain

PEOPLE = {
    "technician": (),
    "reviewer": (),
    "signatory": (),
    "receptionist": (),
    "second technician": ("reviewer",),
    "jack of all trades": ("reviewer", "signatory"),
}
TEXTS = ("-0.170", "-0.165", "-0.1650", "abc", "")
REASONS = ("核对原始记录后更正", "核对原始记录后更正", "")
SEEDS, STEPS = (3, 6, 7), 60  # together these walks have been everywhere


class Walk:
    """A walk through the verbs: half of the time what the work asks for next, half of the time anything by anybody.

    Every verb is tried as it is; what it refuses has to leave everything as it was.
    """

    def __init__(self, world: World, items: tuple[UUID, ...], seed: int) -> None:
        self.world, self.items, self.chance = world, items, Random(seed)
        self.records: list[UUID] = []
        self.frozen: dict[UUID, tuple[str, dict[Any, str]]] = {}
        self.amendments: dict[UUID, tuple[str, ...]] = {}
        self.contents: dict[UUID, tuple[str, str, str]] = {}
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        """Do one thing, then look whether everything still holds."""
        pick = self.chance.choice
        record_id = pick(self.records) if self.records else None
        if record_id is None or (len(self.records) < 2 and self.chance.random() < 0.1):
            self.start(pick(list(PEOPLE)))
        elif self.chance.random() < 0.5:
            self.next_of_the_work(record_id)
        else:
            deeds = (
                self.type_one_cell, self.amend, self.take_over, self.submit,
                self.review, self.send_back, self.approve, self.void,
            )  # fmt: skip
            anybody = pick([self._holder(record_id), *PEOPLE, self._holder(record_id)])
            pick(deeds)(anybody, record_id)
        for name in dir(self):
            if name.startswith("holds_"):
                getattr(self, name)()

    def _try(self, verb: Callable[..., Any], who: str, **given: Any) -> Any:
        """Do a verb; a refusal is one of our errors and changes nothing."""
        before = self._picture()
        try:
            with transaction.atomic():
                done = verb(actor=self.world.people[who], now=self.world.now, **given)
        except JialiangError as refused:
            assert self._picture() == before
            self.done[f"{type(refused).__name__}"] += 1
            return None
        assert AuditRecord.objects.count() > before[0]
        self.done[verb.__name__] += 1
        return done

    def _picture(self) -> tuple[Any, ...]:
        return (
            AuditRecord.objects.count(),
            list(Calibration.objects.order_by("id").values_list("id", "state", "version", "evaluation_digest")),
            CalibrationStep.objects.count(),
            ReadingAmendment.objects.count(),
            list(Certificate.objects.order_by("id").values_list("id", "state", "version")),
        )

    def start(self, who: str) -> None:
        ready = self.chance.random() < 0.8
        new = calibrations.NewCalibration(
            item_id=self.chance.choice(self.items),
            procedure="thermometer_line",
            method=Text("数字温度计校准方法", "Calibration of digital thermometers"),
            reference_standard_id=self.world.standard_id if ready else None,
            points=("24",),
            parameters={"bath_uniformity": "0.002"},
            site_id=self.world.site_id,
        )
        started = self._try(calibrations.start, who, new=new)
        if started is None:
            return
        assert ready
        self.records.append(started.id)
        conditions = {
            "temperature": {"minimum": "22.9", "maximum": "23.3"},
            "humidity": {"minimum": "43", "maximum": "47"},
        }
        day = self.world.now.date()
        entry = RecordEntry(
            cells=record_world.h3_cells(), environment=conditions, begin_date=day, end_date=day
        )
        assert self._try(calibrations.record, who, calibration_id=started.id, entry=entry) is not None

    def type_one_cell(self, who: str, record_id: UUID) -> None:
        entry = RecordEntry(cells=(self._cell(),), reason=self.chance.choice(REASONS))
        self._try(calibrations.record, who, calibration_id=record_id, entry=entry)

    def amend(self, who: str, record_id: UUID) -> None:
        given = {"entry": self._cell(), "reason": self.chance.choice(REASONS)}
        if self._try(calibrations.amend_reading, who, calibration_id=record_id, **given):
            assert given["reason"]

    def take_over(self, who: str, record_id: UUID) -> None:
        reason = self.chance.choice(REASONS)
        if self._try(calibrations.take_over, who, calibration_id=record_id, reason=reason):
            assert reason

    def submit(self, who: str, record_id: UUID) -> None:
        self._try(calibrations.submit, who, calibration_id=record_id)

    def review(self, who: str, record_id: UUID) -> None:
        attentive = self.chance.random() < 0.8
        seen = Calibration.objects.get(pk=record_id).evaluation_digest if attentive else "0" * 64
        if self._try(calibrations.review, who, calibration_id=record_id, seen_digest=seen):
            assert attentive

    def send_back(self, who: str, record_id: UUID) -> None:
        reason = self.chance.choice(REASONS)
        if self._try(calibrations.return_record, who, calibration_id=record_id, reason=reason):
            assert reason

    def approve(self, who: str, record_id: UUID) -> None:
        seen = self._preview(record_id) if self.chance.random() < 0.8 else None
        given = {"seen_digest": seen or "0" * 64, "confirmation": Confirmation(password=record_world.PASSWORD)}
        if self._try(certificates.approve, who, calibration_id=record_id, **given):
            assert seen

    def void(self, who: str, record_id: UUID) -> None:
        if self.contents:
            certificate_id = self.chance.choice(sorted(self.contents))
            reason = Text(self.chance.choice(REASONS))
            self._try(certificates.void, who, certificate_id=certificate_id, reason=reason)

    def next_of_the_work(self, record_id: UUID) -> None:
        row, holder = Calibration.objects.get(pk=record_id), self._holder(record_id)
        if row.state == "draft" and self.chance.random() < 0.4:
            self.take_over(self.chance.choice(["technician", "second technician", "jack of all trades"]), record_id)
        elif row.state == "draft":
            entry = RecordEntry(cells=record_world.h3_cells(), reason="重新核对")
            self._try(calibrations.record, holder, calibration_id=record_id, entry=entry)
            self.submit(holder, record_id)
        elif row.state != "approved" and self.chance.random() < 0.4:
            self.send_back(self.chance.choice(["reviewer", "signatory"]), record_id)
        elif row.state == "in_review":
            self.review(self.chance.choice(["reviewer", "second technician", "jack of all trades"]), record_id)
        elif row.state == "awaiting_approval":
            self.approve(self.chance.choice(["signatory", "jack of all trades"]), record_id)
        else:
            self.void("signatory", record_id)

    def _holder(self, record_id: UUID) -> str:
        technician = Calibration.objects.get(pk=record_id).calibrated_by_id
        return next(name for name in PEOPLE if self.world.people[name].person_id == technician)

    def _cell(self) -> CellEntry:
        return CellEntry(self.chance.randint(1, 12), "correction", self.chance.choice(TEXTS))

    def _preview(self, record_id: UUID) -> str | None:
        try:
            signatory = self.world.people["signatory"]
            return certificates.preview(actor=signatory, calibration_id=record_id, now=self.world.now).digest
        except JialiangError:  # a record that has never been evaluated has no pages
            return None

    def holds_every_step_is_one_of_the_way_and_the_steps_join(self) -> None:
        for row in Calibration.objects.all():
            state = "draft"
            for step in CalibrationStep.objects.filter(calibration=row):
                assert step.from_state == state
                assert TRANSITIONS[step.action, step.from_state] == step.to_state
                state = step.to_state
            assert row.state == state

    def holds_three_persons(self) -> None:
        for row in Calibration.objects.all():
            measured = {row.calibrated_by_id} | people_of(row.reading_set_id)
            assert row.reviewed_by_id not in measured
            assert row.approved_by_id is None or row.approved_by_id not in measured | {row.reviewed_by_id}
            assert (row.reviewed_by_id is not None) == (row.state in ("awaiting_approval", "approved"))
            assert (row.approved_by_id is not None) == (row.state == "approved")
            if row.state in ("awaiting_approval", "approved"):
                assert row.reviewed_digest == row.evaluation_digest

    def holds_an_approved_record_has_one_certificate_that_is_not_void(self) -> None:
        for row in Calibration.objects.all():
            alive = Certificate.objects.filter(calibration=row).exclude(state="void").count()
            assert alive == (1 if row.state == "approved" else 0)

    def holds_submitted_readings_and_their_digest_stay(self) -> None:
        assert digest_problems() == []
        for row in Calibration.objects.all():
            readings = readings_of(row.reading_set_id)
            assert row.state == "draft" or readings.frozen_at is not None
            if readings.frozen_at is None:
                continue
            first = {(c.row, c.column): c.first_text for c in readings.cells if c.first_text}
            assert self.frozen.setdefault(row.id, (readings.digest, first)) == (readings.digest, first)

    def holds_amendments_are_only_added(self) -> None:
        for record_id in self.records:
            reading_set = Calibration.objects.get(pk=record_id).reading_set_id
            rows = ReadingAmendment.objects.filter(reading__reading_set_id=reading_set).order_by("id")
            told = tuple(f"{a.id} {a.old_text} {a.new_text} {a.reason} {a.person_id}" for a in rows)
            before = self.amendments.get(record_id, ())
            assert told[: len(before)] == before
            assert all(a.reason for a in rows)
            self.amendments[record_id] = told

    def holds_what_was_frozen_for_issue_stays_and_every_number_is_accounted_for(self) -> None:
        for row in Certificate.objects.all():
            kept = (row.number, row.content, row.content_digest)
            assert self.contents.setdefault(row.id, kept) == kept
            assert sha256_hex(row.content.encode()) == row.content_digest
        states = {row.number: row.state for row in Certificate.objects.all()}
        lines = account("certificate.calibration", 2026)
        assert {line.number: line.state == "void" for line in lines} == {n: s == "void" for n, s in states.items()}
        assert gaps() == []

    def holds_the_evaluation_is_that_of_its_digest(self) -> None:
        for row in Calibration.objects.exclude(evaluation=None):
            assert sha256_hex(canonical_json(row.evaluation)) == row.evaluation_digest


@pytest.fixture
def world(in_tenant, now, monkeypatch) -> World:
    monkeypatch.setattr(evaluation, "VALIDATION_DRAWS", 10_000)
    monkeypatch.setattr(certificates, "confirm", lambda **_: "password")  # it commits on its own, which a walk cannot
    world = build_world(in_tenant, now)
    for name, extra in PEOPLE.items():
        if name in world.people:
            continue
        person = record_world._person(in_tenant, "technician", name, f"-{len(name)}", now)
        for role in extra:
            grant_role(person_id=person.person_id, role=role, valid_from=now.date(), granted_by_id=None, now=now)
        world.people[name] = replace(person, roles=frozenset({"technician", *extra}))
    return world


@pytest.mark.slow
def test_whoever_does_what_in_whatever_order_a_record_keeps_its_rules(world):
    other = record_world.another_thermometer(world, "T-2")
    items = record_world.open_item(world), record_world.open_item(world, instrument_id=other)
    reached: Counter[str] = Counter()
    for seed in SEEDS:
        with transaction.atomic():
            walk = Walk(world, items, seed)
            for _ in range(STEPS):
                walk.step()
            assert verify_chain(world.tenant.id) == []
            transaction.set_rollback(True)
        reached += walk.done
    verbs = {"start", "record", "take_over", "submit", "amend_reading", "review", "return_record", "approve", "void"}
    refusals = {"NotAuthorized", "WrongState", "SamePerson", "NotTheTechnician", "ReasonNeeded", "RecordChanged"}
    assert verbs | refusals <= set(reached), reached
