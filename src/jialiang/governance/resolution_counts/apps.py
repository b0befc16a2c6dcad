"""The Django app ``governance_resolution_counts``."""

from django.apps import AppConfig


class ResolutionCountsConfig(AppConfig):
    """Tables of :mod:`jialiang.governance.resolution_counts`."""

    name = "jialiang.governance.resolution_counts"
    label = "governance_resolution_counts"
