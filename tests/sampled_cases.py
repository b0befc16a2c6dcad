"""Some of the cases of each test, spread over them: a second database needs every test, not every case of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest


def spread(number: int, most: int) -> list[int]:
    """Return at most ``most`` places out of ``number``, the first and the last among them, evenly apart."""
    if number <= most:
        return list(range(number))
    if most == 1:
        return [0]
    return sorted({round(place * (number - 1) / (most - 1)) for place in range(most)})


def sampled(items: Sequence[pytest.Item], most: int) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Return the items kept and those left out: of the cases of one test at most ``most`` are kept."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    kept = {id(own[place]) for own in cases.values() for place in spread(len(own), most)}
    return [item for item in items if id(item) in kept], [item for item in items if id(item) not in kept]
