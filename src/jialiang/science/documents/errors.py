"""What can be wrong with a budget document as a file; words in ``error_texts/bud.json``.

InvalidInput
└── DocumentNotJson, DocumentTooLarge, NotANumberOfDraws
"""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, Unreadable


class DocumentNotJson(Unreadable):
    """The text is no JSON; facts: ``reason``."""

    code = "JL-BUD-001"


class DocumentTooLarge(Unreadable):
    """The text is longer than any budget; facts: ``limit`` in bytes."""

    code = "JL-BUD-002"


class NotANumberOfDraws(InvalidInput):
    """The number of draws is neither a whole number nor ``adaptive``; facts: ``given``."""

    code = "JL-BUD-003"
