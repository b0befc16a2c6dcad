"""Django's entry of ``base.commissions``."""

from django.apps import AppConfig


class CommissionsConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.commissions"
    label = "base_commissions"
