"""A record of the Handle System: a name and its typed values (RFC 3651 as far as the wire notes in use tell).

A value is known by its index. Its data are bytes; what they mean is told by its type, whose names compare without
regard to case. The structures among them (HS_ADMIN, HS_VLIST, HS_SITE, keys) stand in ``structures``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from jialiang.formats.handle.names import folded

ADMIN_READ, ADMIN_WRITE, PUBLIC_READ, PUBLIC_WRITE = 8, 4, 2, 1
USUAL_PERMISSIONS = ADMIN_READ | ADMIN_WRITE | PUBLIC_READ
USUAL_TTL = 86400  # seconds
LONGEST_TYPE = 128  # letters


def is_type_name(text: str) -> bool:
    """Tell whether a value may be of this type: printable, not empty and not too long."""
    return 0 < len(text) <= LONGEST_TYPE and text.isprintable()


class ResponseCode(IntEnum):
    """What a Handle server answers, on the wire and in JSON."""

    SUCCESS = 1
    ERROR = 2
    SERVER_BUSY = 3
    PROTOCOL_ERROR = 4
    OPERATION_NOT_SUPPORTED = 5
    HANDLE_NOT_FOUND = 100
    HANDLE_ALREADY_EXISTS = 101
    INVALID_HANDLE = 102
    VALUES_NOT_FOUND = 200
    VALUE_ALREADY_EXISTS = 201
    INVALID_VALUE = 202
    SERVER_NOT_RESPONSIBLE = 301
    SERVICE_REFERRAL = 302
    PREFIX_REFERRAL = 303
    INVALID_ADMIN = 400
    INSUFFICIENT_PERMISSIONS = 401
    AUTHENTICATION_NEEDED = 402
    AUTHENTICATION_FAILED = 403
    RELOGIN_NEEDED = 407
    NOT_LOGGED_IN = 408
    CLIENT_LIMIT = 601
    DAILY_LIMIT = 603
    REGISTER_LIMIT = 604
    PREFIX_LIMIT = 605


@dataclass(frozen=True, slots=True)
class HandleReference:
    """A value of a record, named by ``index`` and ``handle``; as an identity written ``index:handle``."""

    index: int
    handle: str

    @property
    def text(self) -> str:
        """``index:handle``."""
        return f"{self.index}:{self.handle}"


@dataclass(frozen=True, slots=True)
class HandleValue:
    """One value: ``timestamp`` in seconds since 1970; ``ttl`` in seconds, or that moment itself if ``ttl_absolute``.

    ``permissions`` are four bits: :data:`ADMIN_READ`, :data:`ADMIN_WRITE`, :data:`PUBLIC_READ`, :data:`PUBLIC_WRITE`.
    """

    index: int
    type: str
    data: bytes
    ttl: int = USUAL_TTL
    ttl_absolute: bool = False
    timestamp: int = 0
    permissions: int = USUAL_PERMISSIONS
    references: tuple[HandleReference, ...] = ()

    @property
    def text(self) -> str | None:
        """The data as text, None where they are not UTF-8."""
        try:
            return self.data.decode()
        except UnicodeDecodeError:
            return None

    @property
    def is_public(self) -> bool:
        """Whether anyone may read it."""
        return bool(self.permissions & PUBLIC_READ)

    def has_type(self, asked: str) -> bool:
        """Tell whether it is of the type asked for; ``asked`` ending with a dot means that type's subtypes."""
        own, wanted = folded(self.type), folded(asked)
        return own.startswith(wanted) or own == wanted[:-1] if wanted.endswith(".") else own == wanted


@dataclass(frozen=True, slots=True)
class HandleRecord:
    """A name as written and its values, in the order of their indexes."""

    handle: str
    values: tuple[HandleValue, ...]

    def public(self) -> HandleRecord:
        """Return what of it anyone may read."""
        return HandleRecord(self.handle, tuple(value for value in self.values if value.is_public))

    def chosen(self, indexes: Iterable[int] = (), types: Iterable[str] = ()) -> HandleRecord:
        """Return the values that have one of the ``indexes`` or one of the ``types``; all where neither is asked."""
        wanted, kinds = frozenset(indexes), tuple(types)
        if not wanted and not kinds:
            return self
        kept = (v for v in self.values if v.index in wanted or any(v.has_type(kind) for kind in kinds))
        return HandleRecord(self.handle, tuple(kept))


def parsed_identity(text: str) -> HandleReference | None:
    """Return the identity written ``index:handle``, None where the text is none."""
    index, colon, handle = text.partition(":")
    if not colon or not handle or not index.isdecimal() or not index.isascii() or len(index) > 10:
        return None
    return HandleReference(int(index), handle)
