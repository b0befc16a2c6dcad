"""The roles that people hold, with their names and duties in both languages, read from ``data/roles.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from jialiang.kernel.text import Text

SYSTEM = "system"
IDENTITY = "identity"
OF_NOBODY = frozenset({SYSTEM, IDENTITY})


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its key in the code, its name and duty, and whether the institute's own staff hold it."""

    key: str
    name: Text
    duty: Text
    staff: bool

    @property
    def grantable(self) -> bool:
        """Tell whether a person may hold it; the roles of the program and of identities are for nobody."""
        return self.key not in OF_NOBODY


@cache
def roles() -> Mapping[str, Role]:
    """Return all roles by key, in the order of the file."""
    file = resources.files("jialiang.vocabulary") / "data" / "roles.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            key: Role(key, Text.from_json(row["name"]), Text.from_json(row["duty"]), row["staff"])
            for key, row in data.items()
        }
    )


def role(key: str) -> Role:
    """Return one role. Raises KeyError for a key that is not in the file."""
    return roles()[key]


def role_name(key: str) -> Text:
    """Return the name of a role; a key that is unknown stands for itself, as in old records."""
    known = roles().get(key)
    return known.name if known else Text(zh=key, en=key)
