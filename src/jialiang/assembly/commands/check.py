"""``jialiang check``: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from jialiang.assembly.diagnosis import Diagnosis, diagnose
from jialiang.assembly.saying import say
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

MARKS = {"error": "✗", "warning": "!"}


def run(arguments: argparse.Namespace) -> int:
    """Look at everything. Returns 1 if anything found is an error; a warning alone is none."""
    found = diagnose(utc_now(), quick=arguments.quick)
    document = {
        "holds": found.holds,
        "looked_at": list(found.looked_at),
        "left_out": list(found.left_out),
        "findings": [finding.to_json() for finding in found.findings],
    }
    say(arguments, document, _lines(found))
    return 0 if found.holds else 1


def _lines(found: Diagnosis) -> Iterator[Text]:
    for finding in found.findings:
        mark = MARKS[finding.severity]
        yield Text(
            f"{mark} {finding.what.zh}\n    {finding.mend.zh}",
            f"{mark} {finding.what.en}\n    {finding.mend.en}",
        )
    if found.left_out:
        names = ", ".join(found.left_out)
        yield Text(f"– 未检查：{names}", f"– not looked at: {names}")
    errors = sum(1 for finding in found.findings if finding.severity == "error")
    warnings, looked = len(found.findings) - errors, len(found.looked_at)
    yield Text(
        f"检查了 {looked} 项：{errors} 个错误，{warnings} 个提醒。",
        f"{looked} things looked at: {errors} errors, {warnings} warnings.",
    )
