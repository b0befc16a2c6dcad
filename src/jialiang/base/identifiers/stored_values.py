"""Values of a record as the text of a column, and back.

A value is a short JSON list ``[index, type, data, ttl, timestamp, permissions, references, flags]`` whose usual end
is left out: a URL costs its own letters and about twenty more. ``flags`` holds ``b`` where the data are bytes in
base64 and ``a`` where the time to live is a moment.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Any

from jialiang.formats.handle.values import USUAL_PERMISSIONS, USUAL_TTL, HandleReference, HandleValue

_USUAL_END: tuple[Any, ...] = (USUAL_TTL, 0, USUAL_PERMISSIONS, [], "")
_ALWAYS = 3  # index, type, data


def written_values(values: Iterable[HandleValue]) -> str:
    """Return values, in the order of their indexes, as text."""
    rows = [_row(value) for value in sorted(values, key=lambda value: value.index)]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_values(text: str) -> tuple[HandleValue, ...]:
    """Return the values that :func:`written_values` wrote."""
    return tuple(_value(row) for row in json.loads(text))


def _row(value: HandleValue) -> list[Any]:
    text = value.text
    flags = ("b" if text is None else "") + ("a" if value.ttl_absolute else "")
    data = b64encode(value.data).decode() if text is None else text
    references = [[reference.index, reference.handle] for reference in value.references]
    end = [value.ttl, value.timestamp, value.permissions, references, flags]
    while end and end[-1] == _USUAL_END[len(end) - 1]:
        end.pop()
    return [value.index, value.type, data, *end]


def _value(row: list[Any]) -> HandleValue:
    index, kind, data = row[:_ALWAYS]
    ttl, timestamp, permissions, references, flags = (*row[_ALWAYS:], *_USUAL_END[len(row) - _ALWAYS :])
    return HandleValue(
        index=index,
        type=kind,
        data=b64decode(data) if "b" in flags else data.encode(),
        ttl=ttl,
        ttl_absolute="a" in flags,
        timestamp=timestamp,
        permissions=permissions,
        references=tuple(HandleReference(number, handle) for number, handle in references),
    )
