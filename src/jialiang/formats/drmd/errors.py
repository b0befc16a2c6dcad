"""What can be wrong with a reference material document."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, NotFound


class NotAReferenceMaterialDocument(InvalidInput):
    """The XML is no DRMD; facts: root, line."""

    code = "JL-RMD-001"


class MadeIllFormed(InvalidInput):
    """The data give a document whose structure is wrong; facts: finding, path."""

    code = "JL-RMD-002"


class UnknownForm(NotFound):
    """A DRMD is not written in this notation; facts: notation, known."""

    code = "JL-RMD-003"
