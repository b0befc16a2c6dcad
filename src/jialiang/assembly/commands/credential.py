"""``jialiang credential …``: conformity credentials as files; no installation, no network."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from jialiang.assembly.conformity_reports import HOLDS, Examined, report_files, write_converted
from jialiang.assembly.document_files import bytes_of
from jialiang.formats.credential.documents import CredentialReading, read_credential, write_json
from jialiang.formats.credential.errors import NotAToken, NotEnveloped, TokenProblem
from jialiang.formats.credential.rules.catalogue import finding
from jialiang.formats.credential.rules.checking import check_credential
from jialiang.formats.credential.tokens import enveloped, public_key_of, verify_token
from jialiang.formats.documents.reports import problem_finding
from jialiang.formats.findings import DocumentFinding
from jialiang.kernel.clock import utc_now

VERSION = "VC 2.0"


def run(arguments: argparse.Namespace) -> int:
    """Do one deed. Returns 0 (valid, done), 1 (not valid) or 2 (cannot be read)."""
    if arguments.deed == "check":
        key = public_key_of(bytes_of(arguments.key)) if arguments.key else None
        return report_files(arguments, partial(_examined, key=key))
    reading = read_credential(bytes_of(arguments.file))
    write_converted(arguments, _converted(reading, arguments.to), "credential convert")
    return HOLDS


def _examined(file: Path, key: PublicKeyTypes | None) -> Examined:
    reading = read_credential(bytes_of(file))
    signature = _signature(reading, key) if key is not None else _unchecked(reading)
    verified = key is not None and not signature
    facts = {"version": VERSION, "secured": reading.secured, "signature_verified": verified}
    return facts, [*signature, *check_credential(reading, utc_now())]


def _unchecked(reading: CredentialReading) -> list[DocumentFinding]:
    return [] if reading.secured == "none" else [finding("CREDENTIAL-SIGNATURE-UNCHECKED", "")]


def _signature(reading: CredentialReading, key: PublicKeyTypes) -> list[DocumentFinding]:
    try:
        if reading.token is None:
            raise NotEnveloped()
        verify_token(reading.token, key)
    except (TokenProblem, NotAToken, NotEnveloped) as problem:
        return [problem_finding(problem)]
    return []


def _converted(reading: CredentialReading, form: str) -> bytes:
    if form == "json":
        return write_json(reading.document)
    if reading.token is None:
        raise NotEnveloped()
    return write_json(enveloped(reading.token)) if form == "envelope" else reading.token.text.encode() + b"\n"
