"""What can be wrong with an OFD before its pages are looked at; every error says which part and where."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, NotFound, Unavailable, Unreadable


class NotAContainer(Unreadable):
    """The bytes are no ZIP file, or a damaged one; facts: reason (of the library, English)."""

    code = "JL-OFD-001"


class ContainerTooLarge(InvalidInput):
    """The container has more of something than the limit allows; facts: what (Text), found, limit, part."""

    code = "JL-OFD-002"
    http_status = 413


class PartRefused(InvalidInput):
    """A part has a name or a form that no honest container needs; facts: part, reason (Text)."""

    code = "JL-OFD-003"


class PartMissing(Unreadable):
    """A part without which nothing can be read is missing; facts: part, wanted_by."""

    code = "JL-OFD-004"


class PartUnreadable(Unreadable):
    """A part is no XML that is read here; facts: part, line, column, reason (Text)."""

    code = "JL-OFD-005"


class NotADocument(Unreadable):
    """A part has another root than an OFD has there; facts: part, line, root, expected."""

    code = "JL-OFD-006"


class AttachmentUnsuitable(InvalidInput):
    """An attachment has a name that cannot be a file's, or one that another has; facts: name."""

    code = "JL-OFD-007"


class AttachmentMissing(NotFound):
    """The document has no attachment of this name; facts: name, known."""

    code = "JL-OFD-008"


class FontLibraryMissing(Unavailable):
    """The library that measures and embeds fonts, or draws symbols, is not installed."""

    code = "JL-OFD-009"


class PagesTooMany(InvalidInput):
    """A certificate has more to show than pages are made of; facts: limit."""

    code = "JL-OFD-010"
    http_status = 413
