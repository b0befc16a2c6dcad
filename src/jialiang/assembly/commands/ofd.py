"""``jialiang ofd …``: OFD files of any maker, looked at and taken apart; no installation, no network."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jialiang.assembly.cli import language
from jialiang.assembly.command_errors import NotWritable
from jialiang.assembly.document_files import bytes_of
from jialiang.assembly.ofd_text import ofd_report_text
from jialiang.formats.canonical import sha256_hex
from jialiang.formats.documents.reports import problem_finding
from jialiang.formats.findings import holds
from jialiang.formats.ofd.checking import check_file
from jialiang.formats.ofd.file_names import file_names
from jialiang.formats.ofd.model import Attachment, OfdDocument
from jialiang.formats.ofd.reading import read_ofd
from jialiang.kernel.errors import JialiangError

HOLDS, HOLDS_NOT, CANNOT = 0, 1, 2


def run(arguments: argparse.Namespace) -> int:
    """Do one deed. Returns 0 (holds, done), 1 (does not hold) or 2 (cannot be read)."""
    return _DEEDS[arguments.deed](arguments)


def _check(arguments: argparse.Namespace) -> int:
    reports = [_report(file) for file in arguments.files]
    if arguments.json:
        plain = [report | {"findings": [f.to_json() for f in report["findings"]]} for report, _ in reports]
        sys.stdout.write(json.dumps(plain, ensure_ascii=False) + "\n")
    else:
        for report, status in reports:
            sys.stdout.write(ofd_report_text(report, status, language(arguments)))
    return max(status for _, status in reports)


def _report(path: Path) -> tuple[dict[str, Any], int]:
    report: dict[str, Any] = {
        "file": str(path),
        "version": "",
        "valid": False,
        "signed": None,
        "documents": [],
    }
    try:
        file = read_ofd(bytes_of(path))
        findings = check_file(file)
    except JialiangError as problem:
        return report | {"findings": [problem_finding(problem)]}, CANNOT
    valid = holds(findings)
    report |= {
        "version": f"{file.kind} {file.version}".strip(),
        "valid": valid,
        "signed": file.is_signed,
        "documents": [_document(each) for each in file.documents],
        "findings": findings,
    }
    return report, HOLDS if valid else HOLDS_NOT


def _document(document: OfdDocument) -> dict[str, Any]:
    return {
        "info": dict(document.info),
        "pages": [
            {"width": page.box.width, "height": page.box.height, "lines": list(page.lines)}
            for page in document.pages
        ],
        "fonts": [{"name": font.name, "embedded": bool(font.part)} for font in document.fonts],
        "attachments": [_attachment(each) for each in document.attachments],
        "signatures": [{"id": each.id, "type": each.kind} for each in document.signatures],
    }


def _attachment(attachment: Attachment) -> dict[str, Any]:
    data = attachment.data
    said = {"name": attachment.name, "format": attachment.said.get("Format", "")}
    return said | {
        "bytes": len(data) if data is not None else None,
        "sha256": sha256_hex(data) if data is not None else None,
    }


def _extract(arguments: argparse.Namespace) -> int:
    """Write the attachments, and the texts of the pages as ``pages.txt``; no file that is there is written over."""
    file = read_ofd(bytes_of(arguments.file))
    kept = [each for document in file.documents for each in document.attachments if each.data is not None]
    listed = [each for document in file.documents for each in document.attachments]
    pages = Attachment("", "pages.txt", "", {}, "\n\f\n".join(each.text for each in file.documents).encode())
    names = file_names([pages, *kept])
    _make_folder(arguments.out)
    written = []
    for name, each in zip(names, [pages, *kept], strict=True):
        data = each.data or b""
        _write_new(arguments.out / name, data)
        written.append({"file": name, "name": each.name, "bytes": len(data), "sha256": sha256_hex(data)})
    if arguments.json:
        said = {"file": str(arguments.file), "out": str(arguments.out), "written": written}
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{each['sha256']}  {arguments.out / each['file']}\n" for each in written))
    return HOLDS if len(kept) == len(listed) else HOLDS_NOT


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise NotWritable(file=folder, reason=problem.strerror or str(problem)) from problem


def _write_new(file: Path, data: bytes) -> None:
    try:
        with file.open("xb") as out:
            out.write(data)
    except OSError as problem:
        raise NotWritable(file=file, reason=problem.strerror or str(problem)) from problem


_DEEDS: dict[str, Callable[[argparse.Namespace], int]] = {"check": _check, "extract": _extract}
