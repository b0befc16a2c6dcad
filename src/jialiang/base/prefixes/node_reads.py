"""Prefixes of all institutes together, as the node tells of them."""

from __future__ import annotations

from django.db.models import Q

from jialiang.base.prefixes.models import Prefix
from jialiang.base.prefixes.selectors import place_in_tree
from jialiang.formats.handle.names import folded
from jialiang.security.tenancy.scope import everywhere


def prefixes_under(node: str) -> list[Prefix]:
    """Return ``node`` and every prefix below it, each once, in the order of the tree: one query.

    Of a prefix that institutes share, the row of the institute that had it first.
    """
    own = folded(node)
    with everywhere("the node tells of all its institutes together"):
        rows = Prefix.objects.select_related("holder").filter(Q(folded=own) | Q(folded__startswith=f"{own}."))
        found = {row.folded: row for row in rows.order_by("-created_at", "-id")}
    return sorted(found.values(), key=lambda row: place_in_tree(row.folded))
