"""Pages by key: nothing twice, nothing left out, whatever arrives meanwhile."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jialiang.base.organizations.models import Organization
from jialiang.kernel.ids import new_id
from jialiang.security.tenancy.paging import LARGEST_SIZE, BadCursor, BadPageSize, page


def add(count, now, first=0):
    return [
        Organization.objects.create(
            id=new_id(now + timedelta(seconds=first + n)),
            kind="enterprise",
            name_zh=f"单位 {first + n}",
            created_at=now,
        ).id
        for n in range(count)
    ]


def walk(size):
    after, seen = "", []
    while True:
        found = page(Organization.objects.all(), after=after, size=size)
        seen += [row.id for row in found]
        after = found.next_after
        if not after:
            return seen


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=st.integers(1, 9))
def test_walking_through_pages_of_any_size_meets_every_row_once_newest_first(in_tenant, now, size):
    Organization.objects.all().delete()
    ids = add(8, now)
    assert walk(size) == ids[::-1]


def test_a_row_that_arrives_meanwhile_shifts_no_page(in_tenant, now):
    ids = add(4, now)
    first = page(Organization.objects.all(), size=2)
    add(3, now, first=10)
    second = page(Organization.objects.all(), after=first.next_after, size=2)
    assert [row.id for row in (*first, *second)] == ids[::-1]
    assert second.next_after == ""


def test_a_page_is_one_query(in_tenant, now, django_assert_num_queries):
    add(3, now)
    with django_assert_num_queries(1):
        assert len(page(Organization.objects.all(), size=2)) == 2


def test_a_page_can_be_changed_row_by_row_and_keeps_its_mark(in_tenant, now):
    add(3, now)
    found = page(Organization.objects.all(), size=2)
    assert found.map(lambda row: row.name_zh).rows == ("单位 2", "单位 1")
    assert found.map(str).next_after == found.next_after != ""


def test_a_mark_that_no_page_gave_is_refused(in_tenant):
    with pytest.raises(BadCursor) as refused:
        page(Organization.objects.all(), after="2")
    assert refused.value.facts["given"] == "2"


@pytest.mark.parametrize("size", [0, -1, LARGEST_SIZE + 1])
def test_a_page_has_a_sensible_size(in_tenant, size):
    with pytest.raises(BadPageSize):
        page(Organization.objects.all(), size=size)
