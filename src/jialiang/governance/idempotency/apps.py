"""The Django app ``governance_idempotency``."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """Tables of :mod:`jialiang.governance.idempotency`."""

    name = "jialiang.governance.idempotency"
    label = "governance_idempotency"
