"""The audit trail: complete, in order, chained, and refused by the database to whoever would change it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, connections, models, transaction

from jialiang.kernel.text import Text
from jialiang.security.actor import Actor, system_actor
from jialiang.security.audit import triggers
from jialiang.security.audit.chain import record_hash
from jialiang.security.audit.errors import ForeignActor
from jialiang.security.audit.models import AuditHead, AuditRecord
from jialiang.security.audit.selectors import ChainProblem, history, page, verify_chain
from jialiang.security.audit.services import record, subject_type
from jialiang.security.tenancy.errors import NoTenantInScope
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant


def clerk(tenant: Tenant) -> Actor:
    name = Text(zh="李四", en="Li Si")
    return Actor(UUID(int=7), tenant.id, name, frozenset({"receptionist"}), None, "console")


def write(tenant: Tenant, now: datetime, count: int) -> list[AuditRecord]:
    return [
        record(clerk(tenant), "instrument.change", tenant, now + timedelta(seconds=n), step=n)
        for n in range(count)
    ]


@contextmanager
def triggers_off() -> Iterator[None]:
    """Be the intruder who has the rights of the database's owner."""
    with connection.schema_editor() as editor:
        triggers.drop(editor)
    yield
    with connection.schema_editor() as editor:
        triggers.create(editor)


def test_a_record_says_who_did_what_to_what_when_and_by_which_door(in_tenant: Tenant, now: datetime) -> None:
    record(clerk(in_tenant), "instrument.change", in_tenant, now, reason="型号有误", old="A", new="B")
    row = AuditRecord.objects.get()
    assert (row.seq, row.at, row.actor_id, row.door) == (1, now, UUID(int=7), "console")
    assert row.actor_name == Text(zh="李四", en="Li Si")
    assert (row.action, row.subject_type, row.subject_id) == (
        "instrument.change",
        "tenant",
        str(in_tenant.id),
    )
    assert row.detail == {"reason": "型号有误", "old": "A", "new": "B"}
    assert row.previous_hash == "0" * 64
    assert len(row.hash) == 64


def test_details_of_every_kind_are_kept_as_json_and_verify_after_reading_back(
    in_tenant: Tenant, now: datetime
) -> None:
    record(
        clerk(in_tenant),
        "calibration.record",
        in_tenant,
        now,
        number=Decimal("10.000"),
        day=date(2026, 6, 16),
        at=now,
        who=UUID(int=1),
        name=Text(zh="温度计", en="thermometer"),
        several=("a", 1, None, True),
        nested={"z": {"a": "嘉量"}, "b": []},
    )
    detail = AuditRecord.objects.get().detail
    assert detail["number"] == "10.000"
    assert detail["at"] == "2026-06-16T07:47:30.000000+00:00"
    assert detail["several"] == ["a", 1, None, True]
    assert verify_chain(in_tenant.id) == []


@pytest.mark.parametrize("wrong", [1.5, b"bytes", object(), datetime(2026, 1, 1)])  # noqa: DTZ001 naive on purpose
def test_a_detail_without_one_exact_text_is_refused_and_nothing_is_written(
    wrong: object, in_tenant: Tenant, now: datetime
) -> None:
    with pytest.raises(TypeError), transaction.atomic():
        record(clerk(in_tenant), "instrument.change", in_tenant, now, wrong=wrong)
    assert AuditRecord.objects.count() == 0
    assert verify_chain(in_tenant.id) == []


def test_each_record_continues_the_one_before(in_tenant: Tenant, now: datetime) -> None:
    rows = write(in_tenant, now, 5)
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    assert verify_chain(in_tenant.id) == []


def test_the_record_of_a_change_that_is_rolled_back_never_was(in_tenant: Tenant, now: datetime) -> None:
    write(in_tenant, now, 2)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(in_tenant, now, 1)
        _ = 1 / 0
    assert [row.seq for row in write(in_tenant, now, 1)] == [3]
    assert verify_chain(in_tenant.id) == []


def test_institutes_have_chains_of_their_own(in_tenant: Tenant, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    write(in_tenant, now, 3)
    with scope(other.id):
        assert write(other, now, 1)[0].seq == 1
        assert len(page()) == 1
    assert verify_chain(other.id) == []
    assert verify_chain(in_tenant.id) == []


def test_an_act_is_recorded_in_the_actors_own_institute_only(in_tenant: Tenant, now: datetime) -> None:
    stranger = system_actor(uuid4(), Text(zh="工作进程", en="Worker"), "worker")
    with pytest.raises(ForeignActor):
        record(stranger, "certificate.finish", in_tenant, now)
    with scope(uuid4()), pytest.raises(ForeignActor):
        record(clerk(in_tenant), "certificate.finish", in_tenant, now)


def test_nothing_is_recorded_outside_a_scope(tenant: Tenant, now: datetime) -> None:
    with pytest.raises(NoTenantInScope):
        record(clerk(tenant), "instrument.change", tenant, now)


def test_the_history_of_a_thing_is_in_order_and_its_own(in_tenant: Tenant, now: datetime) -> None:
    write(in_tenant, now, 3)
    other = create_tenant(slug="other-institute", name=Text(zh="另一计量院"), now=now)
    record(clerk(in_tenant), "tenant.export", other, now)
    assert [row.seq for row in history("tenant", in_tenant.id)] == [1, 2, 3]
    assert [row.action for row in history("tenant", str(other.id))] == ["tenant.export"]
    assert history("certificate", in_tenant.id) == []


def test_pages_go_back_in_time_without_repeating_or_leaving_out(in_tenant: Tenant, now: datetime) -> None:
    write(in_tenant, now, 7)
    seen: list[int] = []
    before = None
    while batch := page(before=before, limit=3):
        seen += [row.seq for row in batch]
        before = batch[-1].seq
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert page(action="nothing.done") == []
    assert len(page(actor_id=UUID(int=7))) == 7
    assert page(actor_id=UUID(int=8)) == []


def test_the_noun_of_a_subject_is_written_as_in_the_tree() -> None:
    class MeasurementStandard(models.Model):
        class Meta:
            app_label = "security_audit"
            managed = False
            abstract = True

    assert subject_type(MeasurementStandard) == "measurement_standard"
    assert subject_type(Tenant) == "tenant"


@pytest.mark.parametrize("deed", ["update", "queryset", "delete", "sql_update", "sql_delete"])
def test_the_database_refuses_to_change_or_delete_a_record(
    deed: str, in_tenant: Tenant, now: datetime
) -> None:
    row = write(in_tenant, now, 1)[0]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if deed == "update":
            row.action = "nothing.done"
            row.save()
        elif deed == "queryset":
            AuditRecord.objects.update(door="cli")
        elif deed == "delete":
            row.delete()
        else:
            with connection.cursor() as cursor:
                verb = "UPDATE {} SET seq = 9" if deed == "sql_update" else "DELETE FROM {}"
                cursor.execute(verb.format(triggers.TABLE))
    assert AuditRecord.objects.get().action == "instrument.change"


def test_postgresql_refuses_to_truncate_the_trail(in_tenant: Tenant, now: datetime) -> None:
    write(in_tenant, now, 1)
    if connection.vendor == "postgresql":
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {triggers.TABLE}")
    assert AuditRecord.objects.count() == 1


COLUMNS = {
    "at": datetime(2020, 1, 1, tzinfo=UTC),
    "actor_id": UUID(int=8),
    "actor_name_zh": "王五",
    "actor_name_en": "Wang Wu",
    "door": "api",
    "action": "instrument.read",
    "subject_type": "person",
    "subject_id": "x",
    "detail": {"step": 99},
    "hash": "f" * 64,
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_whoever_gets_around_the_triggers_is_found_out_by_the_chain(
    column: str, in_tenant: Tenant, now: datetime
) -> None:
    write(in_tenant, now, 4)
    with triggers_off():
        AuditRecord.objects.filter(seq=2).update(**{column: COLUMNS[column]})
    assert ChainProblem(2, "altered") in verify_chain(in_tenant.id)


@pytest.mark.django_db(transaction=True)
def test_a_record_taken_out_or_cut_off_is_missed(in_tenant: Tenant, now: datetime) -> None:
    write(in_tenant, now, 6)
    with triggers_off():
        AuditRecord.objects.filter(seq=3).delete()
    assert verify_chain(in_tenant.id) == [ChainProblem(3, "missing")]
    with triggers_off():
        AuditRecord.objects.filter(seq=6).delete()
    assert verify_chain(in_tenant.id) == [ChainProblem(3, "missing"), ChainProblem(6, "cut")]


@pytest.mark.django_db(transaction=True)
def test_an_intruder_who_recomputes_one_hash_breaks_the_link_to_the_next(
    in_tenant: Tenant, now: datetime
) -> None:
    write(in_tenant, now, 4)
    with triggers_off():
        row = AuditRecord.objects.get(seq=2)
        row.action = "nothing.done"
        row.hash = record_hash(row)
        row.save()
    assert verify_chain(in_tenant.id) == [ChainProblem(3, "unlinked")]


def test_emptying_the_whole_trail_is_noticed_by_the_head(in_tenant: Tenant, now: datetime) -> None:
    assert verify_chain(in_tenant.id) == []
    AuditHead.objects.create(tenant=in_tenant, seq=12, hash="a" * 64)
    assert verify_chain(in_tenant.id) == [ChainProblem(1, "cut")]


@pytest.mark.django_db(transaction=True)
def test_many_threads_at_once_append_one_unbroken_chain(in_tenant: Tenant, now: datetime) -> None:
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with scope(in_tenant.id):
                for step in range(10):
                    with transaction.atomic():
                        record(
                            clerk(in_tenant), "instrument.change", in_tenant, now, worker=number, step=step
                        )
        except BaseException as problem:  # noqa: BLE001 the thread's failure is the test's
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert AuditRecord.objects.count() == 40
    assert verify_chain(in_tenant.id) == []
