"""``jialiang drmd …``: reference material documents as files; no installation, no network."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jialiang.assembly.cli import language
from jialiang.assembly.command_errors import OutputMissing
from jialiang.assembly.document_files import bytes_of, write_out, xml_bytes
from jialiang.assembly.document_text import report_text
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.conversion.binary import from_json, to_json
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.documents.reports import problem_finding
from jialiang.formats.drmd.conversion import convert
from jialiang.formats.drmd.making import document_xml, template
from jialiang.formats.drmd.reading import document_of
from jialiang.formats.drmd.rules import check_rules
from jialiang.formats.drmd.structure import check_structure
from jialiang.formats.findings import holds
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import JialiangError

HOLDS, HOLDS_NOT, CANNOT = 0, 1, 2


def run(arguments: argparse.Namespace) -> int:
    """Do one deed. Returns 0 (holds, done), 1 (does not hold) or 2 (cannot be read)."""
    return _DEEDS[arguments.deed](arguments)


def _check(arguments: argparse.Namespace) -> int:
    reports = [_report(file, arguments.no_hints) for file in arguments.files]
    if arguments.json:
        _print([report | {"findings": [f.to_json() for f in report["findings"]]} for report, _ in reports])
    else:
        for report, status in reports:
            sys.stdout.write(report_text(report, status, language(arguments)))
    return max(status for _, status in reports)


def _report(file: Path, no_hints: bool) -> tuple[dict[str, Any], int]:
    report: dict[str, Any] = {"file": str(file), "version": "", "kind": "", "valid": False}
    try:
        tree = parse_xml(xml_bytes(file))
        document = document_of(tree)
    except JialiangError as problem:
        return report | {"findings": [problem_finding(problem)]}, CANNOT
    findings = [*check_structure(tree), *check_rules(tree, utc_now().date())]
    if no_hints:
        findings = [finding for finding in findings if finding.severity != "hint"]
    findings.sort(key=lambda finding: finding.line or 0)
    valid = holds(findings)
    said = {"version": document.version, "kind": document.kind, "valid": valid, "findings": findings}
    return report | said, HOLDS if valid else HOLDS_NOT


def _convert(arguments: argparse.Namespace) -> int:
    if arguments.json and arguments.out is None:
        raise OutputMissing(command="drmd convert")
    data = xml_bytes(arguments.file)
    tree = parse_xml(data)
    wish = Wish(language(arguments), arguments.encoding, arguments.typed)
    made = convert(tree, arguments.to, wish)
    # XML that was XML, or comes back from lossless data, is not written anew: its bytes are the document.
    same = arguments.to == "xml" and arguments.encoding.lower() == "utf-8"
    written = data if same else made.data
    write_out(written, arguments.out)
    if arguments.json:
        _print({"file": str(arguments.file), "to": arguments.to, **_made(written, arguments.out),
                "unmapped": list(made.unmapped)})  # fmt: skip
    elif made.unmapped:
        sys.stderr.write(f"{arguments.encoding}: {' '.join(made.unmapped)}\n")
    return HOLDS


def _new(arguments: argparse.Namespace) -> int:
    if arguments.json and arguments.out is None:
        raise OutputMissing(command="drmd new")
    made = to_json(template()) if arguments.template else document_xml(from_json(bytes_of(arguments.source)))
    write_out(made, arguments.out)
    findings = () if arguments.template else check_rules(parse_xml(made), utc_now().date())
    valid = holds(findings)
    if arguments.json:
        found = [finding.to_json() for finding in findings]
        _print(_made(made, arguments.out) | {"valid": valid, "findings": found})
    elif findings:
        report = {"file": str(arguments.out or "-"), "version": "", "findings": findings}
        sys.stderr.write(report_text(report, HOLDS if valid else HOLDS_NOT, language(arguments)))
    return HOLDS if valid else HOLDS_NOT


def _made(data: bytes, out: Path) -> dict[str, Any]:
    return {"out": str(out), "bytes": len(data), "sha256": sha256_hex(data)}


def _print(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


_DEEDS: dict[str, Callable[[argparse.Namespace], int]] = {"check": _check, "convert": _convert, "new": _new}
