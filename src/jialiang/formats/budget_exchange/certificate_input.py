"""A value of a certificate (DCC) as an input of a budget, with the link to where it comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from jialiang.formats.budget_exchange.errors import NotOneQuantity, WithoutUncertainty
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Words, Writing
from jialiang.science.coverage import degrees_of_freedom_of

_KNOWN = 30
MOST_VALUES = 500
"""Values of a certificate that are offered to choose from."""

_STUDENT = frozenset({"t", "student", "student-t", "t-distribution", "studentt"})


@dataclass(frozen=True, slots=True)
class CertificateValue:
    """A value that can become an input: how to refer to it, its name, and the input (without a name of its own)."""

    reference: str
    name: Words
    input: dict[str, Any]


def input_of_certificate(xml: bytes, reference: str, name: str) -> dict[str, Any]:
    """Return the input ``name``: estimate, unit, U and k (or u) as decimal texts of the certificate, and ``source``.

    ``reference`` is an id, a refType or a path, with ``#3`` for the third value of a list. Where the certificate says
    that k is one of the t-distribution, ν follows from k and p. Raises NotOneQuantity, WithoutUncertainty and what
    reading a certificate raises.
    """
    certificate = Certificate.read(xml)
    wanted, _, place = reference.partition("#")
    quantities = certificate.quantities()
    found = [each for each in quantities if each.first and wanted in (each.id, each.path, *each.ref_type)]
    if len(found) != 1:
        known = ", ".join(_names(quantities)[:_KNOWN]) or "–"
        raise NotOneQuantity(reference=reference, count=len(found), known=known)
    writing = found[0].first
    assert writing is not None  # noqa: S101 - chosen by it above
    position = _position(writing, reference, place)
    sha256 = hashlib.sha256(xml).hexdigest()
    source = {"certificate": certificate.number, "reference": reference, "path": found[0].path, "sha256": sha256}
    return {"name": name, **_input(writing, position, source)}


def values_of_certificate(xml: bytes) -> tuple[CertificateValue, ...]:
    """Return the values of a certificate that have an uncertainty, in its order, at most :data:`MOST_VALUES`."""
    certificate, sha256 = Certificate.read(xml), hashlib.sha256(xml).hexdigest()
    found: list[CertificateValue] = []
    for quantity in certificate.quantities():
        if quantity.first is None or len(found) >= MOST_VALUES:
            continue
        known = {"certificate": certificate.number, "path": quantity.path, "sha256": sha256}
        found += _values(quantity, quantity.first, known)
    return tuple(found[:MOST_VALUES])


def _values(
    quantity: MeasurementResult, writing: Writing, known: dict[str, str]
) -> Iterator[CertificateValue]:
    """Yield the numbers of a quantity that have an uncertainty; NaN stands for a value that was not taken."""
    for position, text in enumerate(writing.values):
        reference = f"{quantity.path}#{position + 1}" if len(writing.values) > 1 else quantity.path
        source = known | {"reference": reference}
        with suppress(WithoutUncertainty):
            made = _input(writing, position, source)
            if "NaN" not in (text, made.get("U"), made.get("u")):
                yield CertificateValue(reference, quantity.name, made)


def _input(writing: Writing, position: int, source: dict[str, str]) -> dict[str, Any]:
    return {
        "unit": _at(writing.unit, position),
        "distribution": "normal",
        "mean": writing.values[position],
        **_spread(writing, position, source["reference"]),
        "source": source,
    }


def _names(results: tuple[MeasurementResult, ...]) -> list[str]:
    return list(
        dict.fromkeys(name for each in results if each.first for name in (each.id, *each.ref_type) if name)
    )


def _position(writing: Writing, reference: str, place: str) -> int:
    count = len(writing.values)
    if not place and count == 1:
        return 0
    number = int(place) if place.isascii() and place.isdecimal() and len(place) < 8 else 0
    if not 1 <= number <= count:
        raise NotOneQuantity(reference=reference, count=count, known=f"#1 … #{count}")
    return number - 1


def _spread(writing: Writing, position: int, reference: str) -> dict[str, str]:
    """Return u, or U and k: of the value itself, else those that the list shares."""
    for stated in (writing.uncertainty, writing.shared_uncertainty):
        found = _stated(stated, position)
        if found:
            return found
    raise WithoutUncertainty(reference=reference)


def _stated(stated: Uncertainty, position: int) -> dict[str, str]:
    if stated.standard_uncertainty:
        return {"u": _at(stated.standard_uncertainty, position)}
    if stated.expanded_uncertainty and stated.coverage_factor:
        k = _at(stated.coverage_factor, position)
        return {"U": _at(stated.expanded_uncertainty, position), "k": k, **_degrees(stated, k, position)}
    return {}


def _degrees(stated: Uncertainty, k: str, position: int) -> dict[str, str]:
    """Return ν where k is said to be a factor of the t-distribution and is larger than that of the normal one."""
    if _at(stated.distribution, position).lower() not in _STUDENT:
        return {}
    try:
        nu = degrees_of_freedom_of(float(_at(stated.coverage_probability, position)), float(k))
    except ValueError:
        return {}
    return {"dof": f"{nu:.3g}"} if nu is not None and nu < 1000 else {}


def _at(texts: tuple[str, ...], position: int) -> str:
    """Return the text of a value; one text stands for all."""
    return (texts[position] if len(texts) > 1 else texts[0]) if texts else ""
