"""The notations of the registry as people meet them: words, media type and suffix; an unknown one gets plain ones."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.conversion.registry import notations
from jialiang.kernel.text import Text

BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Notation:
    """A notation: its name in the registry, words, media type, suffix, and whether a language changes it."""

    name: str
    text: Text
    media_type: str
    suffix: str
    takes_language: bool = False
    takes_encoding: bool = False


def known_notations() -> tuple[Notation, ...]:
    """Return all notations that calibration certificates are written in here, in the order of the registry."""
    return tuple(notation(name) for name in notations())


def notation(name: str, kind: str = "") -> Notation:
    """Return a notation by its name, as it is for a kind of document (``json`` is another thing for each).

    One that a package added and nobody described is a file of bytes.
    """
    said = _table().get(f"{kind}:{name}") or _table().get(name, {})
    return Notation(
        name=name,
        text=Text.from_json(said.get("text", {"zh": name, "en": name})),
        media_type=said.get("media_type", BYTES),
        suffix=said.get("suffix", f".{name}"),
        takes_language=said.get("takes_language", False),
        takes_encoding=said.get("takes_encoding", False),
    )


@cache
def _table() -> dict[str, dict[str, Any]]:
    file = resources.files("jialiang.formats.documents") / "notations.json"
    table: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return table
