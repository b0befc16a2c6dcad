"""Templates of all institutes together, as the node tells of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from jialiang.base.identifier_templates.models import IdentifierTemplate
from jialiang.formats.handle.names import folded
from jialiang.security.tenancy.scope import everywhere
from jialiang.vocabulary.statuses import IdentifierTemplateState


def told_templates(node: str, since: datetime | None, until: datetime) -> list[IdentifierTemplate]:
    """Return the templates under ``node`` and below it, of all institutes, that are no drafts: one query.

    Of two institutes that share a prefix and have one code, the template that was there first. Those whose
    state is of the time from ``since`` (None: of any time) up to, not with, ``until``, by prefix and code.
    """
    own = folded(node)
    with everywhere("the node tells of all its institutes together"):
        rows = IdentifierTemplate.objects.exclude(state=IdentifierTemplateState.DRAFT).filter(state_since__lt=until)
        rows = rows if since is None else rows.filter(state_since__gte=since)
        rows = rows.filter(Q(prefix_folded=own) | Q(prefix_folded__startswith=f"{own}."))
        found = {(row.prefix_folded, row.code): row for row in rows.order_by("-created_at", "-id")}
    return [found[name] for name in sorted(found)]
