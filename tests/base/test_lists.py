"""Lists of the base: narrowed by everything at once, a page at a time, and steady while others write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from tests.ledger import credit_code

from jialiang.base.commissions.facts import CommissionFacts
from jialiang.base.commissions.selectors import CommissionFilter, commissions, count_commissions
from jialiang.base.commissions.selectors import counts_by_state as commissions_by_state
from jialiang.base.commissions.services import open_commission
from jialiang.base.instruments.models import Instrument
from jialiang.base.instruments.selectors import (
    InstrumentFilter,
    count_instruments,
    instruments,
    instruments_by_serial,
)
from jialiang.base.instruments.selectors import counts_by_state as instruments_by_state
from jialiang.base.measurement_standards.selectors import count_standards, standards
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.base.organizations.selectors import count_organizations, organizations
from jialiang.base.organizations.services import register
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.paging import BadCursor, BadPageSize
from jialiang.vocabulary.statuses import CommissionState, InstrumentState


@dataclass(frozen=True)
class Listing:
    """A list, how one more row comes into it, and what counts it."""

    page: Any
    add: Any
    count: Any


def add_organization(world, serial, now):
    facts = OrganizationFacts(name=Text(f"机构 {serial}"), credit_code=credit_code(1000 + serial))
    return register(facts, now=now)


def add_commission(world, serial, now):
    facts = CommissionFacts(customer_id=world.mill_id, kind="testing")
    desk = world.person("receptionist")
    own_id = new_id(now)
    return open_commission(facts, commission_id=own_id, number=f"P-{serial}", actor=desk, now=now)


LISTS = {
    "organizations": Listing(organizations, add_organization, count_organizations),
    "instruments": Listing(
        instruments,
        lambda world, serial, now: world.instrument(serial_number=f"p-{serial}"),
        count_instruments,
    ),
    "standards": Listing(
        standards, lambda world, serial, now: world.standard(serial_number=f"p-{serial}"), count_standards
    ),
    "commissions": Listing(commissions, add_commission, count_commissions),
}


@pytest.fixture(params=LISTS)
def listing(request):
    return LISTS[request.param]


def pages_of(listing, size):
    """All pages, one after the other."""
    found, after = [], ""
    while True:
        page = listing.page(after=after, size=size)
        found.append([row.id for row in page])
        after = page.next_after
        if not after:
            return found


def test_pages_together_are_the_whole_list_newest_first_whatever_their_size(world, listing):
    for serial in range(5):
        listing.add(world, serial, world.now)
    whole = [row.id for row in listing.page(size=200)]
    assert len(whole) == listing.count()
    assert whole == sorted(whole, reverse=True)
    for size in (1, 2, 3, len(whole), len(whole) + 1):
        pages = pages_of(listing, size)
        assert [key for page in pages for key in page] == whole
        assert all(len(page) == size for page in pages[:-1])
        assert 0 < len(pages[-1]) <= size


def test_rows_that_come_meanwhile_neither_repeat_nor_hide_others(world, listing):
    for serial in range(4):
        listing.add(world, serial, world.now)
    before = [row.id for row in listing.page(size=200)]
    first = listing.page(size=2)
    later = world.now + timedelta(hours=1)
    newcomer = listing.add(world, 77, later)
    second = listing.page(after=first.next_after, size=200)
    assert [row.id for row in (*first, *second)] == before
    assert newcomer.id == listing.page(size=1).rows[0].id


@pytest.mark.parametrize("cursor", ["x", "not a cursor", "0" * 31, "7" * 33, "../etc/passwd", "' OR 1=1 --"])
def test_a_mark_that_no_page_gave_is_refused(world, cursor):
    for listing in LISTS.values():
        with pytest.raises(BadCursor) as refused:
            listing.page(after=cursor)
        assert refused.value.code == "JL-PAGE-001"


@pytest.mark.parametrize("size", [0, -1, 201])
def test_a_page_has_from_one_to_two_hundred_rows(world, size):
    for listing in LISTS.values():
        with pytest.raises(BadPageSize):
            listing.page(size=size)


def test_behind_the_last_row_there_is_nothing(world, listing):
    listing.add(world, 1, world.now)
    last = listing.page(size=200).rows[-1]
    page = listing.page(after=last.id.hex)
    assert (len(page), page.next_after) == (0, "")


def names(page):
    return [row.name_zh for row in page]


# narrowing: names found, newest first
ORGANIZATIONS = [
    ({}, ["白杨面粉厂", "晨星乳业有限公司", "云泽市计量测试院"]),
    ({"text": " 面粉 "}, ["白杨面粉厂"]),
    ({"text": "poplar"}, ["白杨面粉厂"]),
    ({"text": "yz"}, ["云泽市计量测试院"]),
    ({"text": "YZ1"}, []),
    ({"text": credit_code(2)}, ["晨星乳业有限公司"]),
    ({"text": credit_code(2)[:12]}, ["白杨面粉厂", "晨星乳业有限公司", "云泽市计量测试院"]),
    ({"text": f"{credit_code(2)[:9]} {credit_code(2)[9:]}".lower()}, ["晨星乳业有限公司"]),
    ({"kind": "institute"}, ["云泽市计量测试院"]),
    ({"kind": "enterprise", "text": "晨星"}, ["晨星乳业有限公司"]),
    ({"kind": "regulator"}, []),
    ({"text": "%"}, []),
    ({"text": "_"}, []),
    ({"text": "'; DROP TABLE"}, []),
]


@pytest.mark.parametrize(("narrowing", "found"), ORGANIZATIONS, ids=lambda given: str(given)[:40])
def test_organizations_are_found_by_name_code_and_kind(world, narrowing, found):
    assert names(organizations(**narrowing)) == found
    assert count_organizations(**narrowing) == len(found)


def test_somebody_who_sees_one_organization_finds_that_one_only(world):
    assert names(organizations(only_id=world.mill_id)) == ["白杨面粉厂"]
    assert names(organizations(only_id=world.mill_id, text="晨星")) == []
    assert count_organizations(only_id=world.dairy_id) == 1


def test_instruments_are_narrowed_by_every_member_and_by_all_together(world):
    world.instrument(
        serial_number="a-1", inventory_number="TI-9", purpose="trade_settlement", compulsory=True
    )
    world.instrument(serial_number="b-2", model="TDX-200", owner_id=world.mill_id)
    world.instrument(serial_number="c-3", name=Text("天平", "Balance"))
    Instrument.objects.filter(serial_number="c-3").update(state="suspended")
    for members, found in [
        ({}, ["c-3", "b-2", "a-1"]),
        ({"text": "温度计"}, ["b-2", "a-1"]),
        ({"text": "BALANCE"}, ["c-3"]),
        ({"text": "tdx"}, ["b-2"]),
        ({"text": "ti-9"}, ["a-1"]),
        ({"text": "-"}, ["c-3", "b-2", "a-1"]),
        ({"text": "%"}, []),
        ({"owner_id": world.mill_id}, ["b-2"]),
        ({"owner_id": world.own_id}, []),
        ({"state": "suspended"}, ["c-3"]),
        ({"purpose": "trade_settlement"}, ["a-1"]),
        ({"compulsory": True}, ["a-1"]),
        ({"compulsory": False}, ["c-3", "b-2"]),
        ({"compulsory": False, "state": "registered", "text": "温度计", "owner_id": world.mill_id}, ["b-2"]),
        ({"compulsory": True, "state": "suspended"}, []),
    ]:
        wanted = InstrumentFilter(**members)
        assert [row.serial_number for row in instruments(wanted)] == found, members
        assert count_instruments(wanted) == len(found), members


def test_a_serial_number_is_matched_whole_and_within_an_owner(world):
    first = world.instrument(serial_number="S-1", model="A")
    second = world.instrument(serial_number="S-1", model="B", owner_id=world.mill_id)
    world.instrument(serial_number="S-11")
    assert [row.id for row in instruments_by_serial(" S-1 ")] == [second.id, first.id]
    assert [row.id for row in instruments_by_serial("S-1", world.dairy_id)] == [first.id]
    assert instruments_by_serial("S") == []


def test_every_state_is_counted_and_those_without_a_row_are_nought(world):
    rows = [world.instrument(serial_number=str(n)) for n in range(3)]
    world.instrument(serial_number="m", owner_id=world.mill_id)
    Instrument.objects.filter(pk=rows[0].pk).update(state="away")
    assert instruments_by_state() == dict.fromkeys((s.value for s in InstrumentState), 0) | {
        "registered": 3,
        "away": 1,
    }
    assert instruments_by_state(world.mill_id)["registered"] == 1
    assert set(instruments_by_state(world.own_id).values()) == {0}
    world.commission(agreement=None)
    world.commission(rows[1])
    add_commission(world, 1, world.now)
    states = dict.fromkeys((state.value for state in CommissionState), 0)
    assert commissions_by_state() == states | {"open": 2, "accepted": 1}
    assert commissions_by_state(world.mill_id) == states | {"open": 1}


def test_commissions_are_narrowed_by_number_customer_item_state_and_kind(world):
    thermometer = world.instrument(serial_number="T-7")
    twin = world.instrument(serial_number="T-77")
    full = world.commission(thermometer, twin)
    bare = world.commission(agreement=None)
    foreign = add_commission(world, 1, world.now)
    for members, found in [
        ({}, [foreign, bare, full]),
        ({"text": "t-7"}, [full]),
        ({"text": "玻璃"}, [full]),
        ({"text": "晨星"}, [bare, full]),
        ({"text": "Poplar"}, [foreign]),
        ({"text": full.number.lower()}, [full]),
        ({"text": "nothing"}, []),
        ({"state": "accepted"}, [full]),
        ({"state": "cancelled"}, []),
        ({"kind": "testing"}, [foreign]),
        ({"customer_id": world.mill_id}, [foreign]),
        ({"customer_id": world.dairy_id, "state": "open"}, [bare]),
        ({"customer_id": world.mill_id, "text": "T-7"}, []),
    ]:
        wanted = CommissionFilter(**members)
        assert [row.id for row in commissions(wanted)] == [row.id for row in found], members
        assert count_commissions(wanted) == len(found), members


def test_standards_are_found_by_name_model_serial_code_and_inventory_number(world):
    first = world.standard(code="YZ-01", inventory_number="INV-7")
    second = world.standard(serial_number="YZ-T-002", model="X-9", name=Text("标准砝码", "Weight"))
    for narrowing, found in [
        ({}, [second, first]),
        ({"text": "砝码"}, [second]),
        ({"text": "weight"}, [second]),
        ({"text": "x-9"}, [second]),
        ({"text": "t-00"}, [second, first]),
        ({"text": "yz-01"}, [first]),
        ({"text": "YZ-0"}, []),
        ({"text": "inv"}, [first]),
        ({"state": "in_use"}, [second, first]),
        ({"state": "suspended"}, []),
        ({"state": "in_use", "text": "砝码"}, [second]),
    ]:
        assert [row.id for row in standards(**narrowing)] == [row.id for row in found], narrowing
        assert count_standards(**narrowing) == len(found), narrowing
