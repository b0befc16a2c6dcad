"""What can go wrong with identities of the Handle System."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooMany


class BadIdentity(InvalidInput):
    """The text is no identity ``index:prefix/suffix``; facts: ``given``."""

    code = "JL-HID-001"


class BadPublicKey(InvalidInput):
    """The public key cannot be used; facts: ``reason``."""

    code = "JL-HID-002"


class IdentityTaken(Conflict):
    """The identity was given before; facts: ``identity``."""

    code = "JL-HID-003"


class IdentityUnknown(NotFound):
    """There is no such identity in this institute; facts: ``wanted``."""

    code = "JL-HID-004"


class IdentityRefused(NotAllowed):
    """The identity is unknown or revoked, or the secret or the signature is wrong.

    One error for all, so that trying identities teaches nothing.
    """

    code = "JL-HID-005"
    http_status = 401


class IdentityLocked(IdentityRefused, TooMany):
    """Too many tries have failed under this name; facts: ``failures``, ``minutes``."""

    code = "JL-HID-006"
    http_status = 429


class IdentityNotOfPrefix(Conflict):
    """The prefix of the identity is not in use or not held by the organization; facts: ``identity``."""

    code = "JL-HID-007"


class IdentityMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-HID-008"


class IdentityRevoked(Conflict):
    """The identity has been revoked before; facts: ``identity``, ``since``."""

    code = "JL-HID-009"
