"""The console as a Django app."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The doors for people: pages, forms and what they are drawn with. It has no tables."""

    name = "jialiang.console"
    label = "console"
