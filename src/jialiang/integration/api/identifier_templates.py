"""Templates of identifier records: items, versions, JSON Schema."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Status
from pydantic import Field

from jialiang.base.identifier_templates import selectors
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.items import TemplateItem
from jialiang.formats.identifier_templates.json_schema import json_schema
from jialiang.functions import identifier_templates as verbs
from jialiang.integration.api.access import acting, narrowed, readable
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.members import (
    Bilingual,
    Body,
    Reason,
    Short,
    Version,
    View,
    changed_members,
    facts_from,
)
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.integration.api.prefixes import PrefixReason
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import (
    CarrierKind,
    IdentifierTemplateState,
    ItemReaders,
    TemplateDataType,
)

router = Router(tags=["identifier templates"])
READ = "identifier_template.read"
TEMPLATE = "/identifier-templates/{uuid:template_id}"
Length = Annotated[int, Field(ge=0, le=100_000)]


class Item(Body):
    """An item; its index is 2000 or more. An item that was given once is disabled, never left out."""

    index: Annotated[int, Field(ge=2000, le=2_147_483_647)]
    type: Annotated[str, Field(min_length=1, max_length=128)]
    name: Reason
    data_type: TemplateDataType = TemplateDataType.TEXT
    required: bool = False
    unique: bool = False
    minimum_length: Length = 0
    maximum_length: Length = 255
    enabled: bool = True
    readers: ItemReaders = ItemReaders.PUBLIC
    organizations: tuple[UUID, ...] = ()

    def facts(self) -> TemplateItem:
        """Return the item as the verbs take it."""
        members = {name: getattr(self, name) for name in type(self).model_fields}
        return TemplateItem(**members | {"organizations": tuple(map(str, self.organizations))})


class NewTemplate(Body):
    """A template to be drafted; the items of `derived_from_id` are taken over, where it is given."""

    prefix: Annotated[str, Field(max_length=60)]
    code: Annotated[str, Field(max_length=128)]
    name: Bilingual
    organization_id: UUID | None = None
    carrier: CarrierKind = CarrierKind.PASSIVE_CARRIER
    industry: Annotated[str, Field(max_length=5)] = ""
    derived_from_id: UUID | None = None
    items: tuple[Item, ...] = ()


class TemplateChange(Body):
    """Members and items to be changed; those left out stay as they are."""

    name: Bilingual | None = None
    carrier: CarrierKind | None = None
    industry: Annotated[str | None, Field(max_length=5)] = None
    items: tuple[Item, ...] = ()
    version: Version = None


class CheckedValue(Body):
    """A value of a record: index, type and data as text."""

    index: Annotated[int, Field(ge=0, le=2_147_483_647)]
    type: Short
    data: Annotated[str, Field(max_length=100_000)]


class ValuesToCheck(Body):
    """Values of a record that is about to be registered."""

    values: Annotated[tuple[CheckedValue, ...], Field(max_length=1000)]


class TemplateView(View):
    """A template with its items by index."""

    id: UUID
    prefix: str
    code: str
    name: Text
    organization_id: UUID
    carrier: str
    industry: str
    items: list[Item]
    state: str
    state_reason: str
    state_since: datetime
    derived_from_id: UUID | None
    created_at: datetime
    version: int


class FindingView(View):
    """What does not fit: the index, the rule of the item, and words."""

    index: int
    rule: str
    message: Text


class TemplateQuery(PageQuery):
    """What a list of templates is narrowed by."""

    prefix: Annotated[str, Field(max_length=60)] = ""
    state: IdentifierTemplateState | None = None


@router.get("/identifier-templates", response=Listed[TemplateView], summary="List templates")
def list_templates(request: HttpRequest, response: HttpResponse, query: Query[TemplateQuery]) -> Any:
    """Templates, newest first; a customer sees those of the own organization.

    Permission `identifier_template.read`.
    """
    found = selectors.identifier_templates(
        prefix=query.prefix,
        state=query.state or "",
        only_organization=narrowed(request, READ),
        after=query.after,
        size=query.limit,
    )
    return listed(request, response, found, TemplateView.of)


@router.post("/identifier-templates", response={201: TemplateView}, summary="Draft a template")
def create_template(request: HttpRequest, response: HttpResponse, body: NewTemplate) -> Any:
    """Draft a template under a prefix of the own organization. Permission `identifier_template.create`."""
    row = verbs.create(
        actor=acting(request),
        facts=facts_from(TemplateFacts, body),
        items=[item.facts() for item in body.items],
        now=utc_now(),
    )
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, TemplateView.of(row))


@router.get(TEMPLATE, response=TemplateView, summary="Read a template")
def read_template(request: HttpRequest, template_id: UUID) -> Any:
    """One template with its version. Permission `identifier_template.read`."""
    row = readable(request, READ, selectors.identifier_template(template_id))
    remember_version(request, row.version)
    return TemplateView.of(row)


@router.patch(TEMPLATE, response=TemplateView, summary="Change a template")
def change_template(request: HttpRequest, template_id: UUID, body: TemplateChange) -> Any:
    """Change members and items, from the version that was read (`If-Match` or `version`).

    Permission `identifier_template.change`.
    """
    stored = readable(request, "identifier_template.change", selectors.identifier_template(template_id))
    changes = changed_members(body, without=("version", "items"))
    row, _ = verbs.change(
        actor=acting(request),
        template_id=template_id,
        changes={name: value for name, value in changes.items() if value is not None},
        items=[item.facts() for item in body.items],
        expected_version=version_read(request, body.version, stored.version) or 0,
        now=utc_now(),
    )
    return TemplateView.of(row)


SCHEMA = {
    "responses": {
        200: {
            "description": "JSON Schema, draft 2020-12.",
            "content": {"application/schema+json": {"schema": {"type": "object"}}},
        }
    }
}


@router.get(
    f"{TEMPLATE}/schema.json",
    response={200: None},
    openapi_extra=SCHEMA,
    summary="Read a template as JSON Schema",
)
def read_template_schema(request: HttpRequest, template_id: UUID) -> Any:
    """The JSON Schema of the object with a member for each item. Permission `identifier_template.read`."""
    row = readable(request, READ, selectors.identifier_template(template_id))
    schema = json_schema(selectors.record_template(row))
    return JsonResponse(
        schema, content_type="application/schema+json", json_dumps_params={"ensure_ascii": False}
    )


@router.post(f"{TEMPLATE}/check", response=list[FindingView], summary="Check values against a template")
def check_template_values(request: HttpRequest, template_id: UUID, body: ValuesToCheck) -> Any:
    """What of some values does not fit the template; nothing is stored. Permission `identifier_template.read`."""
    row = readable(request, READ, selectors.identifier_template(template_id))
    values = [HandleValue(own.index, own.type, own.data.encode("utf-8", "replace")) for own in body.values]
    found = verbs.check_values(selectors.record_template(row), values)
    return [FindingView.of(finding) for finding in found]


@router.post(f"{TEMPLATE}/publication", response=TemplateView, summary="Publish a template")
def publish_template(request: HttpRequest, template_id: UUID) -> Any:
    """Let records be registered by a draft from now on. Permission `identifier_template.publish`."""
    return TemplateView.of(verbs.publish(actor=acting(request), template_id=template_id, now=utc_now()))


@router.post(f"{TEMPLATE}/recall", response=TemplateView, summary="Withdraw a template")
def withdraw_template(request: HttpRequest, template_id: UUID, body: PrefixReason) -> Any:
    """Register nothing more by a template. Permission `identifier_template.withdraw`."""
    row = verbs.withdraw(actor=acting(request), template_id=template_id, reason=body.reason, now=utc_now())
    return TemplateView.of(row)
