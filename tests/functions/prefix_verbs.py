"""Every verb on prefixes and identities as it is called, and things in the states that let each of them through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from tests.ledger import World

from jialiang.base.handle_identities.public_keys import pem_of
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifier_templates.selectors import IdentifierTemplate
from jialiang.base.prefixes.facts import ApplicationFacts, PrefixFacts, UploadedDocument
from jialiang.base.prefixes.selectors import Prefix, PrefixApplication
from jialiang.formats.identifier_templates.items import TemplateItem
from jialiang.functions import handle_identities, identifier_templates, prefixes
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import TemplateDataType

LICENCE = UploadedDocument("营业执照.pdf", b"%PDF-1.7 fictional business licence")
SITE = {
    "version": 1,
    "serialNumber": 3,
    "servers": [
        {
            "serverId": 1,
            "address": "203.0.113.7",
            "interfaces": [{"query": True, "admin": False, "protocol": "TCP", "port": 2641}],
        }
    ],
}
PUBLIC_KEY = pem_of(ec.derive_private_key(7, ec.SECP256R1()).public_key())
ITEMS = (
    TemplateItem(
        index=2000, type="SERIAL", name=Text("出厂编号", "Serial number"), required=True, unique=True
    ),
    TemplateItem(
        index=2001,
        type="MADE_ON",
        name=Text("出厂日期", "Made on"),
        data_type=TemplateDataType.DATE,
        maximum_length=10,
    ),
)
Things = dict[str, UUID]
Verb = Callable[[Actor, Things, datetime], Any]
VERBS: dict[str, Verb] = {
    "prefix.apply": lambda who, thing, now: prefixes.apply(
        actor=who,
        facts=ApplicationFacts(
            organization_id=thing["organization"], parent_id=thing["second level"], purpose="  乳品\n温度计 "
        ),
        documents=[LICENCE],
        now=now,
    ),
    "prefix.withdraw_application": lambda who, thing, now: prefixes.withdraw_application(
        actor=who, application_id=thing["application"], reason="r", now=now
    ),
    "prefix.approve": lambda who, thing, now: prefixes.approve(
        actor=who, application_id=thing["application"], quota=2000, expected_version=1, now=now
    ),
    "prefix.refuse": lambda who, thing, now: prefixes.refuse(
        actor=who, application_id=thing["application"], reason="r", now=now
    ),
    "prefix.add": lambda who, thing, now: prefixes.add(
        actor=who, facts=PrefixFacts(text="88.103", holder_id=thing["own"], quota=9), now=now
    ),
    "prefix.delegate": lambda who, thing, now: prefixes.delegate(
        actor=who, prefix_id=thing["prefix"], site=SITE, reason="r", now=now
    ),
    "prefix.suspend": lambda who, thing, now: prefixes.suspend(
        actor=who, prefix_id=thing["prefix"], reason="r", now=now
    ),
    "prefix.resume": lambda who, thing, now: prefixes.resume(
        actor=who, prefix_id=thing["suspended"], now=now
    ),
    "prefix.transfer": lambda who, thing, now: prefixes.transfer(
        actor=who, prefix_id=thing["prefix"], holder_id=thing["mill"], reason="r", now=now
    ),
    "prefix.set_quota": lambda who, thing, now: prefixes.set_quota(
        actor=who, prefix_id=thing["prefix"], quota=500, now=now
    ),
    "prefix.withdraw": lambda who, thing, now: prefixes.withdraw(
        actor=who, prefix_id=thing["prefix"], reason="r", now=now
    ),
    "handle_identity.add": lambda who, thing, now: handle_identities.add_key(
        actor=who,
        identity="301:88.101.5/gateway",
        organization_id=thing["organization"],
        public_key=PUBLIC_KEY,
        note="网关",
        now=now,
    ),
    "handle_identity.revoke": lambda who, thing, now: handle_identities.revoke(
        actor=who, identity_id=thing["identity"], reason="r", now=now
    ),
    "identifier_template.create": lambda who, thing, now: identifier_templates.create(
        actor=who,
        facts=TemplateFacts(
            prefix="88.101.5",
            code="V2",
            name=Text("温度计", "Thermometer"),
            organization_id=thing["organization"],
        ),
        items=ITEMS,
        now=now,
    ),
    "identifier_template.change": lambda who, thing, now: identifier_templates.change(
        actor=who,
        template_id=thing["template"],
        changes={"name": Text("玻璃温度计", "Glass thermometer")},
        items=[replace(ITEMS[1], enabled=False)],
        expected_version=1,
        now=now,
    ),
    "identifier_template.publish": lambda who, thing, now: identifier_templates.publish(
        actor=who, template_id=thing["template"], now=now
    ),
    "identifier_template.withdraw": lambda who, thing, now: identifier_templates.withdraw(
        actor=who, template_id=thing["template"], reason="r", now=now
    ),
}


def operator(world: World) -> Actor:
    """The institute's operator of identifiers."""
    return world.person("identifier_operator")


def customer(world: World, organization_id: UUID | None = None) -> Actor:
    """Somebody of the dairy, or of another customer."""
    return world.person("customer", organization_id=organization_id or world.dairy_id)


def add_prefix(world: World, text: str, holder_id: UUID | None = None, quota: int | None = None) -> Prefix:
    """A prefix that the operator adds for the dairy, or for somebody else."""
    facts = PrefixFacts(text=text, holder_id=holder_id or world.dairy_id, quota=quota)
    return prefixes.add(actor=operator(world), facts=facts, now=world.now)


def apply(world: World, parent: Prefix, wished_code: str = "", **members: Any) -> PrefixApplication:
    """An application of the dairy."""
    facts = ApplicationFacts(
        organization_id=members.pop("organization_id", world.dairy_id),
        parent_id=parent.id,
        purpose=members.pop("purpose", "乳品温度计的标识"),
        wished_code=wished_code,
    )
    documents = members.pop("documents", [LICENCE])
    actor = members.pop("actor", customer(world, facts.organization_id))
    return prefixes.apply(actor=actor, facts=facts, documents=documents, now=world.now)


def add_template(
    world: World, code: str = "V1", prefix: str = "88.101.5", **members: Any
) -> IdentifierTemplate:
    """A draft of the dairy."""
    facts = TemplateFacts(prefix=prefix, code=code, name=Text("温度计", "Thermometer"), **members)
    return identifier_templates.create(actor=customer(world), facts=facts, items=ITEMS, now=world.now)


def make_things(world: World) -> Things:
    """One thing of every noun, each in the state that lets its verb through."""
    second = add_prefix(world, "88.101", world.own_id)
    own = add_prefix(world, "88.101.5")
    suspended = add_prefix(world, "88.101.6")
    prefixes.suspend(actor=operator(world), prefix_id=suspended.id, reason="欠费", now=world.now)
    identity = handle_identities.add_secret(
        actor=operator(world), identity="300:88.101.5/admin", organization_id=world.dairy_id, now=world.now
    )
    return {
        "organization": world.dairy_id,
        "mill": world.mill_id,
        "own": world.own_id,
        "second level": second.id,
        "prefix": own.id,
        "suspended": suspended.id,
        "application": apply(world, second).id,
        "identity": identity.row.id,
        "template": add_template(world).id,
    }
