"""The namespace of the demonstration: a second-level prefix, the dairy's prefix, and an application that waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.organizations.selectors import own_organization
from jialiang.base.prefixes.facts import ApplicationFacts, PrefixFacts, UploadedDocument
from jialiang.base.prefixes.selectors import is_prefix_given
from jialiang.base.prefixes.texts import above
from jialiang.business.demonstration.cast import Institute
from jialiang.business.demonstration.data import world
from jialiang.formats.identifier_templates.items import TemplateItem
from jialiang.functions import identifier_templates, prefixes
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import ItemReaders, TemplateDataType

OPERATOR, CUSTOMER = "identifiers", "customer"
QUOTA = 5000
_LICENCE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
ITEMS = (
    TemplateItem(
        index=2000, type="SERIAL", name=Text("出厂编号", "Serial number"), required=True, unique=True
    ),
    TemplateItem(index=2001, type="MODEL", name=Text("型号规格", "Model"), required=True),
    TemplateItem(
        index=2002,
        type="MADE_ON",
        name=Text("出厂日期", "Made on"),
        data_type=TemplateDataType.DATE,
        maximum_length=10,
    ),
    TemplateItem(index=2003, type="PLACE", name=Text("使用地点", "Place of use"), readers=ItemReaders.HOLDER),
)


def lay_namespace(institute: Institute, customer_id: UUID, now: datetime) -> None:
    """Add the prefix above the installation's own, grant one to the dairy with a template, leave one to decide.

    Nothing happens where the installation's prefix stands under none, or the one above was given already.
    """
    second_level = above(settings.JIALIANG.identifier_prefix)
    if not second_level or is_prefix_given(second_level):
        return
    long_ago, lately = now - timedelta(days=60), now - timedelta(days=2)
    holder = own_organization().id
    parent = prefixes.add(
        actor=institute.actor(OPERATOR, long_ago),
        facts=PrefixFacts(text=second_level, holder_id=holder),
        now=long_ago,
    )
    granted = _applied(institute, parent.id, customer_id, _words()["granted_for"], long_ago)
    row = prefixes.approve(
        actor=institute.actor(OPERATOR, long_ago), application_id=granted, quota=QUOTA, now=long_ago
    )
    if row.granted is not None:
        _template(institute, row.granted.text, long_ago)
    _applied(institute, parent.id, customer_id, _words()["applied_for"], lately)


def _words() -> dict[str, str]:
    """Return what the dairy wrote, as it wrote it: data of the world, not words of the interface."""
    words: dict[str, str] = world()["namespace"]
    return words


def _applied(institute: Institute, parent_id: UUID, customer_id: UUID, purpose: str, at: datetime) -> UUID:
    facts = ApplicationFacts(organization_id=customer_id, parent_id=parent_id, purpose=purpose)
    licence = UploadedDocument(_words()["licence"], _LICENCE)
    return prefixes.apply(actor=institute.actor(CUSTOMER, at), facts=facts, documents=[licence], now=at).id


def _template(institute: Institute, prefix: str, at: datetime) -> None:
    customer = institute.actor(CUSTOMER, at)
    facts = TemplateFacts(
        prefix=prefix, code="V1", name=Text("在用计量器具", "Instruments in use"), industry="C1440"
    )
    row = identifier_templates.create(actor=customer, facts=facts, items=ITEMS, now=at)
    identifier_templates.publish(actor=customer, template_id=row.id, now=at)
