"""The Django app ``security_keys``."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    """Tables of :mod:`jialiang.security.keys`."""

    name = "jialiang.security.keys"
    label = "security_keys"
