"""The Django app ``governance_node_reports``."""

from django.apps import AppConfig


class NodeReportsConfig(AppConfig):
    """Tables of :mod:`jialiang.governance.node_reports`."""

    name = "jialiang.governance.node_reports"
    label = "governance_node_reports"
