"""Errors of tenancy."""

from jialiang.kernel.errors import Conflict, InvalidInput, JialiangError, NotFound, Unavailable


class NoTenantInScope(JialiangError):
    """A query or a write was made while no institute was in scope: a fault of the program, never of the user."""

    code = "JL-TEN-001"


class ForeignRow(JialiangError):
    """A row of one institute was about to be written while another one was in scope."""

    code = "JL-TEN-002"


class TenantNotFound(NotFound):
    """There is no such institute on this installation."""

    code = "JL-TEN-003"


class SlugTaken(Conflict):
    """Another institute already has this short name."""

    code = "JL-TEN-004"


class BadTenant(InvalidInput):
    """The short name, the names or the time zone of an institute cannot be used."""

    code = "JL-TEN-005"


class NoInstituteYet(Unavailable):
    """The installation has no institute, so that nobody can take what was handed in."""

    code = "JL-TEN-006"
