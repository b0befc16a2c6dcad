"""The addresses of the screens of records."""

from __future__ import annotations

from django.urls import path

from jialiang.console.calibrations.approving import approval, preview_pages
from jialiang.console.calibrations.listing import list_records
from jialiang.console.calibrations.recording import amend, record
from jialiang.console.calibrations.reviewing import review
from jialiang.console.calibrations.starting import start
from jialiang.console.calibrations.uncertainty import uncertainty, uncertainty_document

urlpatterns = [
    path("calibrations/", list_records, name="calibrations"),
    path("calibrations/start", start, name="calibration_start"),
    path("calibrations/<uuid:calibration_id>/", record, name="calibration"),
    path("calibrations/<uuid:calibration_id>/amend", amend, name="calibration_amend"),
    path("calibrations/<uuid:calibration_id>/uncertainty", uncertainty, name="calibration_uncertainty"),
    path(
        "calibrations/<uuid:calibration_id>/uncertainty/<int:place>.json",
        uncertainty_document,
        name="calibration_uncertainty_document",
    ),
    path("calibrations/<uuid:calibration_id>/review", review, name="calibration_review"),
    path("calibrations/<uuid:calibration_id>/approval", approval, name="calibration_approval"),
    path(
        "calibrations/<uuid:calibration_id>/preview.<slug:language>.pdf",
        preview_pages,
        name="calibration_preview",
    ),
]
