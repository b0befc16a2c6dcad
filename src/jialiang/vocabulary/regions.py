"""Administrative divisions: six digits of GB/T 2260, of which the first two name the province.

Codes come and go (development zones, mergers), and ledgers keep old ones; therefore only the shape and the
province are checked here, never the county.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

from jialiang.kernel.text import Text

_SHAPE = re.compile(r"[0-9]{6}", re.ASCII)


@cache
def provinces() -> dict[str, Text]:
    """Return the provinces by their two digits."""
    file = resources.files("jialiang.vocabulary") / "data" / "provinces.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return {code: Text.from_json(words) for code, words in data.items()}


def is_region_code(code: str) -> bool:
    """Tell whether ``code`` has six digits and begins with a province."""
    return bool(_SHAPE.fullmatch(code)) and code[:2] in provinces()


def province_of(code: str) -> Text:
    """Return the province of a region code; empty for an unknown one."""
    return provinces().get(code[:2], Text())
