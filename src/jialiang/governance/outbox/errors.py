"""Errors of the outbox."""

from jialiang.kernel.errors import NotFound


class EventNotParked(NotFound):
    """There is no parked event with this number."""

    code = "JL-OUT-001"
