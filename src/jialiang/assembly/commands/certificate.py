"""``jialiang certificate verify|show``: needs no installation, only the file and the roots one trusts."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from cryptography import x509

from jialiang.assembly.certificate_text import shown
from jialiang.assembly.cli import language
from jialiang.assembly.command_errors import FileUnreadable, NotARoot
from jialiang.assembly.moments import moment_of
from jialiang.assembly.register_client import register_facts, revocation_list
from jialiang.formats.authenticity.examination import Examination, examine
from jialiang.formats.authenticity.verdict import Verdict, judge
from jialiang.formats.dcc.reading import read_certificate
from jialiang.formats.pdf.reading import embedded_files
from jialiang.formats.public_page.page import verdict_title
from jialiang.formats.xades.verification import TrustAnchors
from jialiang.kernel.clock import utc_now

HOLDS, HOLDS_NOT, CANNOT = 0, 1, 2


def run(arguments: argparse.Namespace) -> int:
    """Verify or show one file. Returns 0 only for ``genuine``, 1 for any other verdict."""
    data = _bytes_of(arguments.file)
    return _verify(arguments, data) if arguments.deed == "verify" else _show(arguments, data)


def _verify(arguments: argparse.Namespace, data: bytes) -> int:
    at = moment_of(arguments.at) if arguments.at else utc_now()
    roots = tuple(root for file in arguments.trust for root in _roots(file))
    lists = (revocation_list(arguments.status),) if arguments.status else ()
    anchors = TrustAnchors(roots, revocation_lists=lists)
    examination = examine(data, trusted=anchors, at=at, attachments_of_pdf=embedded_files)
    facts = register_facts(arguments.status, examination) if arguments.status else None
    verdict = judge(examination, facts, at)
    if arguments.json:
        sys.stdout.write(
            json.dumps(_as_json(arguments.file, examination, verdict), ensure_ascii=False) + "\n"
        )
    else:
        sys.stdout.write(_as_text(arguments.file, verdict, language(arguments)))
    return HOLDS if verdict.is_genuine else HOLDS_NOT


def _show(arguments: argparse.Namespace, data: bytes) -> int:
    examination = examine(data, trusted=TrustAnchors(()), at=None, attachments_of_pdf=embedded_files)
    view = examination.view or read_certificate(examination.xml)
    if arguments.json:
        sys.stdout.write(json.dumps(view.to_json(), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(shown(view, language(arguments)))
    return HOLDS


def _as_json(file: Path, examination: Examination, verdict: Verdict) -> dict[str, object]:
    return {
        "file": str(file),
        "sha256": examination.sha256,
        "number": examination.number,
        "identifier": examination.identifier,
        **verdict.to_json(),
    }


def _as_text(file: Path, verdict: Verdict, chosen: str) -> str:
    marks = {"ok": "✓", "failed": "✗", "warning": "!", "not_checked": "–"}
    lines = [
        f"{file.name}: {verdict_title(verdict.verdict, verdict.status).in_language(chosen)}",
        verdict.text.in_language(chosen),
    ]
    lines += [f"  {marks[check.outcome]} {check.text.in_language(chosen)}" for check in verdict.checks]
    arrow = "  ≠ {}: {} → {}"
    lines += [arrow.format(d.name.in_language(chosen), d.issued, d.presented) for d in verdict.differences]
    return "\n".join(lines) + "\n"


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise FileUnreadable(file=file, reason=problem.strerror or str(problem)) from problem


def _roots(file: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(_bytes_of(file))
    except ValueError as problem:
        raise NotARoot(file=file) from problem
