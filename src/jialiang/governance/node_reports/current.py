"""The node above this installation."""

from __future__ import annotations

from django.conf import settings

from jialiang.governance.node_reports.errors import UpperNodeNotSet
from jialiang.governance.node_reports.http_node import HttpUpperNode
from jialiang.governance.node_reports.port import UpperNode


def current_upper_node() -> UpperNode:
    """Return the node that the settings name. Raises UpperNodeNotSet."""
    given = settings.JIALIANG
    for name in ("upper_node", "upper_node_token"):
        if not getattr(given, name):
            raise UpperNodeNotSet(setting=f"JIALIANG_{name.upper()}")
    return HttpUpperNode(
        given.upper_node,
        given.own_prefix,
        token=given.upper_node_token,
        account_token=given.upper_node_account_token,
    )
