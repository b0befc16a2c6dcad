"""What a technician typed, understood cell by cell: what cannot be read is told beside its field, the rest is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext

from jialiang.base.readings.views import CellEntry
from jialiang.console.calibrations.sheet import ENDS, Entries, cell_name
from jialiang.console.wording import in_words
from jialiang.functions.calibrations import RecordEntry
from jialiang.information.record_view import ConditionLine, RecordView
from jialiang.kernel.errors import JialiangError
from jialiang.science.decimal_text import read_decimal

DATES = ("begin_date", "end_date")
LONGEST_REASON = 300


@dataclass(slots=True)
class Understood:
    """The entry that can be saved, and what is wrong by the name of its field."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    cells: list[CellEntry] = field(default_factory=list)
    environment: dict[str, dict[str, str]] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    reason: str = ""
    version: int | None = None

    @property
    def entries(self) -> Entries:
        """What the page shows again."""
        return Entries(self.typed, self.errors)

    def entry(self) -> RecordEntry:
        """Return what can be saved."""
        return RecordEntry(
            cells=tuple(self.cells),
            environment=self.environment,
            begin_date=self.dates.get("begin_date"),
            end_date=self.dates.get("end_date"),
            reason=self.reason,
            expected_version=self.version,
        )


def understood(form: QueryDict, view: RecordView) -> Understood:
    """Read the form of a record; fields that were not sent stay as they are stored."""
    found = Understood(
        typed={name: str(form[name]) for name in form},
        reason=form.get("reason", "").strip()[:LONGEST_REASON],
        version=_version(form),
    )
    for row, key, stored in _places(view):
        _read_cell(found, row, key, stored, frozen=view.record.reading_set.frozen_at is not None)
    for line in view.conditions:
        _read_condition(found, line)
    for name in DATES:
        _read_date(found, name, getattr(view.record, name))
    if {"begin_date", "end_date"} <= found.dates.keys() and found.dates["begin_date"] > found.dates[
        "end_date"
    ]:
        found.errors["end_date"] = gettext("Work does not end before it begins.")
    if found.cells and view.record.reading_set.frozen_at is not None and not found.reason:
        found.errors["reason"] = gettext(
            "Why were readings changed? A reason is needed once they were submitted."
        )
    return found


def _places(view: RecordView) -> Iterator[tuple[int, str, str]]:
    for row in view.rows:
        for key, cell in zip(view.column_keys, row.cells, strict=True):
            yield row.row, key, cell.text if cell else ""


def _read_cell(found: Understood, row: int, key: str, stored: str, *, frozen: bool) -> None:
    name = cell_name(row, key)
    text = found.typed.get(name, stored).strip()
    if text == stored:
        return
    if not text and frozen:
        found.errors[name] = gettext("A submitted reading is amended, not emptied.")
        return
    wrong = _wrong(text) if text else ""
    if wrong:
        found.errors[name] = wrong
    else:
        found.cells.append(CellEntry(row, key, text))


def _read_condition(found: Understood, line: ConditionLine) -> None:
    """Read both ends; where one cannot be used, what is stored stays."""
    key, name = line.key, in_words(line.name)
    found.environment[key] = {end: getattr(line, end) for end in ENDS}
    typed = {end: found.typed.get(f"{key}-{end}", getattr(line, end)).strip() for end in ENDS}
    wrong = {end: _wrong(text) for end, text in typed.items() if text}
    for end, problem in wrong.items():
        if problem:
            found.errors[f"{key}-{end}"] = problem
    if any(wrong.values()):
        return
    low, high = (typed[end] for end in ENDS)
    if low and high and read_decimal(low).number > read_decimal(high).number:
        found.errors[f"{key}-maximum"] = gettext("%(name)s: the highest is below the lowest.") % {
            "name": name
        }
    else:
        found.environment[key] = typed


def _read_date(found: Understood, name: str, stored: date | None) -> None:
    """Read a date; one that is stored is changed, never emptied, so an empty field is told instead of passed over."""
    text = found.typed.get(name, stored.isoformat() if stored else "").strip()
    if not text and stored is None:
        return
    try:
        found.dates[name] = date.fromisoformat(text)
    except ValueError:
        found.errors[name] = gettext("Write the date as 2026-06-16.")


def _wrong(text: str) -> str:
    try:
        read_decimal(text)
    except JialiangError as problem:
        return gettext("%(what)s. %(way_out)s.") % {
            "what": in_words(problem.what).rstrip("。."),
            "way_out": in_words(problem.way_out).rstrip("。."),
        }
    return ""


def _version(form: QueryDict) -> int | None:
    given = form.get("version", "")
    return int(given) if given.isdecimal() and len(given) < len("9999999999") else None
