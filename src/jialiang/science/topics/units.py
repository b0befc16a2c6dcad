"""In which unit a member of a topic stands; the table is ``member_units.json``."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

AS_GIVEN = "as given"


def unit_of(topic: str, member: str) -> str:
    """Return the unit of a member: ``as given`` is the caller's own, empty where the member is no number."""
    known = _units()
    return known.get(f"{member}:{topic}", known.get(member, AS_GIVEN))


@cache
def _units() -> dict[str, str]:
    """Return the units by member, or by ``member:topic`` where a topic has another than the rest."""
    file = resources.files("jialiang.science.topics") / "member_units.json"
    table: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return {member: unit for unit, members in table.items() for member in members}
