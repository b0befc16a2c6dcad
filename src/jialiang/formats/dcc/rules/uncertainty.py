"""Uncertainties: above zero, in step with k and p, as many as there are values, and relative ones that follow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist

from lxml import etree

from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.model import Uncertainty, Writing
from jialiang.formats.dcc.quantities.writings import SI, local_name, stem
from jialiang.formats.dcc.rules.document import Breach, Document
from jialiang.formats.dcc.rules.numbers import is_number, last_digit, number_of, shown

_ONE_OR_EACH = (
    ("standard_uncertainty", "DCC-UNCERTAINTY-LENGTH"), ("expanded_uncertainty", "DCC-UNCERTAINTY-LENGTH"),
    ("coverage_factor", "DCC-LIST-LENGTH"), ("coverage_probability", "DCC-LIST-LENGTH"),
    ("interval_min", "DCC-LIST-LENGTH"), ("interval_max", "DCC-LIST-LENGTH"), ("distribution", "DCC-LIST-LENGTH"),
)  # fmt: skip
_OF_THE_LIST = ("label", "second", "second_unit", "date_time", "significant_digits")
_HOLDERS = ("real", "constant", "complex", "realListXMLList", "complexListXMLList", "realList", "complexList")
_RELATIVE = ("relativeUncertaintyXmlList", "relativeUncertaintySingle", "relativeUncertainty")
_SHOWN = 40
_MINUS_SIGNS = "\u2212\u2013\uff0d"


def numbers_readable(document: Document) -> Iterator[Breach]:
    """Yield D-SI numbers that are none, with how to write them where that can be told."""
    names = [name for name in document.survey.si_names() if stem(name) in _NUMBERS]
    for element in document.si(*names):
        for token in (element.text or "").split() or [""]:
            if not is_number(token):
                facts = {"text": token[:_SHOWN] or "–", "advice": _advice(token)}
                yield Breach("DCC-NUMBER-UNREADABLE", element, facts)
                break


_NUMBERS = frozenset({
    "value", "valueReal", "valueImag", "valueMagnitude", "valuePhase", "uncertainty", "standardUnc",
    "valueStandardMU", "valueExpandedMU", "coverageFactor", "coverageProbability", "intervalMin", "intervalMax",
})  # fmt: skip


def _advice(token: str) -> str:
    written = token.translate({ord(sign): "-" for sign in _MINUS_SIGNS}).replace(",", ".")
    return f"→ {written}" if written != token and is_number(written) and len(token) <= _SHOWN else ""


def uncertainties_plausible(document: Document) -> Iterator[Breach]:
    """Yield lists of the wrong length, U and u that cannot be, k and p that do not fit, and reversed intervals."""
    for element in document.si(*_HOLDERS):
        writing = document.writing(element)
        if writing.kind.endswith("XMLList"):
            yield from _lengths(element, writing)
        for uncertainty in (writing.uncertainty, writing.shared_uncertainty):
            yield from _signs(element, uncertainty)
            yield from _coverage(element, uncertainty)
            yield from _intervals(element, writing.values, uncertainty)


def _lengths(element: etree._Element, writing: Writing) -> Iterator[Breach]:
    needed = len(writing.values)
    for member, rule in _ONE_OR_EACH:
        given = len(getattr(writing.uncertainty, member))
        if given not in (0, 1, needed):
            yield Breach(rule, element, {"name": member, "given": given, "needed": needed})
    for member in _OF_THE_LIST:
        given = len(getattr(writing, member))
        if given not in (0, 1, needed):
            yield Breach("DCC-LIST-LENGTH", element, {"name": member, "given": given, "needed": needed})


def _signs(element: etree._Element, uncertainty: Uncertainty) -> Iterator[Breach]:
    # NaN stands for a value that was not taken; it has no sign.
    for text in uncertainty.expanded_uncertainty:
        number = number_of(text)
        if number is not None and number <= 0:
            factor = ", ".join(dict.fromkeys(uncertainty.coverage_factor[:5])) or "–"
            place = _inside(element, "uncertainty", "valueExpandedMU")
            yield Breach("DCC-UNCERTAINTY-NOT-POSITIVE", place, {"text": text, "factor": factor})
            break
    for text in uncertainty.standard_uncertainty:
        number = number_of(text)
        if number is not None and number <= 0 and local_name(element) != "constant":
            rule = "DCC-STANDARD-UNCERTAINTY-NEGATIVE" if number < 0 else "DCC-STANDARD-UNCERTAINTY-ZERO"
            yield Breach(rule, _inside(element, "standardUnc", "valueStandardMU"), {"text": text})
            break


def _coverage(element: etree._Element, uncertainty: Uncertainty) -> Iterator[Breach]:
    if uncertainty.form != "expanded":
        return  # the coverage factor of a region in two dimensions follows another law
    named = uncertainty.distribution or ("",)
    rows = max(len(uncertainty.coverage_factor), len(uncertainty.coverage_probability), len(named))
    seen = {
        tuple(_entry(texts, row) for texts in (uncertainty.coverage_factor, uncertainty.coverage_probability, named))
        for row in range(rows)
    }  # fmt: skip
    for factor, probability, distribution in sorted(seen):
        bounds = _factor_bounds(probability[: _SHOWN * 2], distribution[:_SHOWN])
        k = number_of(factor)
        if bounds is not None and k is not None and not bounds[0] <= float(k) <= bounds[1]:
            facts = {"factor": factor, "probability": probability, "distribution": distribution[:_SHOWN] or "–",
                     "low": f"{bounds[0]:.2f}", "high": f"{bounds[1]:.2f}"}  # fmt: skip
            yield Breach("DCC-COVERAGE-IMPLAUSIBLE", _inside(element, "coverageFactor"), facts)
            return


@lru_cache(maxsize=256)
def _factor_bounds(probability: str, distribution: str) -> tuple[float, float] | None:
    """Return between what k has to lie: 3 % below the normal (or rectangular) factor, Student's with ν = 2 above.

    For p = 0.95 these are 1.90 (1.60 where the distribution is not normal) and 4.30. JCGM 100:2008, G.3 and table G.2.
    """
    stated = number_of(probability)
    if stated is None or not Fraction(1, 2) <= Fraction(stated) < 1:
        return None
    p = float(stated)
    if (1 + p) / 2 >= 1:  # below one, but not by so much that floating point could tell
        return None
    normal = distribution.lower() in ("", "normal", "gaussian", "gauss", "normalverteilung")
    lowest = NormalDist().inv_cdf((1 + p) / 2) if normal else math.sqrt(3) * p
    return 0.97 * lowest, p * math.sqrt(2 / (1 - p * p))


def _intervals(
    element: etree._Element, values: tuple[str, ...], uncertainty: Uncertainty
) -> Iterator[Breach]:
    lows, highs = uncertainty.interval_min, uncertainty.interval_max
    for row in range(max(len(lows), len(highs), len(values) if lows else 0)):
        texts = tuple(_entry(each, row) for each in (lows, highs, values))
        low, high, middle = (number_of(text) for text in texts)
        if low is None or high is None:
            continue
        facts = {"low": texts[0], "high": texts[1], "value": texts[2]}
        if low > high:
            yield Breach("DCC-INTERVAL-REVERSED", _inside(element, "intervalMin"), facts)
            return
        if middle is not None and not low <= middle <= high:
            yield Breach("DCC-VALUE-OUTSIDE-INTERVAL", _inside(element, "intervalMin"), facts)
            return


def relative_uncertainties(document: Document) -> Iterator[Breach]:
    """Yield relative uncertainties that stand alone, in the wrong form or number, or do not follow from U and y."""
    for element in document.dcc("relativeUncertainty"):
        quantity, inside = element.getparent(), next(element.iterchildren(tag=etree.Element), None)
        if inside is None or quantity is None or local_name(inside) not in _RELATIVE:
            continue
        relative = document.writing(inside)
        written = [document.writing(each) for each in quantity.iterchildren(f"{{{SI}}}real", f"{{{SI}}}realListXMLList",
                                                                       f"{{{SI}}}hybrid")]  # fmt: skip
        flat = [part for writing in written for part in writing.flat()]
        yield from _relative(element, quantity, relative, flat)


def _relative(
    element: etree._Element, quantity: etree._Element, relative: Writing, written: list[Writing]
) -> Iterator[Breach]:
    is_list = element.find(f"{{{DCC}}}relativeUncertaintyXmlList") is not None
    if not any(writing.uncertainty.form == "expanded" for writing in written):
        yield Breach("DCC-RELATIVE-WITHOUT-EXPANDED", quantity)
    if written and all((writing.kind == "realListXMLList") != is_list for writing in written):
        yield Breach("DCC-RELATIVE-FORM", quantity)
        return
    given = len(relative.values)
    for writing in written[:1]:
        if given not in (0, 1, len(writing.values)):
            yield Breach("DCC-RELATIVE-LENGTH", element, {"given": given, "needed": len(writing.values)})
            return
    yield from _follows(quantity, relative, written)


def _follows(quantity: etree._Element, relative: Writing, written: list[Writing]) -> Iterator[Breach]:
    scale = Fraction(1, 100) if "\\percent" in relative.unit else Fraction(1)
    for writing in (each for each in written if each.uncertainty.expanded_uncertainty):
        for row in range(len(writing.values)):
            r, y = number_of(_entry(relative.values, row)), number_of(writing.values[row])
            expanded = number_of(_entry(writing.uncertainty.expanded_uncertainty, row))
            if r is None or not y or expanded is None:
                continue
            calculated = Fraction(expanded) / abs(Fraction(y)) / scale
            if abs(Fraction(r) - calculated) > last_digit(r):
                yield Breach("DCC-RELATIVE-WRONG", quantity, {"stated": r, "calculated": shown(calculated)})
                return
        return  # a hybrid says the same again in another unit, where zero may lie elsewhere


def _entry(texts: tuple[str, ...], row: int) -> str:
    """Return the entry for a row; one entry stands for all rows, and what is not there is empty."""
    if len(texts) == 1:
        return texts[0]
    return texts[row] if row < len(texts) else ""


def _inside(element: etree._Element, *names: str) -> etree._Element:
    found = (each for each in element.iter(etree.Element) if stem(local_name(each)) in names)
    return next(found, element)
