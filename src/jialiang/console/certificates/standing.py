"""How a certificate stands, as the screens show it: the stored state, or expired by its date."""

from __future__ import annotations

from datetime import date
from typing import Any

from jialiang.vocabulary.statuses import CertificateState


def shown_state(certificate: Any, today: date) -> str:
    """Return the state to show on a day."""
    in_force = certificate.state == CertificateState.IN_FORCE
    if in_force and certificate.due_date is not None and certificate.due_date < today:
        return "expired"
    return str(certificate.state)
