"""The Django app ``governance_jobs``."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Tables of :mod:`jialiang.governance.jobs`."""

    name = "jialiang.governance.jobs"
    label = "governance_jobs"
