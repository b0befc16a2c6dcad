"""Errors of node reports; each names the line it was found in, the header being line 1."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from jialiang.kernel.errors import InvalidInput, Unreadable
from jialiang.kernel.text import Text


class NotANodeReport(Unreadable):
    """The bytes are no gzip, end too early or go on after the end; facts: ``line``, ``fault``."""

    code = "JL-NRP-001"


class NodeReportTooLarge(InvalidInput):
    """A line, or all lines together, are longer than is read; facts: ``line``, ``limit`` (bytes)."""

    code = "JL-NRP-002"
    http_status = 413


class BadReportHeader(InvalidInput):
    """The first line is no header that this version reads; facts: ``line`` (1), ``member``, ``fault``."""

    code = "JL-NRP-003"


class BadReportLine(InvalidInput):
    """A line does not hold what a line of its kind holds; facts: ``line``, ``member``, ``fault``."""

    code = "JL-NRP-004"


class ReportLinesMissing(InvalidInput):
    """There are more or fewer lines than the header says; facts: ``line``, ``told``, ``found``."""

    code = "JL-NRP-005"


def fault(kind: str, **facts: object) -> Text:
    """Return what is wrong in words; ``kind`` is one of the keys of ``faults.json``, filled with ``facts``."""
    return faults()[kind].format(**facts)


@cache
def faults() -> dict[str, Text]:
    """Return the words of every fault by kind."""
    file = resources.files("jialiang.formats.node_report") / "faults.json"
    return {kind: Text.from_json(each) for kind, each in json.loads(file.read_text("utf-8")).items()}
