"""What waits for whom: by role, overdue first, and what blocks it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources

import pytest
from tests.information.evidence_rows import evidence, record, sent_back, use
from tests.ledger import AGREED, PAPER

from jialiang.base.commissions.selectors import items_of
from jialiang.base.measurement_standards.selectors import certificates_of
from jialiang.functions import commissions, measurement_standards
from jialiang.information import queue
from jialiang.information.queue import queue_for

ONE_DAY = timedelta(days=1)
TODAY = date(2026, 6, 16)


def kinds(found):
    return [entry.kind for entry in found.entries]


def test_every_word_is_there_in_both_languages():
    words = json.loads((resources.files("jialiang.information") / "queue_words.json").read_text(encoding="utf-8"))
    assert [key for key, text in words.items() if not (text.get("zh") and text.get("en"))] == []


@pytest.mark.parametrize("role", [role for role, _ in queue._PARTS])
def test_where_nothing_waits_the_queue_is_empty(world, role):
    assert queue_for(world.person(role), world.now) == queue.Queue(())


def test_the_reception_sees_what_is_to_be_accepted_and_what_is_expected(world):
    empty = world.commission(agreement=None)
    world.commission(world.instrument())
    world.commission(world.instrument(serial_number="site", on_site=True))
    found = queue_for(world.person("receptionist"), world.now)
    assert sorted(kinds(found)) == ["commission.accept", "item.receive"]
    accept = next(e for e in found.entries if e.kind == "commission.accept")
    assert (accept.url_name, accept.url_args, accept.waiting_since) == ("commission", (str(empty.id),), world.now)
    assert accept.blocked_by.en == "No item has been entered yet"
    assert accept.subject.zh == "YZ-W-2026-000001 · 晨星乳业有限公司 · 0 件"


def test_the_bench_sees_items_without_a_record_and_the_own_drafts(world):
    technician, desk = world.person("technician"), world.person("receptionist")
    thermometer, other = world.instrument(), world.instrument(serial_number="2")
    (item,), (worked,) = (items_of(world.commission(i).id) for i in (thermometer, other))
    for entry in (item, worked):
        commissions.receive(actor=desk, item_id=entry.id, now=world.now)
    draft = record(world, other, item=worked, calibrated_by_id=technician.person_id)
    found = queue_for(technician, world.now + ONE_DAY)
    assert {(e.kind, e.subject.en) for e in found.entries} == {
        ("calibration.start", "Liquid-in-glass thermometer (2024-0317) · YZ-W-2026-000001"),
        ("calibration.record", "Liquid-in-glass thermometer (2) · YZ-W-2026-000002"),
    }
    sent_back(draft, world.now + ONE_DAY)
    first = queue_for(technician, world.now + 2 * ONE_DAY).entries[0]
    assert (first.state, first.title.zh, first.waiting_since) == ("returned", "记录被退回，需修改", world.now + ONE_DAY)
    assert kinds(queue_for(world.person("technician"), world.now)) == ["calibration.start"]


def test_nobody_reviews_or_approves_the_own_work(world):
    author, reviewer, signatory = (world.person(r) for r in ("reviewer", "reviewer", "signatory"))
    record(world, world.instrument(), state="in_review", calibrated_by_id=author.person_id, submitted_at=world.now)
    record(
        world, world.instrument(serial_number="2"), state="awaiting_approval", calibrated_by_id=author.person_id,
        reviewed_by_id=reviewer.person_id, reviewed_at=world.now,
    )  # fmt: skip
    assert kinds(queue_for(author, world.now)) == []
    assert kinds(queue_for(reviewer, world.now)) == ["calibration.review"]
    assert kinds(queue_for(signatory, world.now)) == ["certificate.approve"]
    for busy in (author, reviewer):
        assert kinds(queue_for(replace(busy, roles=frozenset({"signatory"})), world.now)) == []


def test_an_expired_standard_blocks_and_is_named_with_since_when(world):
    standard = world.standard(replace(PAPER, valid_until=date(2026, 6, 10)))
    draft = record(world, world.instrument(), state="in_review", calibrated_by_id=None, submitted_at=world.now)
    use(draft, standard, certificates_of(standard.id)[0], world.now)
    (entry,) = queue_for(world.person("reviewer"), world.now).entries
    assert "2026-06-11" in entry.blocked_by.zh
    assert "YZ-T-001" in entry.blocked_by.en
    assert queue_for(world.person("reviewer"), world.now).blocked == (entry,)
    assert queue_for(world.person("reviewer"), world.now - 10 * ONE_DAY).blocked == ()


@pytest.mark.parametrize(("days", "state"), [(61, None), (60, "soon"), (0, "soon"), (-1, "overdue")])
def test_a_keeper_sees_certificates_that_end_within_sixty_days(world, days, state):
    world.standard(replace(PAPER, valid_until=TODAY + timedelta(days=days)))
    found = queue_for(world.person("standards_keeper"), world.now)
    assert [(e.state, e.due) for e in found.entries] == ([(state, TODAY + timedelta(days=days))] if state else [])


def test_a_standard_without_a_certificate_waits_and_a_suspended_one_does_not(world):
    keeper, row = world.person("standards_keeper"), world.standard()
    (entry,) = queue_for(keeper, world.now).entries
    assert (entry.state, entry.title.en, entry.due) == ("overdue", "The standard has no certificate", None)
    measurement_standards.suspend(actor=keeper, standard_id=row.id, reason="送检", now=world.now)
    assert queue_for(keeper, world.now).entries == ()


def test_a_customer_sees_the_own_due_instruments_and_which_are_away(world):
    late, soon = world.instrument(), world.instrument(serial_number="2")
    evidence(world, late, date(2025, 1, 1), TODAY - ONE_DAY)
    evidence(world, soon, date(2025, 1, 1), TODAY + ONE_DAY)
    (item,) = items_of(world.commission(soon).id)
    commissions.receive(actor=world.person("receptionist"), item_id=item.id, now=world.now)
    found = queue_for(world.person("customer", organization_id=world.dairy_id), world.now)
    assert [(e.state, e.blocked_by.en if e.blocked_by else "") for e in found.entries] == [
        ("overdue", ""), ("soon", "It is away for calibration"),
    ]  # fmt: skip
    assert found.overdue == found.entries[:1]
    assert found.count("instrument.due") == 2
    assert queue_for(world.person("instrument_manager", organization_id=world.mill_id), world.now).entries == ()


def test_somebody_with_several_roles_sees_the_union_overdue_first(world):
    world.standard()
    world.commission(world.instrument(), agreement=replace(AGREED, promised_on=TODAY - ONE_DAY))
    world.commission(world.instrument(serial_number="2"), agreement=None)
    found = queue_for(world.person("receptionist", "standards_keeper"), world.now)
    assert [(e.kind, e.state) for e in found.entries] == [
        ("item.receive", "overdue"),
        ("measurement_standard.add_certificate", "overdue"),
        ("commission.accept", "waiting"),
    ]
    assert found.count() == 3


def test_a_promise_within_a_week_is_soon(world):
    world.commission(world.instrument(), agreement=replace(AGREED, promised_on=TODAY + 7 * ONE_DAY))
    desk = world.person("receptionist")
    assert [e.state for e in queue_for(desk, world.now).entries] == ["soon"]
    assert [e.state for e in queue_for(desk, world.now - ONE_DAY).entries] == ["waiting"]


def test_a_part_that_is_too_long_is_cut_and_says_so(world, monkeypatch):
    monkeypatch.setattr(queue, "LONGEST_PART", 2)
    for n in range(3):
        world.commission(world.instrument(serial_number=str(n)))
    found = queue_for(world.person("receptionist"), world.now)
    assert (len(found.entries), found.cut) == (2, True)


def test_the_queue_of_the_reception_costs_four_queries_whatever_its_length(world, django_assert_num_queries):
    for n in range(4):
        world.commission(world.instrument(serial_number=str(n)), agreement=None if n % 2 else AGREED)
    desk = world.person("receptionist")
    with django_assert_num_queries(4):
        assert queue_for(desk, world.now).count() == 4
