"""Errors of what is typed at the command line."""

from jialiang.kernel.errors import InvalidInput, Unreadable


class FileUnreadable(Unreadable):
    """A file named on the command line cannot be read."""

    code = "JL-CLI-001"


class NotARoot(InvalidInput):
    """A file given with ``--trust`` holds no certificate."""

    code = "JL-CLI-002"


class NotAMoment(InvalidInput):
    """The text given with ``--at`` is no moment."""

    code = "JL-CLI-003"
