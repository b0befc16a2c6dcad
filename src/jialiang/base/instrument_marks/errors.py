"""What can go wrong with codes and seals of instruments."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class MarkMember(InvalidInput):
    """A member is missing or cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-MRK-001"


class MarkExists(Conflict):
    """The instrument carries this code already; facts: ``code``."""

    code = "JL-MRK-002"


class MarkUnknown(NotFound):
    """There is no such code or seal in this institute; facts: ``wanted``."""

    code = "JL-MRK-003"


class MarkRemoved(Conflict):
    """The code or seal was taken off already; facts: ``code``."""

    code = "JL-MRK-004"


class NothingToCompare(InvalidInput):
    """No code was found, or none is on record; facts: ``found``, ``recorded`` (how many), ``most``."""

    code = "JL-MRK-005"
