"""Django's entry of ``base.certificates``."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Label and place of the app."""

    name = "jialiang.base.certificates"
    label = "base_certificates"
