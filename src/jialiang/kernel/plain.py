"""Values that JSON can hold: what audit records, events and jobs carry."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from jialiang.kernel.text import Text


def json_ready(value: Any) -> Any:
    """Turn ids, moments, decimals, texts, enumerations and dataclasses into JSON's types, members in place.

    Moments become UTC with microseconds; sets become sorted lists. Floats raise TypeError, because a number that
    matters here is decimal text; so does everything unknown.
    """
    if value is None or isinstance(value, bool | int | str) and not isinstance(value, Enum):
        return value
    if isinstance(value, Mapping):
        return {str(key): json_ready(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(member) for member in value]
    if isinstance(value, set | frozenset):
        return sorted((json_ready(member) for member in value), key=str)
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Text):
        return {f.name: json_ready(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return json_ready(value.value)
    if isinstance(value, Text):
        return value.to_json()
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"{value!r} has no time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"{value!r} of type {type(value).__name__} cannot be kept as JSON")
