"""Errors of published answers."""

from jialiang.kernel.errors import InvalidInput


class SuccessorMissing(InvalidInput):
    """An answer ends at a moment, but nothing is there to be served after it."""

    code = "JL-OUT-002"


class BadAnswerKey(InvalidInput):
    """The key of an answer cannot be used."""

    code = "JL-OUT-003"
