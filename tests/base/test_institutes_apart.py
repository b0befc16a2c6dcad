"""What one institute keeps, another neither reads, counts, changes nor finds: every selector, every service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from tests.ledger import AGREED, PAPER, REFERENCE_THERMOMETER, THERMOMETER, World, build_world
from tests.pictures import nothing_changes

from jialiang.base.commissions import selectors as commissions
from jialiang.base.commissions import services as on_commissions
from jialiang.base.commissions.facts import CommissionFacts, ItemFacts
from jialiang.base.identifiers import selectors as identifiers
from jialiang.base.identifiers.errors import IdentifierTaken
from jialiang.base.identifiers.services import mint
from jialiang.base.instruments import selectors as instruments
from jialiang.base.instruments import services as on_instruments
from jialiang.base.measurement_standards import selectors as standards
from jialiang.base.measurement_standards import services as on_standards
from jialiang.base.measurement_standards.facts import CheckFacts
from jialiang.base.organizations import selectors as organizations
from jialiang.base.organizations import services as on_organizations
from jialiang.base.organizations.facts import ContactFacts, SiteFacts
from jialiang.kernel.errors import NotFound
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.errors import ForeignRow, NoTenantInScope
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.statuses import CustodyState

Things = dict[str, Any]
CHECK = CheckFacts(observed_on="2026-01-15", measured_value="25.010", unit="\\degreecelsius")


@pytest.fixture
def things(world) -> Things:
    """One thing of every noun."""
    instrument = world.instrument()
    standard = world.standard(PAPER)
    on_standards.record_checks(standard.id, [CHECK], actor=world.person("standards_keeper"), now=world.now)
    commission = world.commission(instrument)
    (item,) = commissions.items_of(commission.id)
    desk = world.person("receptionist")
    on_commissions.move_item(item.id, CustodyState.RECEIVED, actor=desk, now=world.now)
    site = on_organizations.add_site(
        world.own_id, SiteFacts(name=Text("厅"), is_laboratory=True), now=world.now
    )
    on_organizations.add_contact(world.dairy_id, ContactFacts(name="王五", phone="1"), now=world.now)
    return {
        "world": world, "organization": world.dairy_id, "site": site.id, "instrument": instrument.id,
        "standard": standard.id, "paper": standards.certificates_of(standard.id)[0].id,
        "commission": commission.id, "number": commission.number, "item": item.id,
        "identifier": identifiers.identifier_of("instrument", instrument.id).text,
    }  # fmt: skip


@pytest.fixture
def elsewhere(things) -> Iterator[World]:
    """Another institute, in scope, that has nothing of its own."""
    now = things["world"].now
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id):
        yield World(other.id, now, other.id, other.id, other.id)


Ask = Callable[[Things], Any]
# what gives an empty answer in another institute
EMPTY: dict[str, Ask] = {
    "organizations": lambda t: list(organizations.organizations()),
    "organizations of one id": lambda t: list(organizations.organizations(only_id=t["organization"])),
    "count of organizations": lambda t: organizations.count_organizations(),
    "own organization there": lambda t: organizations.has_own_organization(),
    "organization by code": lambda t: organizations.organization_by_credit_code("91370000MA00000020"),
    "sites": lambda t: organizations.sites_of(t["world"].own_id),
    "laboratories": lambda t: organizations.laboratories(),
    "contacts": lambda t: organizations.contacts_of(t["organization"]),
    "identifier of a thing": lambda t: identifiers.identifier_of("instrument", t["instrument"]),
    "identifiers of things": lambda t: identifiers.identifier_texts("instrument", [t["instrument"]]),
    "instruments": lambda t: list(instruments.instruments()),
    "count of instruments": lambda t: instruments.count_instruments(),
    "instruments by state": lambda t: sum(instruments.counts_by_state().values()),
    "instruments by serial": lambda t: instruments.instruments_by_serial("2024-0317"),
    "instruments by id": lambda t: instruments.instruments_by_id([t["instrument"]]),
    "history": lambda t: instruments.history(t["instrument"]),
    "standards": lambda t: list(standards.standards()),
    "count of standards": lambda t: standards.count_standards(),
    "standards in use": lambda t: standards.standards_in_use(),
    "standards kept": lambda t: standards.standards_kept(),
    "certificates of a standard": lambda t: standards.certificates_of(t["standard"]),
    "stored digests": lambda t: standards.stored_digests(),
    "check observations": lambda t: standards.check_observations(t["standard"]),
    "commissions": lambda t: list(commissions.commissions()),
    "count of commissions": lambda t: commissions.count_commissions(),
    "commissions by state": lambda t: sum(commissions.counts_by_state().values()),
    "items of a commission": lambda t: commissions.items_of(t["commission"]),
    "items in a place": lambda t: commissions.items_in(*CustodyState),
    "items of an instrument": lambda t: commissions.items_of_instrument(t["instrument"]),
    "custody events": lambda t: commissions.custody_events(t["item"]),
    "unfinished commission": lambda t: commissions.unfinished_commission_of(t["instrument"]),
}
# what says that there is no such thing
UNKNOWN: dict[str, Ask] = {
    "organization": lambda t: organizations.organization(t["organization"]),
    "own organization": lambda t: organizations.own_organization(),
    "party": lambda t: organizations.party_of(t["organization"]),
    "site": lambda t: organizations.site(t["site"]),
    "identifier": lambda t: identifiers.identifier(t["identifier"]),
    "instrument": lambda t: instruments.instrument(t["instrument"]),
    "ledger facts": lambda t: instruments.ledger_facts(t["instrument"]),
    "standard": lambda t: standards.standard(t["standard"]),
    "view of a standard": lambda t: standards.standard_view(t["standard"]),
    "certificate of a standard": lambda t: standards.standard_certificate(t["paper"]),
    "certificate in force": lambda t: standards.certificate_in_force(t["standard"], date(2026, 6, 16)),
    "commission": lambda t: commissions.commission(t["commission"]),
    "commission by number": lambda t: commissions.commission_by_number(t["number"]),
    "item": lambda t: commissions.item(t["item"]),
}
Do = Callable[[Things, World], Any]
# what would change a thing
CHANGES: dict[str, Do] = {
    "change an organization": lambda t, w: on_organizations.change(
        t["organization"], {"phone": "1"}, expected_version=1
    ),
    "add a site": lambda t, w: on_organizations.add_site(t["organization"], SiteFacts(name=Text("厅")), now=w.now),
    "add a contact": lambda t, w: on_organizations.add_contact(
        t["organization"], ContactFacts(name="王五", phone="1"), now=w.now
    ),
    "register for its owner": lambda t, w: on_instruments.register(
        THERMOMETER, owner_id=t["organization"], actor=w.person("receptionist"), now=w.now
    ),
    "change an instrument": lambda t, w: on_instruments.change(
        t["instrument"], {"model": "X"}, expected_version=1, actor=w.person("receptionist"), now=w.now
    ),
    "suspend an instrument": lambda t, w: on_instruments.suspend(
        t["instrument"], reason="r", actor=w.person("receptionist"), now=w.now
    ),
    "retire an instrument": lambda t, w: on_instruments.retire(
        t["instrument"], reason="r", actor=w.person("receptionist"), now=w.now
    ),
    "bring an instrument back": lambda t, w: on_instruments.bring_back(
        t["instrument"], proven=True, commission_number="n", actor=w.person("receptionist"), now=w.now
    ),
    "add a certificate": lambda t, w: on_standards.add_certificate(
        t["standard"], PAPER, actor=w.person("standards_keeper"), now=w.now
    ),
    "record a check": lambda t, w: on_standards.record_checks(
        t["standard"], [CHECK], actor=w.person("standards_keeper"), now=w.now
    ),
    "suspend a standard": lambda t, w: on_standards.suspend(t["standard"], reason="r"),
    "open for a customer": lambda t, w: on_commissions.open_commission(
        CommissionFacts(customer_id=t["organization"], kind="calibration"),
        commission_id=new_id(w.now), number="N-1", actor=w.person("receptionist"), now=w.now,
    ),
    "add an item": lambda t, w: on_commissions.add_item(
        t["commission"], ItemFacts(instrument_id=t["instrument"]), now=w.now
    ),
    "accept": lambda t, w: on_commissions.accept(
        t["commission"], AGREED, actor=w.person("receptionist"), now=w.now
    ),
    "cancel": lambda t, w: on_commissions.cancel(t["commission"], reason="r", now=w.now),
    "move an item": lambda t, w: on_commissions.move_item(
        t["item"], CustodyState.IN_LABORATORY, actor=w.person("technician"), now=w.now
    ),
    "note a condition": lambda t, w: on_commissions.note_condition(t["item"], Text("完好")),
    "complete": lambda t, w: on_commissions.complete_if_done(t["commission"], now=w.now),
}  # fmt: skip


def test_every_question_has_an_answer_where_the_things_are(things):
    for name, ask in (EMPTY | UNKNOWN).items():
        if name not in ("organization by code", "stored digests"):
            assert ask(things), name
    assert organizations.organization_by_credit_code(
        organizations.organization(things["organization"]).credit_code
    )


def test_another_institute_reads_and_counts_nothing(things, elsewhere):
    for name, ask in EMPTY.items():
        assert not ask(things), name


def test_for_another_institute_a_thing_does_not_exist(things, elsewhere):
    for ask in UNKNOWN.values():
        with pytest.raises(NotFound):
            ask(things)


def test_another_institute_changes_nothing(things, elsewhere):
    with nothing_changes():
        for change in CHANGES.values():
            with pytest.raises(NotFound):
                change(things, elsewhere)


def test_outside_every_scope_every_question_is_refused(tenant, now):
    anything = dict.fromkeys(
        ("organization", "site", "instrument", "standard", "paper", "commission", "item"), new_id(now)
    ) | {
        "number": "n",
        "identifier": "10.5555/x",
        "world": World(tenant.id, now, tenant.id, tenant.id, tenant.id),
    }
    for name, ask in (EMPTY | UNKNOWN).items():
        with pytest.raises(NoTenantInScope):
            ask(anything)
            pytest.fail(name)


def test_a_row_of_one_institute_is_not_saved_or_deleted_in_the_scope_of_another(things, elsewhere):
    world = things["world"]
    with scope(world.tenant_id):
        held = [
            organizations.organization(things["organization"]), instruments.instrument(things["instrument"]),
            standards.standard(things["standard"]), commissions.commission(things["commission"]),
            commissions.item(things["item"]),
        ]  # fmt: skip
    with nothing_changes():
        for row in held:
            with pytest.raises(ForeignRow), transaction.atomic():
                row.save()
            with pytest.raises(ForeignRow), transaction.atomic():
                row.delete()


def test_two_institutes_keep_the_same_things_side_by_side(things, elsewhere):
    twin = build_world(elsewhere.tenant_id, elsewhere.now)
    row = twin.instrument()
    assert row.id != things["instrument"]
    assert twin.standard(PAPER).id != things["standard"]
    assert twin.commission(row).number == things["number"]
    assert instruments.count_instruments() == 1


def test_an_identifier_of_another_institute_is_taken_all_the_same(things, elsewhere):
    prefix, suffix = things["identifier"].split("/")
    with pytest.raises(IdentifierTaken):
        mint(
            suffix=suffix,
            prefix=prefix,
            subject_kind="instrument",
            subject_id=new_id(elsewhere.now),
            now=elsewhere.now,
        )


def test_the_same_standard_is_registered_once_in_each_institute(things, elsewhere):
    assert on_standards.register(REFERENCE_THERMOMETER, now=elsewhere.now).tenant_id == elsewhere.tenant_id
