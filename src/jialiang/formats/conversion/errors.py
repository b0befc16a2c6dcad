"""What can go wrong when a certificate changes its notation."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, NotFound, Unavailable, Unreadable


class UnknownNotation(NotFound):
    """No converter of this name is installed; facts: notation, known."""

    code = "JL-CNV-001"


class LibraryMissing(Unavailable):
    """A notation needs a library that is not installed; facts: library, extra."""

    code = "JL-CNV-002"
    http_status = 503


class NotLossless(InvalidInput):
    """The data are no lossless form of an XML document, so no XML can be made of them; facts: reason."""

    code = "JL-CNV-003"


class NotDecodable(Unreadable):
    """The bytes are not of the notation that they should be of; facts: notation, reason."""

    code = "JL-CNV-004"


class NotEncodable(InvalidInput):
    """A name or a comment holds letters that the encoding does not have; facts: encoding, characters."""

    code = "JL-CNV-005"


class UnknownEncoding(NotFound):
    """No such encoding is offered; facts: encoding, known."""

    code = "JL-CNV-006"
