"""One number on two certificates: seen over all files of a check, though only numbers and digests are kept."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from jialiang.assembly.bulk.jobs import Job, in_utf_8
from jialiang.formats.dcc.rules.checking import check_numbers
from jialiang.formats.documents.archives import BULK
from jialiang.formats.documents.envelopes import parts_in
from jialiang.formats.documents.errors import NothingInside
from jialiang.formats.documents.reports import Report
from jialiang.kernel.errors import JialiangError


class Numbers:
    """Remembers who had a number first; two files are read again only when both have one number and other bytes."""

    def __init__(self, *, brief: bool = False, read_as: str = "") -> None:
        self._brief, self._read_as = brief, read_as
        self._first: dict[str, tuple[Job, str, str]] = {}

    def seen(self, job: Job, report: Report) -> Report:
        """Return the report, with a warning if an earlier file has its number but says something else."""
        if report.kind != "dcc" or not report.number:
            return report
        first_job, first_file, first_digest = self._first.setdefault(
            report.number, (job, report.file, report.sha256)
        )
        if first_digest == report.sha256:
            return report
        try:
            trees = [(first_file, self._tree(first_job, first_file)), (report.file, self._tree(job, report.file))]
        except JialiangError:  # gone or changed since it was checked
            return report
        finding = check_numbers(trees).get(report.file)
        if finding is None:
            return report
        kept = () if self._brief else (*report.findings, finding)
        return replace(report, findings=kept, warnings=report.warnings + 1)

    def _tree(self, job: Job, file: str) -> etree._ElementTree:
        parts = parts_in(job.name, in_utf_8(job.name, job.read(), self._read_as), BULK)
        part = next((each for each in parts if each.name == file), None)
        if part is None:
            raise NothingInside(file=file[-200:])
        return part.tree
