"""The numbers of one quantity, ready for a column or a row: one series for each unit it is written in."""

from __future__ import annotations

from collections.abc import Callable
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

    def of(read: Callable[[Writing], tuple[str, ...]]) -> tuple[str, ...]:
        return _column([read(member) for member in members])

    return replace(
        members[0],
        kind="complexListXMLList" if members[0].complex_form else "realListXMLList",
        values=of(lambda each: each.values),
        unit=of(lambda each: each.unit),
        second=of(lambda each: each.second),
        second_unit=of(lambda each: each.second_unit),
        quantity_kind=of(lambda each: each.quantity_kind),
        significant_digits=of(lambda each: each.significant_digits),
        label=of(lambda each: each.label) or writing.label,
        date_time=of(lambda each: each.date_time) or writing.date_time,
        uncertainty=_merged_uncertainty([member.uncertainty for member in members]),
        shared_uncertainty=writing.uncertainty if writing.uncertainty.form else writing.shared_uncertainty,
    )


def _merged_uncertainty(parts: list[Uncertainty]) -> Uncertainty:
    return Uncertainty(
        next((part.form for part in parts if part.form), ""),
        standard_uncertainty=_column([part.standard_uncertainty for part in parts]),
        expanded_uncertainty=_column([part.expanded_uncertainty for part in parts]),
        coverage_factor=_column([part.coverage_factor for part in parts]),
        coverage_probability=_column([part.coverage_probability for part in parts]),
        interval_min=_column([part.interval_min for part in parts]),
        interval_max=_column([part.interval_max for part in parts]),
        distribution=_column([part.distribution for part in parts]),
    )


def _column(parts: list[tuple[str, ...]]) -> tuple[str, ...]:
    texts = tuple(part[0] if part else "" for part in parts)
    if not any(texts):
        return ()
    return texts
