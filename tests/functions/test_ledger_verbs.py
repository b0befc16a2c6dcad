"""The verbs of the ledgers leave an audit record and an event with their change, or nothing at all."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from tests.ledger import AGREED, PAPER, THERMOMETER

from jialiang.base.commissions.facts import CommissionFacts, ItemFacts
from jialiang.base.commissions.selectors import commission, items_of
from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.instruments import selectors as instrument_rows
from jialiang.base.instruments.errors import InstrumentIncomplete
from jialiang.base.measurement_standards.errors import StandardMember
from jialiang.base.measurement_standards.facts import CheckFacts
from jialiang.base.measurement_standards.selectors import certificate_in_force, check_observations
from jialiang.base.traceability.selectors import standard_evidence_on
from jialiang.functions import commissions, deed, instruments, measurement_standards, organizations, people
from jialiang.functions.people import OwnAccount, PersonFacts, RoleNeedsOrganization
from jialiang.governance.counters.selectors import account, gaps
from jialiang.governance.outbox.selectors import events_after
from jialiang.governance.storage.current import current_store
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of, roles_of
from jialiang.security.audit.selectors import history, page, verify_chain
from jialiang.vocabulary.statuses import CustodyState

PASSWORD = "seven bronze measures"


def events(name):
    return [event for event in events_after(0, limit=1000) if event.name == name]


def test_an_instrument_is_registered_with_identifier_audit_and_event(world):
    row = world.instrument()
    code = identifier_of("instrument", row.id)
    (record,) = history("instrument", row.id)
    assert (record.action, record.actor_name_zh) == ("instrument.register", "张三")
    assert record.detail["identifier"] == code.text
    (event,) = events("instrument.registered")
    assert (event.subject_id, event.data["owner_id"]) == (row.id, str(world.dairy_id))


def test_a_refused_verb_leaves_nothing(world):
    before = (len(page()), len(events_after(0, limit=1000)))
    with pytest.raises(InstrumentIncomplete):
        world.instrument(model="")
    assert (len(page()), len(events_after(0, limit=1000))) == before
    assert instrument_rows.count_instruments() == 0


def test_a_verb_that_is_rolled_back_leaves_neither_record_nor_event_nor_number(world):
    with pytest.raises(RuntimeError), transaction.atomic():
        world.commission(agreement=None)
        raise RuntimeError
    assert events("commission.opened") == []
    assert [line.number for line in account("commission", 2026)] == []
    assert world.commission(agreement=None).number == "YZ-W-2026-000001"


def test_a_change_is_audited_with_old_and_new_and_an_empty_one_not_at_all(world):
    desk, row = world.person("receptionist"), world.instrument()
    arguments = {"actor": desk, "instrument_id": row.id, "now": world.now}
    instruments.change(**arguments, changes={"model": "X"}, expected_version=1, reason="铭牌更正")
    instruments.change(**arguments, changes={"model": "X"}, expected_version=2)
    _, record = history("instrument", row.id)
    assert record.detail == {"old": {"model": "WLB-21"}, "new": {"model": "X"}, "reason": "铭牌更正"}
    (event,) = events("instrument.changed")
    assert event.data == {"members": ["model"]}


def test_the_states_of_an_instrument_are_events(world):
    desk, row = world.person("receptionist"), world.instrument()
    for verb in (instruments.suspend, instruments.restore, instruments.retire):
        verb(actor=desk, instrument_id=row.id, reason="原因", now=world.now)
    names = ["instrument.suspended", "instrument.restored", "instrument.retired"]
    assert [events(name)[0].data["state"] for name in names] == ["suspended", "in_service", "retired"]


def test_an_organization_s_change_names_what_changed(world):
    desk = world.person("receptionist")
    organizations.change(
        actor=desk, organization_id=world.dairy_id, changes={"phone": "0531-1"}, expected_version=1, now=world.now
    )
    assert history("organization", world.dairy_id)[-1].detail["new"] == {"phone": "0531-1"}
    assert events("organization.changed")[0].data == {"members": ["phone"]}


def test_a_standard_is_carried_by_its_paper_certificate_and_proven_by_it(world):
    row = world.standard(PAPER)
    view = certificate_in_force(row.id, date(2026, 6, 16))
    assert (view.form, view.digest_procedure, view.digest) == ("paper", "analogue", "")
    assert standard_evidence_on(row.id, date(2026, 6, 16)).standard_certificate_id == view.id
    assert standard_evidence_on(row.id, date(2027, 1, 10)) is None
    assert events("measurement_standard.certificate_added")[0].data["valid_until"] == "2027-01-09"


def test_a_file_is_kept_under_the_digest_that_the_certificate_names(world):
    row, keeper = world.standard(), world.person("standards_keeper")
    added = measurement_standards.add_certificate(
        actor=keeper, standard_id=row.id, facts=PAPER, file=b"%PDF-1.7 fictional", now=world.now
    )
    assert (added.form, added.digest_procedure) == ("pdf", "sha256")
    assert current_store().get(added.stored_digest) == b"%PDF-1.7 fictional"


def test_a_digital_certificate_is_never_typed(world):
    row, keeper = world.standard(), world.person("standards_keeper")
    with pytest.raises(StandardMember):
        measurement_standards.add_certificate(
            actor=keeper, standard_id=row.id, facts=replace(PAPER, form="dcc"), now=world.now
        )


def test_a_history_of_checks_is_one_act(world):
    row, keeper = world.standard(), world.person("standards_keeper")
    checks = [CheckFacts(observed_on=str(76 + n), measured_value=f"25.0{n}", unit="\\kelvin") for n in range(3)]
    measurement_standards.record_checks(actor=keeper, standard_id=row.id, observations=checks, now=world.now)
    assert [c.measured_value for c in check_observations(row.id)] == ["25.00", "25.01", "25.02"]
    assert history("measurement_standard", row.id)[-1].detail["last"] == 3
    measurement_standards.record_checks(actor=keeper, standard_id=row.id, observations=[], now=world.now)
    assert len(events("measurement_standard.checked")) == 1


def test_numbers_of_commissions_have_no_gap_and_the_year_of_the_institute_s_time_zone(world):
    world.commission(agreement=None)
    desk = world.person("receptionist")
    facts = CommissionFacts(customer_id=world.dairy_id, kind="testing")
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    row = commissions.open_commission(actor=desk, facts=facts, now=new_year)
    last = commissions.open_commission(actor=desk, facts=facts, now=new_year.replace(hour=15))
    assert (row.number, last.number) == ("YZ-W-2027-000001", "YZ-W-2026-000002")
    assert gaps() == []


def test_an_item_s_whole_way_moves_its_instrument_and_completes_the_commission(world):
    desk, thermometer = world.person("receptionist"), world.instrument()
    row = world.commission(thermometer)
    (item,) = items_of(row.id)
    said = {"actor": desk, "item_id": item.id, "now": world.now}
    commissions.receive(**said, condition=Text("外观完好", "no visible damage"), accessories="木盒", place="收样室")
    assert instrument_rows.instrument(thermometer.id).state == "away"
    commissions.hand_over(**said, to=CustodyState.IN_LABORATORY, place="温度实验室")
    commissions.hand_over(**said, to=CustodyState.RECEIVED)
    commissions.hand_over(**said, to=CustodyState.RETURNED, note="快递")
    assert instrument_rows.instrument(thermometer.id).state == "registered"  # nothing proved it
    assert commission(row.id).state == "completed"
    assert [len(events(name)) for name in ("item.received", "item.handed_over", "commission.completed")] == [1, 3, 1]
    moved = {change.action for change in instrument_rows.history(thermometer.id)}
    assert moved == {"instrument.register", "item.receive", "item.hand_over"}


def test_items_of_a_cancelled_commission_still_come_back(world):
    desk, thermometer = world.person("receptionist"), world.instrument()
    row = world.commission(thermometer)
    (item,) = items_of(row.id)
    commissions.receive(actor=desk, item_id=item.id, now=world.now)
    commissions.cancel(actor=desk, commission_id=row.id, reason="委托单位要求撤回", now=world.now)
    commissions.hand_over(actor=desk, item_id=item.id, to=CustodyState.RETURNED, now=world.now)
    assert commission(row.id).state == "cancelled"
    assert instrument_rows.instrument(thermometer.id).state == "registered"


def test_what_was_agreed_stands_in_the_audit(world):
    row = world.commission(world.instrument(), agreement=replace(AGREED, promised_on=date(2026, 7, 1)))
    assert history("commission", row.id)[-1].detail == {
        "decision_rule": "simple_acceptance", "due_date_agreed": True, "agreed_interval_months": 12,
        "fee_kind": "charged", "promised_on": "2026-07-01",
    }  # fmt: skip


def test_an_item_is_added_by_the_customer_to_the_own_open_commission(world):
    buyer, thermometer = world.person("customer", organization_id=world.dairy_id), world.instrument()
    row = commissions.open_commission(
        actor=buyer, facts=CommissionFacts(customer_id=world.dairy_id, kind="calibration"), now=world.now
    )
    added = commissions.add_item(
        actor=buyer, commission_id=row.id, facts=ItemFacts(instrument_id=thermometer.id), now=world.now
    )
    assert (added.position, history("commission", row.id)[-1].detail["instrument_id"]) == (1, str(thermometer.id))


def test_a_person_is_added_and_holds_roles_from_day_to_day(world):
    administrator = world.person("system_administrator")
    facts = PersonFacts(username="wang.wu", password=PASSWORD, name=Text("王五", "Wang Wu"))
    row = people.add(actor=administrator, facts=facts, now=world.now)
    grant = {"actor": administrator, "person_id": row.pk, "role": "technician", "now": world.now}
    people.grant_role(**grant, valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31))
    assert actor_of(row.pk, date(2026, 12, 31), "console").holds("technician")
    assert roles_of(row.pk, date(2027, 1, 1)) == frozenset()
    assert people.revoke_role(**grant) == 1
    assert people.deactivate(actor=administrator, person_id=row.pk, now=world.now).is_active is False
    actions = [record.action for record in history("person", row.pk)]
    assert actions == ["person.add", "person.grant_role", "person.revoke_role", "person.deactivate"]
    assert PASSWORD not in str([record.detail for record in page(limit=100)])
    assert PASSWORD not in repr(facts)


def test_nobody_raises_the_own_rank_or_closes_the_own_account(world):
    administrator = world.person("system_administrator")
    facts = PersonFacts(username="wang.wu", password=PASSWORD, name=Text("王五", "Wang Wu"))
    row = people.add(actor=administrator, facts=facts, now=world.now)
    selfish = replace(administrator, person_id=row.pk)
    said = {"actor": selfish, "person_id": row.pk, "now": world.now}
    for deed_on_self in (
        lambda: people.grant_role(**said, role="signatory", valid_from=date(2026, 1, 1)),
        lambda: people.revoke_role(**said, role="signatory"),
        lambda: people.deactivate(**said),
    ):
        with pytest.raises(OwnAccount):
            deed_on_self()


@pytest.mark.parametrize(("outside", "role", "fits"), [
    (True, "customer", True), (True, "instrument_manager", True), (True, "signatory", False),
    (False, "customer", False), (False, "signatory", True),
])  # fmt: skip
def test_customers_people_hold_customers_roles_and_only_they(world, outside, role, fits):
    administrator = world.person("system_administrator")
    facts = PersonFacts(
        username="wang.wu", password=PASSWORD, name=Text("王五"), organization_id=world.dairy_id if outside else None
    )
    row = people.add(actor=administrator, facts=facts, now=world.now)
    said = {"actor": administrator, "person_id": row.pk, "role": role, "valid_from": date(2026, 1, 1), "now": world.now}
    if fits:
        people.grant_role(**said)
        assert roles_of(row.pk, date(2026, 6, 16)) == {role}
        return
    with pytest.raises(RoleNeedsOrganization):
        people.grant_role(**said)


def test_the_audit_chain_holds_after_all_this(world):
    world.commission(world.instrument())
    world.standard(PAPER)
    assert verify_chain(world.tenant_id) == []
    assert len(page(limit=100)) >= 8


def test_only_rows_with_an_id_of_their_own_are_subjects_of_events(world):
    event = events("organization.registered")[0]
    with pytest.raises(TypeError, match="UUID"):
        deed.put_on_record(world.person("receptionist"), "organization.change", event, world.now, event="x.y")


def test_registering_for_nobody_names_the_owner_among_what_is_missing(world):
    with pytest.raises(InstrumentIncomplete) as refused:
        instruments.register(
            actor=world.person("receptionist"), facts=replace(THERMOMETER, model=""), owner_id=None, now=world.now
        )
    assert refused.value.facts["members"].zh == "型号规格、使用单位"
