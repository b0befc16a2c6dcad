"""The day of the institute: it begins at midnight of its own time zone, whatever the server's or the visitor's is."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from jialiang.kernel.text import Text
from jialiang.security.tenancy.calendar import today
from jialiang.security.tenancy.errors import BadTenant, NoTenantInScope, TenantNotFound
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

SECOND = timedelta(seconds=1)

DAYS = [
    # zone, moment in UTC: the date there
    ("Asia/Shanghai", (2026, 6, 15, 15, 59, 59), date(2026, 6, 15)),
    ("Asia/Shanghai", (2026, 6, 15, 16, 0, 0), date(2026, 6, 16)),
    ("Asia/Shanghai", (2025, 12, 31, 16, 0, 0), date(2026, 1, 1)),
    ("Asia/Urumqi", (2026, 6, 15, 17, 59, 59), date(2026, 6, 15)),
    ("Asia/Urumqi", (2026, 6, 15, 18, 0, 0), date(2026, 6, 16)),
    ("UTC", (2026, 6, 15, 23, 59, 59), date(2026, 6, 15)),
    ("UTC", (2026, 6, 16, 0, 0, 0), date(2026, 6, 16)),
    ("America/New_York", (2026, 3, 8, 4, 59, 59), date(2026, 3, 7)),
    ("America/New_York", (2026, 3, 8, 5, 0, 0), date(2026, 3, 8)),
    ("America/New_York", (2026, 3, 9, 3, 59, 59), date(2026, 3, 8)),
    ("America/New_York", (2026, 3, 9, 4, 0, 0), date(2026, 3, 9)),
    ("Europe/Berlin", (2026, 10, 24, 22, 0, 0), date(2026, 10, 25)),
    ("Europe/Berlin", (2026, 10, 25, 22, 59, 59), date(2026, 10, 25)),
    ("Europe/Berlin", (2026, 10, 25, 23, 0, 0), date(2026, 10, 26)),
    ("Asia/Kathmandu", (2026, 6, 15, 18, 15, 0), date(2026, 6, 16)),
    ("Pacific/Kiritimati", (2026, 6, 15, 10, 0, 0), date(2026, 6, 16)),
    ("Pacific/Pago_Pago", (2026, 6, 16, 10, 59, 59), date(2026, 6, 15)),
    ("Asia/Shanghai", (2028, 2, 28, 16, 0, 0), date(2028, 2, 29)),
]


@pytest.mark.parametrize(("zone", "moment", "day"), DAYS, ids=[f"{z} {m[1:]}" for z, m, _ in DAYS])
def test_the_day_of_an_institute_is_that_of_its_zone(
    zone: str, moment: tuple[int, ...], day: date, db: None, now: datetime
) -> None:
    institute = create_tenant(slug="an-institute", name=Text("院"), time_zone=zone, now=now)
    with scope(institute.id):
        assert today(datetime(*moment, tzinfo=UTC)) == day


def test_two_institutes_may_have_two_days_at_one_moment(tenant: Tenant, now: datetime) -> None:
    other = create_tenant(slug="other-institute", name=Text("另一院"), time_zone="Pacific/Pago_Pago", now=now)
    moment = datetime(2026, 6, 16, 7, tzinfo=UTC)
    days = []
    for institute in (tenant, other):
        with scope(institute.id):
            days.append(today(moment))
    assert days == [date(2026, 6, 16), date(2026, 6, 15)]


def test_without_one_institute_there_is_no_day(tenant: Tenant, now: datetime) -> None:
    with pytest.raises(NoTenantInScope):
        today(now)
    with everywhere("looking at all"), pytest.raises(NoTenantInScope):
        today(now)


def test_an_institute_that_is_not_there_has_no_day(db: None, now: datetime) -> None:
    with scope(UUID(int=5)), pytest.raises(TenantNotFound):
        today(now)


ZONES = {
    "Asia/Shanghai": True, "UTC": True, "Etc/GMT+8": True, "asia/shanghai": False, "": False, "CST": False,
    "+08:00": False, "Asia/Peking": False, "../etc/localtime": False, "Asia/Shanghai ": False, "/Asia/Shanghai": False,
}  # fmt: skip


@pytest.mark.parametrize(("zone", "known"), ZONES.items(), ids=[repr(z) for z in ZONES])
def test_which_time_zones_an_institute_may_have(zone: str, known: bool, db: None, now: datetime) -> None:
    if known:
        assert create_tenant(slug="an-institute", name=Text("院"), time_zone=zone, now=now).time_zone == zone
        return
    with pytest.raises(BadTenant) as refused:
        create_tenant(slug="an-institute", name=Text("院"), time_zone=zone, now=now)
    assert refused.value.facts == {"member": "time_zone", "given": zone}


def test_the_day_costs_one_query(tenant: Tenant, now: datetime, django_assert_num_queries) -> None:
    with scope(tenant.id), django_assert_num_queries(1):
        today(now + SECOND)
