"""JSON, CBOR and MessagePack of plain data, written and read with limits."""

from __future__ import annotations

import json
from typing import Any

from jialiang.formats.conversion.encodings import decode_text
from jialiang.formats.conversion.errors import NotDecodable
from jialiang.formats.conversion.libraries import library
from jialiang.formats.xml.parsing import DEFAULT_LIMITS

LARGEST = 4 * DEFAULT_LIMITS.size
_SHOWN = 200


def to_json(data: Any) -> bytes:
    """Write JSON in UTF-8, members in their order."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def to_cbor(data: Any) -> bytes:
    """Write CBOR (RFC 8949). Raises LibraryMissing."""
    encoded: bytes = library("cbor2").dumps(data)
    return encoded


def to_msgpack(data: Any) -> bytes:
    """Write MessagePack. Raises LibraryMissing."""
    encoded: bytes = library("msgpack").packb(data, use_bin_type=True)
    return encoded


def from_json(encoded: bytes) -> Any:
    """Read JSON in UTF-8, UTF-16 or GB 18030; a member given twice is refused. Raises NotDecodable."""
    _check_size(encoded, "JSON")
    try:
        return json.loads(decode_text(encoded), object_pairs_hook=_once)
    except (ValueError, RecursionError) as problem:
        raise NotDecodable(notation="JSON", reason=str(problem)[:_SHOWN]) from None


def from_cbor(encoded: bytes) -> Any:
    """Read CBOR. Raises NotDecodable, LibraryMissing."""
    cbor2 = library("cbor2")
    _check_size(encoded, "CBOR")
    try:
        return cbor2.loads(encoded)
    except (
        cbor2.CBORDecodeError,
        ValueError,
        TypeError,
        RecursionError,
        MemoryError,
        OverflowError,
    ) as problem:
        raise NotDecodable(notation="CBOR", reason=str(problem)[:_SHOWN]) from None


def from_msgpack(encoded: bytes) -> Any:
    """Read MessagePack. Raises NotDecodable, LibraryMissing."""
    msgpack = library("msgpack")
    _check_size(encoded, "MessagePack")
    try:
        return msgpack.unpackb(encoded, raw=False, strict_map_key=True)
    except (
        msgpack.exceptions.UnpackException,
        ValueError,
        TypeError,
        RecursionError,
        MemoryError,
    ) as problem:
        raise NotDecodable(notation="MessagePack", reason=str(problem)[:_SHOWN]) from None


def _check_size(encoded: bytes, notation: str) -> None:
    if len(encoded) > LARGEST:
        raise NotDecodable(notation=notation, reason=f"more than {LARGEST} bytes")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is given twice")
    return members
