"""``jialiang dcc new``: a certificate from a document or a workbook; no installation, no network."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from pathlib import Path
from typing import Any

from jialiang.assembly.cli import language
from jialiang.assembly.command_errors import FileUnreadable, OutputMissing
from jialiang.assembly.document_files import bytes_of, write_out
from jialiang.assembly.document_text import report_text
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.findings import DocumentFinding
from jialiang.formats.making.examples import emptied, example_document
from jialiang.formats.making.making import Made, Source, make_certificate, read_json_document
from jialiang.formats.making.problems import DocumentNotUsable
from jialiang.formats.making.reading_workbook import read_workbook
from jialiang.formats.making.schema import json_schema
from jialiang.formats.making.signing import is_encrypted, signed
from jialiang.formats.making.templating import template_names
from jialiang.formats.making.writing_workbook import workbook_form
from jialiang.kernel.clock import utc_now

PASSPHRASE = "SIGNING_KEY_PASSPHRASE"  # noqa: S105 - the name of the variable, not a passphrase
HOLDS, HOLDS_NOT = 0, 1
_DEFAULT = "temperature"


def new(arguments: argparse.Namespace) -> int:
    """Write an example, the schema, or a certificate. Returns 0 (written) or 1 (the document does not do)."""
    if arguments.schema:
        return _write(_json(json_schema()), arguments)
    if arguments.example is not None:
        document = example_document(arguments.template or _DEFAULT)
        chosen = emptied(document) if arguments.empty else document
        return _write(workbook_form(chosen) if arguments.example == "xlsx" else _json(chosen), arguments)
    if arguments.source is None:
        raise OutputMissing(command="dcc new --from")
    if arguments.json and arguments.out is None:
        raise OutputMissing(command="dcc new")
    return _certificate(arguments)


def _certificate(arguments: argparse.Namespace) -> int:
    data, template = bytes_of(arguments.source), _template(arguments.template)
    try:
        source = _source(data)
        made = make_certificate(source, template=template, today=utc_now().date())
    except DocumentNotUsable as problem:
        return _report(arguments, Made(b"", problem.findings), written=False)
    if not made.is_valid:
        return _report(arguments, made, written=False)
    xml = _signed(made.xml, arguments) if arguments.sign else made.xml
    write_out(xml, arguments.out)
    return _report(arguments, Made(xml, made.findings), written=True)


def _source(data: bytes) -> Source:
    return read_workbook(data) if data.startswith(b"PK") else read_json_document(data)


def _template(named: str | None) -> str | dict[str, Any] | None:
    """Return the name of a template of the house, or what a file holds."""
    if named is None or named in template_names() or not Path(named).is_file():
        return named
    read: Any = read_json_document(bytes_of(Path(named))).document
    return {"format": ""} if isinstance(read, str) else read


def _signed(xml: bytes, arguments: argparse.Namespace) -> bytes:
    key, certificates = (bytes_of(Path(file)) for file in arguments.sign)
    passphrase = _passphrase(arguments.sign[0]) if is_encrypted(key) else None
    return signed(xml, key=key, certificates=certificates, passphrase=passphrase, signing_time=utc_now())


def _passphrase(file: str) -> bytes:
    stated = os.environ.get(PASSPHRASE)
    if stated is None and not sys.stdin.isatty():
        raise FileUnreadable(file=file, reason=f"{PASSPHRASE}?")
    return (stated if stated is not None else getpass.getpass(f"{file}: ")).encode()


def _report(arguments: argparse.Namespace, made: Made, *, written: bool) -> int:
    status = HOLDS if written else HOLDS_NOT
    shown: tuple[DocumentFinding, ...] = made.findings
    if arguments.json:
        said = {"file": str(arguments.source), "valid": written, "out": str(arguments.out) if written else None,
                "sha256": sha256_hex(made.xml) if written else None,
                "findings": [finding.to_json() for finding in shown]}  # fmt: skip
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        return status
    report = {"file": str(arguments.source), "version": "3.3.0" if written else "", "findings": shown}
    if shown or arguments.out is not None:
        sys.stderr.write(report_text(report, status, language(arguments)))
    return status


def _write(data: bytes, arguments: argparse.Namespace) -> int:
    write_out(data, arguments.out)
    return HOLDS


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
