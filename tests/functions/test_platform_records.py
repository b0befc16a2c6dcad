"""Identifiers that the platform gives: an instrument shows what its owner lets be public, a certificate its page."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from tests.functions import record_world

from jialiang.base.identifiers import selectors
from jialiang.formats.handle.published import record_key
from jialiang.formats.handle.values import USUAL_PERMISSIONS, HandleValue
from jialiang.functions import identifiers, instruments
from jialiang.functions.identifier_trust import trust_report
from jialiang.functions.platform_records import publish_certificate_record
from jialiang.governance.publication.selectors import answer


def record_of(instrument):
    return selectors.record(selectors.identifier_of("instrument", instrument.id).name)


def public_types(name):
    return [value["type"] for value in json.loads(answer(record_key(name)).body)["values"]]


@pytest.fixture
def owner(world):
    return world.person("customer", organization_id=world.dairy_id)


def test_an_instrument_s_record_belongs_to_its_owner_and_tells_strangers_nothing_but_that_it_is(world):
    instrument = world.instrument()
    record = record_of(instrument)
    assert (record.organization_id, record.state) == (world.dairy_id, "active")
    told = {value.type: value.text for value in record.record.values}
    assert told["SERIAL_NUMBER"] == "2024-0317"
    assert told["MODEL"] == "WLB-21"
    assert public_types(record.name) == []


def test_what_the_owner_makes_public_stays_public_when_the_ledger_changes(world, owner, now):
    instrument = world.instrument()
    record = record_of(instrument)
    model = next(value for value in record.record.values if value.type == "MODEL")
    page = HandleValue(1, "URL", b"https://example.org/our-thermometer")
    identifiers.put_values(
        actor=owner, name=record.name, values=(replace(model, permissions=USUAL_PERMISSIONS), page), now=now
    )
    assert public_types(record.name) == ["URL", "MODEL"]
    later = now + timedelta(days=1)
    instruments.change(
        actor=world.person("receptionist"), instrument_id=instrument.id, changes={"model": "WLB-22"},
        expected_version=1, now=later,
    )  # fmt: skip
    shown = json.loads(answer(record_key(record.name)).body)["values"]
    assert [value["data"]["value"] for value in shown] == ["https://example.org/our-thermometer", "WLB-22"]
    assert record_of(instrument).version == 3


def test_a_value_that_the_owner_put_in_place_of_ours_is_left_alone(world, owner, now):
    instrument = world.instrument()
    name = record_of(instrument).name
    identifiers.put_values(actor=owner, name=name, values=(HandleValue(4, "NOTE", b"ours"),), now=now)
    identifiers.remove_values(actor=owner, name=name, indexes=(5,), now=now)
    instruments.change(
        actor=world.person("receptionist"), instrument_id=instrument.id, changes={"model": "WLB-22"},
        expected_version=1, now=now,
    )  # fmt: skip
    told = {value.index: (value.type, value.text) for value in record_of(instrument).record.values}
    assert told[4] == ("NOTE", "ours")
    assert told[5] == ("SERIAL_NUMBER", "2024-0317")


def test_a_retired_record_does_not_follow_its_ledger(world, owner, now):
    instrument = world.instrument()
    name = record_of(instrument).name
    identifiers.retire(actor=owner, name=name, now=now)
    instruments.change(
        actor=world.person("receptionist"), instrument_id=instrument.id, changes={"model": "WLB-22"},
        expected_version=1, now=now,
    )  # fmt: skip
    assert record_of(instrument).version == 2


def test_an_issued_certificate_leads_to_the_page_that_asks_for_its_code(in_tenant, now):
    issued = record_world.issued_certificate(record_world.build_world(in_tenant, now))
    code = selectors.identifier_of("certificate", issued.id)
    value, signature = json.loads(answer(record_key(code.name)).body)["values"]
    assert value["type"] == "URL"
    assert value["data"]["value"] == f"{settings.JIALIANG.public_url}/c/{code.name}"
    assert "k=" not in value["data"]["value"]
    assert (signature["index"], signature["type"]) == (401, "HS_SIGNATURE")
    assert trust_report(code.name, now).verified == (1,)


def test_a_thing_without_identifier_has_no_record(world, now):
    publish_certificate_record(world.person("signatory"), world.dairy_id, now)
    assert selectors.identifier_of("certificate", world.dairy_id) is None
