"""Many records by one call: each item has its own outcome, sent again it changes nothing, and it is quick enough."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.ledger import build_world

from jialiang.base.identifiers import batch_services, errors, selectors
from jialiang.base.identifiers.counting import registered_under
from jialiang.base.identifiers.models import Identifier, IdentifierBatch, IdentifierVersion
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.names import BadHandle
from jialiang.formats.handle.published import record_key
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers
from jialiang.functions.identifier_batches import MOST_ITEMS, BatchItem, register_many
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.publication.selectors import answer, latest_version
from jialiang.kernel.text import Text
from jialiang.security.audit.models import AuditRecord
from jialiang.security.policy import NotAuthorized, NotOwnOrganization
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

PREFIX = settings.JIALIANG.identifier_prefix


def item(suffix, url="https://example.org/1", **members):
    return BatchItem(f"{PREFIX}/{suffix}", (HandleValue(1, "URL", url.encode()),), **members)


def outcomes(found):
    return [one.outcome for one in found]


@pytest.fixture
def operator(world):
    return world.person("identifier_operator")


@pytest.fixture
def many(operator, now):
    def act(items, mode="create", at=now, **members):
        return register_many(actor=operator, items=items, mode=mode, now=at, **members)

    return act


def test_two_thousand_records_are_created_by_one_call_in_a_bounded_number_of_queries(
    many, now, django_assert_max_num_queries
):
    # SQLite takes 250 000 parameters a statement, yet Django writes at most 999: hence the parts
    with django_assert_max_num_queries(150):
        found = many([item(f"n-{i}") for i in range(2000)])
    assert outcomes(found) == ["created"] * 2000
    assert Identifier.objects.filter(prefix=PREFIX).count() == registered_under(PREFIX, now)
    assert answer(record_key(f"{PREFIX}/n-1999")) is not None


def test_sent_again_a_call_finds_its_own_work_done(many, now):
    items = [item("a"), item("b", codes=(RecordCode("GIAI", "40123459"),))]
    assert outcomes(many(items)) == ["created", "created"]
    version = latest_version()
    assert outcomes(many(items, at=now + timedelta(days=1))) == ["unchanged", "unchanged"]
    assert latest_version() == version
    assert IdentifierBatch.objects.count() == 1
    assert AuditRecord.objects.filter(subject_type="identifier_batch").count() == 1


def test_each_item_has_its_own_outcome_and_none_undoes_another(many, operator, now):
    identifiers.register(actor=operator, name=f"{PREFIX}/there", values=(), now=now)
    broken = BatchItem(f"{PREFIX}/broken", (HandleValue(1, "", b""),))
    found = many([item("a"), item("there"), item("no\nname"), broken, BatchItem("10.1/x"), item("b")])
    assert outcomes(found) == ["created", "refused", "refused", "refused", "refused", "created"]
    kinds = [type(one.error) for one in found]
    assert kinds == [type(None), errors.IdentifierTaken, BadHandle, errors.BadValue, errors.PrefixForbids, type(None)]
    assert [one.place for one in found] == list(range(6))
    assert selectors.is_taken(f"{PREFIX}/b")
    assert not selectors.is_taken(f"{PREFIX}/broken")


def test_a_name_twice_in_a_call_counts_once_and_with_other_contents_is_refused(many):
    found = many([item("a"), item("A"), item("a", "https://example.org/2")])
    assert outcomes(found) == ["created", "unchanged", "refused"]
    assert isinstance(found[2].error, errors.GivenTwice)
    assert found[2].error.facts["place"] == 1


def test_a_code_twice_in_a_call_is_refused_the_second_time(many):
    code = RecordCode("GIAI", "40123459")
    found = many([item("a", codes=(code,)), item("b", codes=(code,)), item("c")])
    assert outcomes(found) == ["created", "refused", "created"]
    assert isinstance(found[1].error, errors.CodeTaken)
    assert outcomes(many([item("d", codes=(code,))])) == ["refused"]


def test_records_are_updated_and_what_they_were_is_kept(many, now):
    many([item("a"), item("b")])
    later = now + timedelta(hours=1)
    found = many([item("a", "https://example.org/2"), item("b"), item("c")], mode="update", at=later)
    assert outcomes(found) == ["updated", "unchanged", "refused"]
    assert isinstance(found[2].error, errors.IdentifierUnknown)
    versions = selectors.history(f"{PREFIX}/a")
    assert [one.record.record.values[0].data for one in versions] == [b"https://example.org/2", b"https://example.org/1"]
    assert [one.record.changed_at for one in versions] == [later, now]
    assert b"example.org/2" in answer(record_key(f"{PREFIX}/a")).body
    batch = IdentifierBatch.objects.get(mode="update")
    assert versions[0].batch_id == batch.id
    assert batch.counts == {"updated": 1, "unchanged": 1, "refused": 1}


def test_an_update_moves_codes_and_frees_those_that_it_leaves_out(many):
    code = RecordCode("GIAI", "40123459", primary=True)
    many([item("a", codes=(code,)), item("b")])
    assert outcomes(many([item("a")], mode="update")) == ["updated"]
    assert outcomes(many([item("b", codes=(code,))], mode="update")) == ["updated"]
    assert selectors.record_by_code("GIAI", "40123459").name == f"{PREFIX}/b"


def test_deleting_retires_for_good_and_is_idempotent(many, operator, now):
    many([item("a", codes=(RecordCode("GIAI", "40123459"),)), item("b")])
    found = many([BatchItem(f"{PREFIX}/a"), BatchItem(f"{PREFIX}/A"), BatchItem(f"{PREFIX}/none")], mode="delete")
    assert outcomes(found) == ["deleted", "unchanged", "refused"]
    assert outcomes(many([BatchItem(f"{PREFIX}/a")], mode="delete")) == ["unchanged"]
    assert outcomes(many([item("a")])) == ["refused"]
    assert answer(record_key(f"{PREFIX}/a")).headers[":status"] == "410"
    assert selectors.record_by_code("GIAI", "40123459") is None


def test_a_dry_run_says_what_would_become_and_writes_nothing(many):
    many([item("there")])
    before = latest_version()
    found = many([item("a"), item("there"), item("there", "https://example.org/9")], dry_run=True)
    assert outcomes(found) == ["created", "unchanged", "refused"]
    assert not selectors.is_taken(f"{PREFIX}/a")
    assert latest_version() == before
    assert IdentifierBatch.objects.count() == 1


def test_the_call_is_on_record_once_with_the_numbers_of_its_outcomes(many):
    many([item("a"), item("b"), item("a\n")])
    entry = AuditRecord.objects.get(subject_type="identifier_batch")
    assert entry.action == "identifier.register"
    assert entry.detail["counts"] == {"created": 2, "refused": 1}
    assert len(entry.detail["items_sha256"]) == 64
    event = OutboxEvent.objects.get(name="identifier.batch_completed")
    assert event.data == {"mode": "create", "counts": {"created": 2, "refused": 1}}


def test_reserved_records_are_created_without_being_published(many):
    many([item("a", state="reserved")])
    assert answer(record_key(f"{PREFIX}/a")) is None


def test_too_many_items_and_unknown_modes_are_refused_whole(many):
    with pytest.raises(errors.TooManyItems):
        many([item(str(i)) for i in range(MOST_ITEMS + 1)])
    with pytest.raises(errors.UnknownMode):
        many([item("a")], mode="upsert")
    assert many([]) == []


def test_who_may_not_register_is_refused_before_any_item(world, many, now):
    with pytest.raises(NotAuthorized):
        register_many(actor=world.person("auditor"), items=[item("a")], mode="create", now=now)
    customer = world.person("customer", organization_id=world.dairy_id)
    found = register_many(actor=customer, items=[item("a")], mode="create", now=now)
    assert isinstance(found[0].error, NotOwnOrganization)
    many([item("b")])
    for mode in ("update", "delete"):
        found = register_many(actor=customer, items=[item("b", "https://x")], mode=mode, now=now)
        assert isinstance(found[0].error, NotOwnOrganization)


def test_another_institute_s_records_are_taken_for_creating_and_unknown_for_the_rest(many, operator, now):
    many([item("a")])
    other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    foreign = replace(operator, tenant_id=other.id)
    with scope(other.id):
        build_world(other.id, now)  # with its own row of the shared prefix
        created = register_many(actor=foreign, items=[item("a")], mode="create", now=now)
        assert isinstance(created[0].error, errors.IdentifierTaken)
        for mode in ("update", "delete"):
            found = register_many(actor=foreign, items=[item("a", "https://x")], mode=mode, now=now)
            assert isinstance(found[0].error, errors.IdentifierUnknown)


def test_when_somebody_was_quicker_the_call_looks_again(many, operator, now, monkeypatch):
    insert, calls = batch_services.insert, []

    def overtaken(rows, moment):
        calls.append(len(rows))
        if len(calls) == 1:
            raise IntegrityError("a unique index")
        insert(rows, moment)

    monkeypatch.setattr(batch_services, "insert", overtaken)
    assert outcomes(many([item("a"), item("b")])) == ["created", "created"]
    assert calls == [2, 2]
    assert Identifier.objects.filter(digest__in=[row.digest for row in Identifier.objects.all()]).count() >= 2


MODES = st.sampled_from(["create", "update", "delete"])
WANTED = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("12")), max_size=4)
STEPS = st.lists(st.tuples(MODES, WANTED), max_size=5)


@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_versions_history_and_published_answers_always_agree(many, now, steps):
    IdentifierVersion.objects.all()._raw_delete("default")
    Identifier.objects.filter(subject_id=None)._raw_delete("default")
    for hours, (mode, wanted) in enumerate(steps):
        many([item(name, f"https://example.org/{page}") for name, page in wanted], mode, now + timedelta(hours=hours))
    for row in Identifier.objects.filter(subject_id=None):
        history = selectors.history(row.name)
        assert [one.record.version for one in history] == list(range(row.version, 0, -1))
        moments = [one.record.changed_at for one in history]
        assert moments == sorted(moments, reverse=True)
        shown = answer(record_key(row.name))
        if row.state == "retired":
            assert shown.headers[":status"] == "410"
        else:
            assert history[0].record.record.values[0].data in shown.body
