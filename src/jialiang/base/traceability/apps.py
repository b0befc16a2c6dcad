"""Django's entry of ``base.traceability``."""

from django.apps import AppConfig


class TraceabilityConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.traceability"
    label = "base_traceability"
