"""``/snms/api/v5/template`` (and v3): the templates of records, by prefix and version.

A template that is made here is published at once, as business systems expect: they register by it with their next
request. ``PUT`` adds items and disables or renames those that are there; none is ever taken out. ``DELETE`` withdraws.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse

from jialiang.base.identifier_templates.errors import TemplateUnknown
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifier_templates.selectors import IdentifierTemplate, items_of, template_by_code
from jialiang.formats.identifier_templates.items import FIRST_INDEX, TemplateItem
from jialiang.functions import identifier_templates as verbs
from jialiang.functions.deed import permit
from jialiang.integration.snms.bodies import (
    LARGEST_INDEX,
    LONGEST_TYPE,
    LONGEST_VALUE,
    LONGEST_VERSION,
    STRING,
    object_body,
    text_member,
)
from jialiang.integration.snms.door import Asked
from jialiang.integration.snms.envelope import BadRequest, answer
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CarrierKind

LONGEST_PREFIX, LONGEST_NAME, LONGEST_DESCRIPTION = 64, 100, 100
INDUSTRY = ("industryCategory", "industrySpecific", "industryTrade", "industrySubclass")
CARRIERS = {1: CarrierKind.ACTIVE_CARRIER, 2: CarrierKind.PASSIVE_CARRIER}
ENABLED, DISABLED = 0, 1
WITHDRAWN = "经标识注册接口删除"


def read(asked: Asked) -> HttpResponse:
    """``GET ?prefix=&version=``: one template."""
    row = _row(asked, asked.query)
    letter, digits = row.industry[:1], row.industry[1:]
    return answer(
        {
            "prefix": row.prefix,
            "name": "",
            "version": row.code,
            "industryCategory": letter,
            "industrySpecific": digits[:2],
            "industryTrade": digits[:3],
            "industrySubclass": digits[:4],
            "type": next(kind for kind, carrier in CARRIERS.items() if carrier == row.carrier),
            "description": row.name_zh or row.name_en,
            "items": [_shown(item) for item in items_of(row)],
        }
    )


def create(asked: Asked) -> HttpResponse:
    """``POST``: draft a template and publish it."""
    body = object_body(asked.body)
    version = text_member(body, "version", LONGEST_VERSION)
    description = body.get("description") or version
    facts = TemplateFacts(
        prefix=text_member(body, "prefix", LONGEST_PREFIX),
        code=version,
        name=Text(text_member({"description": description}, "description", LONGEST_DESCRIPTION), ""),
        carrier=_carrier(body).value,
        industry=_industry(body),
    )
    items = _items(body, {})
    with transaction.atomic():  # a draft that nobody asked for would hold the version
        row = verbs.create(actor=asked.actor, facts=facts, items=items, now=asked.now)
        verbs.publish(actor=asked.actor, template_id=row.pk, now=asked.now)
    return answer(True)


def update(asked: Asked) -> HttpResponse:
    """``PUT``: put items beside and in place of those that are there."""
    body = object_body(asked.body)
    row = _row(asked, body)
    known = {item.type: item for item in items_of(row)}
    verbs.change(
        actor=asked.actor,
        template_id=row.pk,
        changes={},
        items=_items(body, known),
        expected_version=row.version,
        now=asked.now,
    )
    return answer(True)


def delete(asked: Asked) -> HttpResponse:
    """``DELETE``: withdraw a template; records that were registered by it stay."""
    row = _row(asked, object_body(asked.body))
    verbs.withdraw(actor=asked.actor, template_id=row.pk, reason=WITHDRAWN, now=asked.now)
    return answer(True)


def _row(asked: Asked, members: Mapping[str, Any]) -> IdentifierTemplate:
    prefix = text_member(members, "prefix", LONGEST_PREFIX)
    version = text_member(members, "version", LONGEST_VERSION)
    row = template_by_code(prefix, version)
    if row is None:
        raise TemplateUnknown(wanted=f"{prefix} {version}"[:120])
    permit(asked.actor, "identifier_template.read", row)
    return row


def _carrier(body: Mapping[str, Any]) -> CarrierKind:
    given = body.get("type")
    if given not in CARRIERS or isinstance(given, bool):
        raise BadRequest(
            place="type", rule=Text("应为 1（主动标识载体）或 2（其他）", "1 (active carrier) or 2 (other)")
        )
    return CARRIERS[given]


def _industry(body: Mapping[str, Any]) -> str:
    """Return the letter and the longest code of digits, each of which begins with the one before."""
    letter, *digits = (body.get(name) or "" for name in INDUSTRY)
    code = ""
    for name, given in zip(INDUSTRY[1:], digits, strict=True):
        if not isinstance(given, str) or (given and not given.startswith(code)):
            raise BadRequest(place=name, rule=Text("应以上一级行业代码开头", "it begins with the code above it"))
        code = given or code
    return f"{letter}{code}" if isinstance(letter, str) else code


def _items(body: Mapping[str, Any], known: Mapping[str, TemplateItem]) -> list[TemplateItem]:
    given = body.get("items")
    if not isinstance(given, list) or not given:
        raise BadRequest(place="items", rule=Text("应为非空数组", "an array that is not empty"))
    free = max((item.index for item in known.values()), default=FIRST_INDEX - 1) + 1
    items = []
    for i, one in enumerate(given):
        item = _item(object_body(one, f"items[{i}]"), f"items[{i}].", known, free)
        free = max(free, item.index + 1)
        items.append(item)
    return items


def _item(body: Mapping[str, Any], place: str, known: Mapping[str, TemplateItem], free: int) -> TemplateItem:
    kind = text_member(body, "idType", LONGEST_TYPE, place)
    metadata = object_body(body.get("metadata"), f"{place}metadata")
    if metadata.get("type", STRING) != STRING:
        raise BadRequest(place=f"{place}metadata.type", rule=Text("只支持 string", "only string is known here"))
    old = known.get(kind)
    index = body.get("idIndex", old.index if old else free)
    shortest, longest = metadata.get("minLength", 0), metadata.get("maxLength", LONGEST_VALUE)
    for name, number in (("idIndex", index), ("metadata.minLength", shortest), ("metadata.maxLength", longest)):
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= LARGEST_INDEX:
            raise BadRequest(place=f"{place}{name}", rule=Text("应为非负整数", "a whole number from 0"))
    return TemplateItem(
        index=index,
        type=kind,
        name=Text(text_member(body, "name", LONGEST_NAME, place), ""),
        required=bool(_one_of(body, "required", (False, True), place)),
        minimum_length=shortest,
        maximum_length=longest,
        enabled=_one_of(body, "state", (ENABLED, DISABLED), place) == ENABLED,
        unique=old is not None and old.unique,  # this interface has no word for it
    )


def _one_of(body: Mapping[str, Any], name: str, allowed: tuple[int, int], place: str) -> int:
    """Return a member that is one of two, the first where it is left out. Raises BadRequest for 1 in place of true."""
    given = body.get(name)
    found = [each for each in allowed if each == given and type(each) is type(given)]
    if given is not None and not found:
        told = " / ".join(json.dumps(each) for each in allowed)
        raise BadRequest(place=f"{place}{name}", rule=Text(f"应为 {told}", f"one of {told}"))
    return found[0] if found else allowed[0]


def _shown(item: TemplateItem) -> dict[str, Any]:
    return {
        "name": item.name.zh or item.name.en,
        "idType": item.type,
        "idIndex": item.index,
        "required": item.required,
        "state": ENABLED if item.enabled else DISABLED,
        "metadata": {"type": STRING, "minLength": item.minimum_length, "maxLength": item.maximum_length},
    }
