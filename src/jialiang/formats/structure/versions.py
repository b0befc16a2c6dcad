"""Content models of all versions of a vocabulary: the first one whole, each later one as what changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_TABLES = ("aliases", "attributes", "elements", "types", "values")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The declarations of one version of a vocabulary.

    ``elements``: global elements and their types. ``types``: content in the notation, then attributes. ``values``:
    simple types. ``aliases``: short names of types. ``attributes``: types of attributes that many elements have.
    ``names``: how XML Schema calls the types that have another name here (None: no name). ``uses``: the version of
    the vocabulary below.
    """

    prefix: str
    namespace: str
    version: str
    uses: str
    aliases: dict[str, str]
    attributes: dict[str, str]
    elements: dict[str, str]
    types: dict[str, str]
    values: dict[str, dict[str, Any]]
    names: dict[str, str | None]


@cache
def vocabulary(package: str, file: str, version: str) -> Vocabulary:
    """Read the declarations of ``version`` from the data file of a package. Raises KeyError for another version."""
    data = _data(package, file)
    if version not in data["versions"]:
        raise KeyError(version)
    tables: dict[str, dict[str, Any]] = {name: {} for name in _TABLES}
    for number, changes in data["versions"].items():
        for name, table in tables.items():
            _apply(table, changes.get(name, {}))
        if number == version:
            break
    last = data["versions"][version]
    return Vocabulary(
        prefix=data["prefix"], namespace=data["namespace"], version=version, uses=last.get("uses", ""),
        names=last.get("names", {}), **tables,
    )  # fmt: skip


def versions(package: str, file: str) -> tuple[str, ...]:
    """Return the versions that a data file describes, oldest first."""
    return tuple(_data(package, file)["versions"])


@cache
def _data(package: str, file: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((resources.files(package) / file).read_text("utf-8"))
    return data


def _apply(table: dict[str, Any], changes: dict[str, Any]) -> None:
    """Change a table: text or object: anew; list of pairs: replace the first by the second; null: gone."""
    for name, change in changes.items():
        if change is None:
            del table[name]
        elif isinstance(change, list):
            for old, new in change:
                if table[name].count(old) != 1:
                    raise ValueError(f"{name}: “{old}” stands {table[name].count(old)} times")
                table[name] = table[name].replace(old, new)
        else:
            table[name] = change
