"""What ``jialiang ofd check`` prints for people."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from jialiang.assembly.document_text import report_text
from jialiang.kernel.text import Text

_CANNOT = 2


def ofd_report_text(report: dict[str, Any], status: int, language: str) -> str:
    """Return the report about one file: the verdict on its structure, what is in it, and the findings by part.

    A signed file is never called valid: its signatures are not checked.
    """
    if status == _CANNOT:
        return report_text(report, status, language)
    lines = [f"{report['file']} ({report['version']}): {_verdict(report, language)}"]
    for document in report["documents"]:
        lines += [f"  {line}" for line in _document_lines(document, language)]
    marks = {"error": "✗", "warning": "!", "hint": "·"}
    for finding in report["findings"]:
        part = finding.path.partition("#")[0]
        place = f"{part}:{finding.line}" if finding.line else part
        text = finding.text.in_language(language)
        lines.append(f"  {marks[finding.severity]} {place}  {finding.rule}  {text}")
    return "\n".join(lines) + "\n"


def _verdict(report: dict[str, Any], language: str) -> str:
    verdict = _word("ofd.sound" if report["valid"] else "ofd.unsound", language)
    return f"{verdict}{_word('ofd.signed', language)}" if report["signed"] else verdict


def _document_lines(document: dict[str, Any], language: str) -> list[str]:
    info, pages = document["info"], document["pages"]
    title = " ".join(info[name] for name in ("Title", "DocID", "CreationDate") if info.get(name))
    letters = sum(len(line) for page in pages for line in page["lines"])
    lines = [title, _word("ofd.pages", language, pages=len(pages), letters=letters)]
    for each in document["attachments"]:
        digest = each["sha256"] or "–"
        facts = {"name": each["name"], "bytes": each["bytes"], "digest": digest}
        lines.append(_word("ofd.attachment", language, **facts))
    return [line for line in lines if line]


def _word(key: str, language: str, **facts: object) -> str:
    return _words()[key].format(**facts).in_language(language)


@cache
def _words() -> dict[str, Text]:
    file = resources.files("jialiang.assembly") / "document_words.json"
    return {key: Text.from_json(pair) for key, pair in json.loads(file.read_text(encoding="utf-8")).items()}
