"""The fictional world of the demonstration, and the real figures in it with their sources."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jialiang.kernel.text import Text

PASSWORD = "jialiang-demo-2026"  # noqa: S105 the demonstration's sign-in is printed for everybody


@cache
def world() -> dict[str, Any]:
    """Return institutes, people, customer, standards, instruments and readings."""
    return _read("world.json")


@cache
def kilogram_check_history() -> list[list[str]]:
    """Return (years since 1900, value in mg, residual standard deviation in mg) of 217 weighings at NIST."""
    rows: list[list[str]] = _read("kilogram_check_history.json")["rows"]
    return rows


def text(data: dict[str, str]) -> Text:
    """Return a text of the world's data."""
    return Text.from_json(data)


def _read(name: str) -> dict[str, Any]:
    file = resources.files("jialiang.business.demonstration") / name
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return data
