"""The addresses of the screens of certificates."""

from __future__ import annotations

from django.urls import path

from jialiang.console.certificates.attesting import attestation
from jialiang.console.certificates.changing import DEEDS, change
from jialiang.console.certificates.files import file, form
from jialiang.console.certificates.issuing import issuing
from jialiang.console.certificates.listing import list_certificates
from jialiang.console.certificates.numbering import numbers
from jialiang.console.certificates.showing import certificate

urlpatterns = [
    path("certificates/", list_certificates, name="certificates"),
    path("numbers/", numbers, name="numbers"),
    path("certificates/<uuid:certificate_id>/", certificate, name="certificate"),
    path("certificates/<uuid:certificate_id>/issuing", issuing, name="certificate_issuing"),
    path("certificates/<uuid:certificate_id>/files/<slug:kind>", file, name="certificate_file"),
    path("certificates/<uuid:certificate_id>/forms/<slug:notation>", form, name="certificate_form"),
    path("certificates/<uuid:certificate_id>/attestation", attestation, name="certificate_attest"),
    *[
        path(f"certificates/<uuid:certificate_id>/{deed}", change, {"deed": deed}, name=f"certificate_{deed}")
        for deed in DEEDS
    ],
]
