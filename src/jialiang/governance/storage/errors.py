"""Errors of the object store."""

from jialiang.kernel.errors import InvalidInput, NotFound, Unavailable


class ObjectNotFound(NotFound):
    """No object with this digest is stored."""

    code = "JL-OBJ-001"


class ObjectDamaged(Unavailable):
    """The stored bytes no longer have the digest under which they were stored."""

    code = "JL-OBJ-002"


class BadDigest(InvalidInput):
    """What was given is not a SHA-256 digest in lower-case hexadecimal."""

    code = "JL-OBJ-003"
