"""The public addresses. The front answers questions with a check code before they come here."""

from __future__ import annotations

from django.urls import path

from jialiang.console.authenticity.checking import by_identifier, check, check_upload
from jialiang.console.authenticity.handing_out import by_code, by_digest, revocations, trust_root
from jialiang.console.authenticity.reporting import report

urlpatterns = [
    path("check", check, name="check"),
    path("check/file", check_upload, name="check_file"),
    path("check/report", report, name="report_fake"),
    path("c/<str:prefix>/<str:suffix>", by_identifier, name="check_identifier"),
    path("c/<str:prefix>/<str:suffix>/<str:kind>", by_code, name="checked_file"),
    path("files/<str:sha256>", by_digest, name="issued_file"),
    path("trust/ca.pem", trust_root, name="trust_root"),
    path("trust/crl", revocations, name="revocations"),
]
