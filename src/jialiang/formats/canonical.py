"""Canonical bytes of values, for hashing and signing, and typed values back from JSON."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from jialiang.kernel.text import Text

T = TypeVar("T")
_EMPTY: dict[Any, Any] = {str: "", Text: Text(), tuple: ()}


def canonical_json(data: Any) -> bytes:
    """Write JSON in one way only: members sorted, no blanks, UTF-8; floats are refused (numbers are text here)."""
    _refuse_floats(data)
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 digest in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def to_plain(value: Any) -> Any:
    """Turn frozen dataclasses, texts and tuples into JSON's own types; empty members are left out."""
    if isinstance(value, Text):
        return value.to_json()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return {name: to_plain(member) for name, member in pairs if member not in (None, "", (), Text())}
    if isinstance(value, tuple | list):
        return [to_plain(member) for member in value]
    return value


def from_plain(kind: type[T], data: Any) -> T:
    """Build the dataclass ``kind`` from what :func:`to_plain` wrote; unknown members raise TypeError."""
    if kind is Text:
        return Text.from_json(data)  # type: ignore[return-value]
    if not dataclasses.is_dataclass(kind):
        return data  # type: ignore[no-any-return]
    hints = get_type_hints(kind)
    unknown = set(data) - set(hints)
    if unknown:
        raise TypeError(f"{kind.__name__} has no member {', '.join(sorted(unknown))}")
    given = {name: _member(hints[name], member) for name, member in data.items()}
    # What to_plain left out was empty; a member without a default has to be given its emptiness back.
    needed = [
        f.name for f in dataclasses.fields(kind) if f.default is f.default_factory is dataclasses.MISSING
    ]
    empty = {name: _EMPTY[_origin(hints[name])] for name in needed if _origin(hints[name]) in _EMPTY}
    return kind(**{**empty, **given})


def _origin(hint: Any) -> Any:
    return get_origin(hint) or hint


def _member(hint: Any, data: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        inner = next(a for a in get_args(hint) if a is not type(None))
        return None if data is None else _member(inner, data)
    if origin is tuple:
        return tuple(_member(get_args(hint)[0], member) for member in data)
    return from_plain(hint, data) if isinstance(hint, type) else data


def _refuse_floats(data: Any) -> None:
    if isinstance(data, float):
        raise TypeError(f"a float ({data!r}) has no canonical text; pass the decimal text")
    inner = (*data.keys(), *data.values()) if isinstance(data, dict) else data
    for member in inner if isinstance(inner, list | tuple) else ():
        _refuse_floats(member)
