"""Each way of tampering with the trail and exactly what the check says of it: which record, which fault."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.db import connection

from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor, system_actor
from jialiang.security.audit import selectors, triggers
from jialiang.security.audit.chain import COVERED, GENESIS, record_hash
from jialiang.security.audit.errors import ForeignActor
from jialiang.security.audit.models import AuditHead, AuditRecord
from jialiang.security.audit.selectors import ChainProblem, verify_chain
from jialiang.security.audit.services import record
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

LENGTH = 5
SECOND = timedelta(seconds=1)


def clerk(tenant: Tenant) -> Actor:
    return Actor(UUID(int=7), tenant.id, Text("李四", "Li Si"), frozenset({"receptionist"}), None, "console")


@pytest.fixture
def trail(in_tenant: Tenant, now: datetime) -> Iterator[Tenant]:
    """Five acts, and nothing that keeps an intruder from changing them."""
    for n in range(LENGTH):
        record(clerk(in_tenant), "instrument.change", in_tenant, now + n * SECOND, step=n)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [triggers.TABLE]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {triggers.TABLE} DISABLE TRIGGER USER")
    yield in_tenant


def at(seq: int) -> AuditRecord:
    return AuditRecord.objects.get(seq=seq)


def change(seq: int, /, **columns: object) -> None:
    AuditRecord.objects.filter(seq=seq).update(**columns)


def take_out(*seqs: int) -> None:
    AuditRecord.objects.filter(seq__in=seqs).delete()


def rehash(seq: int) -> None:
    """Give a record the hash that fits what it says now."""
    row = at(seq)
    change(seq, hash=record_hash(row))


def relink(first: int) -> None:
    """Compute every hash and link from a record on, as a thorough intruder would."""
    rows = list(AuditRecord.objects.order_by("seq"))
    for before, row in pairwise(rows):
        if row.seq >= first:
            before.refresh_from_db()
            change(row.seq, previous_hash=before.hash)
            rehash(row.seq)


def swap(one: int, other: int) -> None:
    first, second = at(one), at(other)
    change(one, seq=-1)
    AuditRecord.objects.filter(pk=second.pk).update(seq=one)
    AuditRecord.objects.filter(pk=first.pk).update(seq=other)


def forge_head(tenant: Tenant) -> None:
    last = AuditRecord.objects.order_by("-seq").first()
    AuditHead.objects.filter(pk=tenant.pk).update(
        seq=last.seq if last else 0, hash=last.hash if last else GENESIS
    )


Tampering = Callable[[Tenant], object]
CASES: dict[str, tuple[Tampering, list[tuple[int, str]]]] = {
    "nothing": (lambda t: None, []),
    # one record says something else
    "an action changed": (lambda t: change(3, action="instrument.retire"), [(3, "altered")]),
    "a time changed": (lambda t: change(3, at=datetime(2020, 1, 1, tzinfo=UTC)), [(3, "altered")]),
    "a person exchanged": (lambda t: change(3, actor_id=UUID(int=8)), [(3, "altered")]),
    "a name changed": (lambda t: change(3, actor_name_zh="王五"), [(3, "altered")]),
    "a detail changed": (lambda t: change(3, detail={"step": 99}), [(3, "altered")]),
    "a detail of another type": (lambda t: change(3, detail={"step": "2"}), [(3, "altered")]),
    "a detail added": (lambda t: change(3, detail={"step": 2, "more": ""}), [(3, "altered")]),
    "the door changed": (lambda t: change(3, door="api"), [(3, "altered")]),
    "an id exchanged": (lambda t: change(3, id=UUID(int=9)), [(3, "altered")]),
    "a hash replaced": (lambda t: change(3, hash="0" * 64), [(3, "altered"), (4, "unlinked")]),
    "the last hash replaced": (lambda t: change(5, hash="0" * 64), [(5, "altered"), (6, "cut")]),
    "a link replaced": (lambda t: change(3, previous_hash="0" * 64), [(3, "unlinked"), (3, "altered")]),
    "the first link replaced": (lambda t: change(1, previous_hash="1" * 64), [(1, "unlinked"), (1, "altered")]),
    # with its own hash made to fit
    "changed and hashed anew": (lambda t: (change(3, action="x"), rehash(3)), [(4, "unlinked")]),
    "the last changed and hashed anew": (lambda t: (change(5, action="x"), rehash(5)), [(6, "cut")]),
    "changed and all later links made anew": (
        lambda t: (change(3, action="x"), rehash(3), relink(4)), [(6, "cut")]),
    # records gone
    "the first taken out": (lambda t: take_out(1), [(1, "missing")]),
    "one in the middle taken out": (lambda t: take_out(3), [(3, "missing")]),
    "two in the middle taken out": (lambda t: take_out(2, 3), [(2, "missing")]),
    "two apart taken out": (lambda t: take_out(2, 4), [(2, "missing"), (4, "missing")]),
    "the last cut off": (lambda t: take_out(5), [(5, "cut")]),
    "three cut off": (lambda t: take_out(3, 4, 5), [(3, "cut")]),
    "all gone": (lambda t: take_out(1, 2, 3, 4, 5), [(1, "cut")]),
    "all gone with the head": (
        lambda t: (take_out(1, 2, 3, 4, 5), AuditHead.objects.filter(pk=t.pk).delete()), []),
    "one taken out and the numbers closed up": (
        lambda t: (take_out(3), change(4, seq=3), change(5, seq=4)),
        [(3, "unlinked"), (3, "altered"), (4, "altered"), (5, "cut")]),
    # order
    "two neighbours swapped": (
        lambda t: swap(2, 3),
        [(2, "unlinked"), (2, "altered"), (3, "unlinked"), (3, "altered"), (4, "unlinked")]),
    "first and last swapped": (
        lambda t: swap(1, 5),
        [(1, "unlinked"), (1, "altered"), (2, "unlinked"), (5, "unlinked"), (5, "altered"), (6, "cut")]),
    "the last pushed further": (lambda t: change(5, seq=7), [(5, "missing"), (7, "altered"), (8, "cut")]),
    # the head
    "the head set back": (lambda t: AuditHead.objects.update(seq=4), [(6, "cut")]),
    "the head of another hash": (lambda t: AuditHead.objects.update(hash="0" * 64), [(6, "cut")]),
    "no head": (lambda t: AuditHead.objects.all().delete(), [(6, "cut")]),
    "a head ahead of the records": (lambda t: AuditHead.objects.update(seq=6), [(6, "cut")]),
}  # fmt: skip


@pytest.mark.parametrize(("tamper", "expected"), CASES.values(), ids=CASES)
def test_what_the_check_says_of_each_tampering(
    tamper: Tampering, expected: list[tuple[int, str]], trail: Tenant
) -> None:
    tamper(trail)
    assert verify_chain(trail.id) == [ChainProblem(seq, fault) for seq, fault in expected]


def test_a_tail_cut_off_together_with_a_forged_head_is_the_limit_of_what_can_be_seen(trail: Tenant) -> None:
    """Whoever may write the head may forget the end; only a copy of an earlier head shows it."""
    before = AuditHead.objects.get(pk=trail.pk)
    take_out(4, 5)
    forge_head(trail)
    assert verify_chain(trail.id) == []
    after = AuditHead.objects.get(pk=trail.pk)
    assert (after.seq, after.hash) != (before.seq, before.hash)


def test_what_is_done_to_one_institute_is_no_fault_of_another(trail: Tenant, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    with scope(other.id):
        record(clerk(other), "instrument.change", other, now)
    change(3, action="x")
    assert verify_chain(other.id) == []
    assert verify_chain(trail.id) == [ChainProblem(3, "altered")]


def test_a_record_moved_to_another_institute_is_missed_here_and_a_stranger_there(
    trail: Tenant, now: datetime
) -> None:
    other = create_tenant(slug="other-institute", name=Text("另一院"), now=now)
    AuditRecord.objects.filter(seq=1).update(tenant_id=other.id)
    assert verify_chain(trail.id) == [ChainProblem(1, "missing")]
    assert verify_chain(other.id) == [ChainProblem(1, "altered"), ChainProblem(2, "cut")]


# --- what the hash covers ------------------------------------------------------------------------------------


def test_the_hash_of_a_record_can_be_computed_from_its_columns_by_hand(trail: Tenant, now: datetime) -> None:
    row = at(1)
    plain = {
        "id": str(row.id), "tenant_id": str(trail.id), "seq": 1, "at": "2026-06-16T07:47:30.000000+00:00",
        "actor_id": str(UUID(int=7)), "actor_name_zh": "李四", "actor_name_en": "Li Si", "door": "console",
        "action": "instrument.change", "subject_type": "tenant", "subject_id": str(trail.id), "detail": {"step": 0},
        "previous_hash": "0" * 64,
    }  # fmt: skip
    assert row.hash == sha256_hex(canonical_json(plain))


def test_every_column_but_the_hash_is_covered() -> None:
    assert {column.attname for column in AuditRecord._meta.concrete_fields} - {"hash"} == set(COVERED)


@pytest.mark.parametrize(
    ("detail", "kept"),
    [
        ({}, {}),
        ({"words": "更正\n第二行"}, {"words": "更正\n第二行"}),
        ({"number": 2**60}, {"number": 2**60}),
        ({"old": None, "new": True}, {"old": None, "new": True}),
        ({"at": datetime(2026, 1, 1, 8, tzinfo=UTC)}, {"at": "2026-01-01T08:00:00.000000+00:00"}),
        ({"name": Text("甲", "A")}, {"name": {"zh": "甲", "en": "A"}}),
        ({"roles": {"b", "a"}}, {"roles": ["a", "b"]}),
        ({"emoji": "👩‍🔬", "rare": "𠮷"}, {"emoji": "👩‍🔬", "rare": "𠮷"}),
        ({"deep": {"er": [{"est": ()}]}}, {"deep": {"er": [{"est": []}]}}),
        ({"like a number": "1E400", "zero": "-0"}, {"like a number": "1E400", "zero": "-0"}),
    ],
)
def test_details_of_every_kind_verify_after_they_were_stored(
    detail: dict[str, object], kept: dict[str, object], in_tenant: Tenant, now: datetime
) -> None:
    record(clerk(in_tenant), "instrument.change", in_tenant, now, **detail)
    assert AuditRecord.objects.get().detail == kept
    assert verify_chain(in_tenant.id) == []


def test_moments_verify_to_the_microsecond(in_tenant: Tenant) -> None:
    moment = datetime(2026, 6, 16, 7, 47, 30, 123456, tzinfo=UTC)
    assert record(clerk(in_tenant), "a.b", in_tenant, moment).at == moment
    assert verify_chain(in_tenant.id) == []
    change_at = AuditRecord.objects.get().at
    assert change_at.microsecond == 123456


# --- who may be recorded where, and reading ------------------------------------------------------------------


def test_the_program_is_recorded_without_a_person(in_tenant: Tenant, now: datetime) -> None:
    row = record(
        system_actor(in_tenant.id, Text("工作进程", "Worker"), "worker"), "certificate.finish", in_tenant, now
    )
    assert (row.actor_id, row.actor_name, row.door) == (None, Text("工作进程", "Worker"), "worker")


def test_an_actor_of_another_institute_is_refused_and_costs_no_number(
    in_tenant: Tenant, now: datetime
) -> None:
    stranger = Actor(uuid4(), uuid4(), Text("外人"), frozenset(), None, "api")
    with pytest.raises(ForeignActor):
        record(stranger, "instrument.change", in_tenant, now)
    assert record(clerk(in_tenant), "instrument.change", in_tenant, now).seq == 1


@pytest.fixture
def mixed(in_tenant: Tenant, now: datetime) -> Tenant:
    """Eight acts of two people, of two kinds, in turn."""
    for n in range(8):
        who = Actor(UUID(int=n % 2 + 1), in_tenant.id, Text("人"), frozenset(), None, "console")
        record(who, "instrument.change" if n < 6 else "instrument.retire", in_tenant, now)
    return in_tenant


PAGES = [
    ({}, [8, 7, 6, 5, 4, 3, 2, 1]),
    ({"limit": 3}, [8, 7, 6]),
    ({"before": 6, "limit": 3}, [5, 4, 3]),
    ({"before": 1}, []),
    ({"before": 99, "limit": 1}, [8]),
    ({"action": "instrument.retire"}, [8, 7]),
    ({"action": "instrument"}, []),
    ({"actor_id": UUID(int=1)}, [7, 5, 3, 1]),
    ({"actor_id": UUID(int=2), "action": "instrument.retire"}, [8]),
    ({"actor_id": UUID(int=1), "before": 5, "limit": 1}, [3]),
    ({"actor_id": UUID(int=3)}, []),
]


@pytest.mark.parametrize(("asked", "seqs"), PAGES)
def test_pages_are_narrowed_by_act_and_person_and_go_back_in_time(
    asked: dict[str, object], seqs: list[int], mixed: Tenant
) -> None:
    assert [row.seq for row in selectors.page(**asked)] == seqs


def test_the_history_of_a_thing_is_its_own_whether_asked_by_id_or_text(mixed: Tenant) -> None:
    assert [row.seq for row in selectors.history("tenant", mixed.id)] == list(range(1, 9))
    assert selectors.history("tenant", str(mixed.id)) == selectors.history("tenant", mixed.id)
    assert selectors.history("instrument", mixed.id) == selectors.history("tenant", uuid4()) == []
