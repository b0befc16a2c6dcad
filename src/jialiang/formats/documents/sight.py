"""A certificate of any laboratory laid out for reading: who, what, when, tables of results; texts as in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jialiang.formats.conversion.rows import entry, groups
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.quantities.model import MeasurementResult, Writing, text_in
from jialiang.formats.dcc.reading_parts import (
    all_of,
    item_of,
    party_of,
    person_of,
    plain,
    statement_of,
    text_of,
)
from jialiang.formats.dcc.view import ItemView, PartyView, PersonView, StatementView
from jialiang.formats.dsi.units import unit_text
from jialiang.kernel.text import Text

MOST_ROWS = 200
"""Rows of one table that are shown; a longer one is taken away as a file."""
MOST_TABLES = 60
_CORE = "administrativeData/coreData"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, unit as people write it, and a text a row; ``symbol`` is ``U``, ``u``, ``k`` …"""

    heading: str
    unit: str
    cells: tuple[str, ...]
    symbol: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the cells are set as numbers."""
        return bool(self.unit or self.symbol)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of results; ``left_out`` counts rows that are not shown."""

    columns: tuple[Column, ...]
    left_out: int = 0

    @property
    def rows(self) -> list[list[tuple[Column, str]]]:
        """The cells row by row, each with its column."""
        many = max((len(column.cells) for column in self.columns), default=0)
        return [[(c, c.cells[row] if row < len(c.cells) else "") for c in self.columns] for row in range(many)]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a certificate says at a glance; ``languages`` are those it declares."""

    version: str
    number: str
    languages: tuple[str, ...]
    begin_date: str
    end_date: str
    issue_date: str
    country: str
    title: Text
    laboratory: PartyView
    customer: PartyView
    items: tuple[ItemView, ...]
    persons: tuple[PersonView, ...]
    statements: tuple[StatementView, ...]
    equipment: tuple[Text, ...]
    tables: tuple[Table, ...]
    tables_left_out: int = 0

    def has_language(self, language: str) -> bool:
        """Whether the certificate has texts in a language, or names none."""
        return not self.languages or language in self.languages


def sight_of(certificate: Certificate, language: str) -> Sight:
    """Lay a certificate of any version out in a language; nothing is translated, other languages stand in."""
    root = certificate.tree.getroot()
    laboratories = all_of(root, "administrativeData/calibrationLaboratory")
    customers = all_of(root, "administrativeData/customer")
    tables = list(_tables(certificate, _spoken(certificate, language)))
    return Sight(
        version=certificate.version,
        number=certificate.number,
        languages=certificate.languages,
        begin_date=plain(root, f"{_CORE}/beginPerformanceDate"),
        end_date=plain(root, f"{_CORE}/endPerformanceDate"),
        issue_date=plain(root, f"{_CORE}/issueDate"),
        country=plain(root, f"{_CORE}/countryCodeISO3166_1"),
        title=text_of(root, f"{_CORE}/reportTitle"),
        laboratory=party_of(laboratories[0] if laboratories else None),
        customer=party_of(customers[0] if customers else None),
        items=tuple(map(item_of, all_of(root, "administrativeData/items/item"))),
        persons=tuple(map(person_of, all_of(root, "administrativeData/respPersons/respPerson"))),
        statements=tuple(map(statement_of, all_of(root, "administrativeData/statements/statement"))),
        equipment=tuple(
            text_of(each, "name")
            for each in root.iter("{https://ptb.de/dcc}measuringEquipment")
        ),
        tables=tuple(tables[:MOST_TABLES]),
        tables_left_out=max(len(tables) - MOST_TABLES, 0),
    )  # fmt: skip


def _spoken(certificate: Certificate, language: str) -> str:
    """Return the language to read names in: the one asked for, else English if the certificate has it."""
    declared = certificate.languages
    return "en" if language not in declared and "en" in declared else language


def _tables(certificate: Certificate, language: str) -> Iterator[Table]:
    for together in groups(certificate):
        yield _table([column for each in together for column in _columns(each, language)])
    single = [q for q in certificate.quantities() if q.role == "result" and not q.table]
    for each in single:
        yield _table(list(_columns(each, language)))


def _table(columns: list[Column]) -> Table:
    most = max((len(column.cells) for column in columns), default=0)
    shown = tuple(Column(c.heading, c.unit, c.cells[:MOST_ROWS], c.symbol) for c in columns)
    return Table(shown, max(most - MOST_ROWS, 0))


def _columns(quantity: MeasurementResult, language: str) -> Iterator[Column]:
    heading = quantity.name_in(language) or " ".join(quantity.ref_type) or quantity.kind
    flat = [part for writing in quantity.writings for part in writing.flat()]
    for writing in flat:
        yield from _numbers(writing, heading, language)
    if not flat:
        yield Column(heading, "", quantity.chars or (text_in(quantity.words, language),))
    if quantity.conformity:
        yield Column(heading, "", quantity.conformity, "conformity")


def _numbers(writing: Writing, heading: str, language: str) -> Iterator[Column]:
    unit = _unit(writing.unit, language)
    rows = len(writing.values)
    if writing.label:
        yield Column(heading, "", tuple(entry(writing.label, row) for row in range(rows)))
    yield Column(heading, unit, writing.values)
    if writing.second:
        yield Column(heading, _unit(writing.second_unit, language) or unit, writing.second, writing.complex_form)
    stated = writing.uncertainty
    for symbol, texts, its_unit in (
        ("U", stated.expanded_uncertainty, unit), ("u", stated.standard_uncertainty, unit),
        ("min", stated.interval_min, unit), ("max", stated.interval_max, unit),
        ("k", stated.coverage_factor, ""), ("p", stated.coverage_probability, ""),
    ):  # fmt: skip
        if texts:
            yield Column(heading, its_unit, tuple(entry(texts, row) for row in range(rows)), symbol)


def _unit(units: tuple[str, ...], language: str) -> str:
    known = list(dict.fromkeys(units))
    return " / ".join(unit_text(unit).in_language(language) for unit in known[:3])
