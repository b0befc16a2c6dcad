"""What can go wrong with identifiers."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class BadIdentifier(InvalidInput):
    """The text is not ``prefix/suffix`` in the letters allowed; facts: ``given``."""

    code = "JL-IDE-001"


class IdentifierTaken(Conflict):
    """The code was given before, to this or another thing; facts: ``identifier``."""

    code = "JL-IDE-002"


class IdentifierUnknown(NotFound):
    """There is no such identifier in this institute; facts: ``identifier``."""

    code = "JL-IDE-003"
