"""``/api/v1/doip?targetId=&operationId=``: operations on digital objects, which are our records and templates.

An object's ``type`` is the name of its template, ``<prefix>/<version>``; ``attributes.content`` gives each item by its
type (``englishName``). A template is itself an object, of the type ``0.TYPE/DO.DOIPMETA``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from jialiang.base.identifiers.errors import IdentifierUnknown
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.prefixes.selectors import prefix_by_text
from jialiang.formats.handle.names import BadHandle, folded, parsed_handle
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.items import RecordTemplate
from jialiang.functions import identifiers as verbs
from jialiang.functions.identifier_templates import template_for
from jialiang.integration.idhub.descriptions import described_record, described_template
from jialiang.integration.idhub.door import Asked, object_of, text_of
from jialiang.integration.idhub.envelope import (
    BadObjectName,
    BadRequest,
    Code,
    ItemUnknown,
    OperationUnknown,
    TemplateMissing,
    answer,
)
from jialiang.kernel.errors import NotFound
from jialiang.kernel.text import Text
from jialiang.security.actor import Actor
from jialiang.security.tenancy.scope import scope

LONGEST_HANDLE = 255
LONGEST_OPERATION = 100
LONGEST_DATA = 4000
STRANGER = Actor(None, UUID(int=0), Text("公众", "anyone"), frozenset(), None, "public")


def retrieve(asked: Asked) -> HttpResponse:
    """``0.DOIP/Op.Retrieve``: a record as far as the asker may read it, or a template."""
    name = _target(asked)
    try:
        record = verbs.resolve_identifier(actor=asked.actor or STRANGER, name=name, now=asked.now)
    except IdentifierUnknown:
        template = _template_of(name, registering=False)
        if template is None:
            raise
        return answer(described_template(name, template))
    return answer(described_record(record, _template_of_record(record)))


def create(asked: Asked) -> HttpResponse:
    """``0.DOIP/Op.Create``: register a record by a published template."""
    name, template, values = _given(asked)
    verbs.register(
        actor=asked.known_actor, name=name, values=values, template=template.code, now=asked.now
    )
    return answer(asked.body, code=Code.WRITTEN)


def update(asked: Asked) -> HttpResponse:
    """``0.DOIP/Op.Update``: put this content in place of the record's own."""
    name, template, values = _given(asked)
    verbs.replace_values(
        actor=asked.known_actor, name=name, values=values, template=template.code, now=asked.now
    )
    return answer(asked.body, code=Code.WRITTEN)


def merge(asked: Asked) -> HttpResponse:
    """``0.DOIP.EXTEND/Op.Update.Non.Overlay``: put this content beside what the record holds."""
    name, _, values = _given(asked)
    verbs.put_values(actor=asked.known_actor, name=name, values=values, now=asked.now)
    return answer(asked.body, code=Code.WRITTEN)


def delete(asked: Asked) -> HttpResponse:
    """``0.DOIP/Op.Delete``: retire a record; its name is never given again."""
    verbs.retire(actor=asked.known_actor, name=_target(asked), now=asked.now)
    return answer(code=Code.WRITTEN)


Operation = Callable[[Asked], HttpResponse]
READS: Mapping[str, Operation] = MappingProxyType({"0.DOIP/Op.Retrieve": retrieve})
WRITES: Mapping[str, Operation] = MappingProxyType(
    {
        "0.DOIP/Op.Create": create,
        "0.DOIP/Op.Update": update,
        "0.DOIP.EXTEND/Op.Update.Non.Overlay": merge,
        "0.DOIP/Op.Delete": delete,
        **READS,
    }
)


def read_object(asked: Asked) -> HttpResponse:
    """Answer ``GET``: an operation that reads; strangers see what is public."""
    return _operation(asked, READS)(asked)


def write_object(asked: Asked) -> HttpResponse:
    """Answer ``POST``: any operation."""
    return _operation(asked, WRITES)(asked)


def _operation(asked: Asked, known: Mapping[str, Operation]) -> Operation:
    named = text_of(asked.query, "operationId", LONGEST_OPERATION)
    if named not in known:
        raise OperationUnknown(given=named, known=", ".join(known))
    return known[named]


def _target(asked: Asked) -> str:
    name = text_of(asked.query, "targetId", LONGEST_HANDLE)
    try:
        return parsed_handle(name).text
    except BadHandle as problem:
        raise BadObjectName(given=name[:80]) from problem


def _given(asked: Asked) -> tuple[str, RecordTemplate, list[HandleValue]]:
    body = object_of(asked.body, "body")
    named = text_of(body, "type", LONGEST_HANDLE)
    template = _template_of(named, registering=True)
    if template is None:
        raise TemplateMissing(given=named[:80])
    content = object_of(object_of(body.get("attributes"), "attributes").get("content"), "attributes.content")
    return _target(asked), template, _values(template, named, content)


def _values(template: RecordTemplate, named: str, content: Mapping[str, Any]) -> list[HandleValue]:
    items = {folded(item.type): item for item in template.items}
    values = []
    for name, data in content.items():
        item = items.get(folded(name))
        if item is None:
            raise ItemUnknown(given=name[:80], template=named[:80])
        if isinstance(data, bool) or not isinstance(data, str | int) or len(str(data)) > LONGEST_DATA:
            raise BadRequest(
                place=f"attributes.content.{name[:80]}",
                rule=Text(
                    f"应为不超过 {LONGEST_DATA} 个字符的文本或整数",
                    f"a text of at most {LONGEST_DATA} characters, or a whole number",
                )
            )
        values.append(HandleValue(item.index, item.type, str(data).encode(), permissions=item.permissions))
    return values


def _template_of(named: str, *, registering: bool) -> RecordTemplate | None:
    """Return the template that ``prefix/version`` names, of whichever institute keeps the prefix, None without one."""
    try:
        name = parsed_handle(named)
    except BadHandle as problem:
        raise BadObjectName(given=named[:80]) from problem
    prefix = prefix_by_text(name.prefix)
    if prefix is None:
        return None
    with scope(prefix.tenant_id):
        try:
            return template_for(name.prefix, name.suffix, registering=registering)
        except NotFound:
            return None


def _template_of_record(record: StoredRecord) -> RecordTemplate | None:
    if not record.template:
        return None
    return _template_of(f"{parsed_handle(record.name).prefix}/{record.template}", registering=False)
