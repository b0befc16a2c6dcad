"""A certificate of conformity against all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from jialiang.formats.dcoc.reading import Reading
from jialiang.formats.dcoc.rules import history, languages, presence
from jialiang.formats.dcoc.rules.breach import Breach
from jialiang.formats.dcoc.rules.catalogue import finding
from jialiang.formats.findings import DocumentFinding

Check = Callable[[Reading], Iterator[Breach]]
CHECKS: tuple[Check, ...] = (
    presence.cardinalities,
    presence.elements_filled,
    presence.body_reachable,
    presence.what_is_certified,
    presence.addresses_formed,
    history.dates_readable,
    history.validity_in_order,
    history.revision_told,
    history.previous_consistent,
    languages.languages_declared,
    languages.binding_texts_complete,
)
LIMIT = 500
"""More findings than this help nobody; the rest is left out."""


def check_dcoc(reading: Reading, today: date | None = None) -> tuple[DocumentFinding, ...]:
    """Return what is wrong with a certificate: structure first, then the rules; at most :data:`LIMIT`.

    ``today`` is the day on which it has to be in force; without it that is not judged. The structure of a notation
    and the rules may name one fault twice, each in its own words.
    """
    breaches = [breach for check in CHECKS for breach in check(reading)]
    if today is not None:
        breaches += history.validity_today(reading, today)
    found = [finding(each.rule, each.path, _line(reading, each.path), **each.facts) for each in breaches]
    return (*reading.findings, *found)[:LIMIT]


def _line(reading: Reading, path: str) -> int | None:
    """Return the line of an element, or of the nearest one around it."""
    while path and path not in reading.lines:
        path = path.rpartition("/")[0]
    return reading.lines.get(path)
