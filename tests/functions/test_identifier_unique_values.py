"""A value that a template calls unique stands in one living record of its prefix and template, whoever writes it."""

from __future__ import annotations

import io
from dataclasses import replace
from threading import Barrier, Thread

import pytest
from django.db import connection
from tests.functions.prefix_verbs import ITEMS, add_prefix, add_template, customer, operator
from tests.ledger import build_world
from tests.pictures import nothing_changes

from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifiers import errors, selectors, unique_values
from jialiang.base.identifiers.models import IdentifierValueClaim
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_tables import read_table
from jialiang.functions import identifier_imports, identifier_templates, identifiers
from jialiang.functions import identifier_unique_values as module
from jialiang.functions.identifier_batches import BatchItem, register_many
from jialiang.functions.identifier_imports import import_rows
from jialiang.functions.identifier_template_rules import Templates
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.statuses import IdentifierState

PREFIX = "88.101.5"
SERIAL = ITEMS[0]
A, B, C = f"{PREFIX}/a", f"{PREFIX}/b", f"{PREFIX}/c"
NOTE = HandleValue(7, "NOTE", b"beside the items")


def serial(text, index=SERIAL.index, kind=SERIAL.type):
    return HandleValue(index, kind, text.encode())


def published(world, code="V1", prefix=PREFIX):
    row = add_template(world, code, prefix)
    return identifier_templates.publish(actor=customer(world), template_id=row.id, now=world.now)


@pytest.fixture
def owner(world):
    """Somebody of the dairy, whose prefix has a published template with one unique item."""
    add_prefix(world, "88.101", world.own_id)
    add_prefix(world, PREFIX)
    published(world)
    return customer(world)


@pytest.fixture
def add(owner, now):
    def act(name, text, template="V1", **members):
        values = (serial(text), NOTE)
        return identifiers.register(
            actor=owner, name=name, values=values, template=template, **{"now": now, **members}
        )

    return act


@pytest.fixture
def many(owner, now):
    def act(*pairs, mode="create", actor=owner, template="V1", **members):
        items = [BatchItem(name, (serial(text),), template=template) for name, text in pairs]
        return register_many(actor=actor, items=items, mode=mode, now=now, **members)

    return act


def outcomes(found):
    return [one.outcome for one in found]


def held():
    return sorted(IdentifierValueClaim.objects.values_list("identifier__name", "item_index"))


# --- one by one ----------------------------------------------------------------------------------------------


def test_a_second_record_with_the_value_is_refused_with_the_item_the_value_and_who_has_it(add):
    add(A, "S1")
    with nothing_changes(), pytest.raises(errors.ValueRepeated) as refused:
        add(B, "S1")
    for told in (refused.value.what.zh, refused.value.what.en):
        assert all(part in told for part in ("2000", "S1", A, B))
    assert "出厂编号" in refused.value.what.zh
    assert "Serial number" in refused.value.what.en
    assert refused.value.http_status == 409
    assert "先更正或注销" in refused.value.way_out.zh
    assert "correct or retire" in refused.value.way_out.en
    assert held() == [(A, 2000)]


WAYS = {
    "replace": lambda who, now: identifiers.replace_values(actor=who, name=B, values=(serial("S1"),), now=now),
    "overwrite": lambda who, now: identifiers.register(
        actor=who, name=B, values=(serial("S1"),), overwrite=True, now=now
    ),
    "put": lambda who, now: identifiers.put_values(actor=who, name=B, values=(serial("S1"),), now=now),
    "modify": lambda who, now: identifiers.modify_values(actor=who, name=B, values=(serial("S1"),), now=now),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_change_of_a_record_takes_the_value_of_another(add, owner, now, way):
    add(A, "S1")
    add(B, "S2")
    with nothing_changes(), pytest.raises(errors.ValueRepeated):
        WAYS[way](owner, now)
    assert held() == [(A, 2000), (B, 2000)]


def test_adding_the_value_to_a_record_that_lacks_it_is_refused_too(world, owner, now):
    loose = replace(ITEMS[1], index=2005, type="TAG", data_type=SERIAL.data_type, unique=True)
    row = identifier_templates.change(
        actor=owner, template_id=published(world, "V2").id, changes={}, items=[loose], expected_version=2, now=now
    )[0]
    assert row.version == 3
    tag = serial("T1", 2005, "TAG")
    identifiers.register(actor=owner, name=A, values=(serial("S1"), tag), template="V2", now=now)
    identifiers.register(actor=owner, name=B, values=(serial("S2"),), template="V2", now=now)
    with pytest.raises(errors.ValueRepeated) as refused:
        identifiers.add_values(actor=owner, name=B, values=(tag,), now=now)
    assert refused.value.facts["index"] == 2005


@pytest.mark.parametrize("state", ["reserved", "suspended"])
def test_a_record_that_is_not_resolved_now_keeps_its_values(add, owner, now, state):
    add(A, "S1", state="reserved" if state == "reserved" else "active")
    if state == "suspended":
        identifiers.suspend(actor=owner, name=A, reason="r", now=now)
    with pytest.raises(errors.ValueRepeated):
        add(B, "S1")
    verb = identifiers.activate if state == "reserved" else identifiers.resume
    assert verb(actor=owner, name=A, now=now).state == "active"
    assert held() == [(A, 2000)]


FREEING = {
    "retire": lambda who, now: identifiers.retire(actor=who, name=A, now=now),
    "another value": lambda who, now: identifiers.put_values(actor=who, name=A, values=(serial("S9"),), now=now),
    "another template": lambda who, now: identifiers.replace_values(
        actor=who, name=A, values=(NOTE,), template="", now=now
    ),
    "batch update": lambda who, now: register_many(
        actor=who, items=[BatchItem(A, (serial("S9"),), template="V1")], mode="update", now=now
    ),
    "batch delete": lambda who, now: register_many(actor=who, items=[BatchItem(A)], mode="delete", now=now),
}


@pytest.mark.parametrize("leave", FREEING)
def test_a_value_that_its_record_leaves_is_free_for_another(add, owner, now, leave):
    add(A, "S1")
    FREEING[leave](owner, now)
    add(B, "S1")
    assert (B, 2000) in held()
    assert ((A, 2000) in held()) is (leave in ("another value", "batch update"))


def test_a_change_that_leaves_the_value_keeps_it_and_asks_the_database_nothing_of_it(
    add, owner, now, monkeypatch
):
    add(A, "S1")
    monkeypatch.setattr(module, "move", None)
    monkeypatch.setattr(module, "holders_of_values", None)
    assert identifiers.put_values(actor=owner, name=A, values=(HandleValue(8, "NOTE", b"x"),), now=now).version == 2
    assert held() == [(A, 2000)]


def test_another_template_version_prefix_or_item_is_another_room(world, owner, add, now):
    published(world, "V2")
    add_prefix(world, "88.101.7")
    published(world, "V1", "88.101.7")
    add(A, "S1")
    add(B, "S1", template="V2")
    add("88.101.7/a", "S1")
    add(C, "S1", template="a label that no template here has")
    assert held() == [("88.101.5/a", 2000), ("88.101.5/b", 2000), ("88.101.7/a", 2000)]


def test_the_case_of_prefix_and_template_label_is_read_as_the_house_reads_them(add):
    add(A, "S1")
    with pytest.raises(errors.ValueRepeated):
        add(B, "S1", template=" V1 ")
    add(C, "s1")  # letters of data count


def test_a_withdrawn_template_still_holds_what_was_registered_by_it(world, owner, add, now):
    row = published(world, "V2")
    add(A, "S1", template="V2")
    add(B, "S2", template="V2")
    identifier_templates.withdraw(actor=owner, template_id=row.id, reason="换版", now=now)
    with pytest.raises(errors.ValueRepeated):
        identifiers.put_values(actor=owner, name=B, values=(serial("S1"),), now=now)


def test_what_breaks_the_template_or_is_forbidden_is_told_before_who_has_a_value(world, add, now):
    add(A, "S1")
    with pytest.raises(errors.TemplateBroken):
        identifiers.register(
            actor=customer(world), name=B, values=(serial("S1"), serial("x", 2001, "MADE_ON")), template="V1", now=now
        )


# --- who may be told -----------------------------------------------------------------------------------------


def test_the_holder_is_named_to_who_may_read_the_value_there_and_to_nobody_else(world, owner, now):
    clerk = operator(world)
    add_prefix(world, "88.102", world.own_id)
    facts = TemplateFacts(prefix="88.102", code="V1", name=Text("温度计", "Thermometer"))
    row = identifier_templates.create(actor=clerk, facts=facts, items=ITEMS, now=now)
    identifier_templates.publish(actor=clerk, template_id=row.id, now=now)
    one = identifiers.register(actor=clerk, name="88.102/a", values=(serial("S1"),), template="V1", now=now)
    identifiers.suspend(actor=clerk, name=one.name, reason="r", now=now)
    record = replace(selectors.record("88.102/a"), organization_id=world.mill_id)
    holder = module.Holder(record.id, record.name, record)
    dairy = customer(world)
    assert module._may_be_told(clerk, holder, 2000, Templates())
    assert not module._may_be_told(dairy, holder, 2000, Templates())
    public = replace(holder, record=replace(record, state=IdentifierState.ACTIVE))
    assert module._may_be_told(dairy, public, 2000, Templates())
    assert not module._may_be_told(dairy, public, 2001, Templates())


def test_another_institute_has_values_of_its_own(add, now):
    add(A, "S1")
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id):
        foreign = build_world(other.id, now)
        add_prefix(foreign, "88.109")
        published(foreign, "V1", "88.109")
        done = identifiers.register(
            actor=customer(foreign), name="88.109/a", values=(serial("S1"),), template="V1", now=now
        )
        assert done.template == "V1"
        assert held() == [("88.109/a", 2000)]


# --- many at once --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dry_run", [True, False])
def test_of_two_items_of_a_call_with_one_value_the_first_has_it(many, add, dry_run):
    add(C, "S3")
    found = many((A, "S1"), (B, "S1"), (f"{PREFIX}/d", "S3"), dry_run=dry_run)
    assert outcomes(found) == ["created", "refused", "refused"]
    assert [one.error.facts["holder"] for one in found[1:]] == [A, C]
    assert all(isinstance(one.error, errors.ValueRepeated) for one in found[1:])
    assert held() == ([(C, 2000)] if dry_run else [(A, 2000), (C, 2000)])


def test_sent_again_a_call_finds_its_own_work_done(many):
    assert outcomes(many((A, "S1"), (B, "S2"))) == ["created", "created"]
    assert outcomes(many((A, "S1"), (B, "S2"))) == ["unchanged", "unchanged"]
    assert outcomes(many((A, "S1"), (B, "S2"), mode="update")) == ["unchanged", "unchanged"]


def test_within_a_call_a_value_that_an_earlier_item_leaves_can_be_taken_and_two_cannot_be_swapped(many):
    many((A, "S1"), (B, "S2"))
    assert outcomes(many((A, "S2"), (B, "S1"), mode="update")) == ["refused", "refused"]
    assert outcomes(many((A, "S3"), (B, "S1"), mode="update")) == ["updated", "updated"]
    assert outcomes(many((C, "S2"))) == ["created"]
    assert held() == [(A, 2000), (B, 2000), (C, 2000)]
    assert outcomes(many((A, "S1"), mode="update")) == ["refused"]


def test_an_item_refused_for_its_code_takes_no_value(owner, many, now):
    identifiers.register(actor=owner, name=C, values=(), codes=[RecordCode("GIAI", "40123459")], now=now)
    first = BatchItem(A, (serial("S1"),), (RecordCode("GIAI", "40123459"),), "V1")
    found = register_many(
        actor=owner, items=[first, BatchItem(B, (serial("S1"),), template="V1")], mode="create", now=now
    )
    assert outcomes(found) == ["refused", "created"]
    assert isinstance(found[0].error, errors.CodeTaken)


def test_two_thousand_values_cost_a_query_a_thousand(many, django_assert_max_num_queries):
    pairs = [(f"{PREFIX}/n-{i}", f"S{i}") for i in range(2000)]
    with django_assert_max_num_queries(170):  # 150 without unique values: SQLite takes 999 parameters a statement
        assert set(outcomes(many(*pairs))) == {"created"}
    again = [(f"{PREFIX}/m-{i}", f"S{i}") for i in range(2000)]
    with django_assert_max_num_queries(30):
        found = many(*again)
    assert set(outcomes(found)) == {"refused"}
    assert found[1999].error.facts["holder"] == f"{PREFIX}/n-1999"
    with django_assert_max_num_queries(190):
        moved = many(*((name, f"T{text}") for name, text in pairs), mode="update")
    assert set(outcomes(moved)) == {"updated"}
    assert IdentifierValueClaim.objects.count() == 2000


# --- two writers at once -------------------------------------------------------------------------------------


def late(monkeypatch, calls=1):
    """Let the first looks at who has a value see nothing, as if the other had not committed yet."""
    real, left = module.holders_of_values, [calls]

    def looked(claims):
        left[0] -= 1
        return {} if left[0] >= 0 else real(claims)

    monkeypatch.setattr(module, "holders_of_values", looked)


def test_of_two_who_write_a_value_at_once_the_database_lets_one(add, monkeypatch):
    add(A, "S1")
    late(monkeypatch)
    with pytest.raises(errors.ValueRepeated) as refused:
        add(B, "S1")
    assert refused.value.facts["holder"] == A
    assert held() == [(A, 2000)]


def test_a_batch_that_came_second_looks_again_and_refuses_the_item(many, add, monkeypatch):
    add(A, "S1")
    late(monkeypatch)
    found = many((B, "S1"), (C, "S2"))
    assert outcomes(found) == ["refused", "created"]
    assert held() == [(A, 2000), (C, 2000)]


@pytest.mark.django_db(transaction=True)
def test_threads_that_register_one_value_get_it_once(owner, world):
    start, told = Barrier(3), []

    def write(name):
        with scope(world.tenant_id):
            start.wait()
            try:
                identifiers.register(
                    actor=owner, name=name, values=(serial("S1"),), template="V1", now=world.now
                )
                told.append("registered")
            except errors.ValueRepeated:
                told.append("refused")
            finally:
                connection.close()

    threads = [Thread(target=write, args=(name,)) for name in (A, B, C)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(told) == ["refused", "refused", "registered"]
    assert len(held()) == 1


# --- tables --------------------------------------------------------------------------------------------------


HEAD = "标识,模板,2000:SERIAL"


@pytest.fixture
def imported(owner, now, monkeypatch):
    monkeypatch.setattr(identifier_imports, "AT_ONCE", 2)  # a part is two rows

    def act(*rows, mode="create", dry_run=False, kind="csv", head=HEAD):
        text = "\n".join([head, *(f"{PREFIX}/{row}" for row in rows)] if kind == "csv" else rows)
        read = read_table(io.BytesIO(text.encode()), kind)
        return import_rows(actor=owner, rows=read, mode=mode, dry_run=dry_run, now=lambda: now)

    return act


CASES = {
    "in one part": (("a,V1,S1", "b,V1,S1"), 3, "a"),
    "over parts": (("a,V1,S1", "b,V1,S2", "c,V1,S3", "d,V1,S1"), 5, "a"),
    "with what is stored": (("a,V1,S1", "b,V1,S0"), 3, "there"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_repeat_is_told_below_its_row_and_column_by_trial_and_import_alike(imported, add, case):
    rows, number, holder = CASES[case]
    add(f"{PREFIX}/there", "S0")
    with nothing_changes():
        trial = imported(*rows, dry_run=True)
    real = imported(*rows)
    assert trial.faults == real.faults
    assert trial.counts == real.counts
    (fault,) = real.faults
    assert (fault.row, fault.column) == (number, "2000:SERIAL")
    assert f"{PREFIX}/{holder}" in fault.reason.zh
    assert f"{PREFIX}/{holder}" in fault.reason.en
    assert "更正或注销" in fault.remedy.zh


def test_a_trial_of_changes_knows_what_earlier_parts_leave(imported):
    imported("a,V1,S1", "b,V1,S2", "c,V1,S3")
    rows = ("a,V1,S9", "b,V1,S2", "c,V1,S1")
    trial = imported(*rows, mode="update", dry_run=True)
    real = imported(*rows, mode="update")
    assert trial.holds
    assert trial.counts == real.counts == {"updated": 2, "unchanged": 1}


def test_lines_of_json_are_told_by_the_index_of_the_item(imported):
    line = '{{"handle": "{0}", "template": "V1", "values": [{{"index": 2000, "type": "SERIAL", "data": "S1"}}]}}'
    report = imported(line.format(A), line.format(B), kind="ndjson", dry_run=True)
    assert [(fault.row, fault.column) for fault in report.faults] == [(2, "2000")]


def test_what_a_trial_remembers_has_an_end(imported, monkeypatch):
    monkeypatch.setattr(module, "MOST_REMEMBERED", 1)
    rows = ("a,V1,S1", "b,V1,S2", "c,V1,S1", "d,V1,S2")
    assert [fault.row for fault in imported(*rows, dry_run=True).faults] == [4]
    assert [fault.row for fault in imported(*rows).faults] == [4, 5]


def test_move_takes_in_one_order_whatever_it_is_given(add, monkeypatch):
    add(A, "S1")
    add(B, "S2")
    written = []
    monkeypatch.setattr(
        unique_values.IdentifierValueClaim.objects, "bulk_create",
        lambda rows, batch_size: written.append([row.digest for row in rows]),
    )  # fmt: skip
    row = selectors.record(A)
    claims = [unique_values.ValueClaim("s", letter, 2000) for letter in "cab"]
    unique_values.move([unique_values.Moved(row.id, frozenset(), tuple(claims))], row.created_at)
    assert written == [["a", "b", "c"]]
