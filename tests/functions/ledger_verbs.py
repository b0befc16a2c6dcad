"""Every verb of the ledgers as it is called, and things in the states that let each of them through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tests.ledger import AGREED, PAPER, REFERENCE_THERMOMETER, THERMOMETER, World, credit_code

from jialiang.base.commissions.facts import CommissionFacts, ItemFacts
from jialiang.base.commissions.selectors import items_of
from jialiang.base.measurement_standards.facts import CheckFacts
from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.functions import commissions, instruments, measurement_standards, organizations, people
from jialiang.functions.people import PersonFacts
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import CustodyState

CHECK = CheckFacts(observed_on="2026-01-15", measured_value="25.010", unit="\\degreecelsius")
NEW_PERSON = PersonFacts(username="wang.wu", password="seven bronze measures", name=Text("王五", "Wang Wu"))
Things = dict[str, UUID]
Verb = Callable[[Actor, Things, datetime], Any]
MAKING: dict[str, Verb] = {
    "organization.register": lambda who, thing, now: organizations.register(
        actor=who, facts=OrganizationFacts(name=Text("新"), credit_code=credit_code(99)), now=now
    ),
    "person.add": lambda who, thing, now: people.add(actor=who, facts=NEW_PERSON, now=now),
    "measurement_standard.register": lambda who, thing, now: measurement_standards.register(
        actor=who, facts=replace(REFERENCE_THERMOMETER, serial_number="2"), now=now
    ),
}
ON_THINGS: dict[str, Verb] = {
    "organization.change": lambda who, thing, now: organizations.change(
        actor=who, organization_id=thing["organization"], changes={"phone": "1"}, expected_version=1, now=now
    ),
    "site.add": lambda who, thing, now: organizations.add_site(
        actor=who, organization_id=thing["organization"], facts=SiteFacts(name=Text("厅")), now=now
    ),
    "contact.add": lambda who, thing, now: organizations.add_contact(
        actor=who, organization_id=thing["organization"], facts=ContactFacts(name="王五", phone="1"), now=now
    ),
    "person.grant_role": lambda who, thing, now: people.grant_role(
        actor=who, person_id=thing["person"], role="reviewer", valid_from=date(2026, 1, 1), now=now
    ),
    "person.revoke_role": lambda who, thing, now: people.revoke_role(
        actor=who, person_id=thing["person"], role="technician", now=now
    ),
    "person.deactivate": lambda who, thing, now: people.deactivate(
        actor=who, person_id=thing["person"], now=now
    ),
    "measurement_standard.add_certificate": lambda who, thing, now: measurement_standards.add_certificate(
        actor=who, standard_id=thing["standard"], facts=replace(PAPER, number="2"), now=now
    ),
    "measurement_standard.record_check": lambda who, thing, now: measurement_standards.record_check(
        actor=who, standard_id=thing["standard"], facts=CHECK, now=now
    ),
    "measurement_standard.suspend": lambda who, thing, now: measurement_standards.suspend(
        actor=who, standard_id=thing["standard"], reason="r", now=now
    ),
    "measurement_standard.resume": lambda who, thing, now: measurement_standards.resume(
        actor=who, standard_id=thing["suspended standard"], reason="r", now=now
    ),
    "instrument.register": lambda who, thing, now: instruments.register(
        actor=who, facts=replace(THERMOMETER, serial_number="n"), owner_id=thing["organization"], now=now
    ),
    "instrument.change": lambda who, thing, now: instruments.change(
        actor=who, instrument_id=thing["instrument"], changes={"model": "X"}, expected_version=1, now=now
    ),
    "instrument.suspend": lambda who, thing, now: instruments.suspend(
        actor=who, instrument_id=thing["instrument"], reason="r", now=now
    ),
    "instrument.restore": lambda who, thing, now: instruments.restore(
        actor=who, instrument_id=thing["suspended instrument"], reason="r", now=now
    ),
    "instrument.retire": lambda who, thing, now: instruments.retire(
        actor=who, instrument_id=thing["instrument"], reason="r", now=now
    ),
    "commission.open": lambda who, thing, now: commissions.open_commission(
        actor=who, facts=CommissionFacts(customer_id=thing["organization"], kind="calibration"), now=now
    ),
    "commission.add_item": lambda who, thing, now: commissions.add_item(
        actor=who,
        commission_id=thing["open commission"],
        facts=ItemFacts(instrument_id=thing["instrument"]),
        now=now,
    ),
    "commission.accept": lambda who, thing, now: commissions.accept(
        actor=who, commission_id=thing["full commission"], agreement=AGREED, now=now
    ),
    "commission.cancel": lambda who, thing, now: commissions.cancel(
        actor=who, commission_id=thing["open commission"], reason="r", now=now
    ),
    "item.receive": lambda who, thing, now: commissions.receive(actor=who, item_id=thing["item"], now=now),
    "item.hand_over": lambda who, thing, now: commissions.hand_over(
        actor=who, item_id=thing["received item"], to=CustodyState.RETURNED, now=now
    ),
}
VERBS = MAKING | ON_THINGS


def make_things(world: World) -> Things:
    """One thing of every noun, each in the state that lets its verb through."""
    administrator, keeper = world.person("system_administrator"), world.person("standards_keeper")
    desk = world.person("receptionist")
    person = people.add(actor=administrator, facts=replace(NEW_PERSON, username="zhao.liu"), now=world.now)
    people.grant_role(
        actor=administrator,
        person_id=person.pk,
        role="technician",
        valid_from=date(2026, 1, 1),
        now=world.now,
    )
    suspended = world.instrument(serial_number="s")
    instruments.suspend(actor=desk, instrument_id=suspended.id, reason="r", now=world.now)
    resting = world.standard(serial_number="r")
    measurement_standards.suspend(actor=keeper, standard_id=resting.id, reason="r", now=world.now)
    full = world.commission(world.instrument(serial_number="f"), agreement=None)
    received = items_of(world.commission(world.instrument(serial_number="i")).id)[0]
    commissions.receive(actor=desk, item_id=received.id, now=world.now)
    return {
        "organization": world.dairy_id,
        "person": person.pk,
        "standard": world.standard(PAPER).id,
        "suspended standard": resting.id,
        "instrument": world.instrument().id,
        "suspended instrument": suspended.id,
        "open commission": world.commission(agreement=None).id,
        "full commission": full.id,
        "item": items_of(full.id)[0].id,
        "received item": received.id,
    }
