"""Django's entry of ``base.uncertainty_budgets``."""

from django.apps import AppConfig


class UncertaintyBudgetsConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.uncertainty_budgets"
    label = "base_uncertainty_budgets"
