"""A query outside a tenant's scope raises; inside, it sees that tenant's rows and no others."""

import threading
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from jialiang.governance.jobs.models import Job
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.errors import ForeignRow, NoTenantInScope
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.rows import TenantManager, TenantOwned
from jialiang.security.tenancy.scope import current_tenant_id, everywhere, scope
from jialiang.security.tenancy.services import create_tenant


@pytest.fixture
def other(tenant: Tenant, now: datetime) -> Tenant:
    return create_tenant(slug="other-institute", name=Text(zh="另一计量院", en="Other"), now=now)


def a_job(now: datetime, **members: object) -> Job:
    facts = {"kind": "certificate.finish", "subject_id": uuid4(), "not_before": now, "created_at": now}
    return Job(id=new_id(now), **{**facts, **members})


def test_a_query_outside_any_scope_raises_before_it_reaches_the_database() -> None:
    for query in (
        Job.objects.all,
        Job.objects.count,
        Job.objects.exists,
        lambda: Job.objects.filter(kind="x"),
    ):
        with pytest.raises(NoTenantInScope) as caught:
            query()
    assert caught.value.code == "JL-TEN-001"
    assert "Job" in caught.value.what.zh


def test_the_base_manager_that_django_uses_itself_is_guarded_too() -> None:
    with pytest.raises(NoTenantInScope):
        Job._base_manager.all()


def test_every_row_of_a_tenant_in_every_app_is_guarded_at_both_managers() -> None:
    guarded = [model for model in apps.get_models() if issubclass(model, TenantOwned)]
    assert len(guarded) >= 6
    for model in guarded:
        assert isinstance(model._default_manager, TenantManager), model
        assert isinstance(model._base_manager, TenantManager), model


def test_every_table_of_ours_that_names_a_tenant_is_guarded_or_a_known_exception() -> None:
    known = {"Tenant", "Person", "AuditHead"}
    for model in apps.get_models():
        names_tenant = any(field.name == "tenant" for field in model._meta.fields)
        if model.__module__.startswith("jialiang.") and names_tenant and model.__name__ not in known:
            assert issubclass(model, TenantOwned), model


def test_a_scope_sees_its_own_rows_only(tenant: Tenant, other: Tenant, now: datetime) -> None:
    for owner, kind in ((tenant, "a"), (tenant, "b"), (other, "c")):
        with scope(owner.id):
            a_job(now, kind=kind).save(force_insert=True)
    with scope(tenant.id):
        assert sorted(Job.objects.values_list("kind", flat=True)) == ["a", "b"]
    with scope(other.id):
        assert list(Job.objects.values_list("kind", flat=True)) == ["c"]
    with everywhere("count the jobs of a test"):
        assert Job.objects.count() == 3


def test_a_new_row_belongs_to_the_tenant_in_scope_without_being_told(
    in_tenant: Tenant, now: datetime
) -> None:
    job = a_job(now)
    job.save(force_insert=True)
    assert job.tenant_id == in_tenant.id
    assert Job.objects.get().tenant_id == in_tenant.id


@pytest.mark.parametrize("way", ["save", "create", "bulk_create"])
def test_a_row_for_another_tenant_than_the_one_in_scope_is_refused(
    way: str, in_tenant: Tenant, other: Tenant, now: datetime
) -> None:
    job = a_job(now, tenant_id=other.id)
    with pytest.raises(ForeignRow) as caught, transaction.atomic():
        if way == "save":
            job.save(force_insert=True)
        elif way == "create":
            Job.objects.create(
                id=new_id(now), tenant=other, kind="x", subject_id=uuid4(), not_before=now, created_at=now
            )
        else:
            Job.objects.bulk_create([job])
    assert str(other.id) in caught.value.what.en
    with everywhere("count the jobs of a test"):
        assert Job.objects.count() == 0


def test_a_row_that_was_read_in_one_scope_cannot_be_saved_in_another(
    tenant: Tenant, other: Tenant, now: datetime
) -> None:
    with scope(tenant.id):
        job = a_job(now)
        job.save(force_insert=True)
    job.kind = "changed"
    with scope(other.id), pytest.raises(ForeignRow), transaction.atomic():
        job.save()
    with pytest.raises(NoTenantInScope), transaction.atomic():
        job.save()
    with scope(other.id), pytest.raises((ForeignRow, IntegrityError)), transaction.atomic():
        job.tenant_id = other.id  # a row cannot be carried over by renaming its owner either
        job.save()
    with scope(tenant.id):
        assert Job.objects.get(pk=job.pk).kind == "certificate.finish"


def test_deleting_and_refreshing_need_the_scope_too(tenant: Tenant, other: Tenant, now: datetime) -> None:
    with scope(tenant.id):
        job = a_job(now)
        job.save(force_insert=True)
    with pytest.raises(NoTenantInScope):
        job.refresh_from_db()
    with scope(other.id), pytest.raises(Job.DoesNotExist):
        job.refresh_from_db()
    with pytest.raises(NoTenantInScope):
        job.delete()
    with scope(other.id), pytest.raises(ForeignRow):
        job.delete()
    with scope(tenant.id):
        assert job.delete() == (1, {"governance_jobs.Job": 1})


def test_following_a_foreign_key_outside_the_scope_raises(in_tenant: Tenant, now: datetime) -> None:
    from_number = apps.get_model("governance_counters", "NumberAllocation")
    series = apps.get_model("governance_counters", "NumberSeries").objects.create(
        id=new_id(now), kind="certificate", year=2026
    )
    row = from_number.objects.create(
        id=new_id(now), series=series, serial=1, number="1", subject_id=uuid4(), allocated_at=now
    )
    fresh = from_number.objects.get(pk=row.pk)
    with everywhere("leave the scope"), scope(uuid4()), pytest.raises(type(series).DoesNotExist):
        _ = fresh.series


def test_scopes_nest_and_the_innermost_counts() -> None:
    outer, inner = uuid4(), uuid4()
    with scope(outer):
        with scope(inner):
            assert current_tenant_id() == inner
        assert current_tenant_id() == outer
    with pytest.raises(NoTenantInScope):
        current_tenant_id()


def test_a_scope_ends_when_its_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), scope(uuid4()):
        _ = 1 / 0
    with pytest.raises(NoTenantInScope):
        current_tenant_id()


def test_a_new_thread_starts_without_a_scope() -> None:
    seen: list[object] = []

    def look() -> None:
        try:
            seen.append(current_tenant_id())
        except NoTenantInScope as problem:
            seen.append(problem.code)

    with scope(uuid4()):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == ["JL-TEN-001"]


def test_everywhere_has_no_current_tenant_and_needs_a_reason() -> None:
    with everywhere("look at all digests"), pytest.raises(NoTenantInScope):
        current_tenant_id()
    with pytest.raises(ValueError, match="reason"), everywhere("  "):
        pass


def test_everywhere_does_not_invent_the_owner_of_a_row(tenant: Tenant, now: datetime) -> None:
    with everywhere("write without an owner"), pytest.raises(ForeignRow), transaction.atomic():
        a_job(now).save(force_insert=True)
    with everywhere("write with an owner"):
        a_job(now, tenant_id=tenant.id).save(force_insert=True)
        assert Job.objects.get().tenant_id == tenant.id


@pytest.mark.parametrize("wrong", ["", "8c5cbb8e-0000-7000-8000-000000000000", None, 7])
def test_a_scope_takes_a_uuid_and_nothing_that_looks_like_one(wrong: object) -> None:
    with pytest.raises(TypeError), scope(wrong):
        pass


def test_the_guarded_foreign_key_is_a_plain_one_for_migrations() -> None:
    _, path, _, kwargs = Job._meta.get_field("tenant").deconstruct()
    assert path == "django.db.models.ForeignKey"
    assert kwargs["to"] == "security_tenancy.tenant"
    assert kwargs["on_delete"] is models.PROTECT
    assert isinstance(Job._meta.pk.to_python(str(UUID(int=1))), UUID)
