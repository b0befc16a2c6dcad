"""The Django app ``governance_counters``."""

from django.apps import AppConfig


class CountersConfig(AppConfig):
    """Tables of :mod:`jialiang.governance.counters`."""

    name = "jialiang.governance.counters"
    label = "governance_counters"
