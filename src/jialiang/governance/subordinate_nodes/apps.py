"""The Django app ``governance_subordinate_nodes``."""

from django.apps import AppConfig


class SubordinateNodesConfig(AppConfig):
    """Tables of :mod:`jialiang.governance.subordinate_nodes`."""

    name = "jialiang.governance.subordinate_nodes"
    label = "governance_subordinate_nodes"
