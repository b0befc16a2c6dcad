"""Two clerks write the same thing at the same moment: one succeeds, the other is told in our words which one it was.

The moment between looking and writing is where ``new_id`` is called: there the quicker clerk writes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from tests.ledger import REFERENCE_THERMOMETER, THERMOMETER, credit_code

from jialiang.base.instruments import services as instruments
from jialiang.base.instruments.errors import InstrumentExists
from jialiang.base.instruments.models import Instrument, InstrumentChange
from jialiang.base.measurement_standards import services as measurement_standards
from jialiang.base.measurement_standards.errors import StandardExists
from jialiang.base.measurement_standards.models import MeasurementStandard
from jialiang.base.organizations import services as organizations
from jialiang.base.organizations.errors import OrganizationExists, OwnOrganizationExists
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.base.organizations.models import Organization
from jialiang.governance import data_elements
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.accounts import services as accounts
from jialiang.security.accounts.errors import UsernameTaken
from jialiang.security.tenancy import services as tenancy
from jialiang.security.tenancy.errors import SlugTaken

DAIRY = OrganizationFacts(name=Text("晨星乳业有限公司", "Morning Star Dairy"), credit_code=credit_code(700))


@pytest.fixture
def a_quicker_clerk(monkeypatch) -> Callable[[ModuleType, Callable[[], object]], None]:
    """Let somebody act once, just before the next write of a module."""

    def arrange(module: ModuleType, act: Callable[[], object]) -> None:
        def overtaken(moment):
            monkeypatch.setattr(module, "new_id", new_id)
            act()
            return new_id(moment)

        monkeypatch.setattr(module, "new_id", overtaken)

    return arrange


def test_one_credit_code_registered_twice_at_once(in_tenant, now, a_quicker_clerk):
    a_quicker_clerk(organizations, lambda: organizations.register(DAIRY, now=now))
    with pytest.raises(OrganizationExists) as refused:
        organizations.register(replace(DAIRY, name=Text("晨星")), now=now)
    assert refused.value.facts["name"] == DAIRY.name
    assert Organization.objects.count() == 1  # the transaction goes on


def test_the_institute_itself_registered_twice_at_once(in_tenant, now, a_quicker_clerk):
    a_quicker_clerk(organizations, lambda: organizations.register(DAIRY, is_own=True, now=now))
    other = replace(DAIRY, name=Text("另一机构"), credit_code=credit_code(701))
    with pytest.raises(OwnOrganizationExists):
        organizations.register(other, is_own=True, now=now)
    assert Organization.objects.get().name == DAIRY.name


def test_two_organizations_changed_to_one_credit_code_at_once(in_tenant, now, monkeypatch):
    first = organizations.register(DAIRY, now=now)
    second = organizations.register(replace(DAIRY, credit_code=credit_code(701)), now=now)
    wanted = {"credit_code": credit_code(702)}

    def overtaken(row, written):
        monkeypatch.setattr(data_elements, "difference", difference)
        organizations.change(first.id, wanted, expected_version=1)
        return difference(row, written)

    difference = data_elements.difference
    monkeypatch.setattr(data_elements, "difference", overtaken)
    with pytest.raises(OrganizationExists):
        organizations.change(second.id, wanted, expected_version=1)
    second.refresh_from_db()
    assert (second.credit_code, second.version) == (credit_code(701), 1)


def test_one_instrument_entered_twice_at_once(world, a_quicker_clerk):
    desk = world.person("receptionist")

    def enter():
        return instruments.register(THERMOMETER, owner_id=world.dairy_id, actor=desk, now=world.now)

    before = Instrument.objects.count(), InstrumentChange.objects.count()
    a_quicker_clerk(instruments, enter)
    with pytest.raises(InstrumentExists) as refused:
        enter()
    assert THERMOMETER.serial_number in refused.value.what.zh
    assert (Instrument.objects.count(), InstrumentChange.objects.count()) == (before[0] + 1, before[1] + 1)


def test_two_instruments_given_one_serial_number_at_once(world, monkeypatch):
    desk = world.person("receptionist")
    rows = [
        instruments.register(
            replace(THERMOMETER, serial_number=serial), owner_id=world.dairy_id, actor=desk, now=world.now
        )
        for serial in ("A-1", "A-2")
    ]

    def change(row):
        return instruments.change(row.id, {"serial_number": "A-3"}, expected_version=1, actor=desk, now=world.now)

    def overtaken(row, written):
        monkeypatch.setattr(data_elements, "difference", difference)
        change(rows[0])
        return difference(row, written)

    difference = data_elements.difference
    monkeypatch.setattr(data_elements, "difference", overtaken)
    with pytest.raises(InstrumentExists):
        change(rows[1])
    rows[1].refresh_from_db()
    assert (rows[1].serial_number, rows[1].version, rows[1].changes.count()) == ("A-2", 1, 1)


def test_one_standard_registered_twice_at_once(in_tenant, now, a_quicker_clerk):
    a_quicker_clerk(measurement_standards, lambda: measurement_standards.register(REFERENCE_THERMOMETER, now=now))
    with pytest.raises(StandardExists):
        measurement_standards.register(REFERENCE_THERMOMETER, now=now)
    assert MeasurementStandard.objects.count() == 1


@pytest.mark.parametrize("other", [{"username": "LI.NA"}, {"email": "LI.NA@example.cn"}, {}])
def test_one_login_or_one_address_given_twice_at_once(in_tenant, now, a_quicker_clerk, other):
    facts = {"tenant_id": in_tenant.id, "password": "brass-vessel-AD-9", "name": Text("李娜"), "now": now}
    taken = {"username": "li.na", "email": "li.na@example.cn"}
    quicker = taken | {name: text.lower() for name, text in other.items()}
    a_quicker_clerk(accounts, lambda: accounts.create_person(**facts, **quicker))
    with pytest.raises(UsernameTaken):
        accounts.create_person(**facts, **taken)


def test_one_institute_founded_twice_at_once(db, now, a_quicker_clerk):
    def found():
        return tenancy.create_tenant(slug="yunze", name=Text("云泽市计量测试院"), now=now)

    a_quicker_clerk(tenancy, found)
    with pytest.raises(SlugTaken):
        found()
