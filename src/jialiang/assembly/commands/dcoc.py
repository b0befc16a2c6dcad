"""``jialiang dcoc …``: certificates of conformity as files; no installation, no network."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from cryptography import x509

from jialiang.assembly.cli import language
from jialiang.assembly.command_errors import NotARoot
from jialiang.assembly.conformity_reports import (
    HOLDS,
    HOLDS_NOT,
    Examined,
    print_json,
    report_files,
    write_converted,
)
from jialiang.assembly.document_files import bytes_of, page_fonts
from jialiang.assembly.document_text import report_text
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.credential.codec import plain_credential
from jialiang.formats.credential.documents import read_credential, write_json
from jialiang.formats.credential.making import CredentialWish, credential_from_dcoc
from jialiang.formats.credential.rules.checking import check_credential
from jialiang.formats.dcoc.conversion import convert
from jialiang.formats.dcoc.documents import JSON_LIMITS, read_dcoc, write_dcoc
from jialiang.formats.dcoc.json_form import SCHEMA, read_json_form
from jialiang.formats.dcoc.rules.checking import check_dcoc
from jialiang.formats.documents.reports import problem_finding
from jialiang.formats.findings import DocumentFinding, holds
from jialiang.formats.json_documents.reading import read_json
from jialiang.formats.xades.names import ds
from jialiang.formats.xades.verification import verify
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.clock import utc_now

VERSION = "1.2"
"""The version of NoBoMet's data structure."""


def run(arguments: argparse.Namespace) -> int:
    """Do one deed. Returns 0 (valid, done), 1 (not valid) or 2 (cannot be read)."""
    return _DEEDS[arguments.deed](arguments)


def _check(arguments: argparse.Namespace) -> int:
    roots = tuple(root for file in arguments.trust for root in _roots(file))
    return report_files(arguments, partial(_examined, roots=roots))


def _examined(file: Path, roots: tuple[x509.Certificate, ...]) -> Examined:
    data = bytes_of(file)
    reading = read_dcoc(data)
    signature, problems = _signature(data, roots) if reading.notation == "xml" else ("none", [])
    findings = sorted(check_dcoc(reading, utc_now().date()), key=lambda finding: finding.line or 0)
    facts = {"version": VERSION, "notation": reading.notation, "number": reading.certificate.number}
    return facts | {"signature": signature}, [*problems, *findings]


def _signature(data: bytes, roots: tuple[x509.Certificate, ...]) -> tuple[str, list[DocumentFinding]]:
    """Return ``none``, ``unchecked``, ``holds`` or ``broken``, and why."""
    if not roots:
        is_signed = next(parse_xml(data).getroot().iter(ds("Signature")), None) is not None
        return ("unchecked" if is_signed else "none"), []
    found = verify(data, roots, utc_now())
    answers = (found.integrity, found.signer, found.chain, found.time, found.revocation)
    problems = [
        replace(problem_finding(each.problem), severity="error" if each.outcome == "failed" else "warning")
        for each in answers
        if each.problem is not None
    ]
    return ("holds" if found.holds else "broken"), problems


def _roots(file: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(bytes_of(file))
    except ValueError as problem:
        raise NotARoot(file=file) from problem


def _convert(arguments: argparse.Namespace) -> int:
    data = bytes_of(arguments.file)
    reading = read_dcoc(data)
    if arguments.to == "credential":
        wish = CredentialWish(
            issuer=arguments.issuer or "", credential_id=arguments.credential_id, language=language(arguments),
            assessment_level=arguments.assessment_level, scheme_version=arguments.scheme_version,
            scheme_valid_from=arguments.scheme_valid_from, document=data,
        )  # fmt: skip
        made = write_json(plain_credential(credential_from_dcoc(reading.certificate, wish)))
        return _written(arguments, made, check_credential(read_credential(made)), arguments.file)
    fonts = page_fonts() if arguments.to == "pdf" else ()
    converted = convert(data, arguments.to, Wish(language(arguments), fonts=fonts, made_at=utc_now()))
    return _written(arguments, converted.data, (), arguments.file)


def _new(arguments: argparse.Namespace) -> int:
    document = read_json(bytes_of(arguments.data), JSON_LIMITS)
    reading = read_json_form({"schema": SCHEMA} | document if isinstance(document, dict) else document)
    findings = check_dcoc(reading, utc_now().date())
    made = write_dcoc(reading.certificate, arguments.to) if holds(findings) else b""
    return _written(arguments, made, findings, arguments.data)


def _written(
    arguments: argparse.Namespace, made: bytes, findings: Sequence[DocumentFinding], source: Path
) -> int:
    """Write what was made if no rule is broken; otherwise say which one is, and write nothing."""
    if holds(findings):
        write_converted(arguments, made, f"dcoc {arguments.deed}")
        return HOLDS
    report = {"file": str(source), "version": VERSION, "valid": False, "findings": list(findings)}
    if arguments.json:
        print_json(report | {"findings": [each.to_json() for each in findings]})
    else:
        sys.stderr.write(report_text(report, HOLDS_NOT, language(arguments)))
    return HOLDS_NOT


_DEEDS: dict[str, Callable[[argparse.Namespace], int]] = {"check": _check, "convert": _convert, "new": _new}
