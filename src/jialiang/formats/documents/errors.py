"""What can go wrong with a file of unknown kind."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, Unavailable, Unreadable


class ArchiveUnreadable(Unreadable):
    """A ZIP archive, or a file in it, cannot be unpacked; facts: file, reason."""

    code = "JL-FIL-001"


class ArchiveTooLarge(InvalidInput):
    """A ZIP archive holds more than is unpacked here; facts: thing, size, limit."""

    code = "JL-FIL-002"
    http_status = 413


class NothingInside(InvalidInput):
    """A file holds no document that is read here; facts: file."""

    code = "JL-FIL-003"


class KindUnknown(Unreadable):
    """A file is of no kind that is read here; facts: file, known."""

    code = "JL-FIL-004"


class DeedNotForKind(InvalidInput):
    """What was asked for cannot be done with a document of this kind; facts: file, kind, deed."""

    code = "JL-FIL-005"


class CheckerLost(Unavailable):
    """The process that checked a file ended before its answer; facts: file."""

    code = "JL-FIL-006"


class SizeRefused(InvalidInput):
    """A file is larger than is read here; facts: file, size, limit."""

    code = "JL-FIL-007"
    http_status = 413
