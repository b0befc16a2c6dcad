"""Every verb of the ledgers leaves exactly its audit record and its event, and done a second time, nothing."""

from __future__ import annotations

from typing import Any

import pytest
from tests.functions.ledger_verbs import VERBS, make_things
from tests.ledger import ROLES, credit_code
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.commissions import errors as of_commissions
from jialiang.base.commissions.selectors import commission, item
from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.instruments import errors as of_instruments
from jialiang.base.measurement_standards import errors as of_standards
from jialiang.base.measurement_standards.selectors import certificates_of
from jialiang.base.organizations import errors as of_organizations
from jialiang.security.accounts import errors as of_accounts
from jialiang.security.policy import roles_for


@pytest.fixture
def things(world):
    return make_things(world)


def somebody(world, action):
    """The first of the roles that may do the verb, acting for the dairy."""
    role = sorted(roles_for(action) & set(ROLES))[0]
    return world.person(role, organization_id=world.dairy_id)


def row_of(done: Any) -> Any:
    """The row that a verb returned, alone or with what it altered."""
    return done[0] if isinstance(done, tuple) else done


# action: kind of the subject, event (none where there is none), members of the event, members of the audit detail.
# "@x" stands for what the verb made or changed, see ``meant``.
DEEDS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "organization.register": (
        "organization", "organization.registered",
        {"name": {"zh": "新"}, "credit_code": credit_code(99)},
        {"name": {"zh": "新"}, "credit_code": credit_code(99), "is_own": False},
    ),
    "organization.change": (
        "organization", "organization.changed",
        {"members": ["phone"]}, {"old": {"phone": ""}, "new": {"phone": "1"}},
    ),
    "site.add": ("site", "", {}, {"organization_id": "@organization", "name": {"zh": "厅"}}),
    "contact.add": ("contact", "", {}, {"organization_id": "@organization"}),
    "person.add": (
        "person", "person.added", {},
        {"name": {"zh": "王五", "en": "Wang Wu"}, "username": "wang.wu", "organization_id": None},
    ),
    "person.grant_role": (
        "person", "person.role_granted",
        {"role": "reviewer", "valid_from": "2026-01-01", "valid_until": None},
        {"role": "reviewer", "valid_from": "2026-01-01", "valid_until": None},
    ),
    "person.revoke_role": ("person", "person.role_revoked", {"role": "technician"}, {"role": "technician"}),
    "person.deactivate": ("person", "person.deactivated", {}, {"username": "zhao.liu"}),
    "measurement_standard.register": (
        "measurement_standard", "measurement_standard.registered",
        {"name": "@name", "serial_number": "2"}, {"name": "@name", "model": "SPRT-25", "serial_number": "2"},
    ),
    "measurement_standard.add_certificate": (
        "measurement_standard", "measurement_standard.certificate_added",
        {"certificate_id": "@certificate", "number": "2", "valid_until": "2027-01-09"},
        {"certificate_id": "@certificate", "number": "2", "form": "paper", "digest": "", "valid_from": "2026-01-10",
         "valid_until": "2027-01-09", "signature_holds": False},
    ),
    "measurement_standard.record_check": (
        "measurement_standard", "measurement_standard.checked",
        {"first": 1, "last": 1},
        {"first": 1, "last": 1, "latest": {"observed_on": "2026-01-15", "measured_value": "25.010"}},
    ),
    "measurement_standard.suspend": (
        "measurement_standard", "measurement_standard.suspended", {"reason": "r"}, {"reason": "r"},
    ),
    "measurement_standard.resume": (
        "measurement_standard", "measurement_standard.resumed", {"reason": "r"}, {"reason": "r"},
    ),
    "instrument.register": (
        "instrument", "instrument.registered",
        {"owner_id": "@organization", "identifier": "@identifier"},
        {"name": "@name", "model": "WLB-21", "serial_number": "n", "owner_id": "@organization",
         "identifier": "@identifier"},
    ),
    "instrument.change": (
        "instrument", "instrument.changed",
        {"members": ["model"]}, {"old": {"model": "WLB-21"}, "new": {"model": "X"}, "reason": ""},
    ),
    "instrument.suspend": (
        "instrument", "instrument.suspended", {"state": "suspended"}, {"reason": "r", "state": "suspended"},
    ),
    "instrument.restore": (
        "instrument", "instrument.restored", {"state": "in_service"}, {"reason": "r", "state": "in_service"},
    ),
    "instrument.retire": (
        "instrument", "instrument.retired", {"state": "retired"}, {"reason": "r", "state": "retired"},
    ),
    "commission.open": (
        "commission", "commission.opened",
        {"number": "@number", "customer_id": "@organization"},
        {"number": "@number", "customer_id": "@organization", "kind": "calibration", "instruments": []},
    ),
    "commission.add_item": (
        "commission", "commission.item_added",
        {"item_id": "@item", "instrument_id": "@instrument"}, {"position": 1, "instrument_id": "@instrument"},
    ),
    "commission.accept": (
        "commission", "commission.accepted", {"number": "@number"},
        {"decision_rule": "simple_acceptance", "due_date_agreed": True, "agreed_interval_months": 12,
         "fee_kind": "charged", "promised_on": None},
    ),
    "commission.cancel": ("commission", "commission.cancelled", {"number": "@number"}, {"reason": "r"}),
}  # fmt: skip


def meant(expected: dict[str, Any], done: Any, things: dict[str, Any]) -> dict[str, Any]:
    """The expected members with the placeholders filled in."""
    row = row_of(done)
    known = {
        "@organization": lambda: str(things["organization"]),
        "@instrument": lambda: str(things["instrument"]),
        "@name": lambda: row.name.to_json(),
        "@number": lambda: row.number,
        "@item": lambda: str(row.id),
        "@certificate": lambda: str(row.id),
        "@identifier": lambda: identifier_of("instrument", row.id).text,
    }
    return {
        member: known[value]() if isinstance(value, str) and value in known else value
        for member, value in expected.items()
    }


SUBJECTS = {
    "measurement_standard.add_certificate": "standard",
    "measurement_standard.record_check": "standard",
    "commission.add_item": "open commission",
    "person.grant_role": "person",
    "person.revoke_role": "person",
}
CUSTODY = {"item.receive", "item.hand_over"}


def test_every_verb_of_the_ledgers_is_looked_at_here():
    assert set(DEEDS) | CUSTODY == set(VERBS)


@pytest.mark.parametrize("action", DEEDS)
def test_a_verb_leaves_one_audit_record_and_its_event(world, things, action):
    kind, event_name, data, detail = DEEDS[action]
    actor = somebody(world, action)
    with what_is_left() as left:
        done = VERBS[action](actor, things, world.now)
    subject_id = things[SUBJECTS[action]] if action in SUBJECTS else row_of(done).pk
    (record,) = left.audit
    assert (record.action, record.subject_type, record.subject_id) == (action, kind, str(subject_id))
    assert (record.actor_id, record.actor_name, record.door, record.at) == (
        actor.person_id, actor.name, actor.door, world.now,
    )  # fmt: skip
    assert record.detail == meant(detail, done, things)
    assert left.told == ([(event_name, meant(data, done, things))] if event_name else [])
    assert [(event.subject_id, event.happened_at) for event in left.events] == (
        [(subject_id, world.now)] if event_name else []
    )


def test_an_item_s_custody_is_recorded_with_its_commission_and_instrument(world, things):
    received = item(things["item"])
    with what_is_left() as left:
        desk = somebody(world, "item.receive")
        from_open = VERBS["item.receive"](desk, things, world.now)
    facts = {
        "commission": received.commission.number, "custody": "received", "instrument_id": str(received.instrument_id)
    }  # fmt: skip
    assert left.recorded == [("item.receive", facts | {"place": ""})]
    assert left.told == [("item.received", facts)]
    assert left.audit[0].subject_id == str(from_open.id)


def test_the_last_item_s_way_back_completes_its_commission_with_an_event_of_its_own(world, things):
    back = item(things["received item"])
    with what_is_left() as left:
        VERBS["item.hand_over"](somebody(world, "item.hand_over"), things, world.now)
    facts = {
        "commission": back.commission.number,
        "custody": "returned",
        "instrument_id": str(back.instrument_id),
    }
    assert left.recorded == [("item.hand_over", facts | {"place": ""})]
    assert left.told == [
        ("item.handed_over", facts),
        ("commission.completed", {"number": back.commission.number, "last_item_id": str(back.id)}),
    ]
    assert commission(back.commission_id).state == "completed"


# action: what a second call of the same verb on the same thing gives; None where it is harmless and leaves no trace
AGAIN: dict[str, type[Exception] | None] = {
    "organization.register": of_organizations.OrganizationExists,
    "organization.change": of_organizations.OrganizationChanged,
    "person.add": of_accounts.UsernameTaken,
    "measurement_standard.register": of_standards.StandardExists,
    "measurement_standard.add_certificate": of_standards.StandardCertificateExists,
    "measurement_standard.suspend": of_standards.StateForbids,
    "measurement_standard.resume": of_standards.StateForbids,
    "instrument.register": of_instruments.InstrumentExists,
    "instrument.change": of_instruments.InstrumentChanged,
    "instrument.suspend": of_instruments.StateForbids,
    "instrument.restore": of_instruments.StateForbids,
    "instrument.retire": of_instruments.StateForbids,
    "commission.add_item": of_commissions.InstrumentBusy,
    "commission.accept": of_commissions.CommissionStateForbids,
    "commission.cancel": of_commissions.CommissionStateForbids,
    "item.receive": of_commissions.CustodyForbids,
    "item.hand_over": of_commissions.CustodyForbids,
}


@pytest.mark.parametrize("action", AGAIN)
def test_a_verb_repeated_is_refused_and_leaves_nothing_a_second_time(world, things, action):
    actor = somebody(world, action)
    VERBS[action](actor, things, world.now)
    with nothing_changes(), pytest.raises(AGAIN[action]):
        VERBS[action](actor, things, world.now)


def test_a_certificate_of_a_standard_is_recorded_as_its_evidence_too(world, things):
    VERBS["measurement_standard.add_certificate"](
        somebody(world, "measurement_standard.add_certificate"), things, world.now
    )
    proven = [row.evidence.count() for row in certificates_of(things["standard"])]
    assert proven == [1, 1]
