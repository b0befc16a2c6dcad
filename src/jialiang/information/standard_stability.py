"""Repeatability and stability of a measurement standard by JJF 1033, from its stored checks (期间核查).

All checks of one day (or of one moment in years) are a group. The criteria are those recalled from the 2016 edition
and its guide: change < |MPE| of a standard used at its nominal value, change < U of the correction it is used with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal
from uuid import UUID

from jialiang.base.measurement_standards.facts import moment_of
from jialiang.base.measurement_standards.selectors import certificates_of, check_observations, standard
from jialiang.information.control_charts import in_unit
from jialiang.science.decimal_text import exact_float
from jialiang.science.distributions import require_positive
from jialiang.science.rounding import as_decimal
from jialiang.science.type_a import Repeatability, repeatability
from jialiang.science.units import convert
from jialiang.science.variances.jjf1033 import (
    NEW_STANDARD_GROUPS,
    Stability,
    judged_by_correction,
    judged_by_mpe,
    stability_in_use,
    stability_of_new,
)

FEWEST_READINGS = 10
_ALMOST = 1e-9
Kind = Literal["new", "in_use"]


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """The checks of one day in the unit of the standard: s by Bessel, None of a single one."""

    label: str
    moment: float
    mean: float
    found: Repeatability | None

    @property
    def is_enough(self) -> bool:
        """Whether there are the ten readings that the repeatability is taken from."""
        return self.found is not None and self.found.count >= FEWEST_READINGS

    @property
    def year(self) -> int:
        """The calendar year, or the whole number of years where moments are told in years."""
        return int(self.moment // 1)


@dataclass(frozen=True, slots=True)
class StabilityTest:
    """One test: the groups or years it compares, the change, its limit and where that is from, the verdict.

    ``limit_from`` is ``mpe``, the number of the certificate whose U it is, or empty where there is no criterion.
    """

    kind: Kind
    first: str
    last: str
    means: tuple[float, ...]
    change: Decimal
    limit: Decimal | None
    limit_from: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class StandardTests:
    """The groups of a standard, oldest first, and its tests of stability: as new, then from year to year."""

    unit: str
    groups: tuple[CheckGroup, ...]
    stability: tuple[StabilityTest, ...]

    @property
    def repeatability(self) -> tuple[CheckGroup, ...]:
        """The groups of ten or more readings, oldest first."""
        return tuple(group for group in self.groups if group.is_enough)

    @property
    def has_grown(self) -> bool | None:
        """Whether the latest s exceeds the first; None below two tests of repeatability."""
        tests = [group.found.standard_deviation for group in self.repeatability if group.found]
        return tests[-1] > tests[0] if len(tests) > 1 else None


def standard_tests(standard_id: UUID, *, maximum_permissible_error: str = "") -> StandardTests:
    """Return the tests of a standard: three queries, and one for each revoked certificate.

    With a maximum permissible error (in the standard's unit) changes are judged by it; without, by U of the
    certificate that carried the standard at the end of the test. Raises StandardUnknown, UnitsNotConvertible,
    ParameterNotAllowed, and what reading a number raises.
    """
    row = standard(standard_id)
    if maximum_permissible_error:
        require_positive("mpe", abs(exact_float(maximum_permissible_error)))
    groups = _groups(check_observations(standard_id), row.unit)
    limits = _Limits(maximum_permissible_error, row.unit, certificates_of(standard_id))
    return StandardTests(row.unit, groups, (*_as_new(groups, limits), *_from_year_to_year(groups, limits)))


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a change is judged by."""

    maximum_permissible_error: str
    unit: str
    certificates: Sequence[Any]

    def judged(self, kind: Kind, groups: Sequence[CheckGroup], means: Sequence[Decimal]) -> StabilityTest:
        """Return the test that the means of groups, or of years, make."""
        change = stability_of_new(means) if kind == "new" else stability_in_use(means)
        first, last = (str(g.year) if kind == "in_use" else g.label for g in (groups[0], groups[-1]))
        found, limit_from = self._criterion(change, groups[-1])
        figures = tuple(float(mean) for mean in means)
        return StabilityTest(kind, first, last, figures, change, found.limit, limit_from, found.holds)

    def _criterion(self, change: Decimal, last: CheckGroup) -> tuple[Stability, str]:
        if self.maximum_permissible_error:
            return judged_by_mpe(change, self.maximum_permissible_error), "mpe"
        carrying = self._carrying(last)
        if carrying is None:
            return Stability(change, None, None), ""
        expanded = convert(carrying.expanded_uncertainty, source=carrying.unit, target=self.unit, difference=True)
        return judged_by_correction(change, expanded), carrying.number

    def _carrying(self, group: CheckGroup) -> Any | None:
        """Return the certificate that began last by the group's day, None where none had begun or no day is known."""
        try:
            day = date.fromisoformat(group.label)
        except ValueError:
            return None
        begun = [each for each in self.certificates if each.valid_from <= day and each.revoked_at is None]
        return max(begun, key=lambda each: each.valid_from, default=None)


def _groups(observations: Sequence[Any], unit: str) -> tuple[CheckGroup, ...]:
    by_label: dict[str, list[float]] = {}
    for entry in observations:
        by_label.setdefault(entry.observed_on, []).append(in_unit(entry, unit))
    found = [_group(label, values) for label, values in by_label.items()]
    return tuple(sorted(found, key=lambda group: group.moment))


def _group(label: str, values: list[float]) -> CheckGroup:
    scatter = repeatability([Fraction(as_decimal(value)) for value in values]) if len(values) > 1 else None
    return CheckGroup(label, moment_of(label) or 0.0, scatter.mean if scatter else values[0], scatter)


def _as_new(groups: Sequence[CheckGroup], limits: _Limits) -> tuple[StabilityTest, ...]:
    """Return the test of the first four groups that lie a month or more apart, none where there are fewer."""
    taken: list[CheckGroup] = []
    for group in groups:
        if not taken or _months(group) - _months(taken[-1]) >= 1 - _ALMOST:
            taken.append(group)
        if len(taken) == NEW_STANDARD_GROUPS:
            return (limits.judged("new", taken, [as_decimal(each.mean) for each in taken]),)
    return ()


def _from_year_to_year(groups: Sequence[CheckGroup], limits: _Limits) -> tuple[StabilityTest, ...]:
    """Return a test for each year with checks and the one with checks before it: the means of their groups."""
    years: dict[int, list[CheckGroup]] = {}
    for group in groups:
        years.setdefault(group.year, []).append(group)
    means = {year: _mean([as_decimal(each.mean) for each in members]) for year, members in years.items()}
    pairs = zip(years, list(years)[1:], strict=False)
    return tuple(
        limits.judged("in_use", [*years[before], *years[after]], [means[before], means[after]])
        for before, after in pairs
    )


def _months(group: CheckGroup) -> float:
    """Return the moment in months, so that the same day of the next month is one later."""
    try:
        day = date.fromisoformat(group.label)
    except ValueError:
        return group.moment * 12
    return day.year * 12 + day.month + (day.day - 1) / 31


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)
