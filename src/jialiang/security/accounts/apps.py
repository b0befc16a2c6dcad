"""The Django app ``security_accounts``."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Tables of :mod:`jialiang.security.accounts`."""

    name = "jialiang.security.accounts"
    label = "security_accounts"
