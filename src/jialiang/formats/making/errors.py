"""What can be wrong before a document is looked at in detail; the details are in ``problems``."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, NotFound, Unreadable


class UnknownTemplate(NotFound):
    """No template of this name comes with the house; facts: name, known."""

    code = "JL-MAK-002"


class TemplateNotUsable(InvalidInput):
    """What was given is no template; facts: reason."""

    code = "JL-MAK-003"


class WorkbookNotReadable(Unreadable):
    """The file is no workbook, or larger than one with a certificate can be; facts: reason."""

    code = "JL-MAK-004"


class KeyNotUsable(InvalidInput):
    """A key or its certificate cannot sign; facts: reason."""

    code = "JL-MAK-005"
