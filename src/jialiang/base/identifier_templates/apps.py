"""Django's entry of ``base.identifier_templates``."""

from django.apps import AppConfig


class IdentifierTemplatesConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.identifier_templates"
    label = "base_identifier_templates"
