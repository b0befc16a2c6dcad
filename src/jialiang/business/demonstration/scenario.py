"""What happens in the demonstration's world, in its order.

A national institute calibrates a reference thermometer; a city institute takes its certificate as evidence, and
calibrates a dairy's thermometer with the readings of GUM H.3. Further jobs leave one certificate for each verdict
of the checker and open work on every desk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from jialiang.base.instruments.facts import InstrumentFacts
from jialiang.base.measurement_standards.facts import CertificateFacts, CheckFacts, StandardFacts
from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.base.organizations.selectors import own_organization
from jialiang.business.demonstration import job
from jialiang.business.demonstration.cast import Institute, add_person, hire
from jialiang.business.demonstration.data import PASSWORD, kilogram_check_history, text, world
from jialiang.business.demonstration.labels import lay_label_template, lay_marks
from jialiang.business.demonstration.measurement_science import lay_budget, lay_comparison
from jialiang.business.demonstration.namespace import lay_namespace
from jialiang.functions import certificates, instruments, measurement_standards, organizations
from jialiang.kernel.clock import local_date
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import scope

NATIONAL = job.Team(
    reception="gj-reception", technician="gj-technician", reviewer="gj-reviewer", signatory="gj-signatory"
)
CITY = job.Team(reception="reception", technician="technician", reviewer="reviewer", signatory="signatory")
FinishWaiting = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Played:
    """What the demonstration leaves: the city institute's tenant and its certificates by what they show."""

    tenant_id: UUID
    genuine: UUID
    expired: UUID
    superseded: UUID
    withdrawn: UUID


@dataclass(frozen=True, slots=True)
class CityWorld:
    """The city institute with what its jobs need."""

    institute: Institute
    customer_id: UUID
    reference_id: UUID
    site_id: UUID


def play(national_admin: Actor, city_admin: Actor, now: datetime, finish_waiting: FinishWaiting) -> Played:
    """Let everything happen, from some fourteen months before ``now`` until ``now``."""
    long_ago = now - timedelta(days=430)
    with scope(national_admin.tenant_id):
        xml = calibrate_reference(national_admin, long_ago, finish_waiting)
    with scope(city_admin.tenant_id):
        city = found_city(city_admin, xml, long_ago + timedelta(days=20))
        lay_namespace(city.institute, city.customer_id, now)
        lay_budget(city.institute, long_ago + timedelta(days=30))
        lay_comparison(city.institute, now - timedelta(days=40))
        lay_label_template(city.institute, long_ago + timedelta(days=30))
        return _city_jobs(city, now, finish_waiting)


def calibrate_reference(administrator: Actor, at: datetime, finish_waiting: FinishWaiting) -> bytes:
    """Let the national institute calibrate the reference thermometer; return the signed certificate."""
    institute = hire(administrator, "gj", at)
    data, facts = world()["national_standard"], world()["reference_thermometer"]
    standard_id = register_standard(institute.actor("gj-keeper", at), data, at, years=5)
    city = _organization(administrator, _body("yz"), at)
    thermometer = instruments.register(
        actor=institute.actor("gj-reception", at),
        owner_id=city,
        facts=InstrumentFacts(
            **_identity(facts),
            displayed_resolution=facts["displayed_resolution"],
            unit=facts["unit"],
            place_of_use="热工室 201",
            region_code="370000",
            purpose="other",
        ),
        now=at,
    )
    certificate_id = job.whole_job(
        institute,
        NATIONAL,
        job.Work(
            customer_id=city,
            instrument_id=thermometer.id,
            procedure="repeated_comparison",
            method=Text("与温度基准比较", "Comparison with the temperature reference"),
            points=facts["points"],
            readings=[{"standard": a, "indication": b} for a, b in facts["readings"]],
            reference_standard_id=standard_id,
            parameters={"repeats": "3", "bath_uniformity": "0.0005"},
            site_id=_laboratory(administrator, "gj", at),
            due_months=24,
        ),
        job.Day(at),
        finish_waiting,
    )
    _, xml = certificates.file_of(
        actor=institute.actor("gj-signatory", at), certificate_id=certificate_id, kind="xml"
    )
    return xml


def found_city(administrator: Actor, reference_xml: bytes, at: datetime) -> CityWorld:
    """Let the city institute hire people, take up its standards and meet its customer."""
    institute = hire(administrator, "yz", at)
    keeper = institute.actor("keeper", at)
    reference = world()["reference_thermometer"]
    standard = measurement_standards.register(
        actor=keeper, facts=_standard_facts(reference | _PLATINUM), now=at
    )
    measurement_standards.add_digital_certificate(
        actor=keeper, standard_id=standard.id, xml=reference_xml, now=at
    )
    mass_id = register_standard(keeper, world()["mass_standard"], at, years=3)
    measurement_standards.record_checks(actor=keeper, standard_id=mass_id, observations=_checks(), now=at)
    customer = world()["customer"]
    customer_id = _organization(administrator, customer | {"kind": "enterprise"}, at)
    organizations.add_contact(
        actor=administrator, organization_id=customer_id, facts=ContactFacts(**customer["contact"]), now=at
    )
    customer_person = add_person(administrator, customer["user"], at, organization_id=customer_id)
    everybody = replace(institute, people={**institute.people, "customer": customer_person})
    return CityWorld(everybody, customer_id, standard.id, _laboratory(administrator, "yz", at))


def register_standard(keeper: Actor, data: dict[str, Any], at: datetime, *, years: int) -> UUID:
    """Register a standard whose certificate is on paper, valid for some years from a month before."""
    standard = measurement_standards.register(actor=keeper, facts=_standard_facts(data), now=at)
    paper = data["certificate"]
    begin = local_date(at, "Asia/Shanghai") - timedelta(days=30)
    measurement_standards.add_certificate(
        actor=keeper,
        standard_id=standard.id,
        facts=CertificateFacts(
            number=paper["number"],
            issuer=text(paper["issuer"]),
            expanded_uncertainty=paper["U"],
            coverage_factor=paper["k"],
            unit=data["unit"],
            valid_from=begin,
            valid_until=date(begin.year + years, begin.month, min(begin.day, 28)),
        ),
        now=at,
    )
    return standard.id


def _city_jobs(city: CityWorld, now: datetime, finish_waiting: FinishWaiting) -> Played:
    thermometer = _thermometer(city, {}, now - timedelta(days=405))
    others = [
        _thermometer(city, entry, now - timedelta(days=405)) for entry in world()["further_thermometers"]
    ]

    def done(instrument_id: UUID, ago: timedelta, due_months: int | None) -> UUID:
        work = line_work(city, instrument_id, due_months)
        return job.whole_job(city.institute, CITY, work, job.Day(now - ago), finish_waiting)

    expired = done(thermometer, timedelta(days=400), 12)
    superseded = done(others[0], timedelta(days=60), 12)
    withdrawn = done(others[1], timedelta(days=40), None)
    _amend(city, superseded, now - timedelta(days=30), finish_waiting)
    _withdraw(city, withdrawn, now - timedelta(days=10))
    genuine = done(thermometer, timedelta(hours=3), 12)
    _open_work(city, others[2:], others[1], now)
    lay_marks(city.institute, others[0], now)
    return Played(city.institute.tenant_id, genuine, expired, superseded, withdrawn)


def line_work(city: CityWorld, instrument_id: UUID, due_months: int | None) -> job.Work:
    """Return the job on one thermometer, with the readings of GUM H.3 as printed."""
    facts, h3 = world()["thermometer"], world()["gum_h3"]
    rows = zip(h3["indication"], h3["correction"], strict=True)
    return job.Work(
        customer_id=city.customer_id,
        instrument_id=instrument_id,
        procedure="thermometer_line",
        method=text(facts["method"]),
        points=facts["points"],
        readings=[{"indication": t, "correction": b} for t, b in rows],
        reference_standard_id=city.reference_id,
        parameters={"rows": "11", "reference_point": "20", "bath_uniformity": facts["bath_uniformity"]},
        site_id=city.site_id,
        condition=text(facts["condition"]),
        due_months=due_months,
    )


def _amend(city: CityWorld, certificate_id: UUID, at: datetime, finish_waiting: FinishWaiting) -> None:
    day = job.Day(at)
    amended = certificates.amend(
        actor=city.institute.actor("signatory", at),
        certificate_id=certificate_id,
        reason=Text("委托方使用地点有误", "The customer's place of use was wrong"),
        now=day.next(),
    )
    job.review(city.institute, CITY, amended.id, day)
    job.approve(city.institute, CITY, amended.id, day)
    finish_waiting(day.next())


def _withdraw(city: CityWorld, certificate_id: UUID, at: datetime) -> None:
    certificates.withdraw(
        actor=city.institute.actor("signatory", at),
        certificate_id=certificate_id,
        reason=Text("所用恒温槽被发现失准", "The bath used was found out of tolerance"),
        confirmation=certificates.Confirmation(password=PASSWORD),
        now=at,
    )


def _open_work(city: CityWorld, waiting: Sequence[UUID], requested: UUID, now: datetime) -> None:
    """Leave a customer's request, an item taken in, a draft, a record in review and one awaiting approval."""
    day = job.Day(now - timedelta(days=2))
    works = [line_work(city, instrument_id, 12) for instrument_id in waiting[:4]]
    items = [job.take_in(city.institute, CITY, work, day) for work in works]
    half_done = replace(works[1], readings=works[1].readings[:7])
    job.record(city.institute, CITY, half_done, items[1], day)
    in_review = job.record(city.institute, CITY, works[2], items[2], day)
    job.submit(city.institute, CITY, in_review, day)
    reviewed = job.record(city.institute, CITY, works[3], items[3], day)
    job.review(city.institute, CITY, reviewed, day)
    job.request(city.institute, "customer", line_work(city, requested, 12), day)


def _thermometer(city: CityWorld, other: dict[str, str], at: datetime) -> UUID:
    facts = world()["thermometer"] | other
    registered = instruments.register(
        actor=city.institute.actor("reception", at),
        owner_id=city.customer_id,
        facts=InstrumentFacts(
            **_identity(facts),
            maximum_permissible_error=facts["maximum_permissible_error"],
            displayed_resolution=facts["displayed_resolution"],
            unit=facts["unit"],
            place_of_use=facts["place_of_use"],
            region_code=facts["region_code"],
            purpose=facts["purpose"],
            interval_months=12,
        ),
        now=at,
    )
    return registered.id


def _identity(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": text(facts["name"]),
        "model": facts["model"],
        "serial_number": facts["serial_number"],
        "inventory_number": facts["inventory_number"],
        "manufacturer": text(facts["manufacturer"]),
        "measuring_interval": text(facts["measuring_interval"]),
    }


_PLATINUM = {"level": "reference", "quantity": {"zh": "温度", "en": "temperature"}}


def _standard_facts(data: dict[str, Any]) -> StandardFacts:
    return StandardFacts(
        name=text(data["name"]),
        level=data["level"],
        model=data["model"],
        serial_number=data["serial_number"],
        quantity=text(data["quantity"]),
        unit=data["unit"],
        measuring_interval=text(data["measuring_interval"]),
        measuring_interval_minimum=data.get("minimum", ""),
        measuring_interval_maximum=data.get("maximum", ""),
        drift_half_width=data.get("drift_half_width", ""),
        manufacturer=text(data["manufacturer"]),
        inventory_number=data.get("inventory_number", ""),
    )


def _checks() -> list[CheckFacts]:
    return [
        CheckFacts(
            observed_on=f"{1900 + int(years.split('.')[0])}.{years.split('.')[1]}",
            measured_value=measured,
            standard_deviation=deviation,
            unit="\\milli\\gram",
            source="NIST CROARKIN.DAT",
        )
        for years, measured, deviation in kilogram_check_history()
    ]


def _body(key: str) -> dict[str, Any]:
    body: dict[str, Any] = world()["institutes"][key]
    return body


def _organization(actor: Actor, data: dict[str, Any], at: datetime) -> UUID:
    facts = OrganizationFacts(
        name=text(data["name"]),
        kind=data["kind"],
        credit_code=data["credit_code"],
        region_code=data["region_code"],
        city=text(data["city"]),
        street=text(data["street"]),
        postal_code=data["postal_code"],
        phone=data["phone"],
        email=data["email"],
        fictional=True,
    )
    return organizations.register(actor=actor, facts=facts, now=at).id


def _laboratory(administrator: Actor, key: str, at: datetime) -> UUID:
    from_data = _body(key)
    site = organizations.add_site(
        actor=administrator,
        organization_id=own_organization().id,
        facts=SiteFacts(
            name=text(from_data["site"]),
            address=text(from_data["street"]),
            region_code=from_data["region_code"],
            is_laboratory=True,
        ),
        now=at,
    )
    return site.id
