"""Errors of people, roles and confirmations."""

from jialiang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, SeparationOfDuties, TooMany


class PersonNotFound(NotFound):
    """There is no such person in this institute."""

    code = "JL-ACC-001"


class UsernameTaken(Conflict):
    """Somebody already signs in with this name or address."""

    code = "JL-ACC-002"


class BadPerson(InvalidInput):
    """A member of a person's data cannot be used."""

    code = "JL-ACC-003"


class PasswordTooWeak(InvalidInput):
    """The password breaks a rule for passwords."""

    code = "JL-ACC-004"


class UnknownRole(InvalidInput):
    """There is no such role, or no person may hold it."""

    code = "JL-ACC-005"


class BadRolePeriod(InvalidInput):
    """A role would end before it begins."""

    code = "JL-ACC-006"


class IncompatibleRoles(SeparationOfDuties):
    """Whoever administers accounts must not also audit them."""

    code = "JL-ACC-007"


class RoleNotHeld(NotFound):
    """The person does not hold the role that is to be revoked."""

    code = "JL-ACC-008"


class AccountClosed(NotAllowed):
    """The account has been closed."""

    code = "JL-ACC-009"


class ConfirmationRefused(NotAllowed):
    """Neither the password nor the one-time code confirmed the act."""

    code = "JL-ACC-010"


class ConfirmationLocked(ConfirmationRefused, TooMany):
    """Too many confirmations have failed; the person has to wait."""

    code = "JL-ACC-011"
    http_status = 429
