"""Lists of results as tables: quantities of one length stand side by side, a row an entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Writing
from jialiang.formats.reading_view.blocks import Column, Said, Table
from jialiang.formats.reading_view.series import entry, length_of, series_of, symbol_of
from jialiang.formats.reading_view.texts import Reader, fit, named
from jialiang.formats.reading_view.wording import coded, own

_Made = tuple[Column, tuple[str, ...]]
_STATED = {"coverage_factor": "k", "coverage_probability": "p"}


def column_tables(
    results: list[MeasurementResult], reader: Reader, moments: tuple[str, ...] = ()
) -> Iterator[Table]:
    """Yield a table for each length of list, in the order of the first quantity of that length.

    ``moments`` are the dates and times that the list around states for its rows.
    """
    by_length: dict[int, list[MeasurementResult]] = {}
    for result in results:
        by_length.setdefault(length_of(result), []).append(result)
    for length, group in by_length.items():
        made: list[_Made] = []
        if len(moments) == length:
            made.append((_labelled("column.date_time", reader), moments))
        for result in group:
            made += [each for each in _quantity(result, reader) if not _is_repeated(each, made)]
        yield _table(made, length, reader)


def _table(made: list[_Made], length: int, reader: Reader) -> Table:
    keyed = [each for each in made if each[0].symbol == "#"]
    plain = [each for each in made if each[0].symbol != "#"]
    if len(keyed) == 1:
        keyed = [(replace(keyed[0][0], remarks=()), keyed[0][1])]
    number = Column(named("column.number", reader.language), "number")
    columns = (number, *(column for column, _ in (*keyed, *plain)))
    keys = 1 + (len(keyed) if len(keyed) == 1 else 0)
    rows = tuple(
        (Said((str(row + 1),)), *(_cell(texts, row) for _, texts in (*keyed, *plain)))
        for row in range(length)
    )
    return Table(tuple(_unmarked(column) for column in columns), rows, keys)


def _is_repeated(new: _Made, made: list[_Made]) -> bool:
    """Whether a column of dates or labels stands in the table already."""
    return new[0].symbol == "#" and any(texts == new[1] for column, texts in made if column.symbol == "#")


def _unmarked(column: Column) -> Column:
    return column if column.symbol != "#" else replace(column, symbol="")


def _cell(texts: tuple[str, ...], row: int) -> Said:
    text = entry(texts, row)
    return Said((text,)) if text else Said()


def _quantity(result: MeasurementResult, reader: Reader) -> Iterator[_Made]:
    name = name_of(result, reader)
    remarks = _remarks(result, reader, name)
    if result.chars:
        yield Column(name, "word", remarks=remarks), result.chars
    for series in series_of(result):
        yield from _series(series, name, remarks, reader)
    relative = result.relative_uncertainty
    if relative is not None and relative.values:
        unit = symbol_of(relative.unit[0], reader.language) if relative.unit else ""
        word = own("column.relative", reader.language)
        yield Column(name, "number", "U_rel", unit, (word,)), relative.values
    if len(result.conformity) > 1:
        words = tuple(coded("conformity", each, reader.language) for each in result.conformity)
        yield Column(named("column.conformity", reader.language), remarks=name.lines), words


def name_of(result: MeasurementResult, reader: Reader) -> Said:
    """Return the name of a quantity; where it has none, what its refType means, else a word for any quantity."""
    name = reader.pick(result.name)
    if name:
        return name
    meant = ref_type_words(result.ref_type, reader)
    return Said((meant,)) if meant else named("column.quantity", reader.language)


def ref_type_words(ref_types: tuple[str, ...], reader: Reader) -> str:
    """Return what the first refType that has words means; empty if none has."""
    for ref_type in ref_types:
        words = coded("ref_type", ref_type, reader.language)
        if words != ref_type:
            return words
    return ""


def _remarks(result: MeasurementResult, reader: Reader, name: Said) -> tuple[str, ...]:
    meant = ref_type_words(result.ref_type, reader) if name.language else ""
    return (meant,) if meant else ()


def _series(series: Writing, name: Said, remarks: tuple[str, ...], reader: Reader) -> Iterator[_Made]:
    for texts, key in ((series.date_time, "column.date_time"), (series.label, "column.label")):
        if len(texts) > 1:
            yield _labelled(key, reader, name), texts
    unit, units = _unit(series.unit, reader)
    beside = (*_complex_remark(series, 0, reader), *remarks, *_single(series, reader))
    yield Column(name, "number", "", unit, beside), series.values
    yield from _units(units, reader)
    yield from _second(series, name, reader)
    yield from _uncertainty(series.uncertainty, unit, name, reader)
    for texts, key in ((series.quantity_kind, "column.kind"), (series.significant_digits, "column.digits")):
        if len(texts) > 1:
            yield Column(named(key, reader.language)), texts


def _units(units: tuple[str, ...], reader: Reader) -> Iterator[_Made]:
    if units:
        yield Column(named("column.unit", reader.language)), units


def _second(series: Writing, name: Said, reader: Reader) -> Iterator[_Made]:
    """Yield the imaginary parts, in the unit of the real ones, or the phases in their own."""
    if not series.second:
        return
    given = series.second_unit or (series.unit if series.complex_form == "cartesian" else ())
    unit, units = _unit(given, reader)
    yield Column(name, "number", "", unit, _complex_remark(series, 1, reader)), series.second
    yield from _units(units if series.second_unit else (), reader)


def _labelled(key: str, reader: Reader, name: Said = Said()) -> Column:  # noqa: B008 a frozen value
    return Column(named(key, reader.language), "word", "#", remarks=name.lines)


def _unit(units: tuple[str, ...], reader: Reader) -> tuple[str, tuple[str, ...]]:
    """Return the unit of a whole column, or the units of its rows where they differ."""
    if len(set(units)) == 1:
        return symbol_of(units[0], reader.language) or "1", ()
    return "", tuple(symbol_of(unit, reader.language) for unit in units)


def _single(series: Writing, reader: Reader) -> tuple[str, ...]:
    said = []
    for texts, key in ((series.label, "column.label"), (series.date_time, "column.date_time"),
                       (series.quantity_kind, "column.kind"),
                       (series.significant_digits, "column.digits")):  # fmt: skip
        if len(texts) == 1:
            said.append(own("stated", reader.language, name=own(key, reader.language), text=fit(texts[0])))
    return tuple(said)


def _complex_remark(series: Writing, place: int, reader: Reader) -> tuple[str, ...]:
    return (own(f"{series.complex_form}.{place}", reader.language),) if series.complex_form else ()


def _uncertainty(uncertainty: Uncertainty, unit: str, name: Said, reader: Reader) -> Iterator[_Made]:
    """Yield the columns of an uncertainty; the first of them says what holds for all rows."""
    language = reader.language
    forms = (
        ("U", "", uncertainty.expanded_uncertainty),
        ("", own("column.interval_min", language), uncertainty.interval_min),
        ("", own("column.interval_max", language), uncertainty.interval_max),
        ("u", "", uncertainty.standard_uncertainty),
    )
    shared = _for_all_rows(uncertainty, reader)
    for symbol, remark, texts in forms:
        if texts:
            yield Column(name, "number", symbol, unit, (*((remark,) if remark else ()), *shared)), texts
            shared = ()
    for member, sign in _STATED.items():
        if len(texts := getattr(uncertainty, member)) > 1:
            yield Column(name, "number", sign), texts
    if len(uncertainty.distribution) > 1:
        words = tuple(coded("distribution", each, language) for each in uncertainty.distribution)
        yield Column(named("column.distribution", language)), words


def _for_all_rows(uncertainty: Uncertainty, reader: Reader) -> tuple[str, ...]:
    stated = ((sign, getattr(uncertainty, member)) for member, sign in _STATED.items())
    said = [f"{sign} = {fit(texts[0])}" for sign, texts in stated if len(texts) == 1]
    if len(uncertainty.distribution) == 1:
        said.append(coded("distribution", fit(uncertainty.distribution[0]), reader.language))
    return tuple(said)
