"""What one quantity of a certificate says; all numbers are the decimal texts of the file, never rewritten."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

UncertaintyForm = Literal["", "standard", "expanded", "coverage_interval", "ellipsoidal", "rectangular"]
Role = Literal["result", "condition", "item", "equipment", "method", "statement", "metadata"]
Words = tuple[tuple[str, str], ...]
"""Pairs (language, text) in the order of the file; the language is empty where a text has none."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """The uncertainty of one value or list; every list has one entry (for all values) or one a value.

    ``covariance`` has a row a matrix entry: (column, row, texts, units), positions from 1.
    """

    form: UncertaintyForm = ""
    standard_uncertainty: tuple[str, ...] = ()
    expanded_uncertainty: tuple[str, ...] = ()
    coverage_factor: tuple[str, ...] = ()
    coverage_probability: tuple[str, ...] = ()
    interval_min: tuple[str, ...] = ()
    interval_max: tuple[str, ...] = ()
    distribution: tuple[str, ...] = ()
    covariance: tuple[tuple[int, int, tuple[str, ...], tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """One D-SI element: a number, a list of numbers, or a list of such.

    ``values`` are real parts or magnitudes of complex quantities, ``second`` their imaginary parts or phases.
    """

    kind: str
    values: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    second_unit: tuple[str, ...] = ()
    complex_form: Literal["", "cartesian", "polar"] = ""
    label: tuple[str, ...] = ()
    quantity_kind: tuple[str, ...] = ()
    significant_digits: tuple[str, ...] = ()
    date_time: tuple[str, ...] = ()
    uncertainty: Uncertainty = Uncertainty()
    shared_uncertainty: Uncertainty = Uncertainty()
    members: tuple[Writing, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether the element is a list, even one of a single value."""
        return self.kind.endswith("XMLList") or bool(self.members)

    def flat(self) -> tuple[Writing, ...]:
        """Return the writings with values: itself, or those of its members in document order."""
        return tuple(each for member in self.members for each in member.flat()) if self.members else (self,)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a certificate: its notation and its text (MathML as XML)."""

    notation: Literal["latex", "mathml", "siunitx"]
    text: str
    path: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Something that a quantity belongs to: its id in the file (maybe none), refTypes, name and place."""

    id: str
    ref_type: tuple[str, ...]
    name: Words
    status: str = ""
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class MeasurementResult:
    """One quantity of a certificate.

    ``kind`` is the name of the element that holds its content: ``real``, ``hybrid``, ``complex``, ``list``,
    ``constant``, ``realListXMLList``, ``complexListXMLList``, ``noQuantity`` or ``charsXMLList`` (empty if there
    is none). A hybrid has one writing a unit; they say the same.
    """

    path: str
    line: int | None
    element: str
    role: Role
    kind: str
    name: Words = ()
    id: str = ""
    ref_id: tuple[str, ...] = ()
    ref_type: tuple[str, ...] = ()
    writings: tuple[Writing, ...] = ()
    words: Words = ()
    chars: tuple[str, ...] = ()
    formulas: tuple[Formula, ...] = ()
    relative_uncertainty: Writing | None = None
    conformity: tuple[str, ...] = ()
    result: Words = ()
    table: str = ""
    items: tuple[Link, ...] = ()
    methods: tuple[Link, ...] = ()
    equipment: tuple[Link, ...] = ()
    conditions: tuple[Link, ...] = ()
    software: tuple[Link, ...] = ()

    @property
    def first(self) -> Writing | None:
        """The first writing with values, as the file has it; None for words."""
        return next((each for writing in self.writings for each in writing.flat()), None)

    @property
    def adjustment(self) -> str:
        """``beforeAdjustment``, ``afterAdjustment``, … of the conditions it belongs to; empty if none says."""
        return next((condition.status for condition in self.conditions if condition.status), "")

    def name_in(self, language: str) -> str:
        """Return the name in ``language``, else the one without a language, else the first."""
        return text_in(self.name, language)

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """Return everything ready for JSON; values are exact texts, lists arrays, empty members left out."""
        return as_json(self, language)


def text_in(words: Words, language: str) -> str:
    """Return the text in ``language``, else the one without a language, else the first, else nothing."""
    by_language: dict[str, str] = {}
    for tag, text in words:
        by_language.setdefault(tag, text)
    return by_language.get(language) or by_language.get("") or next(iter(by_language.values()), "")


def as_json(result: MeasurementResult, language: str) -> dict[str, Any]:
    """Return a measurement result ready for JSON; see :meth:`MeasurementResult.to_json`."""
    first = result.first
    said: dict[str, Any] = {
        "path": result.path, "line": result.line, "element": result.element, "role": result.role,
        "name": result.name_in(language), "names": _words(result.name), "kind": result.kind,
        "id": result.id, "ref_type": list(result.ref_type), "ref_id": list(result.ref_id),
    }  # fmt: skip
    if first is not None:
        said |= _writing(first)
    said |= _several(result.writings) | {
        "words": _words(result.words), "chars": list(result.chars),
        "formulas": [{"notation": f.notation, "text": f.text} for f in result.formulas],
        "relative_uncertainty": _writing(result.relative_uncertainty or Writing("real")),
        "conformity": list(result.conformity), "result": text_in(result.result, language), "table": result.table,
    }  # fmt: skip
    for member in ("items", "methods", "equipment", "conditions", "software"):
        said[member] = [_link(link, language) for link in getattr(result, member)]
    return {key: each for key, each in said.items() if each not in (None, "", [], {}) or key == "name"}


def _several(writings: tuple[Writing, ...]) -> dict[str, Any]:
    if len(writings) > 1 or any(writing.members for writing in writings):
        return {"writings": [_nested(writing) for writing in writings]}
    return {}


def _nested(writing: Writing) -> dict[str, Any]:
    inside = {"members": [_nested(member) for member in writing.members]} if writing.members else {}
    return {"kind": writing.kind} | _writing(writing) | inside


def _writing(writing: Writing) -> dict[str, Any]:
    one = not writing.kind.endswith("XMLList")
    names = {"values": "value", "second": _SECOND.get(writing.complex_form, "second")}
    said: dict[str, Any] = {
        names.get(member, member): _one_or_many(getattr(writing, member), one)
        for member in ("values", "unit", "second", "second_unit", "label", "quantity_kind",
                       "significant_digits", "date_time")
    }  # fmt: skip
    if writing.complex_form:
        said["complex_form"] = writing.complex_form
    said |= _uncertainty(writing.uncertainty, one)
    if writing.shared_uncertainty.form:
        said["shared_uncertainty"] = _uncertainty(writing.shared_uncertainty, True)
    # A unit that holds for the whole list is one text, not a list of one.
    for member in ("unit", "second_unit", "coverage_probability", "coverage_factor", "distribution"):
        if isinstance(said.get(member), list) and len(said[member]) == 1:
            said[member] = said[member][0]
    return {key: each for key, each in said.items() if each not in ("", [])}


_SECOND = {"cartesian": "imaginary", "polar": "phase"}


def _uncertainty(uncertainty: Uncertainty, one: bool) -> dict[str, Any]:
    if not uncertainty.form:
        return {}
    members = ("standard_uncertainty", "expanded_uncertainty", "coverage_factor", "coverage_probability",
               "interval_min", "interval_max", "distribution")  # fmt: skip
    said: dict[str, Any] = {"uncertainty_form": uncertainty.form}
    said |= {member: _one_or_many(getattr(uncertainty, member), one) for member in members}
    if uncertainty.covariance:
        said["covariance"] = [
            {
                "column": column,
                "row": row,
                "value": _one_or_many(texts, one),
                "unit": _one_or_many(units, one),
            }
            for column, row, texts, units in uncertainty.covariance
        ]
    return {key: each for key, each in said.items() if each not in ("", [])}


def _one_or_many(texts: tuple[str, ...], one: bool) -> str | list[str]:
    return (texts[0] if texts else "") if one else list(texts)


def _words(words: Words) -> dict[str, Any]:
    """Return texts by language (``und`` without one); several of one language become a list."""
    said: dict[str, Any] = {}
    for language, text in words:
        key = language or "und"
        said[key] = text if key not in said else [*_listed(said[key]), text]
    return said


def _listed(said: Any) -> list[str]:
    return said if isinstance(said, list) else [said]


def _link(link: Link, language: str) -> dict[str, Any]:
    said = {"id": link.id, "ref_type": list(link.ref_type), "name": text_in(link.name, language),
            "status": link.status}  # fmt: skip
    return {key: each for key, each in said.items() if each}
