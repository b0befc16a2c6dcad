"""Writing templates, in the transaction of the verb."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.base.identifier_templates import errors
from jialiang.base.identifier_templates.facts import (
    NOUN,
    TemplateFacts,
    checked_facts,
    merged_items,
    refuse_columns,
)
from jialiang.base.identifier_templates.models import IdentifierTemplate
from jialiang.base.identifier_templates.selectors import identifier_template, items_of, template_by_code
from jialiang.base.organizations.selectors import organization
from jialiang.base.prefixes.openness import require_open
from jialiang.base.prefixes.selectors import prefix_of
from jialiang.formats.handle.names import folded
from jialiang.formats.identifier_templates.items import TemplateItem
from jialiang.governance import data_elements as elements
from jialiang.governance.data_elements import Difference
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text, storable
from jialiang.vocabulary.statuses import IdentifierTemplateState, label

CHANGEABLE = ("name_zh", "name_en", "carrier", "industry")
DRAFT, PUBLISHED, WITHDRAWN = IdentifierTemplateState


def create(
    facts: TemplateFacts, items: Sequence[TemplateItem], *, organization_id: UUID, now: datetime
) -> IdentifierTemplate:
    """Store a draft; with ``derived_from_id`` the items of that template come first.

    Raises PrefixUnknown, PrefixStateForbids, PrefixOfAnother, OrganizationUnknown, TemplateExists, TemplateUnknown,
    TemplateIncomplete, TemplateMember, BadTemplateItem.
    """
    written = checked_facts(facts)
    owner = organization(organization_id)
    prefix = prefix_of(facts.prefix)
    require_open(prefix, owner.id)
    source = identifier_template(facts.derived_from_id) if facts.derived_from_id else None
    if template_by_code(prefix.text, written["code"]) is not None:
        raise errors.TemplateExists(prefix=prefix.text, code=written["code"])
    row = IdentifierTemplate(
        id=new_id(now),
        organization=owner,
        prefix=prefix.text,
        prefix_folded=folded(prefix.text),
        items=_json(merged_items(items_of(source) if source else (), items, published=False)),
        derived_from=source,
        state_since=now,
        created_at=now,
        **written,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:  # somebody made it in the meantime
        raise errors.TemplateExists(prefix=prefix.text, code=row.code) from problem
    return row


def change(
    template_id: UUID,
    changes: Mapping[str, Any],
    items: Sequence[TemplateItem] = (),
    *,
    expected_version: int,
) -> tuple[IdentifierTemplate, Difference]:
    """Change ``name``, ``carrier``, ``industry`` and the items given; the other items stay as they are.

    Raises TemplateUnknown, TemplateChanged, TemplateStateForbids (withdrawn), TemplateItemFixed, BadTemplateItem,
    TemplateMember, TemplateIncomplete.
    """
    row = _locked(template_id)
    if row.version != expected_version:
        raise errors.TemplateChanged(code=row.code, read=expected_version, stored=row.version)
    _require(row, DRAFT, PUBLISHED)
    written = _columns(changes)
    if not written.get("name_zh", row.name_zh or row.name_en):  # as :func:`checked_facts` asks of a new one
        raise errors.TemplateIncomplete(members=elements.element_name(NOUN, "name"))
    if not written.get("carrier", row.carrier):
        raise errors.TemplateIncomplete(members=elements.element_name(NOUN, "carrier"))
    refuse_columns(written)
    merged = merged_items(items_of(row), items, published=row.state == PUBLISHED)
    altered = elements.difference(row, written | {"items": _json(merged)})
    if altered:
        for name, value in altered.new.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
    return row, altered


def publish(template_id: UUID, *, expected_version: int | None = None, now: datetime) -> IdentifierTemplate:
    """Let records be registered by a draft from now on. Raises TemplateIncomplete without an item in use."""
    row = _locked(template_id)
    if expected_version not in (None, row.version):
        raise errors.TemplateChanged(code=row.code, read=expected_version, stored=row.version)
    _require(row, DRAFT)
    if not any(item.enabled for item in items_of(row)):
        raise errors.TemplateIncomplete(members=elements.element_name(NOUN, "items"))
    return _moved(row, PUBLISHED, "", now)


def withdraw(template_id: UUID, *, reason: str, now: datetime) -> IdentifierTemplate:
    """Register nothing more by a template; what was registered stays. Raises TemplateReasonMissing."""
    row, text = _locked(template_id), " ".join(reason.split())
    if not text:
        raise errors.TemplateReasonMissing()
    why = elements.refusal(IdentifierTemplate, "state_reason", text)
    if why:
        name = elements.element_name(NOUN, "state_reason")
        raise errors.TemplateMember(member=name, given=storable(text, 80), reason=why)
    _require(row, DRAFT, PUBLISHED)
    return _moved(row, WITHDRAWN, text, now)


def follow_prefix(prefix: str, organization_id: UUID) -> int:
    """Give the templates of a prefix to the organization that holds it now; return how many there are."""
    rows = IdentifierTemplate.objects.filter(prefix_folded=folded(prefix))
    return rows.update(organization_id=organization_id)


def _columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    for member, value in changes.items():
        if isinstance(value, Text):
            written |= {f"{member}_{language}": text.strip() for language, text in value.items()}
        else:
            written[member] = value.strip() if isinstance(value, str) else value
    strange = sorted(set(written) - set(CHANGEABLE))
    if strange:
        known = ", ".join(("name", "carrier", "industry", "items"))
        raise errors.TemplateMember(
            member=Text(strange[0], strange[0]), given="", reason=elements.reason("not_listed", known=known)
        )
    return written


def _locked(template_id: UUID) -> IdentifierTemplate:
    row = IdentifierTemplate.objects.select_for_update(of=("self",)).filter(pk=template_id).first()
    if row is None:
        raise errors.TemplateUnknown(wanted=str(template_id))
    return row


def _require(row: IdentifierTemplate, *states: IdentifierTemplateState) -> None:
    if row.state not in states:
        raise errors.TemplateStateForbids(
            code=row.code, state=label(IdentifierTemplateState(row.state)), allowed=_enumerated(states)
        )


def _enumerated(states: Collection[IdentifierTemplateState]) -> Text:
    names = [label(state) for state in states]
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _moved(
    row: IdentifierTemplate, state: IdentifierTemplateState, reason: str, now: datetime
) -> IdentifierTemplate:
    row.state, row.state_reason, row.state_since = state, reason, now
    row.version += 1
    row.save()
    return row


def _json(items: Sequence[TemplateItem]) -> list[dict[str, Any]]:
    return [item.to_json() for item in items]
