"""Django's entry of ``base.instrument_marks``."""

from django.apps import AppConfig


class InstrumentMarksConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.instrument_marks"
    label = "base_instrument_marks"
