"""Founding institutes and finding them."""

from datetime import datetime
from uuid import uuid4

import pytest

from jialiang.kernel.text import Text
from jialiang.security.tenancy import selectors
from jialiang.security.tenancy.errors import BadTenant, SlugTaken, TenantNotFound
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.services import create_tenant

NAME = Text(zh="示范计量院", en="Demonstration Institute")


def test_an_institute_is_found_by_id_and_by_short_name_without_a_scope(tenant: Tenant) -> None:
    assert selectors.tenant(tenant.id) == tenant
    assert selectors.tenant_by_slug("demo-institute").name == tenant.name
    assert selectors.tenants() == [tenant]
    assert tenant.time_zone == "Asia/Shanghai"


def test_an_unknown_institute_is_not_found(db: None) -> None:
    for ask in (lambda: selectors.tenant(uuid4()), lambda: selectors.tenant_by_slug("nobody")):
        with pytest.raises(TenantNotFound):
            ask()


def test_a_short_name_is_given_once(tenant: Tenant, now: datetime) -> None:
    with pytest.raises(SlugTaken) as caught:
        create_tenant(slug="demo-institute", name=NAME, now=now)
    assert caught.value.http_status == 409


@pytest.mark.parametrize(
    "slug", ["", "a", "ab", "-ab", "ab-", "Demo", "计量院", "a" * 41, "a b", "1ab", "ab\n"]
)
def test_a_bad_short_name_is_refused(slug: str, db: None, now: datetime) -> None:
    with pytest.raises(BadTenant) as caught:
        create_tenant(slug=slug, name=NAME, now=now)
    assert caught.value.facts["member"] == "slug"


def test_a_time_zone_is_a_name_of_iana_and_a_chinese_name_is_needed(db: None, now: datetime) -> None:
    with pytest.raises(BadTenant, match="time_zone"):
        create_tenant(slug="demo", name=NAME, time_zone="Beijing", now=now)
    with pytest.raises(BadTenant, match=r"name\.zh"):
        create_tenant(slug="demo", name=Text(en="Only English"), now=now)
    assert (
        create_tenant(slug="urumqi", name=NAME, time_zone="Asia/Urumqi", now=now).time_zone == "Asia/Urumqi"
    )
