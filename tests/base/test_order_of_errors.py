"""Of several things that are wrong at once the same one is told first, every time; and nothing is kept of the try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from tests.ledger import AGREED, PAPER, REFERENCE_THERMOMETER, THERMOMETER, credit_code
from tests.pictures import nothing_changes

from jialiang.base.commissions import errors as of_commissions
from jialiang.base.commissions import services as on_commissions
from jialiang.base.commissions.facts import Agreement, CommissionFacts, ItemFacts
from jialiang.base.commissions.selectors import items_of
from jialiang.base.instruments import errors as of_instruments
from jialiang.base.instruments import services as on_instruments
from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.base.instruments.models import Instrument
from jialiang.base.measurement_standards import errors as of_standards
from jialiang.base.measurement_standards import services as on_standards
from jialiang.base.measurement_standards.facts import CheckFacts
from jialiang.base.measurement_standards.models import MeasurementStandard
from jialiang.base.organizations import errors as of_organizations
from jialiang.base.organizations import services as on_organizations
from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CustodyState

Things = dict[str, Any]
Try = Callable[[Things], Any]
BARE = OrganizationFacts(name=Text())
CHECK = CheckFacts(observed_on="2026-01-15", measured_value="25.010", unit="\\degreecelsius")


@pytest.fixture
def things(world) -> Things:
    """Rows in the states that the tries need."""
    retired, scrapped = world.instrument(serial_number="r"), world.standard(PAPER, serial_number="scrapped")
    desk = world.person("receptionist")
    on_instruments.retire(retired.id, reason="报废", actor=desk, now=world.now)
    MeasurementStandard.objects.filter(pk=scrapped.id).update(state="retired")
    busy, cancelled = world.instrument(serial_number="busy"), world.commission(agreement=None)
    accepted = world.commission(busy)
    on_commissions.cancel(cancelled.id, reason="撤回", now=world.now)
    away = world.instrument(serial_number="busy and retired")
    world.commission(away, agreement=None)
    Instrument.objects.filter(pk=away.pk).update(state="retired")
    return {
        "world": world, "now": world.now, "desk": desk, "nobody": new_id(world.now), "retired": retired.id,
        "instrument": world.instrument().id, "standard": world.standard(PAPER).id, "scrapped": scrapped.id,
        "open": world.commission(agreement=None).id, "accepted": accepted.id, "cancelled": cancelled.id,
        "busy": busy.id, "away": away.id, "item": items_of(accepted.id)[0].id,
        "foreign": world.instrument(owner_id=world.mill_id, serial_number="f").id,
    }  # fmt: skip


def change_instrument(t, who, changes, version, reason=""):
    return on_instruments.change(
        t[who], changes, expected_version=version, reason=reason, actor=t["desk"], now=t["now"]
    )


def change_dairy(t, changes, version=1):
    return on_organizations.change(t["world"].dairy_id, changes, expected_version=version)


def enter(t, owner_id=None, **members):
    facts = replace(THERMOMETER, **members)
    return on_instruments.register(facts, owner_id=owner_id, actor=t["desk"], now=t["now"])


def found(t, **members):
    given = {"name": Text("新机构"), "credit_code": credit_code(500)} | members
    return on_organizations.register(OrganizationFacts(**given), now=t["now"])


def add_paper(t, who, **members):
    return on_standards.add_certificate(t[who], replace(PAPER, **members), actor=t["desk"], now=t["now"])


def add_item(t, commission, instrument, **members):
    facts = ItemFacts(instrument_id=t[instrument], **members)
    return on_commissions.add_item(t[commission], facts, now=t["now"])


def accept(t, commission, agreement=AGREED, version=None):
    return on_commissions.accept(
        t[commission], agreement, expected_version=version, actor=t["desk"], now=t["now"]
    )


def move(t, item, to, **said):
    return on_commissions.move_item(t[item], to, actor=t["desk"], now=t["now"], **said)


LONG = "x" * 201
# try with at least two faults: the one that is told
TRIES: dict[str, tuple[Try, type[Exception]]] = {
    "organization: incomplete before a bad code": (
        lambda t: found(t, name=Text(), credit_code="x"), of_organizations.OrganizationIncomplete),
    "organization: too long before a bad code": (
        lambda t: found(t, phone="0" * 41, credit_code="x"), of_organizations.OrganizationMember),
    "organization: country before its code": (
        lambda t: found(t, country_code="86", credit_code="x"), of_organizations.OrganizationMember),
    "organization: credit code before location number": (
        lambda t: found(t, credit_code="x", gln="1"), of_organizations.BadCreditCode),
    "organization: location number before region": (
        lambda t: found(t, gln="1", region_code="1"), of_organizations.BadLocationNumber),
    "organization: region before an unknown parent": (
        lambda t: found(t, region_code="1", parent_id=t["nobody"]), of_organizations.OrganizationMember),
    "organization: unknown parent before a double": (
        lambda t: found(t, credit_code=credit_code(2), parent_id=t["nobody"]), of_organizations.OrganizationUnknown),
    "organization: double before a second own": (
        lambda t: on_organizations.register(
            OrganizationFacts(name=Text("乙"), credit_code=credit_code(2)), is_own=True, now=t["now"]),
        of_organizations.OrganizationExists),
    "organization: unknown before a wrong version": (
        lambda t: on_organizations.change(t["nobody"], {"x": 1}, expected_version=9),
        of_organizations.OrganizationUnknown),
    "organization: version before strange members": (
        lambda t: change_dairy(t, {"x": 1}, 9), of_organizations.OrganizationChanged),
    "organization: strange members before bad ones": (
        lambda t: change_dairy(t, {"x": 1, "gln": "1"}), of_organizations.UnknownMembers),
    "organization: bad members before its own parent": (
        lambda t: change_dairy(t, {"parent_id": t["world"].dairy_id, "gln": "1"}),
        of_organizations.BadLocationNumber),
    "organization: own parent before a double": (
        lambda t: change_dairy(t, {"parent_id": t["world"].dairy_id, "credit_code": credit_code(3)}),
        of_organizations.OrganizationMember),
    "site: unknown organization before no name": (
        lambda t: on_organizations.add_site(t["nobody"], SiteFacts(name=Text()), now=t["now"]),
        of_organizations.OrganizationUnknown),
    "contact: unknown organization before no name": (
        lambda t: on_organizations.add_contact(t["nobody"], ContactFacts(name=""), now=t["now"]),
        of_organizations.OrganizationUnknown),
    "instrument: incomplete before a bad member": (
        lambda t: enter(t, t["nobody"], model="", unit="nonsense"), of_instruments.InstrumentIncomplete),
    "instrument: no owner is incomplete, before a bad member": (
        lambda t: enter(t, None, unit="nonsense"), of_instruments.InstrumentIncomplete),
    "instrument: bad member before an unknown owner": (
        lambda t: enter(t, t["nobody"], unit="nonsense"), of_instruments.InstrumentMember),
    "instrument: unknown before version": (
        lambda t: change_instrument(t, "nobody", {"x": 1}, 9), of_instruments.InstrumentUnknown),
    "instrument: version before state": (
        lambda t: change_instrument(t, "retired", {"model": "X"}, 1), of_instruments.InstrumentChanged),
    "instrument: state before strange members": (
        lambda t: change_instrument(t, "retired", {"x": 1}, 2), of_instruments.StateForbids),
    "instrument: strange members before bad ones": (
        lambda t: change_instrument(t, "instrument", {"x": 1, "model": ""}, 1), of_instruments.UnknownMembers),
    "instrument: incomplete before a reason too long": (
        lambda t: change_instrument(t, "instrument", {"model": ""}, 1, LONG), of_instruments.InstrumentIncomplete),
    "instrument: double before a reason too long": (
        lambda t: change_instrument(t, "instrument", {"serial_number": "busy"}, 1, LONG),
        of_instruments.InstrumentExists),
    "instrument: missing reason before state": (
        lambda t: on_instruments.restore(t["retired"], reason=" ", actor=t["desk"], now=t["now"]),
        of_instruments.ReasonMissing),
    "instrument: unknown before a missing reason": (
        lambda t: on_instruments.suspend(t["nobody"], reason="", actor=t["desk"], now=t["now"]),
        of_instruments.InstrumentUnknown),
    "standard: incomplete before a bad unit": (
        lambda t: on_standards.register(replace(REFERENCE_THERMOMETER, model="", unit="x"), now=t["now"]),
        of_standards.StandardIncomplete),
    "standard: bad unit before a double": (
        lambda t: on_standards.register(replace(REFERENCE_THERMOMETER, unit="x"), now=t["now"]),
        of_standards.StandardMember),
    "standard's certificate: state before what it says": (
        lambda t: add_paper(t, "scrapped", number=""), of_standards.StateForbids),
    "standard's certificate: incomplete before a double": (
        lambda t: add_paper(t, "standard", issuer=Text()), of_standards.StandardIncomplete),
    "standard's certificate: unit before a double": (
        lambda t: add_paper(t, "standard", unit="\\metre"), of_standards.StandardMember),
    "standard's certificate: U before the dates": (
        lambda t: add_paper(t, "standard", expanded_uncertainty="0", valid_until=date(2020, 1, 1)),
        of_standards.StandardMember),
    "standard: missing reason before state": (
        lambda t: on_standards.resume(t["standard"], reason=""), of_standards.ReasonMissing),
    "standard: reason too long before state": (
        lambda t: on_standards.resume(t["standard"], reason=LONG), of_standards.StandardMember),
    "standard: unknown before a bad check": (
        lambda t: on_standards.record_checks(
            t["nobody"], [replace(CHECK, unit="x")], actor=t["desk"], now=t["now"]),
        of_standards.StandardUnknown),
    "commission: no kind before an unknown customer": (
        lambda t: on_commissions.open_commission(
            CommissionFacts(customer_id=t["nobody"], kind=""), commission_id=t["nobody"], number="N", actor=t["desk"],
            now=t["now"]),
        of_commissions.CommissionIncomplete),
    "item: state before a foreign instrument": (
        lambda t: add_item(t, "accepted", "foreign"), of_commissions.CommissionStateForbids),
    "item: state before an unknown instrument": (
        lambda t: add_item(t, "cancelled", "nobody"), of_commissions.CommissionStateForbids),
    "item: foreign before a bad point": (
        lambda t: add_item(t, "open", "foreign", requested_points=("x",)), of_commissions.ForeignInstrument),
    "item: scrapped before busy": (lambda t: add_item(t, "open", "away"), of_commissions.InstrumentScrapped),
    "item: busy before a bad point": (
        lambda t: add_item(t, "open", "busy", requested_points=("x",)), of_commissions.InstrumentBusy),
    "acceptance: version before state": (
        lambda t: accept(t, "cancelled", version=1), of_commissions.CommissionChanged),
    "acceptance: state before what is agreed": (
        lambda t: accept(t, "cancelled", Agreement()), of_commissions.CommissionStateForbids),
    "acceptance: incomplete before a bad interval": (
        lambda t: accept(t, "open", replace(AGREED, agreed_interval_months=0, fee_kind="")),
        of_commissions.CommissionIncomplete),
    "cancelling: reason before state": (
        lambda t: on_commissions.cancel(t["cancelled"], reason="", now=t["now"]), of_commissions.ReasonMissing),
    "cancelling: too long before state": (
        lambda t: on_commissions.cancel(t["cancelled"], reason=LONG, now=t["now"]), of_commissions.CommissionMember),
    "custody: the way before a place too long": (
        lambda t: move(t, "item", CustodyState.RETURNED, place=LONG), of_commissions.CustodyForbids),
}  # fmt: skip


@pytest.fixture(params=TRIES)
def attempt(request):
    return TRIES[request.param]


def test_the_first_fault_is_told_and_nothing_is_kept(things, attempt):
    act, error = attempt
    with nothing_changes(), pytest.raises(error) as refused, transaction.atomic():
        act(things)
    assert type(refused.value) is error
    for words in (refused.value.what, refused.value.rule, refused.value.way_out):
        assert words.zh and words.en


def test_a_batch_of_checks_is_taken_whole_or_not_at_all(things):
    batch = [CHECK, replace(CHECK, measured_value="25.011"), replace(CHECK, measured_value="x")]
    with nothing_changes(), pytest.raises(of_standards.StandardMember) as refused:
        on_standards.record_checks(things["standard"], batch, actor=things["desk"], now=things["now"])
    assert refused.value.facts["given"] == "x"


def test_a_refused_registration_leaves_the_number_of_the_next_check_as_it_was(things):
    first = on_standards.record_checks(things["standard"], [CHECK, CHECK], actor=things["desk"], now=things["now"])
    with pytest.raises(of_standards.StandardMember):
        on_standards.record_checks(
            things["standard"], [CHECK, replace(CHECK, unit="x")], actor=things["desk"], now=things["now"]
        )
    (after,) = on_standards.record_checks(things["standard"], [CHECK], actor=things["desk"], now=things["now"])
    assert [row.sequence for row in (*first, after)] == [1, 2, 3]


def test_everything_that_an_instrument_lacks_is_named_in_the_order_of_the_form(things):
    with pytest.raises(of_instruments.InstrumentIncomplete) as refused:
        on_instruments.register(
            InstrumentFacts(name=Text()), owner_id=None, actor=things["desk"], now=things["now"]
        )
    english = refused.value.facts["members"].en.split(", ")
    assert len(english) == len(set(english)) == 7
    assert ", ".join(english) in refused.value.what.en
