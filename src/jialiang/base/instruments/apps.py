"""Django's entry of ``base.instruments``."""

from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.instruments"
    label = "base_instruments"
