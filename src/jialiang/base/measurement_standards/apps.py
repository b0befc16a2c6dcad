"""Django's entry of ``base.measurement_standards``."""

from django.apps import AppConfig


class MeasurementStandardsConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.measurement_standards"
    label = "base_measurement_standards"
