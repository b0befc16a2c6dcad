"""The summary of a bulk check: a row a document, as CSV or JSON, written while the check runs."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from jialiang.formats.documents.reports import Report

Notation = Literal["csv", "json"]
COLUMNS = ("file", "kind", "version", "valid", "readable", "errors", "warnings", "hints", "laboratory",
           "identifier", "first_error_rule", "first_error_line", "first_error")  # fmt: skip
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet program compute a text; such a text gets an apostrophe before it."""


@dataclass(slots=True)
class Totals:
    """How many documents there were, of each verdict."""

    documents: int = 0
    valid: int = 0
    invalid: int = 0
    unreadable: int = 0
    passed_over: int = 0

    def add(self, report: Report) -> None:
        """Count a report."""
        self.documents += 1
        self.valid += report.is_valid
        self.invalid += report.is_readable and not report.is_valid
        self.unreadable += not report.is_readable

    @property
    def counts(self) -> dict[str, int]:
        """All counts by name."""
        return {name: getattr(self, name) for name in Totals.__slots__}

    @property
    def status(self) -> int:
        """The exit status: the worst of the documents."""
        return 2 if self.unreadable else 1 if self.invalid else 0


def row_of(report: Report, language: str) -> dict[str, Any]:
    """Return the row of a document by :data:`COLUMNS`; words in a language."""
    first = report.first_error
    return {
        "file": report.file,
        "kind": report.kind,
        "version": report.version,
        "valid": report.is_valid,
        "readable": report.is_readable,
        "errors": report.errors,
        "warnings": report.warnings,
        "hints": report.hints,
        "laboratory": report.laboratory.in_language(language),
        "identifier": report.number,
        "first_error_rule": first.rule if first else "",
        "first_error_line": first.line if first else None,
        "first_error": first.text.in_language(language) if first else "",
    }


class Summary:
    """Writes rows as they come; a summary that was not completed says so in its last lines."""

    def __init__(self, out: IO[str], notation: Notation, language: str) -> None:
        self._rows = 0
        self._out, self._notation, self._language = out, notation, language
        self._table = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        if notation == "csv":
            self._table.writeheader()
        else:
            out.write('{"rows": [')

    def add(self, report: Report) -> None:
        """Write the row of a report."""
        row = row_of(report, self._language)
        if self._notation == "csv":
            self._table.writerow({name: _cell(cell) for name, cell in row.items()})
        else:
            comma = ",\n" if self._rows else "\n"
            self._out.write(comma + json.dumps(row, ensure_ascii=False))
        self._rows += 1

    def close(self, totals: Totals, *, complete: bool, files: int) -> None:
        """Write the end: the totals in JSON; in CSV a last line if the check was interrupted."""
        if self._notation == "json":
            end = {"complete": complete, "files": files, **totals.counts}
            self._out.write("\n],\n" + json.dumps(end, ensure_ascii=False)[1:] + "\n")
        elif not complete:
            self._out.write(f"# interrupted: {totals.documents} documents of {files} files\n")
        self._out.flush()


def partial_name(out: Path) -> Path:
    """Return the name that a summary has until it is complete: ``table.csv`` is ``table.partial.csv``."""
    return out.with_name(f"{out.stem}.partial{out.suffix}")


def _cell(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if not isinstance(cell, str):
        return cell
    guarded = f"'{cell}" if cell.startswith(FORMULAS) else cell
    # The writer quotes only the line end that it writes itself; another would end the row.
    return guarded.replace("\r\n", "\n").replace("\r", "\n")
