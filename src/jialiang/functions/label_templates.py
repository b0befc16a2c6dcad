"""Verbs on templates of labels, and the template by which labels are printed: the institute's own or a built-in one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from jialiang.base.label_templates import services
from jialiang.base.label_templates.errors import LabelTemplateUnknown, LabelTemplateWithdrawn
from jialiang.base.label_templates.facts import (
    LabelTemplateFacts,
    checked_columns,
    sample_content,
    shape_of,
)
from jialiang.base.label_templates.selectors import LabelTemplate, label_template, label_template_by_code
from jialiang.formats.labels.errors import UnknownTemplate
from jialiang.formats.labels.laying import lay_label
from jialiang.formats.labels.pages import label_pictures
from jialiang.formats.labels.templates import LabelTemplate as Shape
from jialiang.formats.labels.templates import templates
from jialiang.functions.certificate_files import font_folders
from jialiang.functions.deed import permit, put_on_record
from jialiang.governance.data_elements import Difference
from jialiang.kernel.text import storable
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import LabelTemplateState

ANY_A4 = "a4"


class Printable(NamedTuple):
    """What labels are drawn by: their elements, the logo (empty: none), and the sheet they are meant for."""

    shape: Shape
    logo: bytes
    sheet: str


@transaction.atomic
def create(*, actor: Actor, facts: LabelTemplateFacts, now: datetime) -> LabelTemplate:
    """Make a template of labels. Event ``label_template.created``.

    Raises LabelTemplateExists, LabelTemplateIncomplete, LabelTemplateMember and what keeps such a label from being
    drawn or read.
    """
    permit(actor, "label_template.create")
    row = services.create(facts, now=now)
    told = _told(row)
    put_on_record(actor, "label_template.create", row, now, event="label_template.created", data=told, **told)
    return row


@transaction.atomic
def change(
    *, actor: Actor, template_id: UUID, changes: Mapping[str, Any], expected_version: int, now: datetime
) -> tuple[LabelTemplate, Difference]:
    """Change a template from the version that was read. Event ``label_template.changed``.

    A change that changes nothing leaves neither a version nor a record. Raises LabelTemplateChanged,
    LabelTemplateWithdrawn and what creating raises.
    """
    permit(actor, "label_template.change", label_template(template_id))
    row, altered = services.change(template_id, changes, expected_version=expected_version)
    if altered:
        put_on_record(
            actor,
            "label_template.change",
            row,
            now,
            event="label_template.changed",
            data=_told(row) | {"members": sorted(altered.new)},
            old=altered.old,
            new=altered.new,
        )
    return row, altered


@transaction.atomic
def withdraw(*, actor: Actor, template_id: UUID, now: datetime) -> LabelTemplate:
    """Print by a template no more, for good. Event ``label_template.withdrawn``. Raises LabelTemplateWithdrawn."""
    permit(actor, "label_template.withdraw", label_template(template_id))
    row = services.withdraw(template_id)
    told = _told(row)
    put_on_record(
        actor, "label_template.withdraw", row, now, event="label_template.withdrawn", data=told, **told
    )
    return row


def printable(code: str) -> Printable:
    """Return a built-in template by its name, or the institute's own by its code: for whoever may print the thing.

    Raises UnknownTemplate, which names the built-in ones, and LabelTemplateWithdrawn.
    """
    if code in templates():
        return Printable(templates()[code], b"", ANY_A4)
    try:
        row = label_template_by_code(code)
    except LabelTemplateUnknown as problem:
        raise UnknownTemplate(template=storable(code, 60), known=", ".join(templates())) from problem
    if row.state != LabelTemplateState.IN_USE:
        raise LabelTemplateWithdrawn(code=row.code)
    return Printable(shape_of(row), bytes(row.logo), row.sheet)


def drawn_facts(facts: LabelTemplateFacts, status: str = "qualified") -> bytes:
    """Return a PNG of a label by facts that are not stored yet, 300 dpi; raises what storing them would raise."""
    written = checked_columns(facts)
    return preview(shape_of(written), written["logo"], status)


def preview(shape: Shape, logo: bytes, status: str = "qualified") -> bytes:
    """Return a PNG of a label with sample content, 300 dpi: by the typesetter that prints it."""
    laid = lay_label(shape, sample_content(shape, status), "zh")
    return label_pictures([laid], language="zh", font_folders=font_folders(), dots_per_inch=300, logo=logo)[0]


def _told(row: LabelTemplate) -> dict[str, Any]:
    return {"code": row.code, "version": row.version}
