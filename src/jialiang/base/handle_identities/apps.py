"""Django's entry of ``base.handle_identities``."""

from django.apps import AppConfig


class HandleIdentitiesConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.handle_identities"
    label = "base_handle_identities"
