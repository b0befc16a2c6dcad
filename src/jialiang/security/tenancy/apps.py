"""The Django app ``security_tenancy``."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Tables of :mod:`jialiang.security.tenancy`."""

    name = "jialiang.security.tenancy"
    label = "security_tenancy"
