"""The Django app ``security_tokens``."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """Tables of :mod:`jialiang.security.tokens`."""

    name = "jialiang.security.tokens"
    label = "security_tokens"
