"""A batch is nothing but its single verbs one after the other: same records, same refusals, same public answers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.functions.prefix_verbs import add_prefix, customer
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.identifiers import errors, selectors
from jialiang.base.identifiers.counting import registered_under
from jialiang.base.identifiers.models import Identifier, IdentifierBatch, IdentifierCode
from jialiang.base.identifiers.records import RecordCode
from jialiang.base.prefixes.errors import QuotaReached
from jialiang.formats.handle.published import gs1_key, record_key
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers
from jialiang.functions.identifier_batches import MOST_ITEMS, BatchItem, register_many
from jialiang.governance.publication.selectors import answer
from jialiang.kernel.errors import JialiangError
from jialiang.vocabulary.statuses import IdentifierState

PREFIX = settings.JIALIANG.identifier_prefix
OWN = "88.101.5"
URL = HandleValue(1, "URL", b"https://example.org/1")
HIDDEN = HandleValue(2, "NOTE", b"for administrators", permissions=0b1100)
BROKEN = HandleValue(0, "URL", b"x")
GTIN, SAME_PLACE = RecordCode("GTIN-13", "6901234567892"), RecordCode("GTIN-14", "06901234567892")
WRONG = RecordCode("GTIN-13", "6901234567890")


@pytest.fixture
def operator(world):
    return world.person("identifier_operator")


@pytest.fixture
def many(operator, now):
    def act(items, mode="create", **members):
        return register_many(actor=operator, items=items, mode=mode, now=now, **members)

    return act


def item(suffix, *values, prefix=PREFIX, **members):
    return BatchItem(f"{prefix}/{suffix}", values or (URL,), **members)


def outcomes(found):
    return [one.outcome for one in found]


def kinds(found):
    return [type(one.error) for one in found]


# --- the law -----------------------------------------------------------------------------------------------------

SUFFIXES = ("a", "b", "c", "retired", "reserved")
NAMES = st.sampled_from([*(f"{PREFIX}/{suffix}" for suffix in SUFFIXES), "10.1000/x", "no slash"])
ITEMS = st.builds(
    BatchItem,
    NAMES,
    st.sampled_from([(), (URL,), (URL, HIDDEN), (BROKEN,), (URL, URL)]),
    st.sampled_from([(), (GTIN,), (SAME_PLACE,), (WRONG,), (GTIN, SAME_PLACE), (GTIN, GTIN)]),
    st.sampled_from(["", "2.0"]),
    st.sampled_from([IdentifierState.ACTIVE, IdentifierState.RESERVED, IdentifierState.RETIRED]),
)


def one_by_one(actor, one, mode, now):
    """What the single verb of a mode does with an item, as the outcome of a batch."""
    if mode == "create":
        identifiers.register(
            actor=actor, name=one.name, values=one.values, state=one.state, template=one.template, codes=one.codes,
            now=now,
        )  # fmt: skip
        return "created"
    if mode == "update":
        before = selectors.record(one.name).version if "/" in one.name and one.name[0] == "8" else 0
        after = identifiers.replace_values(
            actor=actor, name=one.name, values=one.values, codes=one.codes, template=one.template, now=now
        )
        return "updated" if after.version > before else "unchanged"
    identifiers.retire(actor=actor, name=one.name, now=now)
    return "deleted"


def state_of_the_house():
    """Records, codes and public answers, without ids and versions of the feed."""
    rows = Identifier.objects.filter(prefix=PREFIX).order_by("name").values_list(
        "name", "version", "state", "values_text", "codes_text", "template", "action", "reason", "changed_at"
    )
    claims = IdentifierCode.objects.order_by("system", "code").values_list(
        "identifier__name", "system", "code", "primary"
    )
    keys = [*(record_key(f"{PREFIX}/{suffix}") for suffix in SUFFIXES), gs1_key("01/06901234567892")]
    shown = [(row.body, row.headers) if row and row.body else None for row in map(answer, keys)]
    return list(rows), list(claims), shown, registered_under(PREFIX, rows[0][-1])


@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(ITEMS, min_size=1, max_size=4, unique_by=lambda one: one.name),
       mode=st.sampled_from(["create", "update", "delete"]))
def test_a_batch_leaves_what_its_single_verbs_leave(operator, now, items, mode):
    with transaction.atomic():
        for suffix, state in (("b", "active"), ("retired", "active"), ("reserved", "reserved")):
            identifiers.register(
                actor=operator, name=f"{PREFIX}/{suffix}", values=(URL,), state=state, template="1.0", now=now
            )
        identifiers.retire(actor=operator, name=f"{PREFIX}/retired", now=now)
        later = now + timedelta(hours=1)
        told = []
        with transaction.atomic():
            for one in items:
                try:
                    told.append((one_by_one(operator, one, mode, later), None))
                except JialiangError as problem:
                    told.append(("refused", type(problem)))
            by_single_verbs = state_of_the_house()
            transaction.set_rollback(True)
        found = register_many(actor=operator, items=items, mode=mode, now=later)
        for (outcome, kind), one, asked in zip(told, found, items, strict=True):
            if mode != "update" and kind in (errors.IdentifierTaken, errors.IdentifierStateForbids):
                assert one.outcome in ("refused", "unchanged")  # what stands as asked is no refusal in a batch
                stands = selectors.record(asked.name)
                assert one.outcome == "refused" or stands.version in (1, 2)
            else:
                assert (one.outcome, type(one.error) if one.error else None) == (outcome, kind)
        assert state_of_the_house() == by_single_verbs
        transaction.set_rollback(True)


@hypothesis_settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(ITEMS, max_size=5), mode=st.sampled_from(["create", "update", "delete"]))
def test_a_trial_foretells_the_outcomes_and_writes_nothing(operator, now, items, mode):
    with transaction.atomic():
        identifiers.register(actor=operator, name=f"{PREFIX}/b", values=(URL,), codes=(GTIN,), now=now)
        with nothing_changes():
            trial = register_many(actor=operator, items=items, mode=mode, dry_run=True, now=now)
        real = register_many(actor=operator, items=items, mode=mode, now=now)
        assert outcomes(trial) == outcomes(real)
        assert kinds(trial) == kinds(real)
        transaction.set_rollback(True)


# --- each item for itself ----------------------------------------------------------------------------------------


def test_the_same_item_again_fares_as_the_first_did(many):
    there = item("a")
    found = many([item("x", prefix="10.1000"), there, item("x", prefix="10.1000"), there])
    assert outcomes(found) == ["refused", "created", "refused", "unchanged"]
    assert found[2].error is found[0].error
    assert [one.done for one in found] == [False, True, False, True]


@pytest.mark.parametrize("mode", ["update", "delete"])
def test_a_name_that_is_unknown_is_unknown_however_often_it_is_said(many, mode):
    found = many([item("none"), item("NONE"), item("none")], mode=mode)
    assert kinds(found) == [errors.IdentifierUnknown] * 3
    assert not IdentifierBatch.objects.exists()


@pytest.mark.parametrize("state", ["retired", "suspended", "", "Active"])
def test_a_record_begins_in_a_batch_in_no_other_state_than_alone(many, state):
    with nothing_changes():
        found = many([item("a", state=state)])
    assert kinds(found) == [errors.BadFirstState]


def test_a_refused_item_takes_no_code_from_those_after_it(many):
    other = RecordCode("GIAI", "40123459")
    many([item("there", codes=(GTIN,))])
    found = many([item("a", codes=(other, SAME_PLACE)), item("b", codes=(other,))])
    assert outcomes(found) == ["refused", "created"]
    assert selectors.record_by_code("GIAI", "40123459").name == f"{PREFIX}/b"


def test_a_refused_update_takes_no_code_and_leaves_its_record_as_it_was(many):
    other = RecordCode("GIAI", "40123459")
    many([item("there", codes=(GTIN,)), item("a"), item("b")])
    changed = [item("a", HIDDEN, codes=(other, SAME_PLACE)), item("b", codes=(other,))]
    assert outcomes(many(changed, mode="update")) == ["refused", "updated"]
    left = selectors.record(f"{PREFIX}/a")
    assert (left.version, left.codes, [value.index for value in left.record.values]) == (1, (), [1])


def test_an_item_refused_for_its_code_uses_no_room_under_a_quota(world, now):
    add_prefix(world, OWN, quota=3)
    owner = customer(world)
    first = [item("there", prefix=OWN, codes=(GTIN,))]
    assert outcomes(register_many(actor=owner, items=first, mode="create", now=now)) == ["created"]
    rest = [
        item("clash", prefix=OWN, codes=(SAME_PLACE,)),
        item("two", prefix=OWN),
        item("broken", BROKEN, prefix=OWN),
        item("three", prefix=OWN),
        item("four", prefix=OWN),
    ]
    found = register_many(actor=owner, items=rest, mode="create", now=now)
    assert outcomes(found) == ["refused", "created", "refused", "created", "refused"]
    assert kinds(found)[0::2] == [errors.CodeTaken, errors.BadValue, QuotaReached]
    assert registered_under(OWN, now) == 3
    assert found[4].error.facts["used"] == 3


def test_an_item_refused_for_want_of_room_keeps_no_code(world, now):
    add_prefix(world, OWN, quota=1)
    full = [item("one", prefix=OWN), item("two", prefix=OWN, codes=(GTIN,))]
    elsewhere = [item("free", codes=(SAME_PLACE,))]
    actor = world.person("identifier_operator")
    found = register_many(actor=actor, items=[*full, *elsewhere], mode="create", now=now)
    assert outcomes(found) == ["created", "refused", "created"]


def test_sent_again_a_call_uses_no_room_a_second_time(world, now):
    add_prefix(world, OWN, quota=2)
    items = [item("one", prefix=OWN), item("two", prefix=OWN)]
    for expected in ("created", "unchanged"):
        assert outcomes(register_many(actor=customer(world), items=items, mode="create", now=now)) == [expected] * 2


def test_five_thousand_items_may_be_asked_for_and_not_one_more(many):
    items = [item("none")] * MOST_ITEMS
    assert outcomes(many(items, mode="delete")) == ["refused"] * MOST_ITEMS
    with nothing_changes(), pytest.raises(errors.TooManyItems) as refused:
        many([*items, item("none")], mode="delete")
    assert refused.value.facts == {"given": MOST_ITEMS + 1, "limit": MOST_ITEMS}


def test_what_becomes_of_nothing_leaves_neither_batch_nor_record(many):
    many([item("a")])
    with what_is_left() as left:
        assert outcomes(many([item("a"), item("no slash", prefix="")])) == ["unchanged", "refused"]
        assert outcomes(many([item("a")], mode="update")) == ["unchanged"]
    assert (left.audit, left.events) == ([], [])
    assert IdentifierBatch.objects.count() == 1


def test_no_value_is_written_into_the_audit_trail_or_an_event(many):
    secret = replace(HIDDEN, type="HS_SECKEY", data=b"seven bronze measures")
    with what_is_left() as left:
        many([item("a", URL, secret)])
        many([item("a", replace(secret, index=3))], mode="update")
    assert [action for action, _ in left.recorded] == ["identifier.register", "identifier.change"]
    assert "bronze" not in json.dumps([left.recorded, left.told], default=str)


def test_every_mode_is_on_record_under_the_verb_that_it_is(many):
    with what_is_left() as left:
        many([item("a"), item("b")])
        many([item("a", HIDDEN)], mode="update")
        many([item("a"), item("b")], mode="delete")
    assert [(action, detail["counts"]) for action, detail in left.recorded] == [
        ("identifier.register", {"created": 2}),
        ("identifier.change", {"updated": 1}),
        ("identifier.retire", {"deleted": 2}),
    ]
    assert [name for name, _ in left.told] == ["identifier.batch_completed"] * 3
    assert [past.action for past in selectors.history(f"{PREFIX}/a")] == [
        "identifier.retire", "identifier.change", "identifier.register",
    ]  # fmt: skip
    assert len({past.batch_id for past in selectors.history(f"{PREFIX}/a")}) == 3
