"""Django's entry of ``base.prefixes``."""

from django.apps import AppConfig


class PrefixesConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.prefixes"
    label = "base_prefixes"
