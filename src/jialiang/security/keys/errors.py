"""Errors of keys and certificates of keys."""

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable


class KeyNotFound(NotFound):
    """The key store holds no key of this name."""

    code = "JL-KEY-001"


class KeyExists(Conflict):
    """The key store already holds a key of this name; a key is never overwritten."""

    code = "JL-KEY-002"


class KeyLocked(Unavailable):
    """The key file does not open with the passphrase of this installation."""

    code = "JL-KEY-003"


class KeyDamaged(Unavailable):
    """The key file has been changed or is not whole."""

    code = "JL-KEY-004"


class BadKeyName(InvalidInput):
    """The name of a key cannot be used."""

    code = "JL-KEY-005"


class AuthorityMissing(Unavailable):
    """This installation has no certificate authority yet."""

    code = "JL-KEY-006"


class AuthorityExists(Conflict):
    """This installation already has its certificate authority."""

    code = "JL-KEY-007"


class SealMissing(Unavailable):
    """The institute has no seal in force."""

    code = "JL-KEY-008"


class SealAlreadyRevoked(Conflict):
    """The certificate of the key has been revoked before."""

    code = "JL-KEY-009"


class BadSubject(InvalidInput):
    """The name, the credit code or the reason given for a certificate cannot be used."""

    code = "JL-KEY-010"


class SealMismatch(Unavailable):
    """The key in the store is not the one that the certificate names."""

    code = "JL-KEY-011"


class SigningKeyUnknown(NotFound):
    """There is no such signing key in this institute; facts: ``wanted``."""

    code = "JL-KEY-012"


class AuthorityExpired(Unavailable):
    """The certificate of the authority has ended, so it certifies nobody any more; facts: ``until``."""

    code = "JL-KEY-013"


class SecretLocked(Unavailable):
    """A stored secret does not open with the passphrase of this installation; facts: ``purpose``."""

    code = "JL-KEY-014"
