"""Events are facts: they do not change once they have happened."""

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from uuid import UUID

import pytest

from jialiang.kernel.events import Event
from jialiang.kernel.plain import json_ready

MOMENT = datetime(2026, 6, 16, 7, 47, 30, tzinfo=UTC)


def test_an_event_cannot_be_changed():
    event = Event("certificate.issued", UUID(int=1), MOMENT)
    with pytest.raises(FrozenInstanceError):
        event.name = "certificate.withdrawn"  # type: ignore[misc]


def test_two_events_do_not_share_their_data():
    one, other = Event("a.b", UUID(int=1), MOMENT), Event("a.b", UUID(int=1), MOMENT)
    one.data["number"] = "JZ-1"
    assert other.data == {}


def test_an_event_can_be_kept_as_json():
    event = Event("certificate.issued", UUID(int=1), MOMENT, {"number": "JZ-1"})
    assert json_ready(event) == {
        "name": "certificate.issued",
        "subject_id": "00000000-0000-0000-0000-000000000001",
        "happened_at": "2026-06-16T07:47:30.000000+00:00",
        "data": {"number": "JZ-1"},
    }
