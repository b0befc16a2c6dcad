"""The chain from a customer's thermometer up to the national standard, and what breaks it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.functions import record_world
from tests.functions.record_world import World, build_world

from jialiang.base.measurement_standards.selectors import certificates_of
from jialiang.functions import traceability
from jialiang.security.policy import NotOwnOrganization

TODAY = date(2026, 6, 16)


@pytest.fixture
def world(in_tenant, now) -> World:
    return build_world(in_tenant, now)


def test_the_chain_of_an_instrument_ends_at_the_national_standard(world):
    certificate = record_world.issued_certificate(world)
    chain = traceability.chain_of(
        actor=world.people["technician"], instrument_id=world.thermometer_id, on=TODAY
    )
    assert [step.kind for step in chain.steps] == ["instrument", "standard", "reference"]
    assert [step.node.certificate_number for step in chain.steps] == [
        certificate.number, "GJ-2026-C-000312", "GJ-2026-C-000007",
    ]  # fmt: skip
    assert [chain.level_of(step.node.key) for step in chain.steps] == [0, 1, 2]
    assert chain.examination.is_unbroken
    assert chain.steps[0].node.expanded_uncertainty > chain.steps[1].node.expanded_uncertainty


def test_the_chain_of_a_certificate_is_that_of_its_instrument(world):
    certificate = record_world.issued_certificate(world)
    actor = world.people["signatory"]
    by_certificate = traceability.chain_of(actor=actor, certificate_id=certificate.id, on=TODAY)
    by_instrument = traceability.chain_of(actor=actor, instrument_id=world.thermometer_id, on=TODAY)
    assert by_certificate == by_instrument


def test_an_expired_link_is_named_with_its_day(world):
    record_world.issued_certificate(world)
    later = date(2027, 3, 2)
    chain = traceability.chain_of(actor=world.people["technician"], standard_id=world.standard_id, on=later)
    assert not chain.examination.is_unbroken
    (finding,) = [f for f in chain.examination.findings if f.breaks_chain]
    assert (finding.kind, finding.since) == ("expired", date(2027, 3, 1))


def test_an_instrument_without_certificate_has_a_gap(world):
    chain = traceability.chain_of(
        actor=world.people["technician"], instrument_id=world.thermometer_id, on=TODAY
    )
    assert {f.kind for f in chain.examination.findings if f.breaks_chain} >= {"gap", "no_certificate"}


def test_what_rests_on_a_certificate_of_a_standard_is_found(world):
    certificate = record_world.issued_certificate(world)
    (carrying,) = certificates_of(world.standard_id)
    affected = traceability.certificates_resting_on(
        actor=world.people["standards_keeper"], standard_certificate_id=carrying.id
    )
    assert [found.number for found in affected] == [certificate.number]


def test_a_customer_sees_the_chain_of_the_own_instrument_only(world):
    record_world.issued_certificate(world)
    own = record_world.replace(
        world.people["technician"], roles=frozenset({"customer"}), organization_id=world.customer_id
    )
    assert traceability.chain_of(actor=own, instrument_id=world.thermometer_id, on=TODAY).steps
    with pytest.raises(NotOwnOrganization):
        traceability.chain_of(actor=own, standard_id=world.standard_id, on=TODAY)
