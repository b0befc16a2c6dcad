"""Django's entry of ``base.label_templates``."""

from django.apps import AppConfig


class LabelTemplatesConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.label_templates"
    label = "base_label_templates"
