"""What a certificate says, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import east_asian_width

from jialiang.formats.dcc.view import CertificateView, QuantityView, TableView
from jialiang.formats.pdf.wording import wording
from jialiang.kernel.text import Text
from jialiang.science.rounding import typeset
from jialiang.science.units import display_unit

WORDS = {
    "number": Text("证书编号", "Certificate number"),
    "institute": Text("签发机构", "Issued by"),
    "customer": Text("委托方", "Customer"),
    "item": Text("器具", "Instrument"),
    "performed": Text("工作日期", "Performed"),
    "issued": Text("签发日期", "Issued"),
    "replaces": Text("替代", "Replaces"),
    "standard": Text("标准器", "Measurement standard"),
    "person": Text("责任人", "Responsible person"),
}


def shown(view: CertificateView, language: str) -> str:
    """Return the certificate as text in ``zh`` or ``en``; content in a language it does not have stays as it is."""
    return "\n".join([*_head(view, language), *_tables(view, language), *_foot(view, language)]) + "\n"


def _head(view: CertificateView, language: str) -> Iterator[str]:
    pairs = [
        ("number", view.number),
        ("institute", view.institute.name.in_language(language)),
        ("customer", view.customer.name.in_language(language)),
        *(("item", f"{i.name.in_language(language)} {i.model}".strip()) for i in view.items),
        ("performed", " – ".join(dict.fromkeys((view.begin_date, view.end_date)))),
        ("issued", view.issue_date),
        ("replaces", view.replaces),
    ]
    yield from (f"{WORDS[name].in_language(language)}: {said}" for name, said in pairs if said)


def _tables(view: CertificateView, language: str) -> Iterator[str]:
    for table in view.results:
        yield ""
        yield table.name.in_language(language)
        yield from _rows(table, language)


def _rows(table: TableView, language: str) -> list[str]:
    columns = [column for quantity in table.quantities for column in _columns(quantity, language)]
    height = max((len(column) for column in columns), default=0)
    cells = [[column[row] if row < len(column) else "" for column in columns] for row in range(height)]
    widths = [max(_width(cell) for cell in column) for column in zip(*cells, strict=True)]
    return [
        "  " + "  ".join(" " * (width - _width(cell)) + cell for cell, width in zip(row, widths, strict=True))
        for row in cells
    ]


def _width(text: str) -> int:
    """Return how many places a terminal gives a text: two for each Chinese character (Unicode, UAX 11)."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _columns(quantity: QuantityView, language: str) -> Iterator[list[str]]:
    unit = display_unit(quantity.unit, language) if quantity.unit else ""
    heading = quantity.name.in_language(language)
    yield [f"{heading} / {unit}" if unit else heading, *map(typeset, quantity.quantity_values)]
    if quantity.expanded_uncertainties:
        yield ["U" + (f" / {unit}" if unit else ""), *quantity.expanded_uncertainties]
    if quantity.coverage_factors:
        yield ["k", *quantity.coverage_factors]
    if quantity.conformities:
        yield ["", *(_conformity(each, language) for each in quantity.conformities)]


def _conformity(statement: str, language: str) -> str:
    known = wording().get(f"conformity.{statement}")
    return known.in_language(language) if known else statement


def _foot(view: CertificateView, language: str) -> Iterator[str]:
    yield ""
    for equipment in view.equipment:
        carried = f", {equipment.certificate.number}" if equipment.certificate else ""
        label = WORDS["standard"].in_language(language)
        yield f"{label}: {equipment.name.in_language(language)} {equipment.model}{carried}"
    for person in view.persons:
        name, role = person.name.in_language(language), person.role.in_language(language)
        yield f"{WORDS['person'].in_language(language)}: {name} ({role})"
