"""The node above this installation."""

from __future__ import annotations

from django.conf import settings

from jialiang.governance.node_reports.errors import UpperNodeNotSet
from jialiang.governance.node_reports.http_node import HttpUpperNode
from jialiang.governance.node_reports.port import UpperNode


def current_upper_node() -> UpperNode:
    """Return the node that the settings name, to report to it. Raises UpperNodeNotSet."""
    return _named("upper_node", "upper_node_token")


def current_granting_node() -> UpperNode:
    """Return the node that the settings name, to apply there: the token for reports comes after the grant.

    Raises UpperNodeNotSet where neither an account's token nor one for reports is set.
    """
    own_account = bool(settings.JIALIANG.upper_node_account_token)
    return _named("upper_node", "upper_node_account_token" if own_account else "upper_node_token")


def _named(*needed: str) -> UpperNode:
    given = settings.JIALIANG
    for name in needed:
        if not getattr(given, name):
            raise UpperNodeNotSet(setting=f"JIALIANG_{name.upper()}")
    return HttpUpperNode(
        given.upper_node,
        given.own_prefix,
        token=given.upper_node_token,
        account_token=given.upper_node_account_token,
    )
