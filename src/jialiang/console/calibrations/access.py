"""Opening a record for a person: the permission first, then everything that its pages show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from jialiang.base.calibrations.selectors import calibration
from jialiang.console.requests import who
from jialiang.functions.deed import permit
from jialiang.information.record_view import RecordView, record_view
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed
from jialiang.vocabulary.statuses import CalibrationState

READ = "calibration.read"


def opened(request: HttpRequest, calibration_id: UUID) -> RecordView:
    """Return a record for its pages. Raises CalibrationUnknown, and what ``permit`` raises."""
    permit(who(request), READ, calibration(calibration_id))
    return record_view(calibration_id, timezone.localdate(utc_now()))


def is_technician(actor: Actor, record: Any) -> bool:
    """Tell whether the record is the actor's own to enter and amend."""
    return allowed(actor, "calibration.record") and record.calibrated_by_id == actor.person_id


def may_review(actor: Actor, record: Any) -> bool:
    """Tell whether the record waits for a review that the actor may do."""
    waits = record.state == CalibrationState.IN_REVIEW
    return waits and allowed(actor, "calibration.review") and record.calibrated_by_id != actor.person_id


def may_approve(actor: Actor, record: Any) -> bool:
    """Tell whether the record waits for an approval that the actor may give."""
    waits = record.state == CalibrationState.AWAITING_APPROVAL
    others = actor.person_id not in {record.calibrated_by_id, record.reviewed_by_id}
    return waits and allowed(actor, "certificate.approve") and others
