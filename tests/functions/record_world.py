"""A small institute whose people take the main job step by step: shared by the tests of records and certificates.

The readings are those of GUM annex H.3 as printed; people and organizations are fictional.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from jialiang.base.commissions.facts import Agreement, CommissionFacts, ItemFacts
from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.base.measurement_standards.facts import CertificateFacts, StandardFacts
from jialiang.base.organizations.facts import OrganizationFacts, SiteFacts
from jialiang.base.readings.views import CellEntry
from jialiang.formats.content import CertificateReference
from jialiang.functions import (
    calibrations,
    certificates,
    commissions,
    instruments,
    measurement_standards,
    organizations,
    prefixes,
)
from jialiang.functions.calibrations import NewCalibration, RecordEntry
from jialiang.functions.certificates import Confirmation
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.actor import Actor, system_actor
from jialiang.security.keys.selectors import has_authority
from jialiang.security.keys.services import create_authority, issue_seal
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import scope
from jialiang.vocabulary.credit_codes import check_character

PASSWORD = "a-long-and-plain-passphrase-7"
CELSIUS = "\\degreecelsius"
# JCGM 100:2008, H.3, table H.6: indications and corrections, as printed
H3 = (
    ("21.521", "-0.171"),
    ("22.012", "-0.169"),
    ("22.512", "-0.166"),
    ("23.003", "-0.159"),
    ("23.507", "-0.164"),
    ("23.999", "-0.165"),
    ("24.513", "-0.156"),
    ("25.002", "-0.157"),
    ("25.503", "-0.159"),
    ("26.010", "-0.161"),
    ("26.511", "-0.160"),
)
POINTS = ("22", "24", "26")
ROLES = {
    "receptionist": "王受理",
    "technician": "李小量",
    "reviewer": "陈同律",
    "signatory": "周子均",
    "standards_keeper": "何守准",
}


@dataclass(frozen=True)
class World:
    """The institute with its people, a customer's thermometer and a reference thermometer in force."""

    tenant: Tenant
    people: dict[str, Actor]
    customer_id: UUID
    thermometer_id: UUID
    standard_id: UUID
    site_id: UUID
    now: datetime

    def worker(self) -> Actor:
        """The worker, for finishing."""
        return system_actor(self.tenant.id, Text("签发程序", "issuing worker"), "worker")


def credit_code(first_17: str) -> str:
    """Complete a fictional unified social credit code with its check character."""
    return first_17 + check_character(first_17)


def build_world(
    tenant: Tenant, now: datetime, *, short_code: str = "YZ", mark: str = "", valid_until: date = date(2027, 3, 1)
) -> World:
    """Found everything that the main job needs in ``tenant``; ``mark`` keeps two worlds' names apart."""
    with scope(tenant.id):
        system = system_actor(tenant.id, Text("系统", "system"), "cli")
        if not has_authority():
            create_authority(now)
        own_code = credit_code(f"12440100MB558{ord(mark[0]) if mark else 10:04d}")
        own = organizations.register(
            actor=system,
            facts=OrganizationFacts(
                name=Text("云泽市计量测试院", "Yunze Institute of Metrology"),
                kind="institute",
                credit_code=own_code,
                short_code=short_code,
                city=Text("云泽市", "Yunze"),
                street=Text("度量路 5 号", "5 Duliang Road"),
                phone="0100-5550 0187",
                fictional=True,
            ),
            is_own=True,
            now=now,
        )
        issue_seal(tenant, own.name, own_code, now)
        prefixes.found(actor=system, now=now)
        site = organizations.add_site(
            actor=system,
            organization_id=own.id,
            facts=SiteFacts(name=Text("热工实验室 201", "Thermal laboratory, room 201"), is_laboratory=True),
            now=now,
        )
        customer = organizations.register(
            actor=system,
            facts=OrganizationFacts(
                name=Text("晨星乳业有限公司", "Chenxing Dairy Co., Ltd."),
                credit_code=credit_code(f"91440100MA558{ord(mark[0]) if mark else 10:04d}"),
                city=Text("云泽市", "Yunze"),
                street=Text("牧原大道 18 号", "18 Muyuan Avenue"),
                fictional=True,
            ),
            now=now,
        )
        people = {role: _person(tenant, role, name, mark, now) for role, name in ROLES.items()}
        thermometer = instruments.register(
            actor=people["receptionist"], facts=thermometer_facts(f"T2104-0387{mark}"), owner_id=customer.id, now=now
        )
        standard_id = _standard(people["standards_keeper"], valid_until, now)
        return World(tenant, people, customer.id, thermometer.id, standard_id, site.id, now)


def thermometer_facts(serial_number: str) -> InstrumentFacts:
    """A customer's digital thermometer."""
    return InstrumentFacts(
        name=Text("数字温度计", "Digital thermometer"),
        model="TDX-200",
        serial_number=serial_number,
        manufacturer=Text("北辰仪器（虚构）", "Beichen Instruments (fictional)"),
        measuring_interval=Text("−30 ℃ ~ 150 ℃", "−30 °C to 150 °C"),
        maximum_permissible_error="0.2",
        displayed_resolution="0.001",
        unit=CELSIUS,
        place_of_use="巴氏杀菌间",
        region_code="440100",
        purpose="other",
        interval_months=12,
    )


def another_thermometer(world: World, serial_number: str) -> UUID:
    """Register one more thermometer of the customer."""
    facts = thermometer_facts(serial_number)
    actor = world.people["receptionist"]
    return instruments.register(actor=actor, facts=facts, owner_id=world.customer_id, now=world.now).id


def open_item(world: World, *, instrument_id: UUID | None = None, kind: str = "calibration", **agreed: Any) -> UUID:
    """Open, fill, accept and receive a commission; returns its item."""
    clerk = world.people["receptionist"]
    now = world.now
    commission = commissions.open_commission(
        actor=clerk, facts=CommissionFacts(customer_id=world.customer_id, kind=kind), now=now
    )
    item = commissions.add_item(
        actor=clerk,
        commission_id=commission.id,
        facts=ItemFacts(instrument_id=instrument_id or world.thermometer_id),
        now=now,
    )
    terms = {"decision_rule": "guard_band_u", "due_date_agreed": False, "fee_kind": "charged"} | agreed
    commissions.accept(actor=clerk, commission_id=commission.id, agreement=Agreement(**terms), now=now)
    commissions.receive(actor=clerk, item_id=item.id, condition=Text("完好", "in good order"), now=now)
    return item.id


def start_record(world: World, item_id: UUID, **changes: Any) -> UUID:
    """Start the record of the line of corrections."""
    new = NewCalibration(
        item_id=item_id,
        procedure="thermometer_line",
        method=Text("数字温度计校准方法", "Calibration of digital thermometers"),
        method_norm="YZ-TM-07",
        reference_standard_id=world.standard_id,
        points=POINTS,
        parameters={"bath_uniformity": "0.002"},
        site_id=world.site_id,
    )
    record = calibrations.start(
        actor=world.people["technician"], new=replace(new, **changes), now=world.now
    )
    return record.id


def h3_cells() -> tuple[CellEntry, ...]:
    """The readings of GUM H.3 as typed."""
    return tuple(
        CellEntry(row, column, text)
        for row, pair in enumerate(H3, start=1)
        for column, text in zip(("indication", "correction"), pair, strict=True)
    )


def fill_record(world: World, calibration_id: UUID) -> None:
    """Type the readings, the conditions and the dates."""
    entry = RecordEntry(
        cells=h3_cells(),
        environment={
            "temperature": {"minimum": "22.9", "maximum": "23.3"},
            "humidity": {"minimum": "43", "maximum": "47"},
        },
        begin_date=date(2026, 6, 16),
        end_date=date(2026, 6, 16),
    )
    calibrations.record(
        actor=world.people["technician"], calibration_id=calibration_id, entry=entry, now=world.now
    )


def submitted_record(world: World, **agreed: Any) -> UUID:
    """Bring a record to review."""
    calibration_id = start_record(world, open_item(world, **agreed))
    fill_record(world, calibration_id)
    calibrations.submit(actor=world.people["technician"], calibration_id=calibration_id, now=world.now)
    return calibration_id


def pass_review(world: World, calibration_id: UUID) -> None:
    """Review what stands there now."""
    digest = calibrations.selectors.calibration(calibration_id).evaluation_digest
    calibrations.review(
        actor=world.people["reviewer"], calibration_id=calibration_id, seen_digest=digest, now=world.now
    )


def approve(world: World, calibration_id: UUID) -> Any:
    """Look at the preview and approve exactly that."""
    signatory = world.people["signatory"]
    seen = certificates.preview(actor=signatory, calibration_id=calibration_id, now=world.now)
    return certificates.approve(
        actor=signatory,
        calibration_id=calibration_id,
        seen_digest=seen.digest,
        confirmation=Confirmation(password=PASSWORD),
        now=world.now,
    )


def numbered_certificate(world: World, **agreed: Any) -> Any:
    """Bring a certificate to its number."""
    calibration_id = submitted_record(world, **agreed)
    pass_review(world, calibration_id)
    return approve(world, calibration_id)


def issued_certificate(world: World, **agreed: Any) -> Any:
    """Bring a certificate into force, with real signature and pages."""
    numbered = numbered_certificate(world, **agreed)
    return certificates.finish(actor=world.worker(), certificate_id=numbered.id, now=world.now)


def _person(tenant: Tenant, role: str, name: str, mark: str, now: datetime) -> Actor:
    person = create_person(
        tenant_id=tenant.id,
        username=f"{role.replace('_', '-')}{mark.lower()}",
        password=PASSWORD,
        name=Text(name, role.title()),
        now=now,
    )
    grant_role(person_id=person.id, role=role, valid_from=date(2026, 1, 1), granted_by_id=None, now=now)
    return actor_of(person.id, now.date(), "console")


def _standard(keeper: Actor, valid_until: date, now: datetime) -> UUID:
    standard = measurement_standards.register(
        actor=keeper,
        facts=StandardFacts(
            name=Text("标准铂电阻温度计", "Reference platinum thermometer"),
            level="reference",
            model="SPRT-25",
            serial_number="PRT-25-07",
            quantity=Text("温度", "Temperature"),
            unit=CELSIUS,
            measuring_interval=Text("0 ℃ ~ 100 ℃", "0 °C to 100 °C"),
            measuring_interval_minimum="0",
            measuring_interval_maximum="100",
            drift_half_width="0.0005",
        ),
        now=now,
    )
    upward = CertificateReference(
        referral=Text("国家温度基准（虚构）", "National temperature standard (fictional)"),
        number="GJ-2026-C-000007",
        procedure="analogue",
        digest="",
        valid_until="2028-01-01",
    )
    measurement_standards.add_certificate(
        actor=keeper,
        standard_id=standard.id,
        facts=CertificateFacts(
            number="GJ-2026-C-000312",
            issuer=Text("国家示范计量院（虚构）", "National Demonstration Institute (fictional)"),
            expanded_uncertainty="0.0020",
            coverage_factor="2.00",
            unit=CELSIUS,
            valid_from=date(2026, 3, 2),
            valid_until=valid_until,
            upward=upward,
        ),
        now=now,
    )
    return standard.id
