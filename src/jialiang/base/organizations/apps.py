"""Django's entry of ``base.organizations``."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.organizations"
    label = "base_organizations"
