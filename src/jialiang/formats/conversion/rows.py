"""The quantities of a certificate as rows of one long table: a row a value, every column a text of the file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Writing, text_in

COLUMNS = (
    "certificate", "path", "role", "name", "ref_type", "kind", "writing", "row", "value", "second", "unit",
    "second_unit", "uncertainty_form", "standard_uncertainty", "expanded_uncertainty", "coverage_factor",
    "coverage_probability", "interval_min", "interval_max", "distribution", "relative_uncertainty", "conformity",
    "date_time", "label", "items", "methods", "equipment", "adjustment",
)  # fmt: skip
Row = dict[str, str]


def rows(certificate: Certificate, language: str = "en") -> Iterator[Row]:
    """Yield a row for every value of every quantity, in the order of the file.

    ``path`` and ``row`` (from 1) say which value; ``writing`` counts the units of a hybrid. Words have their text
    in ``value`` and no unit. What the file does not say is empty.
    """
    for quantity in certificate.quantities():
        shared = _shared(certificate, quantity, language)
        for number, writing in enumerate(_flat(quantity), start=1):
            for row in range(len(writing.values)):
                yield shared | {"writing": str(number)} | _row(quantity, writing, row)
        for row, word in enumerate(_words(quantity, language), start=1):
            yield shared | {"row": str(row), "value": word}


def _shared(certificate: Certificate, quantity: MeasurementResult, language: str) -> Row:
    links = {member: "; ".join(text_in(link.name, language) for link in getattr(quantity, member))
             for member in ("items", "methods", "equipment")}  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | {
        "certificate": certificate.number, "path": quantity.path, "role": quantity.role,
        "name": quantity.name_in(language), "ref_type": " ".join(quantity.ref_type), "kind": quantity.kind,
        "adjustment": quantity.adjustment, **links,
    }  # fmt: skip


def _flat(quantity: MeasurementResult) -> list[Writing]:
    return [part for writing in quantity.writings for part in writing.flat()]


def _row(quantity: MeasurementResult, writing: Writing, row: int) -> Row:
    relative = quantity.relative_uncertainty
    said = {member: entry(getattr(writing, column), row) for member, column in (
        ("value", "values"), ("second", "second"), ("unit", "unit"), ("second_unit", "second_unit"),
        ("label", "label"), ("date_time", "date_time"),
    )}  # fmt: skip
    said |= uncertainty_at(writing.uncertainty, row)
    said["relative_uncertainty"] = entry(relative.values, row) if relative is not None else ""
    return said | {"row": str(row + 1), "conformity": entry(quantity.conformity, row)}


def uncertainty_at(uncertainty: Uncertainty, row: int) -> Row:
    """Return the uncertainty of one value; one entry of a list stands for all values."""
    members = ("standard_uncertainty", "expanded_uncertainty", "coverage_factor", "coverage_probability",
               "interval_min", "interval_max", "distribution")  # fmt: skip
    said = {member: entry(getattr(uncertainty, member), row) for member in members}
    return {"uncertainty_form": uncertainty.form, **said}


def entry(texts: tuple[str, ...], row: int) -> str:
    """Return the entry for a row (from 0); one entry stands for all, and what is not there is empty."""
    if len(texts) == 1:
        return texts[0]
    return texts[row] if row < len(texts) else ""


def _words(quantity: MeasurementResult, language: str) -> tuple[str, ...]:
    if quantity.chars:
        return quantity.chars
    chosen = tuple(text for tag, text in quantity.words if tag in (language, ""))
    return chosen or ((text_in(quantity.words, language),) if quantity.words else ())


def groups(certificate: Certificate) -> Iterator[tuple[MeasurementResult, ...]]:
    """Yield the quantities that stand together in one list of results: the columns of one table."""
    found = [each for each in certificate.quantities() if each.role == "result" and each.table]
    for _, together in groupby(found, key=lambda each: each.table):
        yield tuple(together)
