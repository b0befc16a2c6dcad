"""What is wrong with the JSON of a value, told with its place."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.handle.structure_faults import BadStructure
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text

_SHOWN = 60


class BadHandleJson(InvalidInput):
    """The JSON is no value of a record; facts: ``place`` (JSON Pointer, RFC 6901), ``given``, ``expected``."""

    code = "JL-HDL-010"


def fault(place: str, kind: str, given: Any, **facts: object) -> BadHandleJson:
    """Return the error to raise: ``kind`` is one of the keys of ``json_faults.json``, filled with ``facts``."""
    return BadHandleJson(place=place or "/", given=_shown(given), expected=expectations()[kind].format(**facts))


def structure_fault(problem: BadStructure, place: str, given: Any) -> BadHandleJson:
    """Return the error for a fault of the member ``data``, whose pointer is ``place``."""
    member = str(problem.facts["member"])
    inside = "" if member == "data" else "/" + member.replace("[", "/").replace("]", "").replace(".", "/")
    return BadHandleJson(place=place + inside, given=_shown(given), expected=problem.facts["fault"])


def _shown(given: Any) -> str:
    shown = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
    return shown.encode("utf-8", "replace").decode()


@cache
def expectations() -> dict[str, Text]:
    """Return what was expected, in words, by kind of fault."""
    file = resources.files("jialiang.formats.handle") / "json_faults.json"
    return {kind: Text.from_json(each) for kind, each in json.loads(file.read_text("utf-8")).items()}
