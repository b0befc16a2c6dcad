"""One institute in full work, built once for a module: every kind of thing in every state that an operation needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from tests.functions import budget_world, record_world
from tests.functions.comparison_world import Desk
from tests.functions.prefix_verbs import ITEMS as TEMPLATE_ITEMS
from tests.functions.prefix_verbs import LICENCE, PUBLIC_KEY
from tests.functions.record_world import World, another_thermometer
from tests.integration.api.calling import Caller, add_person, founded, stranger
from tests.subordinates import ROUTES

from jialiang.base.calibrations.selectors import calibration
from jialiang.base.commissions.facts import CommissionFacts, ItemFacts
from jialiang.base.comparison_rounds.selectors import participants_of
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.label_templates.facts import LabelTemplateFacts
from jialiang.base.organizations.selectors import own_organization
from jialiang.base.prefixes import facts as prefix_facts
from jialiang.base.prefixes.selectors import prefix_by_text
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import (
    commissions,
    handle_identities,
    identifier_templates,
    identifiers,
    instrument_marks,
    instruments,
    label_templates,
    measurement_standards,
    prefixes,
    subordinate_nodes,
)
from jialiang.functions.node_report_making import make_report
from jialiang.functions.received_reports import receive
from jialiang.functions.resolution_statistics import freeze_days
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.subordinate_nodes.selectors import proposals_of
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.accounts.services import revoke_role
from jialiang.security.audit.models import AuditRecord
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

ZONE = "Asia/Shanghai"
NOBODY = "nobody"
STRANGER = "stranger"
RECORDS = ("draft", "submitted", "reviewed", "numbered_record", "issued_record")
COMMISSIONS = ("open_commission", "accepted_commission")
ITEMS = ("expected_item", "received_item", "accepted_item")
CERTIFICATES = ("numbered", "issued")


@dataclass
class House:
    """An institute with one thing for every place of an address, and a program for everybody."""

    world: World
    things: dict[str, str]
    callers: dict[str, Caller] = field(default_factory=dict)

    def by(self, role: str) -> Caller:
        """The program of whoever holds a role."""
        if role == STRANGER:
            return stranger()
        if role not in self.callers:
            self.callers[role] = Caller.of(self.world, role)
        return self.callers[role]

    def address(self, path: str) -> str:
        """The address with this institute's things in it."""
        return path.format(**self.things)

    def filled(self, body: Any) -> Any:
        """A body whose texts ``{thing}`` are this institute's."""
        if isinstance(body, dict):
            return {name: self.filled(member) for name, member in body.items()}
        if isinstance(body, list):
            return [self.filled(member) for member in body]
        if isinstance(body, str) and body.startswith("{") and body.endswith("}"):
            return self.things[body[1:-1]]
        return body

    def place(self) -> tuple[int, int]:
        """How far the audit trail and the events of this institute have come."""
        with scope(self.world.tenant.id):
            last = AuditRecord.objects.order_by("-seq").values_list("seq", flat=True).first()
            event = OutboxEvent.objects.order_by("-id").values_list("id", flat=True).first()
        return last or 0, event or 0

    def since(self, place: tuple[int, int]) -> tuple[list[str], list[str]]:
        """The acts and the events since a place, in their order."""
        with scope(self.world.tenant.id):
            acts = AuditRecord.objects.filter(seq__gt=place[0]).order_by("seq")
            events = OutboxEvent.objects.filter(id__gt=place[1]).order_by("id")
            return [row.action for row in acts], [row.name for row in events]


def small_house(tenant: Tenant, *, mark: str = "", short_code: str = "YZ") -> House:
    """An institute with its people, a customer, a thermometer and a standard; no work yet."""
    now = utc_now()
    world = founded(tenant, now, mark=mark, short_code=short_code)
    with scope(tenant.id):
        world.people[NOBODY] = add_person(world, "auditor", f"-{NOBODY}{mark}", now)
        revoke_role(person_id=world.people[NOBODY].person_id, role="auditor", revoked_by_id=None, now=now)
        world.people["regulator"] = add_person(world, "regulator", mark, now)
        world.people["second technician"] = add_person(world, "technician", f"-two{mark}", now)
    with scope(tenant.id):
        marks = [
            instrument_marks.record(
                actor=world.people["receptionist"],
                instrument_id=world.thermometer_id,
                facts=instrument_marks.MarkFacts(role="production", code=code),
                now=now,
            ).id
            for code in ("M-1", "M-2")
        ]
    things = {
        "mark": marks[0],
        "other_mark": marks[1],
        "customer": world.customer_id,
        "thermometer": world.thermometer_id,
        "standard": world.standard_id,
        "person": world.people["second technician"].person_id,
    }
    with scope(tenant.id):
        things |= _namespace(world, "88.201" if mark else "88.101")
    house = House(world, {name: str(key) for name, key in things.items()})
    for role in world.people:
        house.by(role)  # a token that a test makes goes with the test
    return house


def full_house(tenant: Tenant) -> House:
    """An institute with a record and a certificate in every state, open commissions, suspended things, tokens."""
    house = small_house(tenant)
    world, things = house.world, house.things
    with scope(tenant.id):
        things |= _records(world)
        things |= _commissions(world)
        things |= _suspended(world)
        things |= _budgets(world)
        things |= _rounds(world)
        things |= _identifiers(world)
        things |= _node_reports()
        things |= _subordinates(world)
        things["submitted_digest"] = calibration(things["submitted"]).evaluation_digest
    things["token"] = house.by("technician").read("/tokens")[0]["id"]
    preview = house.by("signatory").read(f"/calibrations/{things['reviewed']}/preview")
    things["preview_digest"] = preview["digest"]
    return house


def other_house() -> House:
    """Another institute with one certificate; it stands behind every name, whatever its state."""
    other = create_tenant(slug="other-institute", name=Text("另一院", "Another"), now=utc_now())
    house = small_house(other, mark="B", short_code="ZZ")
    with scope(other.id):
        certificate = record_world.numbered_certificate(house.world)
        item = certificate.calibration.item
    things = house.things
    things |= dict.fromkeys(RECORDS, str(certificate.calibration_id))
    things |= dict.fromkeys(CERTIFICATES, str(certificate.id))
    things |= dict.fromkeys(COMMISSIONS, str(item.commission_id)) | dict.fromkeys(ITEMS, str(item.id))
    with scope(other.id):
        things |= _budgets(house.world) | _rounds(house.world)
        things |= _identifiers(house.world)
    things |= {"suspended_thermometer": things["thermometer"], "suspended_standard": things["standard"]}
    things["token"] = house.by("technician").read("/tokens")[0]["id"]
    things |= {name: str(uuid4()) for name in ("subordinate_node", "site_proposal", "received_report")}
    things["node_report"] = str(uuid4())
    return house


def nowhere(house: House) -> dict[str, str]:
    """For every name a thing that no institute has."""
    return {name: str(uuid4()) for name in house.things}


def kept_for_module(blocker: Any, build: Any) -> Iterator[Any]:
    """Build something in the database once, and take it back after the last test of a module."""
    with blocker.unblock():
        frame = transaction.atomic()
        frame._from_testcase = True  # durable blocks of the program may stand inside, as in a TestCase
        with frame:
            yield build()
            transaction.set_rollback(True)


def _record(world: World, serial_number: str) -> UUID:
    item = record_world.open_item(world, instrument_id=another_thermometer(world, serial_number))
    record_id = record_world.start_record(world, item)
    record_world.fill_record(world, record_id)
    return record_id


def _records(world: World) -> dict[str, str]:
    found = {name: _record(world, f"T-{place}") for place, name in enumerate(RECORDS)}
    for name in RECORDS[1:]:
        record_world.calibrations.submit(
            actor=world.people["technician"], calibration_id=found[name], now=world.now
        )
    for name in RECORDS[2:]:
        record_world.pass_review(world, found[name])
    numbered, issued = (record_world.approve(world, found[name]) for name in RECORDS[3:])
    record_world.certificates.finish(actor=world.worker(), certificate_id=issued.id, now=world.now)
    places = {
        "numbered": numbered.id,
        "issued": issued.id,
        "received_item": calibration(found["draft"]).item_id,
    }
    return {name: str(key) for name, key in (found | places).items()}


def _commissions(world: World) -> dict[str, str]:
    clerk = world.people["receptionist"]
    facts = CommissionFacts(customer_id=world.customer_id, kind="calibration")
    found = {}
    for name in COMMISSIONS:
        row = commissions.open_commission(actor=clerk, facts=facts, now=world.now)
        wanted = ItemFacts(instrument_id=another_thermometer(world, f"C-{name}"))
        item = commissions.add_item(actor=clerk, commission_id=row.id, facts=wanted, now=world.now)
        found[name] = str(row.id)
    terms = {"decision_rule": "guard_band_u", "due_date_agreed": False, "fee_kind": "charged"}
    commissions.accept(
        actor=clerk, commission_id=row.id, agreement=commissions.Agreement(**terms), now=world.now
    )
    ready = record_world.open_item(world, instrument_id=another_thermometer(world, "C-ready"))
    return found | {"expected_item": str(item.id), "accepted_item": str(ready)}


def _identifiers(world: World) -> dict[str, str]:
    """The identifier of the customer's thermometer, and two more under the installation's own prefix."""
    keeper = world.people["instrument_manager"]
    of_thermometer = identifier_of("instrument", world.thermometer_id)
    assert of_thermometer is not None
    prefix = of_thermometer.prefix
    found = {"identifier": str(of_thermometer.id)}
    dated = [HandleValue(1, "DUE_DATE", b"2027-06-15")]
    signed = identifiers.register(
        actor=keeper, name=f"{prefix}/dated-{world.tenant.slug}", values=dated, now=world.now
    )
    found["dated_identifier"] = str(signed.id)
    for state in ("reserved", "suspended"):
        first = "active" if state == "suspended" else state
        name = f"{prefix}/{state}-{world.tenant.slug}"
        record = identifiers.register(actor=keeper, name=name, values=(), state=first, now=world.now)
        found[f"{state}_identifier"] = str(record.id)
    identifiers.suspend(actor=keeper, name=name, reason="疑似伪造", now=world.now)
    return found


def _node_reports() -> dict[str, str]:
    """A report to the node above, and the frozen day that it tells of."""
    now, day = utc_now(), date.today() - timedelta(days=1)
    freeze_days(first=day, time_zone=ZONE, now=now + timedelta(minutes=11))
    row, _ = make_report("routes", day, ZONE, now)
    return {"node_report": str(row.pk)}


def _subordinates(world: World) -> dict[str, str]:
    """A node of the customer's prefix that told of another server than the delegated one."""
    operator, prefix = world.people["identifier_operator"], prefix_by_text("88.101.5")
    node = subordinate_nodes.register(actor=operator, prefix=prefix.text, name=Text("节点"), now=world.now).row
    report = ROUTES.but(day=world.now.date() - timedelta(days=2))
    received = receive(actor=operator, file=BytesIO(report.data), now=world.now).report
    found = {"subordinate_node": node, "received_report": received, "site_proposal": proposals_of(node.id)[0]}
    return {name: str(row.pk) for name, row in found.items()}


def _namespace(world: World, second_level: str) -> dict[str, UUID]:
    """Prefixes of the institute and of the customer, an application, an identity and templates."""
    operator, customer = world.people["identifier_operator"], world.people["customer"]

    def add(text: str, holder_id: UUID) -> UUID:
        facts = prefix_facts.PrefixFacts(text=text, holder_id=holder_id)
        return prefixes.add(actor=operator, facts=facts, now=world.now).id

    second = add(second_level, own_organization().id)
    own, suspended = (add(f"{second_level}.{code}", world.customer_id) for code in ("5", "6"))
    prefixes.suspend(actor=operator, prefix_id=suspended, reason="欠费", now=world.now)
    applied = prefix_facts.ApplicationFacts(organization_id=world.customer_id, parent_id=second, purpose="乳品温度计")
    application = prefixes.apply(actor=customer, facts=applied, documents=[LICENCE], now=world.now)
    identity = handle_identities.add_key(
        actor=customer,
        identity=f"300:{second_level}.5/admin",
        organization_id=world.customer_id,
        public_key=PUBLIC_KEY,
        now=world.now,
    )

    def draft(code: str) -> UUID:
        facts = TemplateFacts(prefix=f"{second_level}.5", code=code, name=Text("温度计", "Thermometer"))
        return identifier_templates.create(actor=customer, facts=facts, items=TEMPLATE_ITEMS, now=world.now).id

    def label(code: str) -> UUID:
        facts = LabelTemplateFacts(code=code, name=Text("标签", "Label"), width="50", height="30")
        return label_templates.create(actor=operator, facts=facts, now=world.now).id

    return {
        "label_template": label("gauge"), "other_label_template": label("scale"),
        "second_level": second, "prefix": own, "suspended_prefix": suspended, "application": application.id,
        "identity": identity.row.id, "template": draft("V1"), "other_template": draft("V2"),
    }  # fmt: skip


def _suspended(world: World) -> dict[str, str]:
    instrument = another_thermometer(world, "S-1")
    clerk, keeper = world.people["receptionist"], world.people["standards_keeper"]
    instruments.suspend(actor=clerk, instrument_id=instrument, reason="摔过", now=world.now)
    facts = record_world.StandardFacts(
        name=Text("备用标准器", "Spare reference"),
        level="reference",
        model="SPRT-25",
        serial_number="PRT-25-08",
        quantity=Text("温度", "Temperature"),
        unit=record_world.CELSIUS,
        measuring_interval=Text("0 ℃ ~ 100 ℃", "0 °C to 100 °C"),
    )
    standard = measurement_standards.register(actor=keeper, facts=facts, now=world.now)
    measurement_standards.suspend(actor=keeper, standard_id=standard.id, reason="漂移", now=world.now)
    return {"suspended_thermometer": str(instrument), "suspended_standard": str(standard.id)}


def _budgets(world: World) -> dict[str, str]:
    """A budget with a draft, and one in review; of comparisons, so that the thermometers keep their digits."""
    draft = budget_world.draft(world, "repeated_comparison", maximum="20")
    submitted = budget_world.in_review(world, "repeated_comparison", minimum="20")
    found = {"budget": draft.budget_id, "draft_budget": draft.id, "submitted_budget": submitted.id}
    return {name: str(key) for name, key in found.items()} | {"budget_digest": submitted.digest}


def _rounds(world: World) -> dict[str, str]:
    """A comparison that is being measured, and one that is evaluated."""
    desk = Desk(world.tenant.id, world.now)
    measuring, evaluated = desk.measured(), desk.evaluated()
    found = {"measuring_round": measuring.id, "evaluated_round": evaluated.id}
    found["participant"] = participants_of(measuring.id)[0].id
    return {name: str(key) for name, key in found.items()} | {"round_digest": evaluated.evaluation_digest}


def rows_of_all_institutes() -> tuple[int, int]:
    """How many acts and events there are in all institutes together."""
    with everywhere("count"):
        return AuditRecord.objects.count(), OutboxEvent.objects.count()
