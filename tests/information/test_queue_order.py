"""The order of a queue for every role, what a keeper is told of gaps, and whose day it is."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.information.evidence_rows import evidence, record, sent_back, use
from tests.ledger import AGREED, PAPER, ROLES, build_world

from jialiang.base.commissions.models import Commission, CommissionItem
from jialiang.base.commissions.selectors import items_of
from jialiang.base.measurement_standards.models import MeasurementStandard, StandardCertificate
from jialiang.base.measurement_standards.selectors import certificates_of
from jialiang.information import queue
from jialiang.information.queue import Queue, QueueEntry, queue_for
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = date(2026, 6, 16)


def entry(state="waiting", due=None, hours=None, kind="k", args=("1",)):
    since = None if hours is None else datetime(2026, 6, 1, tzinfo=UTC) + hours * HOUR
    return QueueEntry(kind, Text("题", "title"), Text("物", "thing"), "noun", args, state, due, since)


# in the order in which they stand
ORDER = [
    entry("overdue", TODAY - 9 * DAY, 5),
    entry("overdue", TODAY - 2 * DAY, 1),
    entry("overdue", TODAY - 2 * DAY, 2),
    entry("overdue", TODAY - 2 * DAY),
    entry("overdue", None, 0),
    entry("returned", TODAY + 99 * DAY, 9),
    entry("returned", None, 3),
    entry("soon", TODAY, 8),
    entry("soon", TODAY + DAY, 1),
    entry("waiting", TODAY + 8 * DAY, 7),
    entry("waiting", None, 1, kind="a"),
    entry("waiting", None, 1, kind="b", args=("1",)),
    entry("waiting", None, 1, kind="b", args=("2",)),
    entry("waiting", None, 2),
    entry("waiting", None),
]


def test_overdue_then_returned_then_soon_and_within_each_the_day_and_the_waiting():
    backward = list(reversed(ORDER))
    for shuffled in (backward, ORDER[1::2] + ORDER[::2]):
        assert sorted(shuffled, key=queue._urgency) == ORDER


def test_a_queue_counts_its_kinds_its_overdue_and_its_blocked():
    stopped = replace(entry("soon", kind="b"), blocked_by=Text("停", "stopped"))
    made = Queue((entry("overdue", kind="a"), stopped, entry(kind="a")))
    assert (made.count(), made.count("a"), made.count("b"), made.count("a", "b"), made.count("c")) == (3, 2, 1, 3, 0)
    assert made.blocked == (stopped,)
    assert [e.state for e in made.overdue] == ["overdue"]
    assert Queue(()).count() == 0


@pytest.mark.parametrize(
    ("days", "state"), [(-1, "overdue"), (0, "soon"), (7, "soon"), (8, "waiting"), (None, "waiting")]
)
def test_a_promise_stands_alike_for_every_role_that_works_on_it(world, days, state):
    promised = None if days is None else TODAY + days * DAY
    row = world.commission(
        *(world.instrument(serial_number=str(n)) for n in range(5)),
        agreement=replace(AGREED, promised_on=promised) if promised else AGREED,
    )
    if promised is not None:
        Commission.objects.filter(pk=row.id).update(promised_on=promised)
    places = items_of(row.id)
    technician = world.person("technician")
    CommissionItem.objects.filter(pk__in=[e.id for e in places[1:]]).update(custody="in_laboratory")
    record(world, places[2].instrument, item=places[2], calibrated_by_id=technician.person_id)
    record(world, places[3].instrument, item=places[3], state="in_review", submitted_at=world.now)
    record(world, places[4].instrument, item=places[4], state="awaiting_approval", reviewed_at=world.now)
    expected = {
        "receptionist": ["item.receive"], "reviewer": ["calibration.review"], "signatory": ["certificate.approve"],
    }  # fmt: skip
    for role, kinds in expected.items():
        found = queue_for(world.person(role), world.now).entries
        assert [(e.kind, e.state, e.due) for e in found] == [(kind, state, promised) for kind in kinds]
    bench = queue_for(technician, world.now).entries
    assert sorted((e.kind, e.state) for e in bench) == [("calibration.record", state), ("calibration.start", state)]


def fill(world):
    """Something for every role."""
    world.commission(agreement=None)
    world.commission(world.instrument(serial_number="expected"))
    inside = world.commission(world.instrument(serial_number="inside"))
    CommissionItem.objects.filter(commission=inside).update(custody="received")
    for state, since in (("in_review", "submitted_at"), ("awaiting_approval", "reviewed_at")):
        row = world.commission(world.instrument(serial_number=state))
        CommissionItem.objects.filter(commission=row).update(custody="in_laboratory")
        (item,) = items_of(row.id)
        record(world, item.instrument, item=item, state=state, **{since: world.now})
    world.standard()
    evidence(world, world.instrument(serial_number="late"), date(2025, 1, 1), TODAY - DAY)


# role: the kinds that it sees of all that waits
SEEN = {
    "receptionist": {"commission.accept", "item.receive"},
    "technician": {"calibration.start"},
    "reviewer": {"calibration.review"},
    "signatory": {"certificate.approve"},
    "standards_keeper": {"measurement_standard.add_certificate"},
    "instrument_manager": {"instrument.due"},
    "customer": {"instrument.due"},
    "quality_manager": set(),
    "auditor": set(),
    "regulator": set(),
    "system_administrator": set(),
    "identifier_operator": set(),
    "subordinate_node": set(),
}


def test_every_role_sees_its_own_kinds_and_several_roles_see_the_union_once(world):
    fill(world)
    assert set(SEEN) == set(ROLES)
    alone = {}
    for role in ROLES:
        found = queue_for(world.person(role, organization_id=world.dairy_id), world.now)
        alone[role] = {(e.kind, e.url_args) for e in found.entries}
        assert {kind for kind, _ in alone[role]} == SEEN[role], role
    for first, second in itertools.combinations(ROLES, 2):
        both = queue_for(world.person(first, second, organization_id=world.dairy_id), world.now).entries
        keys = [(e.kind, e.url_args) for e in both]
        assert len(keys) == len(set(keys))
        assert set(keys) == alone[first] | alone[second]
        assert list(both) == sorted(both, key=queue._urgency)


def test_in_another_institute_nobody_sees_any_of_it(world):
    fill(world)
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        twin = build_world(other.id, world.now)
        for role in ROLES:
            assert queue_for(twin.person(role, organization_id=world.dairy_id), world.now) == Queue(())


def test_every_entry_is_told_in_both_languages_and_leads_somewhere(world):
    fill(world)
    for each in queue_for(world.person(*ROLES, organization_id=world.dairy_id), world.now).entries:
        assert all((each.title.zh, each.title.en, each.subject.zh, each.subject.en)), each.kind
        assert "{" not in each.subject.zh + each.subject.en + each.title.zh + each.title.en
        assert each.url_name in {"commission", "calibration", "measurement_standard", "instrument"}
        assert len(each.url_args) == 1


def papers(*spans):
    return [
        replace(PAPER, number=f"N-{n}", valid_from=TODAY + first * DAY, valid_until=TODAY + last * DAY)
        for n, (first, last) in enumerate(spans)
    ]


# certificates (first and last day from today): what the keeper is told, and of which day
KEEPER = [
    ([(-300, 300)], None),
    ([(-300, 61)], None),
    ([(-300, 60)], ("soon", 60)),
    ([(-300, 10), (11, 300)], None),
    ([(-300, 10), (5, 300)], None),
    ([(-300, 10), (12, 300)], ("soon", 10)),
    ([(-300, -1), (5, 300)], ("overdue", -1)),
    ([(-300, -1), (0, 300)], None),
    ([(5, 300)], ("overdue", None)),
    ([(-300, 300), (-20, -5)], None),
    ([(-300, -100), (-20, -5)], ("overdue", -5)),
    ([(-300, -2), (-20, -5)], ("overdue", -2)),
]


@pytest.mark.parametrize(("spans", "told"), KEEPER)
def test_a_keeper_is_told_of_the_first_day_that_nothing_carries(world, spans, told):
    world.standard(*papers(*spans))
    found = queue_for(world.person("standards_keeper"), world.now).entries
    due = None if told is None or told[1] is None else TODAY + told[1] * DAY
    assert [(e.state, e.due) for e in found] == ([] if told is None else [(told[0], due)])


def test_a_keeper_is_told_when_the_only_certificate_was_revoked_and_not_while_an_older_one_holds(world):
    row = world.standard(*papers((-100, 200), (-50, 300)))
    newest, older = certificates_of(row.id)
    keeper = world.person("standards_keeper")
    StandardCertificate.objects.filter(pk=newest.pk).update(revoked_at=world.now - 3 * DAY)
    assert queue_for(keeper, world.now).entries == ()
    StandardCertificate.objects.filter(pk=older.pk).update(revoked_at=world.now)
    (told,) = queue_for(keeper, world.now).entries
    assert (told.state, told.due, told.title.zh) == ("overdue", TODAY - DAY, "计量标准证书已失效")


@pytest.mark.parametrize("state", ["suspended", "retired"])
def test_what_is_out_of_use_is_no_work_for_the_keeper(world, state):
    row = world.standard()
    MeasurementStandard.objects.filter(pk=row.id).update(state=state)
    assert queue_for(world.person("standards_keeper"), world.now).entries == ()


# time zone, moment: is what was promised for 16 June overdue then
ZONES = [
    ("Asia/Shanghai", datetime(2026, 6, 16, 15, 59, tzinfo=UTC), "soon"),
    ("Asia/Shanghai", datetime(2026, 6, 16, 16, 0, tzinfo=UTC), "overdue"),
    ("Pacific/Kiritimati", datetime(2026, 6, 16, 9, 59, tzinfo=UTC), "soon"),
    ("Pacific/Kiritimati", datetime(2026, 6, 16, 10, 0, tzinfo=UTC), "overdue"),
    ("Pacific/Pago_Pago", datetime(2026, 6, 17, 10, 59, tzinfo=UTC), "soon"),
    ("Pacific/Pago_Pago", datetime(2026, 6, 17, 11, 0, tzinfo=UTC), "overdue"),
]


@pytest.mark.parametrize(("zone", "moment", "state"), ZONES)
def test_overdue_begins_at_the_institutes_own_midnight_for_every_kind(db, now, zone, moment, state):
    with everywhere("an institute for the test"):
        institute = create_tenant(slug="elsewhere", name=Text("别处"), time_zone=zone, now=now)
    with scope(institute.id):
        world = build_world(institute.id, now)
        world.commission(world.instrument(), agreement=replace(AGREED, promised_on=TODAY))
        world.standard(replace(PAPER, valid_until=TODAY))
        evidence(world, world.instrument(serial_number="due"), date(2025, 6, 17), TODAY)
        somebody = world.person(
            "receptionist", "standards_keeper", "instrument_manager", organization_id=world.dairy_id
        )
        found = {e.kind: (e.state, e.due) for e in queue_for(somebody, moment).entries}
    assert found == dict.fromkeys(
        ("item.receive", "measurement_standard.add_certificate", "instrument.due"), (state, TODAY)
    )


def test_a_returned_draft_stands_before_what_is_due_soon_and_after_what_is_overdue(world):
    technician = world.person("technician")
    promises = {"late": TODAY - DAY, "soon": TODAY + DAY, "back": None, "back late": TODAY - DAY}
    for name, promised in promises.items():
        row = world.commission(world.instrument(serial_number=name))
        Commission.objects.filter(pk=row.id).update(promised_on=promised)
        (item,) = items_of(row.id)
        CommissionItem.objects.filter(pk=item.id).update(custody="in_laboratory")
        draft = record(world, item.instrument, item=item, calibrated_by_id=technician.person_id)
        if name.startswith("back"):
            sent_back(draft, world.now + HOUR)
    found = queue_for(technician, world.now + 2 * HOUR).entries
    assert [e.state for e in found] == ["overdue", "returned", "returned", "soon"]
    assert [e.due for e in found] == [TODAY - DAY, TODAY - DAY, None, TODAY + DAY]


def test_the_longest_waiting_is_done_first(world):
    for hours in (3, 1, 2):
        record(
            world, world.instrument(serial_number=str(hours)), state="in_review", submitted_at=world.now - hours * HOUR
        )
    found = queue_for(world.person("reviewer"), world.now).entries
    assert [e.waiting_since for e in found] == [world.now - hours * HOUR for hours in (3, 2, 1)]


def test_what_blocks_a_record_is_said_to_each_who_would_work_on_it(world):
    standard = world.standard(PAPER)
    (paper,) = certificates_of(standard.id)
    technician = world.person("technician")
    for state in ("draft", "in_review", "awaiting_approval"):
        thing = world.instrument(serial_number=state)
        row = record(world, thing, state=state, calibrated_by_id=technician.person_id)
        CommissionItem.objects.filter(pk=row.item_id).update(custody="in_laboratory")
        use(row, standard, paper, world.now)
    MeasurementStandard.objects.filter(pk=standard.id).update(state="suspended", state_reason="漂移")
    for person in (technician, world.person("reviewer"), world.person("signatory")):
        (blocked,) = queue_for(person, world.now).blocked
        assert "漂移" in blocked.blocked_by.zh and "YZ-T-001" in blocked.blocked_by.en
        assert queue_for(person, world.now).count() == 1
