"""The numbers of one quantity, ready for a column or a row: one series for each unit it is written in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jialiang.formats.dcc.quantities.model import MeasurementResult, Uncertainty, Writing
from jialiang.formats.dsi.unit_repair import suggestion_for
from jialiang.formats.dsi.units import ONE, unit_text
from jialiang.formats.reading_view.blocks import Said
from jialiang.formats.reading_view.texts import fit
from jialiang.kernel.text import Language
from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.units import known_units, parse_unit

_LONGEST_UNIT = 200
_UNCERTAINTIES = ("standard_uncertainty", "expanded_uncertainty", "coverage_factor", "coverage_probability",
                  "interval_min", "interval_max", "distribution")  # fmt: skip
_MEMBERS = (
    "values",
    "second",
    "unit",
    "second_unit",
    "label",
    "quantity_kind",
    "significant_digits",
    "date_time",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A quantity with the names of the lists around it."""

    result: MeasurementResult
    of: Said = Said()


def series_of(result: MeasurementResult) -> tuple[Writing, ...]:
    """Return the series of a quantity: a hybrid has one a unit; a list of single numbers becomes one series."""
    found: list[Writing] = []
    for writing in result.writings:
        scalars = [member for member in writing.members if not member.is_list]
        if writing.members and len(scalars) == len(writing.members):
            found.append(_merged(writing))
        else:
            found += [writing] if not writing.members else _inside(writing)
    return tuple(found)


def length_of(result: MeasurementResult) -> int:
    """Return how many rows a quantity has: 0 for one that is no list, or a list of a single value."""
    lengths = [len(each.values) for each in series_of(result) if each.is_list]
    if result.kind == "charsXMLList":
        lengths.append(len(result.chars))
    longest = max(lengths, default=0)
    return longest if longest > 1 else 0


def entry(texts: tuple[str, ...], row: int) -> str:
    """Return the entry for a row, from 0; one entry stands for all rows."""
    if len(texts) == 1:
        return fit(texts[0])
    return fit(texts[row]) if row < len(texts) else ""


def symbol_of(unit: str, language: Language) -> str:
    """Return a unit as people read it; one that is misspelt is read as what it was probably meant as.

    A unit that nothing is known about stays as it is written. ``\\one`` gives nothing.
    """
    return fit(unit_text(meant_unit(unit)).in_language(language))


def meant_unit(unit: str) -> str:
    """Return a unit in the spelling of the D-SI; what cannot be understood stays as it is."""
    if not unit or len(unit) > _LONGEST_UNIT or unit == ONE or _is_unit(unit):
        return unit
    names = tuple(name.removeprefix("\\") for name in known_units())
    return suggestion_for(unit, names, _is_unit) or unit


def _is_unit(text: str) -> bool:
    try:
        parse_unit(text)
    except (UnitSyntax, UnknownUnit):
        return False
    return text.startswith("\\")


def _inside(writing: Writing) -> list[Writing]:
    found: list[Writing] = []
    for member in writing.members:
        scalars = member.members and all(not each.is_list for each in member.members)
        found += [_merged(member)] if scalars else (_inside(member) if member.members else [member])
    return found


def _merged(writing: Writing) -> Writing:
    """Return a list of single numbers as one series; an entry that a member lacks is empty."""
    members = writing.members
    said = {name: _column([getattr(member, name) for member in members]) for name in _MEMBERS}
    parts = {name: _column([getattr(m.uncertainty, name) for m in members]) for name in _UNCERTAINTIES}
    form = next((member.uncertainty.form for member in members if member.uncertainty.form), "")
    kind = "realListXMLList" if not members[0].complex_form else "complexListXMLList"
    own = writing.uncertainty if writing.uncertainty.form else writing.shared_uncertainty
    merged = replace(
        members[0], kind=kind, uncertainty=Uncertainty(form, **parts), shared_uncertainty=own, **said
    )
    return replace(
        merged, date_time=merged.date_time or writing.date_time, label=merged.label or writing.label
    )


def _column(parts: list[tuple[str, ...]]) -> tuple[str, ...]:
    texts = tuple(part[0] if part else "" for part in parts)
    if not any(texts):
        return ()
    return texts
