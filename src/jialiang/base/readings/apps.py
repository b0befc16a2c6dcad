"""Django's entry of ``base.readings``."""

from django.apps import AppConfig


class ReadingsConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.readings"
    label = "base_readings"
