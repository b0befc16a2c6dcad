"""``jialiang dsi check``: the D-SI elements of XML files, each checked by itself."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from jialiang.assembly.cli import language
from jialiang.assembly.command_errors import UnknownDsiVersion
from jialiang.assembly.document_files import bytes_of
from jialiang.assembly.document_text import report_text
from jialiang.formats.dcc.rules.checking import check_dsi_rules
from jialiang.formats.documents.reports import problem_finding
from jialiang.formats.dsi.structure import LATEST, check_dsi, dsi_versions
from jialiang.formats.dsi.writing import SI
from jialiang.formats.findings import DocumentFinding, holds
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.errors import JialiangError

HOLDS, HOLDS_NOT, CANNOT = 0, 1, 2


def run(arguments: argparse.Namespace) -> int:
    """Check files. Returns the worst: 0 valid, 1 invalid, 2 unreadable."""
    version = arguments.dsi_version or LATEST
    if version not in dsi_versions():
        raise UnknownDsiVersion(version=version[:20], known=", ".join(dsi_versions()))
    reports = [_report(file, version) for file in arguments.files]
    if arguments.json:
        plain = [report | {"findings": [f.to_json() for f in report["findings"]]} for report, _ in reports]
        sys.stdout.write(json.dumps(plain, ensure_ascii=False) + "\n")
    else:
        for report, status in reports:
            sys.stdout.write(report_text(report, status, language(arguments)))
    return max(status for _, status in reports)


def _report(file: Path, version: str) -> tuple[dict[str, Any], int]:
    report: dict[str, Any] = {"file": str(file), "version": version, "valid": False, "elements": 0}
    try:
        tree = parse_xml(bytes_of(file))
    except JialiangError as problem:
        return report | {"findings": [problem_finding(problem)]}, CANNOT
    highest = [each for each in tree.getroot().iter(f"{{{SI}}}*") if _is_highest(each)]
    findings: list[DocumentFinding] = [found for each in highest for found in check_dsi(each, version)]
    findings += check_dsi_rules(tree)
    findings.sort(key=lambda finding: finding.line or 0)
    valid = holds(tuple(findings))
    report |= {"valid": valid, "elements": len(highest), "findings": findings}
    return report, HOLDS if valid else HOLDS_NOT


def _is_highest(element: Any) -> bool:
    parent = element.getparent()
    return parent is None or not str(parent.tag).startswith(f"{{{SI}}}")
