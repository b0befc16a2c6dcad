"""Reading templates of labels of the institute in scope."""

from __future__ import annotations

from uuid import UUID

from jialiang.base.label_templates.errors import LabelTemplateUnknown
from jialiang.base.label_templates.models import LabelTemplate as LabelTemplate
from jialiang.kernel.text import is_one_line, storable
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.vocabulary.statuses import LabelTemplateState


def label_template(template_id: UUID) -> LabelTemplate:
    """Return one template: one query by primary key. Raises :class:`LabelTemplateUnknown`."""
    found = LabelTemplate.objects.filter(pk=template_id).first()
    if found is None:
        raise LabelTemplateUnknown(wanted=str(template_id))
    return found


def label_template_by_code(code: str) -> LabelTemplate:
    """Return the template of a code: one query by ``label_template_once``. Raises :class:`LabelTemplateUnknown`."""
    found = LabelTemplate.objects.filter(code=code).first() if is_one_line(code) else None
    if found is None:
        raise LabelTemplateUnknown(wanted=storable(code, 60))
    return found


def label_templates(*, state: str = "", after: str = "", size: int = DEFAULT_SIZE) -> Page[LabelTemplate]:
    """Return a page of templates, newest first: one query on the primary key."""
    rows = LabelTemplate.objects.defer("logo")
    return page(rows.filter(state=state) if state else rows.all(), after=after, size=size)


def label_templates_in_use() -> list[LabelTemplate]:
    """Return the templates that labels are printed by, by code: one query, without their logos."""
    return list(LabelTemplate.objects.defer("logo").filter(state=LabelTemplateState.IN_USE).order_by("code"))
