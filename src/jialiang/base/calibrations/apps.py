"""Django's entry of ``base.calibrations``."""

from django.apps import AppConfig


class CalibrationsConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.calibrations"
    label = "base_calibrations"
