"""What is told when a template is made, and which changes of items a published one bears."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from jialiang.base.identifier_templates.errors import (
    BadTemplateItem,
    TemplateIncomplete,
    TemplateItemFixed,
    TemplateMember,
)
from jialiang.base.identifier_templates.models import IdentifierTemplate
from jialiang.formats.handle.names import folded
from jialiang.formats.identifier_templates.items import MOST_ITEMS, TemplateItem, item_fault
from jialiang.governance import data_elements as elements
from jialiang.kernel.text import Text, storable
from jialiang.vocabulary.statuses import CarrierKind

INDUSTRY = re.compile(r"[A-T](?:[0-9]{2}(?:[0-9](?:[0-9])?)?)?", re.ASCII)
NOUN = "identifier_template"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFacts:
    """A template: the prefix it is for, its version (``code``) and name, and what carries the identifiers.

    ``industry`` is the letter of GB/T 4754 with up to four digits, such as ``C4014``; ``derived_from_id`` a template
    whose items are taken over.
    """

    prefix: str
    code: str
    name: Text
    organization_id: UUID | None = None
    carrier: str = CarrierKind.PASSIVE_CARRIER.value
    industry: str = ""
    derived_from_id: UUID | None = None


def checked_facts(facts: TemplateFacts) -> dict[str, Any]:
    """Return the columns. Raises TemplateIncomplete (naming all that is missing), TemplateMember."""
    missing = elements.missing_members(facts, ("prefix", "code", "name", "carrier"))
    if missing:
        raise TemplateIncomplete(members=elements.element_names(NOUN, missing))
    written = elements.columns(facts)
    for member in ("prefix", "organization_id", "derived_from_id"):
        written.pop(member)
    refuse_columns(written)
    return written


def refuse_columns(written: dict[str, Any]) -> None:
    """Raise TemplateMember for the first column that cannot be stored."""
    for problem in elements.problems(NOUN, IdentifierTemplate, written):
        raise TemplateMember(member=problem.member, given=storable(problem.given, 80), reason=problem.reason)
    industry = written.get("industry", "")
    if industry and not INDUSTRY.fullmatch(industry):
        name = elements.element_name(NOUN, "industry")
        raise TemplateMember(member=name, given=industry, reason=elements.reason("not_an_industry"))


def merged_items(
    old: Sequence[TemplateItem], given: Sequence[TemplateItem], *, published: bool
) -> tuple[TemplateItem, ...]:
    """Return the old items with the given ones in their place or beside them, by index; none is ever left out.

    Of a published template an item is disabled, enabled, renamed and loosened only, and a new one is not required, so
    that what was registered still fits; one that was disabled is enabled as one that may be left out, for records were
    registered without it meanwhile. Raises BadTemplateItem, TemplateItemFixed.
    """
    have = {item.index: item for item in old}
    seen: set[int] = set()
    for item in given:
        fault = item_fault(item) or (
            Text("索引重复", "its index is given twice") if item.index in seen else None
        )
        if fault:
            raise BadTemplateItem(index=item.index, reason=fault)
        if published:
            _refuse_narrowing(have.get(item.index), item)
        seen.add(item.index)
        have[item.index] = item
    items = tuple(have[index] for index in sorted(have))
    _refuse_types_twice(items)
    if len(items) > MOST_ITEMS:
        raise BadTemplateItem(
            index=items[MOST_ITEMS].index, reason=elements.reason("too_many", limit=MOST_ITEMS)
        )
    return items


def _refuse_narrowing(old: TemplateItem | None, new: TemplateItem) -> None:
    if old is None:
        old = replace(new, required=False)
    broken = {
        "type": old.type != new.type,
        "data_type": old.data_type != new.data_type,
        "required": new.required and not (old.required and (old.enabled or not new.enabled)),
        "unique": new.unique and not old.unique,
        "minimum_length": new.minimum_length > old.minimum_length,
        "maximum_length": new.maximum_length < old.maximum_length,
    }
    for member in (name for name, is_broken in broken.items() if is_broken):
        raise TemplateItemFixed(index=new.index, member=elements.element_name(NOUN, member))


def _refuse_types_twice(items: Sequence[TemplateItem]) -> None:
    seen: set[str] = set()
    for item in items:
        if folded(item.type) in seen:
            why = Text(f"类型 {item.type} 重复", f"its type {item.type} is given twice")
            raise BadTemplateItem(index=item.index, reason=why)
        seen.add(folded(item.type))
