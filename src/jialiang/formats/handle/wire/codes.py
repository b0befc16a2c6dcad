"""Numbers of the native protocol; response codes stand in :class:`jialiang.formats.handle.values.ResponseCode`."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class OpCode(IntEnum):
    """What a message asks for."""

    RESOLVE = 1
    SITE_INFO = 2
    CREATE = 100
    DELETE = 101
    ADD_VALUES = 102
    REMOVE_VALUES = 103
    MODIFY_VALUES = 104
    LIST_HANDLES = 105
    CHALLENGE_ANSWER = 200
    VERIFY_CHALLENGE = 201
    HOME_PREFIX = 300
    UNHOME_PREFIX = 301
    LIST_PREFIXES = 302
    SESSION_SETUP = 400
    SESSION_TERMINATE = 401
    SESSION_KEY = 402
    LOGIN = 2000
    LOGIN_ID_SYSTEM = 2001


class OpFlag(IntFlag):
    """Wishes of a request, repeated in its response. The last two belong to the Chinese trusted resolution."""

    AUTHORITATIVE = 0x80000000
    CERTIFY = 0x40000000
    ENCRYPT = 0x20000000
    RECURSIVE = 0x10000000
    CACHE_CERTIFY = 0x08000000
    CONTINUED = 0x04000000
    KEEP_ALIVE = 0x02000000
    PUBLIC_ONLY = 0x01000000
    RETURN_DIGEST = 0x00800000
    OVERWRITE = 0x00400000
    MINT_SUFFIX = 0x00200000
    DO_NOT_REFER = 0x00100000
    TRUSTED_QUERY = 0x00000002
    TRUSTED_RESULT = 0x00000001


class HashCode(IntEnum):
    """The digest before the body of a response, and the first byte of an answer made with a secret."""

    MD5 = 1
    SHA1 = 2
    SHA256 = 3
    HMAC_SHA1 = 0x12
    HMAC_SHA256 = 0x13
    PBKDF2_HMAC_SHA1 = 0x22


DIGEST_LENGTHS = {HashCode.MD5: 16, HashCode.SHA1: 20, HashCode.SHA256: 32}
