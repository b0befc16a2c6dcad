"""Tables of results as they stand on the page: heads with units, U and k beside the values, words of conformity."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from jialiang.formats.content import Column, Conformity, ResultTable
from jialiang.formats.dcc.covariances import MOST_PAIRS, coefficients, matrix_of
from jialiang.formats.pdf.chart import Chart, axes_of, chart_of, is_deviation
from jialiang.formats.pdf.errors import ContentUnsuitable
from jialiang.formats.pdf.figures import Figure, aligned, shown_number, shown_percent, shown_unit
from jialiang.formats.pdf.wording import words
from jialiang.kernel.text import Language, Text

WEIGHT_RANGE = (10, 22)  # in letters: no column starves beside one with long numbers


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a printed column: its name, the symbol of its quantity (set in italics), k where it is common."""

    name: str
    unit: str
    symbol: str = ""
    coverage_factor: str = ""


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column as printed; ``kind`` is ``number`` or ``word``, ``weight`` its share of the width."""

    head: Head
    cells: tuple[Figure, ...]
    kind: str = "number"
    weight: int = WEIGHT_RANGE[0]


@dataclass(frozen=True, slots=True)
class PrintedChart:
    """The graph of a table with its words; axes are labelled as the heads of the columns."""

    geometry: Chart
    x_head: Head
    y_head: Head
    caption: str


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of results as printed in one language."""

    name: str
    columns: tuple[PrintedColumn, ...]
    notes: tuple[str, ...]
    chart: PrintedChart | None


def printed_table(table: ResultTable, language: Language) -> PrintedTable:
    """Lay out a table; columns of unequal length raise ContentUnsuitable."""
    _check_lengths(table)
    several = sum(1 for column in table.columns if column.expanded_uncertainties) > 1
    columns = tuple(
        _weighed(c) for column in table.columns for c in _printed(column, language, several=several)
    )
    name = _name(table).in_language(language)
    return PrintedTable(name, columns, _notes(table, language), _chart(table, language))


def _chart(table: ResultTable, language: Language) -> PrintedChart | None:
    pair = axes_of(table)
    geometry = chart_of(*pair) if pair else None
    if pair is None or geometry is None:
        return None
    reference, deviation = pair
    key = "result.graph" if deviation.expanded_uncertainties else "result.graph_without_bars"
    caption = words(key).format(name=deviation.name).in_language(language)
    return PrintedChart(geometry, _head(reference, language), _head(deviation, language), caption)


def _head(column: Column, language: Language) -> Head:
    return Head(column.name.in_language(language), shown_unit(column.unit, language))


def _name(table: ResultTable) -> Text:
    states = {"beforeAdjustment": "result.before_adjustment", "afterAdjustment": "result.after_adjustment"}
    if not table.adjustment:
        return table.name
    state = words(states[table.adjustment])
    return Text(
        zh=f"{table.name.in_language('zh')}（{state.zh}）", en=f"{table.name.in_language('en')} ({state.en})"
    )


def _check_lengths(table: ResultTable) -> None:
    rows = {len(column.quantity_values) for column in table.columns}
    for column in table.columns:
        attached = (column.expanded_uncertainties, column.coverage_factors, column.conformities)
        rows |= {len(entries) for entries in attached if entries}
    if len(rows) > 1:
        given = ", ".join(str(count) for count in sorted(rows))
        raise ContentUnsuitable(member=f"results: {table.name.in_language('en')}", given=given)


def _printed(column: Column, language: Language, *, several: bool) -> list[PrintedColumn]:
    """Return the column of values and, right of it, those of U, of k where it varies, and of conformity."""
    head = _head(column, language)
    printed = [PrintedColumn(head, aligned(column.quantity_values, signed=is_deviation(column)))]
    if column.expanded_uncertainties:
        common = common_coverage_factor(column)
        owner = (
            words("result.uncertainty_of").format(name=column.name).in_language(language) if several else ""
        )
        of_u = Head(owner, head.unit, symbol="U", coverage_factor=common)
        printed.append(PrintedColumn(of_u, _or_missing(column.expanded_uncertainties, language)))
        if column.coverage_factors and not common:
            of_k = Head(owner, "", symbol="k")
            printed.append(PrintedColumn(of_k, _or_missing(column.coverage_factors, language)))
    if column.conformities:
        verdicts = tuple(Figure(conformity_word(each, language)) for each in column.conformities)
        of_verdicts = Head(words("result.conformity").in_language(language), "")
        printed.append(PrintedColumn(of_verdicts, verdicts, kind="word"))
    return printed


def _weighed(column: PrintedColumn) -> PrintedColumn:
    longest = max((len(cell.lead + cell.text + cell.trail) for cell in column.cells), default=0)
    low, high = WEIGHT_RANGE
    return dataclasses.replace(column, weight=min(max(longest + 2, low), high))


def _or_missing(texts: tuple[str, ...], language: Language) -> tuple[Figure, ...]:
    return aligned([text or words("result.missing").in_language(language) for text in texts])


def common_coverage_factor(column: Column) -> str:
    """Return k as shown when all rows have the same, otherwise empty text."""
    factors = set(column.coverage_factors)
    return shown_number(factors.pop()) if len(factors) == 1 else ""


def conformity_word(conformity: Conformity, language: Language) -> str:
    """Return the word for a conformity."""
    return words(f"conformity.{conformity}").in_language(language)


def _notes(table: ResultTable, language: Language) -> tuple[str, ...]:
    """Return the note of the table, then what U, k and p mean, each said once."""
    own = table.note.in_language(language)
    explained = (_explained(c).in_language(language) for c in table.columns if c.expanded_uncertainties)
    related = (_related(c, table).in_language(language) for c in table.columns if c.covariances)
    return tuple(dict.fromkeys(note for note in (own, *explained, *related) if note))


def _related(column: Column, table: ResultTable) -> Text:
    """Say how the rows of a column are correlated: pair by pair, rows by the first column, or between what."""
    matrix = matrix_of(column.covariances)
    pairs = [pair for pair in coefficients(matrix) if pair[2].strip("0.")] if matrix else []
    if not pairs:
        return Text()
    if len(pairs) <= MOST_PAIRS:
        rows = [shown_number(cell) for cell in table.columns[0].quantity_values]
        listed = ", ".join(f"r({rows[one]}, {rows[other]}) = {shown_number(text)}" for one, other, text in pairs)
        return words("result.correlation").format(pairs=listed, name=column.name)
    found = sorted((text for _, _, text in pairs), key=float)
    low, high = shown_number(found[0]), shown_number(found[-1])
    return words("result.correlation_many").format(low=low, high=high, name=column.name)


def _explained(column: Column) -> Text:
    if not column.coverage_factors:
        return Text()
    common = common_coverage_factor(column)
    key = "result.uncertainty_note" + ("" if common else "_by_row")
    if not column.coverage_probability:
        return words(f"{key}_without_p").format(k=common)
    return words(key).format(k=common, p=shown_percent(column.coverage_probability))
