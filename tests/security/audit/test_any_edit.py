"""Whatever an intruder edits, takes out, swaps, adds or cuts off in the trail, verifying it finds something."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.audit import triggers
from jialiang.security.audit.chain import COVERED, record_hash
from jialiang.security.audit.models import AuditHead, AuditRecord
from jialiang.security.audit.selectors import verify_chain
from jialiang.security.audit.services import record
from jialiang.security.tenancy.models import Tenant

LENGTH = 6
PLACES = st.integers(1, LENGTH)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=10)
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    "at": st.timedeltas(timedelta(microseconds=1), timedelta(days=400)),
    "actor_id": st.uuids(),
    "actor_name_zh": TEXT,
    "actor_name_en": TEXT,
    "door": st.sampled_from(["console", "api", "cli", "worker", "public"]),
    "action": TEXT,
    "subject_type": TEXT,
    "subject_id": TEXT,
    "detail": st.dictionaries(TEXT, TEXT | st.integers(-9, 9) | st.none() | st.booleans(), max_size=2),
    "previous_hash": st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    "hash": st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
}
SEARCH = settings(
    max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def trail(in_tenant: Tenant, now: datetime) -> Iterator[Tenant]:
    """A trail of six acts, and the rights of the database's owner to change it."""
    clerk = Actor(UUID(int=7), in_tenant.id, Text("李四", "Li Si"), frozenset({"receptionist"}), None, "console")
    for n in range(LENGTH):
        record(clerk, "instrument.change", in_tenant, now + timedelta(seconds=n), step=n, words="更正")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [triggers.TABLE])
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks outstanding is not altered
            cursor.execute(f"ALTER TABLE {triggers.TABLE} DISABLE TRIGGER USER")
    assert verify_chain(in_tenant.id) == []
    return in_tenant


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def stored(seq: int) -> AuditRecord:
    return AuditRecord.objects.get(seq=seq)


def test_every_column_is_tried():
    columns = {field.attname for field in AuditRecord._meta.concrete_fields}
    assert set(CHANGES) | {"id", "tenant_id", "seq"} == columns == {*COVERED, "hash"}


@pytest.mark.parametrize("column", sorted(CHANGES))
@SEARCH
@given(data=st.data())
def test_any_other_content_of_any_column_is_found(column: str, trail: Tenant, data: st.DataObject) -> None:
    row = stored(data.draw(PLACES))
    change = data.draw(CHANGES[column])
    content = row.at + change if column == "at" else change
    if content == getattr(row, column):
        return
    with undone():
        AuditRecord.objects.filter(pk=row.pk).update(**{column: content})
        assert verify_chain(trail.id) != []


@SEARCH
@given(data=st.data())
def test_a_number_whose_type_alone_changes_is_found(trail: Tenant, data: st.DataObject) -> None:
    """In JSON 1 is not "1" and not true: what was written is exactly what is verified."""
    row = stored(2)
    assert row.detail["step"] == 1
    with undone():
        detail = {**row.detail, "step": data.draw(st.sampled_from(["1", True, None, [1]]))}
        AuditRecord.objects.filter(pk=row.pk).update(detail=detail)
        assert verify_chain(trail.id) != []


@SEARCH
@given(first=PLACES, second=PLACES)
def test_two_acts_that_change_places_are_found(trail: Tenant, first: int, second: int) -> None:
    if first == second:
        return
    one, other = stored(first), stored(second)
    with undone():
        AuditRecord.objects.filter(pk=one.pk).update(seq=999)
        AuditRecord.objects.filter(pk=other.pk).update(seq=first)
        AuditRecord.objects.filter(pk=one.pk).update(seq=second)
        assert verify_chain(trail.id) != []


@SEARCH
@given(gone=st.sets(PLACES, min_size=1))
def test_acts_that_are_taken_out_are_found_whichever_they_are(trail: Tenant, gone: set[int]) -> None:
    with undone():
        AuditRecord.objects.filter(seq__in=gone)._raw_delete("default")
        assert verify_chain(trail.id) != []


@SEARCH
@given(cut=PLACES, sets_head=st.booleans())
def test_a_tail_that_is_cut_off_is_found_unless_the_head_is_forged_too(
    trail: Tenant, cut: int, sets_head: bool
) -> None:
    """Only who also forges the head goes unseen: that is why the head's hash is worth printing elsewhere."""
    with undone():
        AuditRecord.objects.filter(seq__gte=cut)._raw_delete("default")
        if sets_head:
            last = AuditRecord.objects.order_by("-seq").first()
            forged = {"seq": last.seq, "hash": last.hash} if last else {"seq": 0, "hash": "0" * 64}
            AuditHead.objects.filter(pk=trail.id).update(**forged)
        assert bool(verify_chain(trail.id)) is not sets_head


@SEARCH
@given(place=st.integers(1, LENGTH + 1))
def test_an_act_that_is_slipped_in_with_a_right_hash_of_its_own_is_found(
    trail: Tenant, place: int, now: datetime
) -> None:
    with undone():
        for row in AuditRecord.objects.filter(seq__gte=place).order_by("-seq"):
            AuditRecord.objects.filter(pk=row.pk).update(seq=row.seq + 1)
        before = AuditRecord.objects.filter(seq=place - 1).first()
        slipped = AuditRecord(
            id=new_id(now), seq=place, at=now, actor_name_zh="王五", door="console", action="instrument.change",
            subject_type="tenant", subject_id="x", tenant=trail, previous_hash=before.hash if before else "0" * 64,
        )  # fmt: skip
        slipped.hash = record_hash(slipped)
        slipped.save(force_insert=True)
        assert verify_chain(trail.id) != []
