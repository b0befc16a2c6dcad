"""A record as its pages draw it: cells with what was typed and what is wrong, results beside the last ones, a chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from jialiang.base.readings.views import Cell
from jialiang.console.calibrations.words import deviation_name
from jialiang.console.charts.deviations import Captions, Line, Plotted, deviation_chart, limits_shown
from jialiang.console.numbers import longest_fraction, on_screen
from jialiang.console.wording import in_words, reading_language
from jialiang.information.record_view import RecordView, ResultLine
from jialiang.science.units import display_unit

OUTCOMES = {
    "pass": "pass",
    "conditionalPass": "conditional_pass",
    "conditionalFail": "conditional_fail",
    "fail": "fail",
}
ENDS = ("minimum", "maximum")


@dataclass(frozen=True, slots=True)
class Entries:
    """What a form brought and what is wrong with it, by the name of the field; empty for a page that is only shown."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell: its field's name and label, what stands in it, what stood before, who entered it, what is wrong."""

    name: str
    label: str
    text: str
    old: str
    note: int
    source: str
    error: str

    @property
    def note_text(self) -> str:
        """The number of the amendment as text, for its address."""
        return str(self.note)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row with the number or point it stands for."""

    number: int
    point: str
    opens_group: bool
    cells: list[SheetCell]


@dataclass(frozen=True, slots=True)
class Result:
    """A computed point and how its verdict looks."""

    line: ResultLine
    outcome: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with its two fields."""

    key: str
    name: Any
    unit: str
    minimum: SheetCell
    maximum: SheetCell


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the tables and the chart of a record need."""

    unit: str
    deviation: str
    columns: list[tuple[Any, int]]
    rows: list[SheetRow]
    results: list[Result]
    conditions: list[Condition]
    judged: bool
    limited: bool
    compared: bool
    limits_far: bool
    factors: str
    chart: SafeString | str
    finding: str
    begin: SheetCell
    end: SheetCell
    fitted: bool

    @property
    def places(self) -> int:
        """The most decimals among the readings."""
        return max((places for _, places in self.columns), default=0)

    @property
    def deviation_places(self) -> int:
        """The most decimals among the deviations, now and last time."""
        lines = [result.line for result in self.results]
        return longest_fraction(
            [line.deviation for line in lines] + [line.previous_deviation for line in lines]
        )

    @property
    def u_places(self) -> int:
        """The most decimals among the uncertainties."""
        return longest_fraction(result.line.expanded_uncertainty for result in self.results)

    @property
    def width(self) -> int:
        """How many columns the computed part has."""
        return 3 + (not self.factors) + self.limited + self.judged


def cell_name(row: int, column: str) -> str:
    """Return the name of the field of a cell."""
    return f"c-{row}-{column}"


def sheet_of(view: RecordView, entries: Entries = Entries()) -> Sheet:
    """Lay out a record, with what was typed where that is not stored (yet)."""
    unit = display_unit(view.unit, reading_language())
    results = [_result(line) for line in view.results]
    factors = {line.coverage_factor for line in view.results}
    limit = _limit(view.results)
    plotted = [_plotted(line) for line in view.results]
    finding = _finding(view, results)
    record = view.record
    return Sheet(
        unit=unit,
        deviation=deviation_name(view.procedure.key),
        columns=[(name, _places(view, position)) for position, name in enumerate(view.columns)],
        rows=_rows(view, entries),
        results=results,
        conditions=[_condition(line, entries) for line in view.conditions],
        judged=any(line.conformity for line in view.results),
        limited=limit is not None,
        compared=any(line.previous_deviation for line in view.results),
        limits_far=limit is not None
        and not limits_shown(plotted, limit, fitted=bool(view.evaluation.get("line"))),
        factors=factors.pop() if len(factors) == 1 else "",
        chart=_chart(view, plotted, unit, finding, limit) if plotted else "",
        finding=finding,
        begin=_plain("begin_date", gettext("Work began"), _iso(record.begin_date), entries),
        end=_plain("end_date", gettext("Work ended"), _iso(record.end_date), entries),
        fitted=bool(view.evaluation.get("line")),
    )


def _rows(view: RecordView, entries: Entries) -> list[SheetRow]:
    notes = _notes(view)
    made, before = [], ""
    for row in view.rows:
        stands_for = row.point or str(row.row)
        cells = [
            _cell(row.row, key, f"{in_words(name)}, {stands_for}", cell, notes, entries)
            for key, name, cell in zip(view.column_keys, view.columns, row.cells, strict=True)
        ]
        made.append(SheetRow(row.row, row.point, row.point != before, cells))
        before = row.point
    return made


def _cell(
    row: int, key: str, label: str, cell: Cell | None, notes: dict[tuple[int, str], int], entries: Entries
) -> SheetCell:
    name = cell_name(row, key)
    stored = cell.text if cell else ""
    old = cell.amendments[-1].old_text if cell and cell.amendments else ""
    source = f"{cell.person_name}, {cell.entered_at:%Y-%m-%d}" if cell else ""
    return SheetCell(
        name=name,
        label=label,
        text=entries.typed.get(name, stored),
        old=old,
        note=notes.get((row, key), 0),
        source=source,
        error=entries.errors.get(name, ""),
    )


def _notes(view: RecordView) -> dict[tuple[int, str], int]:
    keys = {in_words(name): key for key, name in zip(view.column_keys, view.columns, strict=True)}
    return {(amended.row, keys[in_words(amended.column)]): amended.number for amended in view.amendments}


def _condition(line: Any, entries: Entries) -> Condition:
    ends = [
        _plain(f"{line.key}-{end}", f"{in_words(line.name)}, {label}", getattr(line, end), entries)
        for end, label in zip(ENDS, (gettext("lowest"), gettext("highest")), strict=True)
    ]
    return Condition(line.key, line.name, display_unit(line.unit, reading_language()), *ends)


def _plain(name: str, label: str, stored: str, entries: Entries) -> SheetCell:
    return SheetCell(name, label, entries.typed.get(name, stored), "", 0, "", entries.errors.get(name, ""))


def _result(line: ResultLine) -> Result:
    return Result(line, OUTCOMES.get(line.conformity, ""))


def _plotted(line: ResultLine) -> Plotted:
    return Plotted(
        line.point,
        float(line.deviation),
        float(line.expanded_uncertainty),
        line.conformity,
        float(line.previous_deviation) if line.previous_deviation else None,
    )


def _limit(results: tuple[ResultLine, ...]) -> float | None:
    stated = next((line.maximum_permissible_error for line in results if line.maximum_permissible_error), "")
    return float(stated) if stated else None


def _chart(
    view: RecordView, plotted: list[Plotted], unit: str, finding: str, limit: float | None
) -> SafeString:
    name = deviation_name(view.procedure.key)
    across = gettext("Point / %(unit)s") % {"unit": unit}
    captions = Captions(finding, across, f"{name} / {unit}")
    return deviation_chart(plotted, captions, limit=limit, line=_fitted(view))


def _fitted(view: RecordView) -> Line | None:
    line = view.evaluation.get("line")
    if not line:
        return None
    pairs = [[cell.decimal_text if cell else "" for cell in row.cells] for row in view.rows]
    readings = tuple((float(t), float(b)) for t, b in pairs if t and b)
    return Line(float(line["y1"]), float(line["y2"]), float(line["t0"]), readings)


def _finding(view: RecordView, results: list[Result]) -> str:
    """Say in one sentence what the results show, for those who hear the page."""
    if not results:
        return gettext("Nothing can be computed yet.")
    largest = max((result.line for result in results), key=lambda line: abs(float(line.deviation)))
    unit = display_unit(view.unit, reading_language())
    said = ngettext(
        "%(n)s point computed; the largest value is %(value)s %(unit)s at %(point)s %(unit)s.",
        "%(n)s points computed; the largest value is %(value)s %(unit)s at %(point)s %(unit)s.",
        len(results),
    )
    return said % {
        "n": len(results),
        "value": on_screen(largest.deviation, signed=True),
        "point": on_screen(largest.point),
        "unit": unit,
    }


def _places(view: RecordView, position: int) -> int:
    texts = [cell.text for row in view.rows if (cell := row.cells[position])]
    return max((len(text.partition(".")[2]) for text in texts), default=0)


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""
