"""What one version of a budget says otherwise than another: for the reviewer, who reads only what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ChangedMember:
    """One member that differs: its path (``inputs.delta_bath.half_width``), before and after; empty where it is not."""

    path: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        """``added``, ``dropped`` or ``changed``."""
        if not self.before:
            return "added"
        return "changed" if self.after else "dropped"


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[ChangedMember, ...]:
    """Return the members that differ, in the order of the newer document; inputs are matched by their names."""
    return tuple(_changes("", before, after))


def _changes(path: str, before: Any, after: Any) -> Iterator[ChangedMember]:
    one, other = _by_name(before), _by_name(after)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for name in dict.fromkeys((*other, *one)):
            inner = f"{path}.{name}" if path else str(name)
            yield from _changes(inner, one.get(name), other.get(name))
    elif one != other:
        if one is None and isinstance(other, Mapping):
            yield ChangedMember(path, "", _written(other))
        elif other is None and isinstance(one, Mapping):
            yield ChangedMember(path, _written(one), "")
        else:
            yield ChangedMember(path, _written(one), _written(other))


def _by_name(given: Any) -> Any:
    """Return a list of named things as an object by their names; anything else as it is."""
    if not isinstance(given, list) or not given:
        return given
    names = [entry.get("name") if isinstance(entry, Mapping) else None for entry in given]
    if not all(isinstance(name, str) for name in names) or len(set(names)) != len(names):
        return given
    return {name: {k: v for k, v in entry.items() if k != "name"} for name, entry in zip(names, given, strict=True)}


def _written(given: Any) -> str:
    if given is None:
        return ""
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
