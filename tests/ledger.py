"""A small fictional world for tests of the ledgers: an institute, its people, two customers, an instrument."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from jialiang.base.commissions.facts import Agreement, CommissionFacts, ItemFacts
from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.base.measurement_standards.facts import CertificateFacts, StandardFacts
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.functions import commissions, instruments, measurement_standards, organizations, prefixes
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor, system_actor
from jialiang.vocabulary.credit_codes import check_character

ROLES = (
    "receptionist", "technician", "reviewer", "signatory", "standards_keeper", "instrument_manager",
    "customer", "quality_manager", "auditor", "regulator", "system_administrator", "identifier_operator",
    "subordinate_node",
)  # fmt: skip


def credit_code(serial: int) -> str:
    """A fictional credit code that holds."""
    body = f"91370000MA{serial:07d}"
    return body + check_character(body)


def actor(tenant_id: UUID, now: datetime, *roles: str, organization_id: UUID | None = None) -> Actor:
    """Somebody with these roles who has no account: what verbs need of a person."""
    name = Text("张三" if "receptionist" in roles else "李四", "Zhang San" if "receptionist" in roles else "Li Si")
    return Actor(new_id(now), tenant_id, name, frozenset(roles), organization_id, "console")


THERMOMETER = InstrumentFacts(
    name=Text("工作用玻璃液体温度计", "Liquid-in-glass thermometer"),
    model="WLB-21",
    serial_number="2024-0317",
    manufacturer=Text("远山仪表厂（虚构）", "Yuanshan Instruments (fictional)"),
    measuring_interval=Text("20 ℃～30 ℃", "20 °C to 30 °C"),
    unit="\\degreecelsius",
    maximum_permissible_error="0.30",
    displayed_resolution="0.01",
    place_of_use="乳品检验室",
    region_code="370100",
    purpose="other",
    interval_months=12,
)

REFERENCE_THERMOMETER = StandardFacts(
    name=Text("标准铂电阻温度计", "Standard platinum resistance thermometer"),
    level="reference",
    model="SPRT-25",
    serial_number="YZ-T-001",
    quantity=Text("温度", "temperature"),
    unit="\\degreecelsius",
    measuring_interval=Text("0 ℃～50 ℃", "0 °C to 50 °C"),
    measuring_interval_minimum="0",
    measuring_interval_maximum="50",
    drift_half_width="0.002",
)

PAPER = CertificateFacts(
    number="GJ-2026-C-000001",
    issuer=Text("国家示范计量院（虚构）", "National Demonstration Institute (fictional)"),
    expanded_uncertainty="0.004",
    coverage_factor="2.00",
    unit="\\degreecelsius",
    valid_from=date(2026, 1, 10),
    valid_until=date(2027, 1, 9),
)

AGREED = Agreement(
    decision_rule="simple_acceptance", due_date_agreed=True, agreed_interval_months=12, fee_kind="charged"
)


@dataclass(frozen=True)
class World:
    """An institute with two customers; every member of it acts through the verbs."""

    tenant_id: UUID
    now: datetime
    own_id: UUID
    dairy_id: UUID
    mill_id: UUID

    def person(self, *roles: str, organization_id: UUID | None = None) -> Actor:
        return actor(self.tenant_id, self.now, *roles, organization_id=organization_id)

    def instrument(self, owner_id: UUID | None = None, **members):
        return instruments.register(
            actor=self.person("receptionist"),
            facts=replace(THERMOMETER, **members),
            owner_id=owner_id or self.dairy_id,
            now=self.now,
        )

    def standard(self, *certificates: CertificateFacts, **members):
        keeper = self.person("standards_keeper")
        row = measurement_standards.register(
            actor=keeper, facts=replace(REFERENCE_THERMOMETER, **members), now=self.now
        )
        for facts in certificates:
            measurement_standards.add_certificate(actor=keeper, standard_id=row.id, facts=facts, now=self.now)
        return row

    def commission(self, *instrument_rows, kind: str = "calibration", agreement: Agreement | None = AGREED):
        desk = self.person("receptionist")
        facts = CommissionFacts(customer_id=self.dairy_id, kind=kind, contact_name="王五", contact_phone="0531-1")
        items = [ItemFacts(instrument_id=row.id, requested_points=("21.5", "25")) for row in instrument_rows]
        row = commissions.open_commission(actor=desk, facts=facts, items=items, now=self.now)
        if agreement is not None:
            row = commissions.accept(actor=desk, commission_id=row.id, agreement=agreement, now=self.now)
        return row


def build_world(tenant_id: UUID, now: datetime) -> World:
    """Register the institute and two customers in the tenant in scope."""
    founder = system_actor(tenant_id, Text("安装程序", "Installer"), "cli")

    def add(name: str, english: str, serial: int, **members) -> UUID:
        facts = OrganizationFacts(
            name=Text(name, english), credit_code=credit_code(serial), region_code="370100", fictional=True, **members
        )
        is_own = members.get("kind") == "institute"
        return organizations.register(actor=founder, facts=facts, is_own=is_own, now=now).id

    own = add("云泽市计量测试院", "Yunze Institute of Metrology", 1, kind="institute", short_code="YZ")
    prefixes.found(actor=founder, now=now)
    dairy = add("晨星乳业有限公司", "Morning Star Dairy Ltd", 2)
    mill = add("白杨面粉厂", "Poplar Flour Mill", 3)
    return World(tenant_id, now, own, dairy, mill)
