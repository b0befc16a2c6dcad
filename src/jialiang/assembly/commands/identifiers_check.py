"""``jialiang identifiers check SYSTEM CODE``: is this a right code of that system, and if not, what is wrong."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from jialiang.assembly.saying import say
from jialiang.formats.codes import CodeVerdict, check
from jialiang.kernel.text import Text, storable

VALID, NOT_VALID = 0, 1
_RIGHT = Text("正确", "right")
_WRONG = Text("不正确", "wrong")


def run(arguments: argparse.Namespace) -> int:
    """Check one code. Returns 0 when it is right, 1 when it is not."""
    verdict = check(arguments.system, arguments.value)
    say(arguments, verdict.to_json(), _lines(verdict))
    return VALID if verdict.valid else NOT_VALID


def _lines(verdict: CodeVerdict) -> Iterator[Text]:
    shown = storable(verdict.canonical or verdict.code, 200)
    told = _RIGHT if verdict.valid else _WRONG
    yield Text(f"{verdict.system}  {shown}  {told.zh}", f"{verdict.system}  {shown}  {told.en}")
    for name, value in verdict.parts.items():
        yield Text(f"  {name}: {value}", f"  {name}: {value}")
    for each in verdict.findings:
        yield Text(f"  {each.what.zh}{each.hint.zh}", f"  {each.what.en} {each.hint.en}")
