"""The way of a record: which step leads from which state to which."""

from __future__ import annotations

from jialiang.vocabulary.statuses import CalibrationState

_DRAFT, _IN_REVIEW = CalibrationState.DRAFT, CalibrationState.IN_REVIEW
_AWAITING, _APPROVED = CalibrationState.AWAITING_APPROVAL, CalibrationState.APPROVED

TRANSITIONS: dict[tuple[str, CalibrationState], CalibrationState] = {
    ("calibration.record", _DRAFT): _DRAFT,
    ("calibration.take_over", _DRAFT): _DRAFT,
    ("calibration.submit", _DRAFT): _IN_REVIEW,
    ("calibration.amend_reading", _DRAFT): _DRAFT,
    ("calibration.amend_reading", _IN_REVIEW): _IN_REVIEW,
    ("calibration.amend_reading", _AWAITING): _IN_REVIEW,
    ("calibration.review", _IN_REVIEW): _AWAITING,
    ("calibration.return", _IN_REVIEW): _DRAFT,
    ("calibration.return", _AWAITING): _DRAFT,
    ("certificate.approve", _AWAITING): _APPROVED,
    ("certificate.void", _APPROVED): _AWAITING,
}


def steps_from(state: str) -> tuple[str, ...]:
    """Return the actions that are possible in a state, in the order of the work."""
    return tuple(action for action, start in TRANSITIONS if start == state)
