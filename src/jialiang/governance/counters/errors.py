"""Errors of number series."""

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class NumberNotFound(NotFound):
    """This number was never taken here."""

    code = "JL-NUM-001"


class NumberAlreadyVoid(Conflict):
    """The number has been voided before."""

    code = "JL-NUM-002"


class ReasonMissing(InvalidInput):
    """A number is voided with a reason only."""

    code = "JL-NUM-003"


class BadNumberPattern(InvalidInput):
    """The pattern of a series does not carry its serial."""

    code = "JL-NUM-004"
