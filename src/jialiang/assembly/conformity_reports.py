"""What the commands for conformity assessment report about files, for people and as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jialiang.assembly.cli import language
from jialiang.assembly.command_errors import OutputMissing
from jialiang.assembly.document_files import write_out
from jialiang.assembly.document_text import report_text
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.documents.reports import problem_finding
from jialiang.formats.findings import DocumentFinding, holds
from jialiang.kernel.errors import JialiangError

HOLDS, HOLDS_NOT, CANNOT = 0, 1, 2
Examined = tuple[dict[str, Any], Sequence[DocumentFinding]]


def report_files(arguments: argparse.Namespace, examine: Callable[[Path], Examined]) -> int:
    """Examine every file and print a report of each. Returns the worst: 0 valid, 1 invalid, 2 unreadable."""
    reports = [_report(file, examine, no_hints=arguments.no_hints) for file in arguments.files]
    if arguments.json:
        plain = [report | {"findings": [f.to_json() for f in report["findings"]]} for report, _ in reports]
        print_json(plain)
    else:
        for report, status in reports:
            sys.stdout.write(report_text(report, status, language(arguments)))
    return max(status for _, status in reports)


def write_converted(arguments: argparse.Namespace, data: bytes, command: str) -> None:
    """Write what a conversion made; with ``--json`` say what it is. Raises OutputMissing, NotWritable."""
    if arguments.json and arguments.out is None:
        raise OutputMissing(command=command)
    write_out(data, arguments.out)
    if arguments.json:
        print_json(
            {"to": arguments.to, "out": str(arguments.out), "bytes": len(data), "sha256": sha256_hex(data)}
        )


def print_json(document: Any) -> None:
    """Print one JSON document."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def _report(file: Path, examine: Callable[[Path], Examined], *, no_hints: bool) -> tuple[dict[str, Any], int]:
    report: dict[str, Any] = {"file": str(file), "version": "", "valid": False}
    try:
        facts, found = examine(file)
    except JialiangError as problem:
        return report | {"findings": [problem_finding(problem)]}, CANNOT
    findings = [each for each in found if not (no_hints and each.severity == "hint")]
    valid = holds(findings)
    return report | facts | {"valid": valid, "findings": findings}, HOLDS if valid else HOLDS_NOT
