"""Words of the screens of records that are no state and no field."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CalibrationState

DEVIATIONS = {
    "thermometer_line": gettext_noop("Correction"),
    "repeated_comparison": gettext_noop("Error"),
    "mass_comparison": gettext_noop("Deviation from nominal"),
}
STEPS = (
    gettext_noop("Take in"),
    gettext_noop("Enter readings"),
    gettext_noop("Review"),
    gettext_noop("Approve"),
    gettext_noop("Issue"),
)
PLACES = {
    CalibrationState.DRAFT: 1,
    CalibrationState.IN_REVIEW: 2,
    CalibrationState.AWAITING_APPROVAL: 3,
    CalibrationState.APPROVED: 5,
}
ACTIONS = {
    "calibration.start": gettext_noop("Record started"),
    "calibration.record": gettext_noop("Draft saved"),
    "calibration.take_over": gettext_noop("Taken over by another technician"),
    "calibration.submit": gettext_noop("Submitted for review"),
    "calibration.amend_reading": gettext_noop("Reading amended"),
    "calibration.review": gettext_noop("Review passed"),
    "calibration.return": gettext_noop("Returned to the technician"),
    "certificate.approve": gettext_noop("Approved"),
    "certificate.void": gettext_noop("Number voided, to be approved again"),
}
RETURN_REASONS = (
    gettext_noop("A reading is in doubt"),
    gettext_noop("A standard or its certificate is wrong"),
    gettext_noop("The record of the conditions is incomplete"),
    gettext_noop("A component of uncertainty is missing"),
    gettext_noop("Other, as written"),
)


def deviation_name(procedure: str) -> str:
    """Return what a procedure determines: a correction, an error, a deviation."""
    return gettext(DEVIATIONS[procedure])


def step_names() -> list[str]:
    """Return the steps from taking in to issuing."""
    return [gettext(name) for name in STEPS]


def action_name(action: str) -> str:
    """Return a step of a record in words."""
    return gettext(ACTIONS.get(action, action))


def shown_state(record_state: str, steps: tuple[object, ...]) -> str:
    """Return the state to show: a draft that was sent back is ``returned``."""
    last = getattr(steps[-1], "action", "") if steps else ""
    return (
        "returned"
        if record_state == CalibrationState.DRAFT and last == "calibration.return"
        else record_state
    )


def joined(texts: tuple[Text, ...]) -> Text:
    """Join texts to one enumeration in both languages."""
    return Text("、".join(text.zh for text in texts), ", ".join(text.in_language("en") for text in texts))
