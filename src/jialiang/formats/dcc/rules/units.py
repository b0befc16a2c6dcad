"""Units: that exist, fit what is measured, and agree where a quantity is written in several."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.model import Writing
from jialiang.formats.dcc.quantities.reading import QUANTITIES
from jialiang.formats.dcc.quantities.writings import SI
from jialiang.formats.dcc.rules.catalogue import codes
from jialiang.formats.dcc.rules.document import Breach, Document, text_of
from jialiang.formats.dcc.rules.numbers import (
    agreement,
    difference_test,
    digits_of,
    exact,
    known_unit,
    respelled,
    shown,
)
from jialiang.kernel.text import Text
from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.units import Unit, parse_unit

_NUMBERS = tuple(f"{{{SI}}}{name}" for name in ("real", "realListXMLList", "hybrid", "constant"))
_UNITS = ("unit", "listUnit", "unitXMLList")
_LOGARITHMIC = ("\\bel", "\\decibel", "\\neper", "\\deci\\bel")
_SUGGESTIONS = (
    20  # looking for something similar costs milliseconds; a file may hold thousands of wrong units
)
_ROWS = 20_000
_SHOWN = 60
_NONE_SIMILAR = Text("无", "none")


def units_written(document: Document) -> Iterator[Breach]:
    """Yield units with blanks, lists of units of the wrong length, and units that D-SI does not have."""
    for element in document.si("unit"):
        parent = element.getparent()
        if parent is not None and parent.tag == f"{{{SI}}}real" and " " in (element.text or ""):
            yield Breach("DCC-UNIT-BLANK", element, {"unit": text_of(element)[:_SHOWN]})
    for element in document.si("unitXMLList"):
        yield from _unit_list(element)
    yield from _unknown(document)


def _unit_list(element: etree._Element) -> Iterator[Breach]:
    units = (element.text or "").split()
    before = element.itersiblings(f"{{{SI}}}valueXMLList", f"{{{SI}}}valueRealXMLList",
                                  f"{{{SI}}}valueMagnitudeXMLList", preceding=True)  # fmt: skip
    needed = len(text_of(next(before, None)).split())
    if len(units) > 1 and len(units) != needed:
        yield Breach("DCC-UNIT-LIST-LENGTH", element, {"given": len(units), "needed": needed})
    if len(units) > 1 and len(set(units)) == 1:
        yield Breach("DCC-UNIT-LIST-REDUNDANT", element, {"unit": units[0][:_SHOWN]})


def _unknown(document: Document) -> Iterator[Breach]:
    searched = 0
    for element in document.si(*_UNITS):
        text = element.text or ""
        # A single unit may have blanks between its parts, which another rule speaks of.
        written = text.split() if element.tag == f"{{{SI}}}unitXMLList" else ["".join(text.split())]
        for unit in dict.fromkeys(written):
            if unit.startswith("|") or unit in _LOGARITHMIC or known_unit(unit) is not None:
                continue
            suggestion: object = _NONE_SIMILAR
            if searched < _SUGGESTIONS:
                searched, suggestion = searched + 1, _suggestion(unit)
            yield Breach("DCC-UNIT-UNKNOWN", element, {"unit": unit[:_SHOWN], "suggestion": suggestion})


@lru_cache(maxsize=256)
def _suggestion(unit: str) -> object:
    if len(unit) > _SHOWN:
        return _NONE_SIMILAR
    if (meant := respelled(unit)) != unit:
        return meant
    try:
        parse_unit(unit)
    except UnknownUnit as problem:
        suggestion = problem.facts["suggestion"]
        token = str(problem.facts.get("token", ""))
        one_token = isinstance(suggestion, str) and token in unit and token != unit
        return unit.replace(token, str(suggestion)) if one_token else suggestion
    except UnitSyntax:
        return _NONE_SIMILAR
    return _NONE_SIMILAR


def units_outside_si(document: Document) -> Iterator[Breach]:
    """Yield units outside the SI that no statement declares, and declarations without their other half."""
    declared = {text_of(e) for s in document.dcc("statement") for e in s.iterchildren(f"{{{DCC}}}nonSIUnit")}
    for hybrid in document.si("hybrid"):
        for real in hybrid.iterchildren(f"{{{SI}}}real"):
            for unit in real.iterchildren(f"{{{SI}}}unit"):
                text = unit.text or ""
                if text.startswith("|") and len(text) > 1 and text not in declared:
                    yield Breach("DCC-NONSI-UNDECLARED", unit, {"unit": text[:_SHOWN]})
    yield from _without_other_half(document, "nonSIUnit", "nonSIDefinition", preceding=True)
    yield from _without_other_half(document, "nonSIDefinition", "nonSIUnit", preceding=False)


def _without_other_half(document: Document, given: str, missing: str, *, preceding: bool) -> Iterator[Breach]:
    for element in document.dcc(given):
        others = element.itersiblings(f"{{{DCC}}}{missing}", preceding=preceding)
        if len(list(islice(others, 2))) != 1:
            yield Breach("DCC-NONSI-PAIR", element, {"given": given, "missing": missing})


def units_fit(document: Document) -> Iterator[Breach]:
    """Yield units whose dimension is not that of the quantity that the refType names."""
    expected = codes()["dimensions"]
    for quantity in document.dcc(*QUANTITIES):
        for ref_type in quantity.get("refType", "").split():
            if ref_type not in expected:
                continue
            wanted = known_unit(expected[ref_type])
            for unit_text in _units_of(document, quantity):
                unit = known_unit(unit_text)
                if unit is not None and wanted is not None and unit.dimension != wanted.dimension:
                    facts = {"ref_type": ref_type, "unit": unit_text, "expected": expected[ref_type]}
                    yield Breach("DCC-UNIT-UNFIT", quantity, facts)


def _units_of(document: Document, quantity: etree._Element) -> list[str]:
    return [unit for writing in _flat(document, quantity) for unit in dict.fromkeys(writing.unit)]


def hybrids_consistent(document: Document) -> Iterator[Breach]:
    """Yield hybrids whose writings, converted, are not the same values within rounding."""
    for element in document.si("hybrid"):
        writings = [each for each in document.writing(element).flat() if each.kind in ("real", "realListXMLList")]
        for other in writings[1:]:
            facts = _disagreement(writings[0], other)
            if facts is not None:
                yield Breach("DCC-HYBRID-INCONSISTENT", element, facts)


def _disagreement(first: Writing, second: Writing) -> dict[str, object] | None:
    units = _single_unit(first), _single_unit(second)
    if units[0] is None or units[1] is None:
        return None
    # Differences of temperatures have the same number in K and °C; a column of them agrees as a whole.
    failing = [_first_disagreement(_pairs(first, second), units, difference) for difference in (False, True)]
    if None in failing:
        return None
    row = max(each or 0 for each in failing)  # the reading that holds longer is the one that was meant
    return {"row": row + 1, "first": first.values[row], "first_unit": first.unit[0],
            "second": second.values[row], "second_unit": second.unit[0]}  # fmt: skip


def _pairs(first: Writing, second: Writing) -> list[tuple[str, str]]:
    return list(islice(zip(first.values, second.values, strict=False), _ROWS))


def _first_disagreement(
    pairs: list[tuple[str, str]], units: tuple[Unit | None, Unit | None], difference: bool
) -> int | None:
    one_unit, other_unit = units
    if one_unit is None or other_unit is None:
        return None
    if one_unit.dimension != other_unit.dimension:
        return 0
    agree = agreement(one_unit, other_unit, difference=difference)
    for row, (one, other) in enumerate(pairs):
        numbers = digits_of(one), digits_of(other)
        if numbers[0] is not None and numbers[1] is not None and not agree(numbers[0], numbers[1]):
            return row
    return None


def errors_follow(document: Document) -> Iterator[Breach]:
    """Yield errors that are not indication minus reference, where one list has all three in comparable units."""
    for list_ in document.dcc("list"):
        named: dict[str, list[etree._Element]] = {}
        for quantity in list_.iterchildren(f"{{{DCC}}}quantity"):
            for ref_type in quantity.get("refType", "").split():
                named.setdefault(ref_type, []).append(quantity)
        wanted = ("basic_measuredValue", "basic_referenceValue", "basic_measurementError")
        columns = [named.get(ref_type, []) for ref_type in wanted]
        if all(len(column) == 1 for column in columns):
            measured, reference, error = (_flat(document, column[0]) for column in columns)
            yield from _error_follows(columns[2][0], measured, reference, error)


def _error_follows(
    element: etree._Element, measured: list[Writing], reference: list[Writing], error: list[Writing]
) -> Iterator[Breach]:
    for stated in error:
        unit = _single_unit(stated)
        for indication in measured:
            for truth in reference:
                same = indication.unit == truth.unit and len(indication.values) == len(truth.values)
                if unit is None or not same or len(stated.values) != len(truth.values):
                    continue
                if (found := _wrong_error(stated, unit, indication, truth)) is not None:
                    yield Breach("DCC-ERROR-INCONSISTENT", element, found)
                return


def _wrong_error(
    stated: Writing, unit: Unit, indication: Writing, truth: Writing
) -> dict[str, object] | None:
    shared = _single_unit(indication)
    if shared is None or shared.dimension != unit.dimension:
        return None
    follows = difference_test(unit, shared)
    rows = zip(stated.values, indication.values, truth.values, strict=True)
    for row, texts in enumerate(islice(rows, _ROWS)):
        error, high, low = map(digits_of, texts)
        if error is None or high is None or low is None or follows(error, high, low):
            continue
        calculated = (exact(high) - exact(low)) * shared.factor / unit.factor
        return {"row": row + 1, "stated": texts[0], "calculated": shown(calculated), "unit": stated.unit[0]}
    return None


def _flat(document: Document, quantity: etree._Element) -> list[Writing]:
    found = quantity.iterchildren(
        *(f"{{{SI}}}{name}" for name in ("real", "realListXMLList", "hybrid", "constant"))
    )
    return [part for element in found for part in document.writing(element).flat()]


def _single_unit(writing: Writing) -> Unit | None:
    units = set(writing.unit)
    return known_unit(writing.unit[0]) if len(units) == 1 else None
