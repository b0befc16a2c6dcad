"""The report about one file: valid or not, and every finding; a file that cannot be read has one, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jialiang.formats.canonical import sha256_hex
from jialiang.formats.documents.archives import IN_MEMORY, ArchiveLimits
from jialiang.formats.documents.envelopes import parts_in
from jialiang.formats.documents.kind import Facts
from jialiang.formats.documents.kinds import kind_of
from jialiang.formats.documents.parts import Part
from jialiang.formats.findings import DocumentFinding
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text

UNREADABLE_KIND = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a document; ``kind`` is empty where nothing could be read.

    The counts are of all findings, also where ``findings`` were left out to save memory.
    """

    file: str
    kind: str = ""
    version: str = ""
    number: str = ""
    laboratory: Text = Text()
    sha256: str = ""
    findings: tuple[DocumentFinding, ...] = ()
    errors: int = 0
    warnings: int = 0
    hints: int = 0
    first_error: DocumentFinding | None = None

    @property
    def is_readable(self) -> bool:
        """Whether the document could be read."""
        return bool(self.kind)

    @property
    def is_valid(self) -> bool:
        """Whether it could be read and no finding is an error."""
        return self.is_readable and self.errors == 0

    def to_json(self) -> dict[str, Any]:
        """Return file, version, verdict and findings."""
        return {
            "file": self.file,
            "version": self.version,
            "valid": self.is_valid,
            "findings": [finding.to_json() for finding in self.findings],
        }


FurtherCheck = Callable[[Part, Report], Report]


def check_file(
    name: str,
    data: bytes,
    *,
    today: date | None = None,
    limits: ArchiveLimits = IN_MEMORY,
    certificates_only: bool = False,
    also: Sequence[FurtherCheck] = (),
) -> tuple[Report, ...]:
    """Check a file of any kind: a report for each document in it, one for the file where it cannot be opened.

    Nothing is raised: what cannot be read is a finding; with ``certificates_only`` so is what is no DCC. ``also`` are
    further checks, each given the document and the report so far.
    """
    try:
        parts = parts_in(name, data, limits)
    except JialiangError as problem:
        return (unreadable(name, problem, sha256_hex(data)),)
    return tuple(
        _checked(part, check_part(part, today=today, certificates_only=certificates_only), also)
        for part in parts
    )


def check_part(part: Part, *, today: date | None = None, certificates_only: bool = False) -> Report:
    """Check one document. Nothing is raised: what cannot be read is a finding."""
    digest = sha256_hex(part.data)
    try:
        if certificates_only:
            _ = part.certificate
        kind = kind_of(part)
        findings, facts = [*kind.check(part, today), *_around(part, today)], kind.facts(part)
    except JialiangError as problem:
        return unreadable(part.name, problem, digest)
    findings.sort(key=lambda finding: finding.line or 0)
    return report_of(part.name, findings, kind=kind.name, facts=facts, digest=digest)


def _checked(part: Part, report: Report, also: Sequence[FurtherCheck]) -> Report:
    for check in also:
        report = check(part, report)
    return report


def _around(part: Part, today: date | None) -> list[DocumentFinding]:
    """Return what is found in a wrapping that is checked itself; its lines are none of the document."""
    if part.around is None:
        return []
    try:
        found = kind_of(part.around).check(part.around, today)
    except JialiangError as problem:
        found = [problem_finding(problem)]
    return [replace(each, line=None) for each in found]


def with_findings(report: Report, more: Iterable[DocumentFinding]) -> Report:
    """Return a report with further findings, counted and in the order of the lines."""
    found = sorted((*report.findings, *more), key=lambda finding: finding.line or 0)
    facts = Facts(report.version, report.number, report.laboratory)
    return report_of(report.file, found, kind=report.kind, facts=facts, digest=report.sha256)


def report_of(
    file: str, findings: Iterable[DocumentFinding], *, kind: str, facts: Facts, digest: str = ""
) -> Report:
    """Count the findings of a document."""
    found = tuple(findings)
    counted = Counter(finding.severity for finding in found)
    first = next((finding for finding in found if finding.severity == "error"), None)
    return Report(
        file, kind, facts.version, facts.number, facts.laboratory, digest, found,
        counted["error"], counted["warning"], counted["hint"], first,
    )  # fmt: skip


def unreadable(file: str, problem: JialiangError, digest: str = "") -> Report:
    """Return the report about a file that cannot be read."""
    return report_of(file, [problem_finding(problem)], kind=UNREADABLE_KIND, facts=Facts(), digest=digest)


def problem_finding(problem: JialiangError) -> DocumentFinding:
    """Return the reason why a file cannot be read as a finding, so that one report holds for all files."""
    line: Any = problem.facts.get("line")
    return DocumentFinding(problem.code, "error", line if isinstance(line, int) else None, "", problem.what)
