"""Writing templates of labels, in the transaction of the verb."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.base.label_templates import errors
from jialiang.base.label_templates.facts import LabelTemplateFacts, checked_columns
from jialiang.base.label_templates.models import LabelTemplate
from jialiang.formats.labels.templates import templates
from jialiang.governance import data_elements as elements
from jialiang.governance.data_elements import Difference
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text, storable
from jialiang.vocabulary.statuses import LabelTemplateState


def create(facts: LabelTemplateFacts, *, now: datetime) -> LabelTemplate:
    """Store a template. Raises LabelTemplateExists and what ``facts.checked_columns`` raises."""
    written = checked_columns(facts)
    code = written["code"]
    if code in templates() or LabelTemplate.objects.filter(code=code).exists():
        raise errors.LabelTemplateExists(code=code)
    row = LabelTemplate(id=new_id(now), created_at=now, **written)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as problem:  # somebody made it in the meantime
        raise errors.LabelTemplateExists(code=code) from problem
    return row


def change(
    template_id: UUID, changes: Mapping[str, Any], *, expected_version: int
) -> tuple[LabelTemplate, Difference]:
    """Change members named as in :class:`LabelTemplateFacts`; the code stays.

    Raises LabelTemplateUnknown, LabelTemplateChanged, LabelTemplateWithdrawn, LabelTemplateMember and what creating
    raises.
    """
    row = _locked(template_id)
    if row.version != expected_version:
        raise errors.LabelTemplateChanged(code=row.code, read=expected_version, stored=row.version)
    _require_in_use(row)
    strange = [*elements.unknown_members(LabelTemplateFacts, changes), *({"code"} & set(changes))]
    if strange:
        known = ", ".join(name for name in LabelTemplateFacts.__dataclass_fields__ if name != "code")
        name = storable(strange[0], 40)
        raise errors.LabelTemplateMember(
            member=Text(name, name), given="", reason=elements.reason("not_listed", known=known)
        )
    stored = elements.facts_of(LabelTemplateFacts, row)
    stored = replace(stored, fields=tuple(stored.fields), logo=bytes(row.logo))
    written = checked_columns(replace(stored, **changes))
    logo = written.pop("logo")
    altered = elements.difference(row, written)
    if altered:
        for name, value in (written | {"logo": logo}).items():
            setattr(row, name, value)
        row.version += 1
        row.save()
    return row, altered


def withdraw(template_id: UUID) -> LabelTemplate:
    """Print by a template no more, for good. Raises LabelTemplateUnknown, LabelTemplateWithdrawn."""
    row = _locked(template_id)
    _require_in_use(row)
    row.state = LabelTemplateState.WITHDRAWN
    row.version += 1
    row.save()
    return row


def _locked(template_id: UUID) -> LabelTemplate:
    row = LabelTemplate.objects.select_for_update().filter(pk=template_id).first()
    if row is None:
        raise errors.LabelTemplateUnknown(wanted=str(template_id))
    return row


def _require_in_use(row: LabelTemplate) -> None:
    if row.state != LabelTemplateState.IN_USE:
        raise errors.LabelTemplateWithdrawn(code=row.code)
