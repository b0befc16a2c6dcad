"""A desk of identifiers: three records under two prefixes, a published template, people of every kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_templates, identifiers
from jialiang.kernel.text import Text
from jialiang.security.accounts.models import Person
from jialiang.security.accounts.services import create_person, grant_role
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant
from tests.console.people import PASSWORD
from tests.functions.prefix_verbs import add_prefix, add_template, operator
from tests.ledger import World, build_world

NAME = "88.101.5/T-1"
GIAI = "40123459317"
SECRET = "seven bronze measures of the dairy"
VALUES = (
    HandleValue(1, "URL", b"https://example.org/t-1", permissions=0b1100),
    HandleValue(300, "HS_SECKEY", SECRET.encode(), permissions=0b1100),
    HandleValue(2000, "SERIAL", b"ST-1"),
    HandleValue(2001, "MADE_ON", b"2024-03-17"),
)


@dataclass
class Desk:
    """The institute, its record ``88.101.5/T-1``, the template of the dairy, who works there."""

    world: World
    record: Any
    template_id: UUID
    people: dict[str, Any]


PEOPLE = {
    "operator": ("identifier_operator", "许标识"),
    "auditor": ("auditor", "审阅"),
    "technician": ("technician", "李小量"),
    "dairy": ("customer", "赵牧"),
    "mill": ("customer", "白杨"),
    "nobody": ("", "路人"),
}
NOW = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)


def set_up() -> Desk:
    """Register ``88.101.5/T-1`` with a hidden URL and a secret key, ``T-2`` reserved, and ``88.102/U-1``."""
    tenant = create_tenant(slug="labels", name=Text("云泽院", "Yunze"), time_zone="Asia/Shanghai", now=NOW)
    with scope(tenant.id):
        world = build_world(tenant.id, NOW)
        add_prefix(world, "88.101", world.own_id)
        add_prefix(world, "88.101.5")
        add_prefix(world, "88.102", world.mill_id)
        actor = operator(world)
        template = add_template(world, "1.0")
        identifier_templates.publish(actor=actor, template_id=template.id, now=NOW)
        record = identifiers.register(
            actor=actor,
            name=NAME,
            values=VALUES,
            codes=[RecordCode("GIAI", GIAI, primary=True)],
            template="1.0",
            now=NOW,
        )
        identifiers.register(actor=actor, name="88.101.5/T-2", values=(), state="reserved", now=NOW)
        identifiers.register(actor=actor, name="88.102/U-1", values=(), now=NOW)
        return Desk(world, record, template.id, {name: _hired(world, name) for name in PEOPLE})


def _hired(world: World, name: str) -> Person:
    role, words = PEOPLE[name]
    owners = {"dairy": world.dairy_id, "mill": world.mill_id}
    person = create_person(
        tenant_id=world.tenant_id, username=f"desk.{name}", password=PASSWORD, now=NOW,
        name=Text(words, name), organization_id=owners.get(name),
    )  # fmt: skip
    if role:
        grant_role(person_id=person.id, role=role, valid_from=date(2020, 1, 1), granted_by_id=None, now=NOW)
    return person


def browser_of(desk: Desk, person: str, language: str = "en") -> Client:
    """The browser of one of the people."""
    client = Client()
    client.force_login(desk.people[person])
    client.cookies["jialiang_language"] = language
    return client


def page_of(desk: Desk, person: str, name: str, *arguments: Any, language: str = "en") -> str:
    """The text of a page as one of the people gets it."""
    answer = browser_of(desk, person, language).get(reverse(name, args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()
