"""Numbers, identifiers and check addresses of certificates, and the numbers of records."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from tests.base.bench_rows import build_bench
from tests.pictures import nothing_changes

from jialiang.base.certificates.errors import InstituteIncomplete
from jialiang.base.identifiers.errors import IdentifierTaken
from jialiang.base.identifiers.selectors import identifier, identifier_of
from jialiang.base.organizations.models import Organization
from jialiang.base.organizations.services import change
from jialiang.functions.calibrations import next_record_number
from jialiang.functions.certificate_numbering import check_url, minted, next_number, series_of
from jialiang.governance.counters.selectors import account, gaps
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

NEW_YEAR = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai


@pytest.fixture
def record(world):
    """What numbering needs of a record, of a kind."""

    def of(kind):
        return SimpleNamespace(kind=kind, tenant_id=world.tenant_id)

    return of


def take(record, now):
    return next_number(record, new_id(now), now)


def test_each_kind_of_work_has_a_series_of_its_own_without_gaps(world, record):
    kinds = ["calibration", "legal_verification", "testing", "calibration", "testing", "calibration"]
    assert [take(record(kind), world.now) for kind in kinds] == [
        "YZ-2026-C-000001", "YZ-2026-V-000001", "YZ-2026-T-000001",
        "YZ-2026-C-000002", "YZ-2026-T-000002", "YZ-2026-C-000003",
    ]  # fmt: skip
    assert gaps() == []
    assert [line.number for line in account("certificate.testing", 2026)] == [
        "YZ-2026-T-000001",
        "YZ-2026-T-000002",
    ]


# moment (UTC), time zone: the year of the number
YEARS = [
    (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "Asia/Shanghai", 2026),
    (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "Asia/Shanghai", 2027),
    (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "Asia/Urumqi", 2026),
    (datetime(2026, 12, 31, 18, 0, tzinfo=UTC), "Asia/Urumqi", 2027),
    (datetime(2027, 1, 1, 4, 59, tzinfo=UTC), "America/New_York", 2026),
]


@pytest.mark.parametrize(("moment", "zone", "year"), YEARS)
def test_the_year_of_a_number_is_that_of_the_institutes_own_calendar(
    world, tenant, record, moment, zone, year
):
    tenant.time_zone = zone
    tenant.save()
    assert take(record("calibration"), moment) == f"YZ-{year}-C-000001"
    item_id = build_bench(world).record().item_id
    assert next_record_number(item_id, moment) == f"JL-{year}-000001"


def test_every_year_begins_anew_and_a_late_number_of_the_old_year_goes_on(world, record):
    first = [take(record("calibration"), world.now) for _ in range(2)]
    new_year = take(record("calibration"), NEW_YEAR)
    late = take(record("calibration"), world.now)
    assert [*first, new_year, late] == [
        "YZ-2026-C-000001", "YZ-2026-C-000002", "YZ-2027-C-000001", "YZ-2026-C-000003",
    ]  # fmt: skip


def test_an_institute_without_a_short_code_issues_nothing(world, record):
    change(world.own_id, {"short_code": ""}, expected_version=1)
    with nothing_changes(), pytest.raises(InstituteIncomplete) as refused:
        take(record("calibration"), world.now)
    assert refused.value.facts["missing"] == Text("机构简码", "its short code")


def test_a_changed_short_code_begins_the_next_number_and_goes_on_counting(world, record):
    take(record("calibration"), world.now)
    change(world.own_id, {"short_code": "YZJL"}, expected_version=1)
    assert take(record("calibration"), world.now) == "YZJL-2026-C-000002"


def test_the_account_names_what_every_number_was_taken_for(world, record):
    own_id = new_id(world.now)
    next_number(record("calibration"), own_id, world.now)
    (line,) = account(series_of("calibration"), 2026)
    assert line.subject_id == own_id


def test_an_identifier_is_the_number_in_small_letters(world):
    own_id = new_id(world.now)
    code = minted("YZ-2026-C-000001", own_id, world.now)
    assert code.suffix == "yz-2026-c-000001"
    assert identifier_of("certificate", own_id).text == code.text


def test_a_number_that_another_institute_has_gets_an_addition_and_both_are_found(world):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        first = minted("YZ-2026-C-000001", new_id(world.now), world.now)
    second = minted("YZ-2026-C-000001", new_id(world.now), world.now)
    assert second.suffix.startswith("yz-2026-c-000001-")
    assert len(second.suffix) == len(first.suffix) + 9
    assert identifier(second.text).id == second.id
    third = minted("YZ-2026-C-000001", new_id(world.now), world.now)
    assert third.suffix not in (first.suffix, second.suffix)


def test_an_addition_that_is_taken_too_is_refused_and_not_tried_for_ever(world, monkeypatch):
    monkeypatch.setattr("secrets.choice", lambda letters: letters[0])
    for _ in range(2):
        minted("YZ-2026-C-000001", new_id(world.now), world.now)
    with pytest.raises(IdentifierTaken):
        minted("YZ-2026-C-000001", new_id(world.now), world.now)


@pytest.mark.parametrize("public_url", ["https://check.example", "https://check.example/"])
def test_the_check_address_carries_identifier_and_code_whatever_the_setting_ends_with(settings, public_url):
    settings.JIALIANG = SimpleNamespace(public_url=public_url)
    found = check_url("10.5555/yz-2026-c-000001", "K7QM3XRD9FWTP")
    assert found == "https://check.example/c/10.5555/yz-2026-c-000001?k=K7QM3XRD9FWTP"


def test_the_series_of_the_kinds_are_apart():
    assert {series_of(kind) for kind in ("calibration", "legal_verification", "testing")} == {
        "certificate.calibration", "certificate.legal_verification", "certificate.testing",
    }  # fmt: skip
    assert Organization._meta.get_field("short_code").max_length == 12
