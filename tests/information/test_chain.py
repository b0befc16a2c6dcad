"""The chain upward from a standard, an instrument or a certificate, and what is found on it for a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.base.bench_rows import another_standard, build_bench
from tests.base.certificates.certificate_rows import Office
from tests.ledger import PAPER

from jialiang.base.calibrations.models import Calibration
from jialiang.base.certificates.errors import CertificateUnknown
from jialiang.base.instruments.errors import InstrumentUnknown
from jialiang.base.measurement_standards.errors import StandardUnknown
from jialiang.base.measurement_standards.selectors import certificates_of
from jialiang.base.traceability.services import (
    end_certificate_evidence,
    end_standard_evidence,
    record_instrument_evidence,
)
from jialiang.formats.content import CertificateReference, Column, ResultTable
from jialiang.functions.measurement_standards import add_certificate
from jialiang.information.chain import chain_of_certificate, chain_of_instrument, chain_of_standard
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text

TODAY = date(2026, 6, 16)
BASE = CertificateReference(Text("国家基准（虚构）"), "T-1990", "analogue", "")
NATIONAL = CertificateReference(
    Text("国家示范计量院（虚构）"), "GJ-2026-T-7", "analogue", "", valid_until="2028-01-01", linked=BASE
)


@pytest.fixture
def office(world) -> Office:
    return Office(build_bench(world), world.person("signatory"))


def numbers(chain):
    return [step.node.certificate_number for step in chain.steps]


def breaks(chain):
    return [(finding.kind, finding.since) for finding in chain.examination.findings if finding.breaks_chain]


def test_a_standard_leads_by_its_certificate_to_all_that_stand_above_it(world):
    standard = world.standard(replace(PAPER, upward=NATIONAL))
    chain = chain_of_standard(standard.id, TODAY)
    assert numbers(chain) == ["GJ-2026-C-000001", "GJ-2026-T-7", "T-1990"]
    assert [step.kind for step in chain.steps] == ["standard", "reference", "reference"]
    assert [chain.level_of(step.node.key) for step in chain.steps] == [0, 1, 2]
    assert [(link.lower, link.upper) for link in chain.links] == [
        (chain.steps[0].node.key, chain.steps[1].node.key), (chain.steps[1].node.key, chain.steps[2].node.key),
    ]  # fmt: skip
    assert [step.node.is_origin for step in chain.steps] == [False, False, True]
    assert (chain.on, breaks(chain)) == (TODAY, [])
    lowest = chain.steps[0]
    assert (lowest.thing_id, lowest.identity, lowest.holder.zh) == (
        standard.id,
        "YZ-T-001",
        "云泽市计量测试院",
    )
    assert (lowest.node.expanded_uncertainty, lowest.node.unit) == ("0.004", "\\degreecelsius")


# level, link upward: what breaks the chain
ORIGINS = [
    ("reference", NATIONAL, []),
    ("reference", BASE, []),
    ("reference", None, [("gap", None)]),
    ("working", None, [("gap", None)]),
    ("national", None, []),
]


@pytest.mark.parametrize(("level", "upward", "found"), ORIGINS)
def test_a_chain_ends_at_a_national_standard_or_it_has_a_gap(world, level, upward, found):
    standard = world.standard(replace(PAPER, upward=upward), level=level)
    assert breaks(chain_of_standard(standard.id, TODAY)) == found


def test_a_standard_without_a_certificate_has_none_and_a_gap(world):
    chain = chain_of_standard(world.standard().id, TODAY)
    assert (numbers(chain), chain.steps[0].certificate_id) == ([""], None)
    assert {kind for kind, _ in breaks(chain)} == {"no_certificate", "gap"}


# day: the certificate shown, what breaks the chain
DAYS = [
    (date(2026, 1, 9), "GJ-2", "not_yet_valid"),
    (date(2026, 1, 10), "GJ-2026-C-000001", None),
    (date(2026, 5, 31), "GJ-2026-C-000001", None),
    (date(2026, 6, 1), "GJ-2", None),
    (date(2027, 5, 31), "GJ-2", None),
    (date(2027, 6, 1), "GJ-2", "expired"),
]


@pytest.mark.parametrize(("on", "number", "found"), DAYS, ids=str)
def test_the_certificate_of_that_day_carries_the_standard_else_the_latest_is_examined(
    world, on, number, found
):
    later = replace(
        PAPER, number="GJ-2", valid_from=date(2026, 6, 1), valid_until=date(2027, 5, 31), upward=NATIONAL
    )
    standard = world.standard(replace(PAPER, upward=NATIONAL), later)
    chain = chain_of_standard(standard.id, on)
    assert chain.steps[0].node.certificate_number == number
    assert [kind for kind, _ in breaks(chain)] == ([found] if found else [])


def test_an_expired_link_above_breaks_the_chain_though_all_below_holds(world):
    expired = replace(NATIONAL, valid_until="2026-06-15")
    standard = world.standard(replace(PAPER, upward=expired))
    assert breaks(chain_of_standard(standard.id, date(2026, 6, 15))) == []
    ((kind, since),) = breaks(chain_of_standard(standard.id, TODAY))
    assert (kind, since) == ("expired", date(2026, 6, 15))


def test_ended_evidence_no_longer_carries_and_the_one_before_does(world):
    later = replace(PAPER, number="GJ-2", valid_from=date(2026, 6, 1), upward=NATIONAL)
    standard = world.standard(replace(PAPER, upward=NATIONAL), later)
    end_standard_evidence(certificates_of(standard.id)[0].id, reason="撤销", now=world.now)
    assert chain_of_standard(standard.id, TODAY).steps[0].node.certificate_number == "GJ-2026-C-000001"


def proven(office, certificate):
    record_instrument_evidence(
        instrument_id=certificate.instrument_id, certificate_id=certificate.id, conformity="pass",
        valid_from=date(2026, 6, 16), valid_until=None, now=office.now,
    )  # fmt: skip
    return certificate


def link_upward(office):
    """Give the bench's standard a certificate that names what stands above it."""
    newer = replace(PAPER, number="GJ-9", valid_from=date(2026, 2, 1), upward=NATIONAL)
    keeper = office.bench.world.person("standards_keeper")
    row = add_certificate(actor=keeper, standard_id=office.bench.standard_id, facts=newer, now=office.now)
    return row.id


def test_an_instrument_leads_by_its_certificate_to_the_standards_of_that_day(office):
    carrying = link_upward(office)
    other = another_standard(office.bench, "YZ-T-002", number="GJ-3")
    record = office.bench.record(
        state="approved", standards=((office.bench.standard_id, carrying, True), (*other, False))
    )
    issued = proven(office, office.issued(calibration=record))
    chain = chain_of_instrument(issued.instrument_id, TODAY)
    assert numbers(chain) == [issued.number, "GJ-9", "GJ-2026-T-7", "T-1990", "GJ-3"]
    assert [chain.level_of(step.node.key) for step in chain.steps] == [0, 1, 2, 3, 1]
    assert breaks(chain) == [("gap", None)]
    assert (chain.steps[0].kind, chain.steps[0].certificate_id) == ("instrument", issued.id)
    assert chain.steps[0].holder.zh == "晨星乳业有限公司"
    assert chain == chain_of_certificate(issued.id, TODAY)


def test_a_newer_certificate_of_a_standard_does_not_rewrite_what_the_work_rested_on(office):
    record = office.bench.record(state="approved")
    issued = proven(office, office.issued(calibration=record))
    link_upward(office)
    assert numbers(chain_of_certificate(issued.id, TODAY)) == [issued.number, "GJ-2026-C-000001"]


def test_an_instrument_shows_its_largest_uncertainty_of_all_points(office):
    values, spreads = ("1", "2", "3"), ("0.009", "0.018", "0.010")
    column = Column(
        "x", Text("值"), "\\kelvin", values, expanded_uncertainties=spreads, coverage_factors=("2",) * 3
    )
    table = ResultTable(Text("表"), (Column("y", Text("示值"), "\\kelvin", values), column))
    issued = proven(office, office.issued(content={"results": (table,)}))
    node = chain_of_instrument(issued.instrument_id, TODAY).steps[0].node
    assert (node.expanded_uncertainty, node.unit) == ("0.018", "\\kelvin")


def test_withdrawn_evidence_is_shown_as_the_latest_where_nothing_holds(office):
    issued = proven(office, office.issued())
    end_certificate_evidence(issued.id, reason="撤销", now=office.now)
    assert numbers(chain_of_instrument(issued.instrument_id, TODAY))[0] == issued.number


def test_an_instrument_without_evidence_stands_alone(office):
    instrument = office.bench.world.instrument(serial_number="alone")
    chain = chain_of_instrument(instrument.id, TODAY)
    assert [step.kind for step in chain.steps] == ["instrument"]
    assert {kind for kind, _ in breaks(chain)} == {"no_certificate", "gap"}
    assert chain.level_of("no such box") == 0


def test_one_standard_in_two_roles_is_one_box(office):
    carrying = link_upward(office)
    record = office.bench.record(state="approved", standards=((office.bench.standard_id, carrying, True),))
    issued = proven(office, office.issued(calibration=record))
    keys = [step.node.key for step in chain_of_certificate(issued.id, TODAY).steps]
    assert len(keys) == len(set(keys)) == 4


def test_what_is_not_there_has_no_chain(office, now):
    for chain_of, error in (
        (chain_of_instrument, InstrumentUnknown),
        (chain_of_certificate, CertificateUnknown),
        (chain_of_standard, StandardUnknown),
    ):
        with pytest.raises(error):
            chain_of(new_id(now), TODAY)
    assert Calibration.objects.count() == 0
