"""Comparing two certificates, or the state before and after adjustment in one."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from lxml import etree

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.comparison.matching import matched_rows, paired, point_labels
from jialiang.formats.dcc.comparison.model import (
    AdministrativeChange,
    CertificateDifference,
    QuantityDifference,
    RowDifference,
)
from jialiang.formats.dcc.leaves import leaves_of
from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Writing
from jialiang.formats.dcc.reading_parts import identifications_of, plain
from jialiang.formats.dcc.rules.numbers import known_unit, number_of, respelled
from jialiang.science.units import Unit

LIMIT = 500
"""More administrative changes than this are another certificate; the rest is left out."""

_BEFORE, _AFTER = ("beforeAdjustment", "beforeRepair"), ("afterAdjustment", "afterRepair")
_DIGITS = 40
_ERROR = "basic_measurementError"
_CONTENT = re.compile(
    r"/(?:real|realListXMLList|hybrid|complex|constant|complexListXMLList|charsXMLList|noQuantity)\["
)
_BESIDE = re.compile(
    r"/(?:coverageFactor|coverageProbability|distribution|label|dateTime|significantDigit|quantityTypeQUDT|valueImag"
    r"|valuePhase|unitPhase)(?:XMLList)?\[|/(?:coverageInterval|covarianceMatrix|formula)"
)
_UNIT = re.compile(r"/unit(?:XMLList)?\[\d+\](?:/row\[\d+\])?\Z")


def compare(first: Certificate, second: Certificate) -> CertificateDifference:
    """Compare two certificates of any versions: values in the units of the first, texts leaf by leaf."""
    quantities = compare_quantities(first.quantities(), second.quantities())
    administrative = _administrative(first.tree, second.tree)
    same = not administrative and not any(each.is_changed for each in quantities)
    relation = "same" if same else _relation(first, second)
    return CertificateDifference(first.number, second.number, relation, quantities, administrative)


def compare_adjustment(certificate: Certificate) -> CertificateDifference | None:
    """Compare what was found with what was left, where one certificate has both; None where it has not.

    The influence conditions say which results are which (``status``).
    """
    results = [each for each in certificate.quantities() if each.role == "result"]
    found = [each for each in results if each.adjustment in _BEFORE]
    left = [each for each in results if each.adjustment in _AFTER]
    if not (found and left):
        return None
    differences = compare_quantities(found, left)
    return CertificateDifference(certificate.number, certificate.number, "as_left", differences, ())


def compare_quantities(
    first: Sequence[MeasurementResult], second: Sequence[MeasurementResult]
) -> tuple[QuantityDifference, ...]:
    """Compare quantities pair by pair; see :func:`formats.dcc.comparison.matching.paired`."""
    labels = point_labels(first), point_labels(second)
    found: list[QuantityDifference] = []
    for one, other in paired(first, second):
        if one is not None and other is not None:
            points = labels[0].get(one.table, ()), labels[1].get(other.table, ())
            rows = tuple(_rows(one, other, points))
            found.append(QuantityDifference("compared", one.name, one.ref_type, one.path, other.path, rows))
        elif one is not None:
            found.append(QuantityDifference("removed", one.name, one.ref_type, one.path))
        elif other is not None:
            found.append(QuantityDifference("added", other.name, other.ref_type, "", other.path))
    return tuple(found)


def _rows(
    one: MeasurementResult, other: MeasurementResult, points: tuple[tuple[str, ...], tuple[str, ...]]
) -> list[RowDifference]:
    columns = _columns(one), _columns(other)
    writings = _same_unit(*columns)
    if writings is None:
        texts = _words(one), _words(other)
        many = max(len(texts[0]), len(texts[1]))
        padded = [each + ("",) * (many - len(each)) for each in texts]
        return [
            RowDifference(row + 1, row + 1, "", padded[0][row], padded[1][row], "") for row in range(many)
        ]
    is_error = _ERROR in one.ref_type
    rows = _numbers(*writings, points, is_error=is_error)
    if any(row.is_changed for row in rows):
        return rows
    others = [(a, b) for a in columns[0] for b in columns[1] if a.unit == b.unit and a is not writings[0]]
    return rows + [r for a, b in others for r in _numbers(a, b, points, is_error=is_error) if r.is_changed]


def _numbers(
    first: Writing, second: Writing, points: tuple[tuple[str, ...], tuple[str, ...]], *, is_error: bool
) -> list[RowDifference]:
    """Return the rows of two columns; of errors, ice points have fallen out already."""
    scale, offset = _scale(first, second)
    into = scale, Fraction(0) if is_error else offset
    pairs = matched_rows(len(first.values), len(second.values), points)
    compared = [
        _row((first, second), pair, points[0][pair[0]] if pair[0] < len(points[0]) else "", into)
        for pair in pairs
    ]
    gone = sorted(set(range(len(first.values))) - {pair[0] for pair in pairs})
    new = sorted(set(range(len(second.values))) - {pair[1] for pair in pairs})
    removed = [_alone(first, row, points[0], is_first=True) for row in gone]
    compared = sorted([*compared, *removed], key=lambda row: row.row_first)
    return compared + [_alone(second, row, points[1], is_first=False) for row in new]


def _alone(writing: Writing, row: int, points: tuple[str, ...], *, is_first: bool) -> RowDifference:
    """Return a value that only one certificate has, in the unit in which it stands there."""
    label = points[row] if row < len(points) else ""
    value, unit = writing.values[row], _entry(writing.unit, row)
    stated = _shown(_expanded(writing, row), Fraction(1))
    if is_first:
        return RowDifference(row + 1, 0, label, value, "", unit, expanded_uncertainty_first=stated)
    return RowDifference(0, row + 1, label, "", value, unit, expanded_uncertainty_second=stated)


def _columns(quantity: MeasurementResult) -> list[Writing]:
    """Return the columns of a quantity, one a writing of a hybrid; lists of single values become one column."""
    parts = [[part for part in writing.flat() if part.values] for writing in quantity.writings]
    return [each[0] if len(each) == 1 else _one_column(each) for each in parts if each]


def _one_column(parts: list[Writing]) -> Writing:
    places = [(part, row) for part in parts for row in range(len(part.values))]

    def stated(member: str) -> tuple[str, ...]:
        texts = tuple(_entry(getattr(part.uncertainty, member), row) for part, row in places)
        return texts if any(texts) else ()

    return Writing(
        kind="list",
        values=tuple(part.values[row] for part, row in places),
        unit=tuple(_entry(part.unit, row) for part, row in places),
        uncertainty=Uncertainty(
            expanded_uncertainty=stated("expanded_uncertainty"),
            standard_uncertainty=stated("standard_uncertainty"),
            interval_min=stated("interval_min"),
            interval_max=stated("interval_max"),
        ),
    )


def _same_unit(first: list[Writing], second: list[Writing]) -> tuple[Writing, Writing] | None:
    """Return the columns to compare: of a hybrid, those in the same unit; else the first that can be converted."""
    pairs = [(a, b) for a in first for b in second]
    same = next((pair for pair in pairs if pair[0].unit == pair[1].unit), None)
    return same or next((pair for pair in pairs if _convertible(*pair)), None)


def _convertible(first: Writing, second: Writing) -> bool:
    units = _unit(first), _unit(second)
    return units[0] is not None and units[1] is not None and units[0].dimension == units[1].dimension


def _unit(writing: Writing) -> Unit | None:
    return known_unit(writing.unit[0]) if len(set(writing.unit)) == 1 else None


def _row(
    writings: tuple[Writing, Writing], rows: tuple[int, int], label: str, into: tuple[Fraction, Fraction]
) -> RowDifference:
    first, second = writings
    texts = first.values[rows[0]], second.values[rows[1]]
    numbers = number_of(texts[0]), number_of(texts[1])
    stated = _expanded(first, rows[0]), _expanded(second, rows[1])
    scale, offset = into
    difference, e_n = "", None
    if numbers[0] is not None and numbers[1] is not None:
        exact = Fraction(numbers[1]) * scale + offset - Fraction(numbers[0])
        difference = _decimal(exact)
        if stated[0] is not None and stated[1] is not None:
            e_n = _normalized(exact, stated[0], stated[1] * scale)
    converted = numbers[1] is not None and (scale != 1 or offset != 0)
    shown = (
        _decimal(Fraction(numbers[1]) * scale + offset) if converted and numbers[1] is not None else texts[1]
    )
    return RowDifference(
        rows[0] + 1, rows[1] + 1, label, texts[0], shown, _entry(first.unit, rows[0]),
        _shown(stated[0], Fraction(1)), _shown(stated[1], scale), difference, e_n,
    )  # fmt: skip


def _scale(first: Writing, second: Writing) -> tuple[Fraction, Fraction]:
    """Return factor and offset from the second unit to the first."""
    target, source = _unit(first), _unit(second)
    if first.unit == second.unit or target is None or source is None:
        return Fraction(1), Fraction(0)
    return source.factor / target.factor, (source.offset - target.offset) / target.factor


def _expanded(writing: Writing, row: int) -> Fraction | None:
    """Return U: as stated, twice u, or half the width of a coverage interval."""
    uncertainty = writing.uncertainty
    expanded = number_of(_entry(uncertainty.expanded_uncertainty, row))
    if expanded is not None:
        return Fraction(expanded)
    low, high = (
        number_of(_entry(each, row)) for each in (uncertainty.interval_min, uncertainty.interval_max)
    )
    if low is not None and high is not None:
        return (Fraction(high) - Fraction(low)) / 2
    standard = number_of(_entry(uncertainty.standard_uncertainty, row))
    return Fraction(standard) * 2 if standard is not None else None


def _normalized(difference: Fraction, first: Fraction, second: Fraction) -> float | None:
    """E_n, the normalized error: the difference over the root sum of squares of both expanded uncertainties."""
    together = first * first + second * second
    if together == 0:
        return None
    square = difference * difference / together
    with localcontext(prec=_DIGITS):
        # Squares of tiny and huge uncertainties are none that floating point could hold.
        found = float((Decimal(square.numerator) / Decimal(square.denominator)).sqrt())
    return math.copysign(min(found, sys.float_info.max), difference)


def _entry(texts: tuple[str, ...], row: int) -> str:
    if len(texts) == 1:
        return texts[0]
    return texts[row] if row < len(texts) else ""


def _shown(number: Fraction | None, scale: Fraction) -> str:
    return "" if number is None else _decimal(number * scale)


def _decimal(number: Fraction) -> str:
    with localcontext() as context:
        context.prec = _DIGITS
        text = format(Decimal(number.numerator) / Decimal(number.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _words(quantity: MeasurementResult) -> tuple[str, ...]:
    numbers = tuple(
        value for writing in quantity.writings for part in writing.flat() for value in part.values
    )
    return numbers or quantity.chars or tuple(text for _, text in quantity.words)


def _administrative(
    first: etree._ElementTree, second: etree._ElementTree
) -> tuple[AdministrativeChange, ...]:
    before = {leaf.path: leaf for leaf in leaves_of(first.getroot())}
    after = {leaf.path: leaf for leaf in leaves_of(second.getroot())}
    changes = [
        AdministrativeChange(path, leaf.name, leaf.said, after[path].said if path in after else None)
        for path, leaf in before.items()
        if (path not in after or after[path].said != leaf.said)
        and (_is_text(path) or (path in after and _is_other_unit(path, leaf.said, after[path].said)))
    ]
    changes += [
        AdministrativeChange(path, leaf.name, None, leaf.said)
        for path, leaf in after.items()
        if path not in before and _is_text(path)
    ]
    return tuple(changes[:LIMIT])


def _is_text(path: str) -> bool:
    # Values, their units and uncertainties are compared as such; what else stands in a quantity is a text.
    return _CONTENT.search(path) is None or _BESIDE.search(path) is not None


def _is_other_unit(path: str, first: str, second: str) -> bool:
    """Whether a unit became one into which it cannot be converted."""
    if _UNIT.search(path) is None:
        return False
    units = known_unit(respelled(first)), known_unit(respelled(second))
    return units[0] is None or units[1] is None or units[0].dimension != units[1].dimension


def _relation(first: Certificate, second: Certificate) -> str:
    core = "administrativeData/coreData"
    replaced = plain(second.tree.getroot(), f"{core}/reportAmendedSubstituted/replacedUniqueIdentifier")
    if replaced and replaced == first.number:
        return "amendment"
    if first.number == second.number:
        return "other_version"
    return "recalibration" if _item_numbers(first) & _item_numbers(second) else "unrelated"


def _item_numbers(certificate: Certificate) -> set[str]:
    items = certificate.tree.getroot().iterfind(".//{*}items/{*}item")
    return {known.number for item in items for known in identifications_of(item)}
