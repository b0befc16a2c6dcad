"""Errors of what is typed at the command line."""

from jialiang.kernel.errors import InvalidInput, Unavailable, Unreadable


class FileUnreadable(Unreadable):
    """A file named on the command line cannot be read."""

    code = "JL-CLI-001"


class NotARoot(InvalidInput):
    """A file given with ``--trust`` holds no certificate."""

    code = "JL-CLI-002"


class NotAMoment(InvalidInput):
    """The text given with ``--at`` is no moment."""

    code = "JL-CLI-003"


class PartMissing(Unavailable):
    """A command needs a library that is not installed; facts: command, library."""

    code = "JL-CLI-009"


class OutputMissing(InvalidInput):
    """With ``--json`` a command that writes a file has to be told which; facts: command."""

    code = "JL-CLI-006"


class NotWritable(Unavailable):
    """A file cannot be written; facts: file, reason."""

    code = "JL-CLI-007"


class UnknownDsiVersion(InvalidInput):
    """A version of the D-SI that is not checked here; facts: version, known."""

    code = "JL-CLI-008"


class OutputNotAsked(InvalidInput):
    """A file for the summary is named, but no summary was asked for."""

    code = "JL-CLI-010"


class SchemasMissing(InvalidInput):
    """A second opinion is asked for, but no folder of official schemas is there; facts: folder."""

    code = "JL-CLI-011"


class NotAValue(InvalidInput):
    """A value is not written ``[INDEX:]TYPE=DATA``; facts: ``given``."""

    code = "JL-CLI-012"


class NotACode(InvalidInput):
    """A code is not written ``SYSTEM=CODE``; facts: ``given``."""

    code = "JL-CLI-013"
