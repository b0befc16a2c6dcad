"""The Django app ``governance_outbox``."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Tables of :mod:`jialiang.governance.outbox`."""

    name = "jialiang.governance.outbox"
    label = "governance_outbox"
