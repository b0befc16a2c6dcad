"""The Django app ``security_audit``."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Tables of :mod:`jialiang.security.audit`."""

    name = "jialiang.security.audit"
    label = "security_audit"
