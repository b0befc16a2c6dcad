"""The templates that come with the software: one a procedure, which says in a document what the procedure does.

An institute begins its own from them. As long as it has none in force, records are evaluated by their procedure, which
gives the same digits.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jialiang.information.procedures import procedure


def shipped_template(key: str) -> dict[str, Any]:
    """Return a fresh copy of the template of a procedure. Raises UnknownProcedure."""
    document: dict[str, Any] = json.loads(_text(procedure(key).key))
    return document


@cache
def _text(key: str) -> str:
    folder = resources.files("jialiang.information.budget_templates") / "shipped"
    return (folder / f"{key}.json").read_text(encoding="utf-8")
