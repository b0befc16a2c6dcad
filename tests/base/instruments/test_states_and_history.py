"""States of instruments by table, and a history that can be told forward and backward without a gap."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise, product

import pytest
from tests.pictures import nothing_changes

from jialiang.base.instruments import services
from jialiang.base.instruments.errors import InstrumentChanged, StateForbids
from jialiang.base.instruments.models import Instrument
from jialiang.base.instruments.selectors import history, instrument, ledger_facts, working_instruments
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import InstrumentState

ACTS = {
    "suspend": lambda row, **by: services.suspend(row.id, reason="停", **by),
    "restore": lambda row, **by: services.restore(row.id, reason="复", **by),
    "retire": lambda row, **by: services.retire(row.id, reason="废", **by),
    "send away": lambda row, **by: services.send_away(row.id, commission_number="W-1", **by),
    "bring back": lambda row, **by: services.bring_back(row.id, proven=True, commission_number="W-1", **by),
}
# from state: where each act leads; an act that is not named is refused
WAYS = {
    "registered": {"suspend": "suspended", "retire": "retired", "send away": "away"},
    "in_service": {"suspend": "suspended", "retire": "retired", "send away": "away"},
    "suspended": {"restore": "in_service", "retire": "retired", "send away": "away"},
    "away": {"bring back": "in_service"},
    "retired": {},
}


@pytest.fixture
def desk(world):
    return world.person("receptionist")


def test_the_table_names_every_state():
    assert set(WAYS) == {state.value for state in InstrumentState}


@pytest.mark.parametrize(("state", "act"), list(product(WAYS, ACTS)))
def test_an_act_leads_where_the_table_says_or_is_refused_and_leaves_nothing(world, desk, state, act):
    row = world.instrument()
    Instrument.objects.filter(pk=row.pk).update(state=state)
    wanted = WAYS[state].get(act)
    if wanted is not None:
        assert ACTS[act](row, actor=desk, now=world.now).state == wanted
        assert instrument(row.id).state == wanted
        return
    with nothing_changes(), pytest.raises(StateForbids) as refused:
        ACTS[act](row, actor=desk, now=world.now)
    allowed = {name for name, ways in WAYS.items() if act in ways}
    assert len(refused.value.facts["allowed"].zh.split("、")) == len(allowed)
    assert row.serial_number in refused.value.what.en


@pytest.mark.parametrize("state", WAYS)
def test_members_are_changed_in_every_state_but_the_last(world, desk, state):
    row = world.instrument()
    Instrument.objects.filter(pk=row.pk).update(state=state)

    def change():
        return services.change(row.id, {"origin": "山东"}, expected_version=1, actor=desk, now=world.now)

    if state != "retired":
        changed, altered = change()
        assert (changed.state, changed.version, altered.new) == (state, 2, {"origin": "山东"})
        return
    with nothing_changes(), pytest.raises(StateForbids):
        change()


@pytest.mark.parametrize("state", WAYS)
def test_only_what_is_scrapped_is_no_working_instrument(world, state):
    row, other = world.instrument(), world.instrument(serial_number="other")
    Instrument.objects.filter(pk=row.pk).update(state=state)
    expected = [other.id] if state == "retired" else [row.id, other.id]
    assert [found.id for found in working_instruments()] == expected


def random_acts(world, desk, row, rng):
    """Thirty acts and changes in a row, whatever the state: how many of them were taken."""
    taken = 0
    places = ["一车间", "二车间", "三车间"]
    for step in range(30):
        by = {"actor": desk, "now": world.now + timedelta(minutes=step // 2)}  # some of one moment
        try:
            if rng.random() < 0.5:
                changes = {"place_of_use": rng.choice(places), "limitation": Text(rng.choice(["", "限用"]))}
                version = instrument(row.id).version
                _, altered = services.change(row.id, changes, expected_version=version, **by)
                taken += bool(altered)
            else:
                act = rng.choice([name for name in ACTS if name != "retire"])
                ACTS[act](row, **by)
                taken += 1
        except JialiangError:
            continue
    return taken


@pytest.mark.parametrize("seed", range(4))
def test_each_entry_begins_where_the_one_before_it_ended(world, desk, seed):
    row = world.instrument()
    first = ledger_facts(row.id)
    taken = random_acts(world, desk, row, random.Random(seed))
    entries = history(row.id)[::-1]
    assert len(entries) == taken + 1
    assert instrument(row.id).version == taken + 1
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    known = {"place_of_use": first.place_of_use, "limitation_zh": "", "state": "registered", "state_reason": ""}
    for entry in entries[1:]:
        for column, old in entry.old.items():
            assert known[column] == old, (entry.action, column)
        known |= entry.new
    stored = instrument(row.id)
    assert {column: getattr(stored, column) for column in known} == known


def test_a_change_names_just_the_columns_that_differ(world, desk):
    row = world.instrument()
    changes = {"model": " WLB-21 ", "manufacturer": Text("远山仪表厂（虚构）", "Other"), "compulsory": True}
    _, altered = services.change(row.id, changes, expected_version=1, actor=desk, now=world.now)
    assert altered.old == {"manufacturer_en": "Yuanshan Instruments (fictional)", "compulsory": False}
    assert altered.new == {"manufacturer_en": "Other", "compulsory": True}


def test_decimals_that_read_alike_after_understanding_are_no_change(world, desk):
    row = world.instrument()
    for same in ("0.30", "０．３０", " 0.30 "):
        _, altered = services.change(
            row.id, {"maximum_permissible_error": same}, expected_version=1, actor=desk, now=world.now
        )
        assert not altered
    _, altered = services.change(
        row.id, {"maximum_permissible_error": "0.3"}, expected_version=1, actor=desk, now=world.now
    )
    assert altered.new == {"maximum_permissible_error": "0.3"}  # a digit fewer says something else


@pytest.mark.parametrize("read", [0, -1, 2, 99])
def test_only_the_version_that_stands_is_changed(world, desk, read):
    row = world.instrument()
    with nothing_changes(), pytest.raises(InstrumentChanged) as refused:
        services.change(row.id, {"model": "X"}, expected_version=read, actor=desk, now=world.now)
    assert (refused.value.facts["read"], refused.value.facts["stored"]) == (read, 1)


def test_of_two_who_read_the_same_version_the_second_is_told_who_changed_what_in_between(world, desk):
    row, keeper = world.instrument(), world.person("instrument_manager")
    services.change(row.id, {"origin": "一", "model": "X"}, expected_version=1, actor=keeper, now=world.now)
    with pytest.raises(InstrumentChanged) as refused:
        services.change(row.id, {"origin": "二"}, expected_version=1, actor=desk, now=world.now)
    assert refused.value.facts["what"].zh.startswith("李四：")
    assert set(refused.value.facts["what"].zh.split("：")[1].split("、")) == {"产地", "型号规格"}
    assert instrument(row.id).origin == "一"


def test_a_suspension_outlives_two_visits_that_prove_nothing(world, desk):
    row = world.instrument()
    services.suspend(row.id, reason="漂移", actor=desk, now=world.now)
    for visit in (1, 2):
        at = world.now + timedelta(days=visit)
        services.send_away(row.id, commission_number=f"W-{visit}", actor=desk, now=at)
        assert instrument(row.id).state_reason == ""
        back = services.bring_back(
            row.id, proven=False, commission_number=f"W-{visit}", actor=desk, now=at + timedelta(hours=1)
        )
        assert (back.state, back.state_reason) == ("suspended", "漂移")
        assert instrument(row.id).state_reason == "漂移"


def test_the_last_visit_counts_for_what_an_instrument_was_before(world, desk):
    row = world.instrument()
    for visit, (proven, state) in enumerate([(False, "registered"), (True, "in_service"), (False, "in_service")]):
        at = world.now + timedelta(days=visit)
        services.send_away(row.id, commission_number="W", actor=desk, now=at)
        assert services.bring_back(row.id, proven=proven, commission_number="W", actor=desk, now=at).state == state


def test_histories_of_several_instruments_do_not_mix(world, desk):
    rows = [world.instrument(serial_number=str(n)) for n in range(3)]
    for row in rows[1:]:
        services.suspend(row.id, reason=f"因{row.serial_number}", actor=desk, now=world.now)
    assert [[entry.reason for entry in history(row.id)] for row in rows] == [[""], ["因1", ""], ["因2", ""]]
    assert all(after.at >= before.at for row in rows for after, before in pairwise(history(row.id)))
