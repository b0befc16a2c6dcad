"""Errors of API tokens."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, NotAllowed, NotFound


class TokenRefused(NotAllowed):
    """The token does not open the door: unknown, altered, ended, revoked, or its person's account is closed.

    One error for all five, so that trying tokens teaches nothing.
    """

    code = "JL-TOK-001"
    http_status = 401


class BadTokenPeriod(InvalidInput):
    """A token lasts from one day to LONGEST_DAYS; facts: ``days``, ``longest``."""

    code = "JL-TOK-002"


class TokenRolesNotHeld(InvalidInput):
    """A token cannot hold roles that its person does not; facts: ``roles``, ``held``."""

    code = "JL-TOK-003"


class TokenUnknown(NotFound):
    """There is no such token of this person; facts: ``token``."""

    code = "JL-TOK-004"


class BadTokenName(InvalidInput):
    """A token needs a name that says where it is used, at most 60 letters; facts: ``given``."""

    code = "JL-TOK-005"
