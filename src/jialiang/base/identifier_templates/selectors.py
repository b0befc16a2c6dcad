"""Reading templates of the institute in scope."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from jialiang.base.identifier_templates.errors import TemplateUnknown
from jialiang.base.identifier_templates.models import IdentifierTemplate as IdentifierTemplate
from jialiang.formats.handle.names import folded
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem
from jialiang.kernel.text import is_one_line
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page


def identifier_template(template_id: UUID) -> IdentifierTemplate:
    """Return one template with its organization: one query. Raises :class:`TemplateUnknown`."""
    rows = IdentifierTemplate.objects.select_related("organization", "derived_from")
    found = rows.filter(pk=template_id).first()
    if found is None:
        raise TemplateUnknown(wanted=str(template_id))
    return found


def template_by_code(prefix: str, code: str) -> IdentifierTemplate | None:
    """Return the template of a version under a prefix: one query by ``identifier_template_once``."""
    if not is_one_line(prefix + code):  # no database holds it
        return None
    return IdentifierTemplate.objects.filter(prefix_folded=folded(prefix.strip()), code=code.strip()).first()


def identifier_templates(
    *,
    prefix: str = "",
    state: str = "",
    only_organization: UUID | None = None,
    after: str = "",
    size: int = DEFAULT_SIZE,
) -> Page[IdentifierTemplate]:
    """Return a page of templates, newest first: one query, by ``identifier_template_of`` for one organization."""
    rows: QuerySet[IdentifierTemplate] = IdentifierTemplate.objects.select_related("organization")
    if not is_one_line(prefix.strip() + state):  # no database holds it
        return page(rows.none(), after=after, size=size)
    rows = rows.filter(prefix_folded=folded(prefix.strip())) if prefix.strip() else rows
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(organization_id=only_organization) if only_organization else rows
    return page(rows, after=after, size=size)


def items_of(row: IdentifierTemplate) -> tuple[TemplateItem, ...]:
    """Return the items of a template by index."""
    return tuple(TemplateItem.from_json(item) for item in row.items)


def record_template(row: IdentifierTemplate) -> RecordTemplate:
    """Return a template as the value by which records are checked."""
    return RecordTemplate(row.prefix, row.code, row.name, items_of(row))
