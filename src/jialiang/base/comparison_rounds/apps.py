"""Django's entry of ``base.comparison_rounds``."""

from django.apps import AppConfig


class ComparisonRoundsConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.comparison_rounds"
    label = "base_comparison_rounds"
