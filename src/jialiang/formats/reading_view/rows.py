"""Single quantities as tables: a quantity a row, its units on lines of their own."""

from __future__ import annotations

from collections.abc import Callable

from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Writing
from jialiang.formats.reading_view.blocks import Column, ColumnKind, Said, Table
from jialiang.formats.reading_view.columns import name_of, ref_type_words
from jialiang.formats.reading_view.series import Entry, series_of, symbol_of
from jialiang.formats.reading_view.texts import Reader, fit, lines_of, named
from jialiang.formats.reading_view.wording import coded, own

_Teller = Callable[[MeasurementResult, Reader], Said]


def row_table(entries: list[Entry], reader: Reader) -> Table:
    """Return a table of single quantities; columns in which nothing stands are left out."""
    tellers: tuple[tuple[str, ColumnKind, _Teller], ...] = (
        ("column.quantity", "word", _name),
        ("column.value", "number", _value),
        ("column.uncertainty", "number", _uncertainties),
        ("column.coverage_factor", "number", _coverage("coverage_factor")),
        ("column.coverage_probability", "number", _coverage("coverage_probability")),
        ("column.relative", "number", _relative),
        ("column.conformity", "word", _conformity),
        ("column.remarks", "word", _remarks),
    )
    columns: list[Column] = []
    cells: list[list[Said]] = []
    if any(each.of for each in entries):
        columns.append(Column(named("column.of", reader.language)))
        cells.append([each.of for each in _without_repeats(entries)])
    for key, kind, tell in tellers:
        column = [Said() if _needs_no_name(key, each) else tell(each.result, reader) for each in entries]
        if any(column) or key == "column.value":
            columns.append(Column(named(key, reader.language), kind, _SYMBOLS.get(key, "")))
            cells.append(column)
    keys = 2 if any(each.of for each in entries) else 1
    return Table(tuple(columns), tuple(zip(*cells, strict=True)), keys)


_SYMBOLS = {"column.coverage_factor": "k", "column.coverage_probability": "p"}


def _needs_no_name(key: str, each: Entry) -> bool:
    """Whether a quantity without a name stands under one that says enough."""
    return key == "column.quantity" and bool(each.of) and not each.result.name and not each.result.ref_type


def _without_repeats(entries: list[Entry]) -> list[Entry]:
    kept: list[Entry] = []
    before = Said()
    for each in entries:
        kept.append(each if each.of != before else Entry(each.result))
        before = each.of
    return kept


def _name(result: MeasurementResult, reader: Reader) -> Said:
    name = name_of(result, reader)
    meant = ref_type_words(result.ref_type, reader) if name.language else ""
    return (
        Said((meant, *name.lines), name.language) if meant else name
    )  # the mark of language stands at the end


def _value(result: MeasurementResult, reader: Reader) -> Said:
    if result.words:
        return reader.paragraphs(result.words)
    if result.chars:
        return Said((" ".join(map(fit, result.chars)),))
    return Said(tuple(line for series in series_of(result) for line in _numbers(series, reader)))


def _numbers(series: Writing, reader: Reader) -> list[str]:
    lines: list[str] = []
    parts = ((series.values, series.unit), (series.second, series.second_unit or series.unit))
    for place, (texts, units) in enumerate(parts):
        for text in texts:
            before = (
                f"{own(f'{series.complex_form}.{place}', reader.language)} " if series.complex_form else ""
            )
            lines.append(before + with_unit(text, units, reader))
    return lines


def with_unit(text: str, units: tuple[str, ...], reader: Reader) -> str:
    """Return a number with its unit, a space between them except before the degrees of an angle."""
    symbol = symbol_of(units[0], reader.language) if units else ""
    gap = "" if symbol in ("", "°", "′", "″") else " "
    return f"{fit(text)}{gap}{symbol}"


def _uncertainties(result: MeasurementResult, reader: Reader) -> Said:
    return Said(
        tuple(line for s in series_of(result) for line in uncertainty_lines(s.uncertainty, s.unit, reader))
    )


def uncertainty_lines(uncertainty: Uncertainty, units: tuple[str, ...], reader: Reader) -> list[str]:
    """Return what is said of an uncertainty of one value, a line for each form of it."""
    lines = [
        f"{sign} = {with_unit(text, units, reader)}"
        for sign, texts in (("U", uncertainty.expanded_uncertainty), ("u", uncertainty.standard_uncertainty))
        for text in texts
    ]
    for low, high in zip(uncertainty.interval_min, uncertainty.interval_max, strict=False):
        lines.append(f"[{with_unit(low, units, reader)}; {with_unit(high, units, reader)}]")
    lines += [coded("distribution", fit(each), reader.language) for each in uncertainty.distribution]
    return lines


def _coverage(member: str) -> _Teller:
    def tell(result: MeasurementResult, reader: Reader) -> Said:
        texts = [fit(t) for series in series_of(result) for t in getattr(series.uncertainty, member)]
        return Said(tuple(dict.fromkeys(texts)))

    return tell


def _relative(result: MeasurementResult, reader: Reader) -> Said:
    relative = result.relative_uncertainty
    if relative is None:
        return Said()
    return Said(tuple(with_unit(text, relative.unit, reader) for text in relative.values))


def _conformity(result: MeasurementResult, reader: Reader) -> Said:
    return Said(tuple(coded("conformity", fit(each), reader.language) for each in result.conformity))


def _remarks(result: MeasurementResult, reader: Reader) -> Said:
    lines: list[str] = []
    for series in series_of(result):
        for texts, key in ((series.label, ""), (series.date_time, "column.date_time"),
                           (series.quantity_kind, "column.kind"),
                           (series.significant_digits, "column.digits")):  # fmt: skip
            for text in texts:
                said = " ".join(lines_of(text))
                name = own(key, reader.language) if key else ""
                lines.append(own("stated", reader.language, name=name, text=said) if key else said)
    return Said(tuple(dict.fromkeys(lines)))
