"""Covariance matrices of quantities as tables: a line an entry."""

from __future__ import annotations

from collections.abc import Iterator

from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty
from jialiang.formats.reading_view.blocks import Column, Said, Table
from jialiang.formats.reading_view.rows import uncertainty_lines, with_unit
from jialiang.formats.reading_view.series import series_of
from jialiang.formats.reading_view.texts import Reader, fit, named


def covariance_tables(result: MeasurementResult, reader: Reader) -> Iterator[Table]:
    """Yield a table for every uncertainty region of a quantity, and one for what holds for a whole list."""
    for series in series_of(result):
        for uncertainty in (series.uncertainty, series.shared_uncertainty):
            if uncertainty.covariance:
                yield _matrix(uncertainty, reader)
        if series.shared_uncertainty.form:
            yield _shared(series.shared_uncertainty, series.unit, reader)


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
    said = [("column.uncertainty", lines), ("column.coverage_factor", uncertainty.coverage_factor),
            ("column.coverage_probability", uncertainty.coverage_probability)]  # fmt: skip
    stated = [(key, tuple(map(fit, texts))) for key, texts in said if texts]
    columns = (
        Column(named("covariance.shared", reader.language)),
        Column(named("column.value", reader.language), "number"),
    )
    return Table(columns, tuple((named(key, reader.language), Said(texts)) for key, texts in stated))
