"""The Django app ``governance_publication``."""

from django.apps import AppConfig


class PublicationConfig(AppConfig):
    """Tables of :mod:`jialiang.governance.publication`."""

    name = "jialiang.governance.publication"
    label = "governance_publication"
