"""Covariance matrices of quantities: of the values of a list as their correlations, else a line an entry."""

from __future__ import annotations

from collections.abc import Iterator

from jialiang.formats.dcc.covariances import coefficients, matrix_of
from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Writing
from jialiang.formats.reading_view.blocks import Column, Paragraph, Said, Table
from jialiang.formats.reading_view.rows import uncertainty_lines, with_unit
from jialiang.formats.reading_view.series import series_of
from jialiang.formats.reading_view.texts import Reader, fit, named
from jialiang.formats.reading_view.wording import own
from jialiang.science.covariance import Matrix, is_symmetric

MOST_ROWS = 8
"""Values whose correlations stand in a table; of more of them, the smallest and the largest are told."""


def covariance_tables(result: MeasurementResult, reader: Reader) -> Iterator[Table | Paragraph]:
    """Yield what is said of every uncertainty region of a quantity, and a table of what holds for a whole list."""
    for series in series_of(result):
        for uncertainty in (series.uncertainty, series.shared_uncertainty):
            matrix = _of_list(series, uncertainty)
            if matrix is not None:
                yield from _correlations(matrix, reader)
            elif uncertainty.covariance:
                yield _matrix(uncertainty, reader)
        if series.shared_uncertainty.form:
            yield _shared(series.shared_uncertainty, series.unit, reader)


def _of_list(series: Writing, uncertainty: Uncertainty) -> Matrix | None:
    """Return the covariance matrix of the values of a real list: None for any other, and for one that is none."""
    size = len(series.values)
    if series.kind != "realListXMLList" or size < 2 or not _is_square(uncertainty, size):
        return None
    entries = [texts[0] for _, _, texts, _ in uncertainty.covariance]
    matrix = matrix_of([entries[at : at + size] for at in range(0, size * size, size)])
    if matrix is None or not is_symmetric(matrix) or any(matrix[at][at] <= 0 for at in range(size)):
        return None
    return matrix


def _is_square(uncertainty: Uncertainty, size: int) -> bool:
    """Tell whether there is one text for every two values, column by column."""
    if len(uncertainty.covariance) != size * size:
        return False
    places = [(column, row, len(texts)) for column, row, texts, _ in uncertainty.covariance]
    return places == [(column, row, 1) for column in range(1, size + 1) for row in range(1, size + 1)]


def _correlations(matrix: Matrix, reader: Reader) -> Iterator[Table | Paragraph]:
    """Yield the coefficients below the diagonal, values by their number in the list, or between which they lie."""
    found = {(second, first): text for first, second, text in coefficients(matrix)}
    if len(matrix) > MOST_ROWS:
        ranked = sorted(found.values(), key=float)
        facts = {"count": str(len(matrix)), "low": ranked[0], "high": ranked[-1]}
        yield Paragraph(Said((own("correlation.many", reader.language, **facts),)))
        return
    numbers = range(len(matrix) - 1)
    columns = (Column(named("column.number", reader.language), "number"),
               *(Column(Said((str(number + 1),)), "number", symbol="r") for number in numbers))  # fmt: skip
    rows = tuple(
        (Said((str(row + 1),)), *(Said((found[row, at],)) if at < row else Said() for at in numbers))
        for row in range(1, len(matrix))
    )
    yield Paragraph(named("correlation", reader.language))
    yield Table(columns, rows, keys=1)


def _matrix(uncertainty: Uncertainty, reader: Reader) -> Table:
    keys = ("covariance.column", "covariance.row", "covariance.entry")
    columns = tuple(Column(named(key, reader.language), "number") for key in keys)
    rows = tuple(
        (Said((str(column),)), Said((str(row),)), Said(_entries(texts, units, reader)))
        for column, row, texts, units in uncertainty.covariance
    )
    return Table(columns, rows, keys=2)


def _entries(texts: tuple[str, ...], units: tuple[str, ...], reader: Reader) -> tuple[str, ...]:
    given = units if len(units) == len(texts) else units[:1] * len(texts)
    return tuple(
        with_unit(text, (unit,), reader) for text, unit in zip(texts, given or [""] * len(texts), strict=True)
    )


def _shared(uncertainty: Uncertainty, units: tuple[str, ...], reader: Reader) -> Table:
    lines = tuple(uncertainty_lines(uncertainty, units[:1], reader))
    is_number = uncertainty.standard_uncertainty or uncertainty.expanded_uncertainty or uncertainty.interval_min
    said = [
        ("column.uncertainty" if is_number else "column.distribution", lines),
        ("column.coverage_factor", uncertainty.coverage_factor),
        ("column.coverage_probability", uncertainty.coverage_probability),
    ]
    stated = [(key, tuple(map(fit, texts))) for key, texts in said if texts]
    columns = (
        Column(named("covariance.shared", reader.language)),
        Column(named("column.value", reader.language), "number"),
    )
    return Table(columns, tuple((named(key, reader.language), Said(texts)) for key, texts in stated))
