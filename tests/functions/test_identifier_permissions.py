"""Who may do what to a record: every verb by every role, on the own record, another's, and another institute's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from tests.functions.prefix_verbs import add_prefix
from tests.ledger import ROLES, build_world
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.identifiers import errors, selectors
from jialiang.base.identifiers.models import LONGEST_REASON
from jialiang.base.prefixes.selectors import prefix_of
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers, prefixes
from jialiang.functions.deed import ForeignTenant
from jialiang.functions.identifier_batches import BatchItem
from jialiang.kernel.text import Text
from jialiang.security.policy import NotAuthorized, NotOwnOrganization
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

OWN, SHARED = "88.101.5", settings.JIALIANG.identifier_prefix
URL = HandleValue(1, "URL", b"https://example.org/1")
MOVED = HandleValue(1, "URL", b"https://example.org/2")
NOTE = HandleValue(2, "NOTE", b"for administrators", permissions=0b1100)
EVERYWHERE = {"identifier_operator", "instrument_manager", "receptionist"}
VERBS = {
    "register": lambda who, name, now: identifiers.register(actor=who, name=f"{name}-new", values=(), now=now),
    "overwrite": lambda who, name, now: identifiers.register(
        actor=who, name=name, values=(MOVED,), overwrite=True, now=now
    ),
    "replace": lambda who, name, now: identifiers.replace_values(actor=who, name=name, values=(MOVED,), now=now),
    "put": lambda who, name, now: identifiers.put_values(actor=who, name=name, values=(MOVED,), now=now),
    "add": lambda who, name, now: identifiers.add_values(
        actor=who, name=name, values=(replace(MOVED, index=9),), now=now
    ),
    "modify": lambda who, name, now: identifiers.modify_values(actor=who, name=name, values=(MOVED,), now=now),
    "remove": lambda who, name, now: identifiers.remove_values(actor=who, name=name, indexes=(1,), now=now),
    "suspend": lambda who, name, now: identifiers.suspend(actor=who, name=name, reason="r", now=now),
    "retire": lambda who, name, now: identifiers.retire(actor=who, name=name, now=now),
    "mint": lambda who, name, now: identifiers.minted_name(actor=who, prefix=name.partition("/")[0], now=now),
    "past": lambda who, name, now: identifiers.resolve_identifier(
        actor=who, name=name, at=now - timedelta(seconds=1), now=now
    ),
}
READS = {"past"}
BY_STATE = {
    "reserved": {"activate", "retire", "put"},
    "active": {"suspend", "retire", "put"},
    "suspended": {"resume", "retire", "put"},
    "retired": set(),
}
MOVES = {
    "activate": lambda who, name, now: identifiers.activate(actor=who, name=name, now=now),
    "suspend": VERBS["suspend"],
    "resume": lambda who, name, now: identifiers.resume(actor=who, name=name, now=now),
    "retire": VERBS["retire"],
    "put": VERBS["put"],
}


@pytest.fixture
def names(world):
    """A record of the dairy, one of the mill, and one of the institute itself."""
    add_prefix(world, OWN)
    add_prefix(world, "88.102.1", world.mill_id)
    operator = world.person("identifier_operator")
    named = {"own": f"{OWN}/1", "another's": "88.102.1/1", "the institute's": f"{SHARED}/own-1"}
    for name in named.values():
        identifiers.register(
            actor=operator, name=name, values=(URL, NOTE), now=world.now - timedelta(hours=1)
        )
    return named


@pytest.mark.parametrize("verb", VERBS)
def test_staff_with_the_right_may_on_every_record_and_nobody_else_of_the_house_on_any(world, names, verb):
    with nothing_changes():
        for role in sorted(set(ROLES) - {"customer"} - (set(ROLES) if verb in READS else EVERYWHERE)):
            with pytest.raises(NotAuthorized):
                VERBS[verb](world.person(role), names["own"], world.now)
    for place, role in enumerate(sorted(EVERYWHERE)):
        name = sorted(names.values())[place]
        assert VERBS[verb](world.person(role), name, world.now)


@pytest.mark.parametrize("verb", VERBS)
def test_a_customer_may_on_the_own_record_and_on_no_other(world, names, verb):
    customer = world.person("customer", organization_id=world.dairy_id)
    with nothing_changes():
        for whose in ("another's", "the institute's"):
            with pytest.raises(NotOwnOrganization):
                VERBS[verb](customer, names[whose], world.now)
    assert VERBS[verb](customer, names["own"], world.now)


@pytest.mark.parametrize("verb", sorted(set(VERBS) - READS))
def test_a_customer_without_organization_and_a_stranger_may_nothing(world, names, verb):
    with nothing_changes():
        for person, refusal in ((world.person("customer"), NotOwnOrganization), (world.person(), NotAuthorized)):
            for name in names.values():
                with pytest.raises(refusal):
                    VERBS[verb](person, name, world.now)


@pytest.mark.parametrize("verb", sorted(set(VERBS) - READS))
def test_in_another_institute_s_scope_nothing_is_done_whoever_asks(world, names, verb):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        foreign = build_world(other.id, world.now)
        refused = errors.PrefixForbids if verb in ("register", "overwrite", "mint") else errors.IdentifierUnknown
        with nothing_changes():
            with pytest.raises(ForeignTenant):
                VERBS[verb](world.person("identifier_operator"), names["own"], world.now)
            with pytest.raises(refused):
                VERBS[verb](foreign.person("identifier_operator"), names["own"], world.now)


@pytest.mark.parametrize(
    ("who", "whose", "seen"),
    [
        ("customer", "own", [1, 2]),
        ("customer", "another's", [1]),
        ("customer", "the institute's", [1]),
        ("auditor", "own", [1, 2]),
        ("regulator", "the institute's", [1, 2]),
        ("", "own", [1]),
        ("", "the institute's", [1]),
    ],
)
def test_who_reads_more_than_everyone(world, names, who, whose, seen):
    person = world.person(*filter(None, [who]), organization_id=world.dairy_id if who == "customer" else None)
    found = identifiers.resolve_identifier(actor=person, name=names[whose], now=world.now)
    assert [value.index for value in found.record.values] == seen


@pytest.mark.parametrize("state", BY_STATE)
@pytest.mark.parametrize("move", MOVES)
def test_each_state_lets_its_own_deeds_pass_and_names_them_to_all_others(world, names, state, move):
    operator, name = world.person("identifier_operator"), f"{OWN}/state"
    first = "reserved" if state == "reserved" else "active"
    identifiers.register(actor=operator, name=name, values=(URL,), state=first, now=world.now)
    if state in ("suspended", "retired"):
        MOVES[{"suspended": "suspend", "retired": "retire"}[state]](operator, name, world.now)
    if move in BY_STATE[state]:
        version = selectors.record(name).version
        with what_is_left() as left:
            assert MOVES[move](operator, name, world.now).version == version + 1
        assert len(left.audit) == len(left.events) == 1
        assert left.events[0].data["version"] == version + 1
        return
    with nothing_changes(), pytest.raises(errors.IdentifierStateForbids) as refused:
        MOVES[move](operator, name, world.now)
    assert refused.value.facts["identifier"] == name
    assert refused.value.facts["allowed"].zh
    assert refused.value.facts["allowed"].en


@pytest.mark.parametrize(
    ("reason", "kept"),
    [("召回", "召回"), (" 召回 \n 两次 ", "召回 两次"), ("长" * LONGEST_REASON, "长" * LONGEST_REASON)],
)
def test_a_reason_is_kept_as_one_line(world, names, reason, kept):
    operator = world.person("identifier_operator")
    identifiers.suspend(actor=operator, name=names["own"], reason=reason, now=world.now)
    assert selectors.history(names["own"])[0].reason == kept


@pytest.mark.parametrize("reason", ["", " \n\t", "长" * (LONGEST_REASON + 1), "a\x00b"])
def test_suspending_without_a_reason_that_a_column_holds_changes_nothing(world, names, reason):
    with nothing_changes(), pytest.raises(errors.ReasonMissing) as refused:
        identifiers.suspend(
            actor=world.person("identifier_operator"), name=names["own"], reason=reason, now=world.now
        )
    assert refused.value.facts["limit"] == LONGEST_REASON


@pytest.mark.parametrize("held", ["suspended", "withdrawn"])
@pytest.mark.parametrize("verb", sorted(set(VERBS) - READS))
def test_under_a_prefix_out_of_force_not_even_the_operator_writes(world, names, verb, held):
    operator = world.person("identifier_operator")
    row = prefix_of(OWN)
    deed = {"suspended": prefixes.suspend, "withdrawn": prefixes.withdraw}[held]
    deed(actor=operator, prefix_id=row.id, reason="欠费", now=world.now)
    with nothing_changes(), pytest.raises(errors.PrefixForbids):
        VERBS[verb](operator, names["own"], world.now)
    assert VERBS["put"](operator, names["another's"], world.now).version == 2


def test_a_customer_s_batch_writes_the_own_records_and_refuses_the_others_one_by_one(world, names):
    customer = world.person("customer", organization_id=world.dairy_id)
    for mode, done in (("update", "updated"), ("delete", "deleted")):
        items = [BatchItem(name, (MOVED,)) for name in names.values()]
        found = identifiers.register_many(actor=customer, items=items, mode=mode, now=world.now)
        assert [one.outcome for one in found] == [done, "refused", "refused"]
        assert {type(one.error) for one in found[1:]} == {NotOwnOrganization}
    assert selectors.record(names["another's"]).version == 1
