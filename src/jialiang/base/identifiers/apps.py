"""Django's entry of ``base.identifiers``."""

from django.apps import AppConfig


class IdentifiersConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.identifiers"
    label = "base_identifiers"
