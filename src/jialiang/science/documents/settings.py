"""How a document is to be evaluated: method, probability, draws, seed, digits, rounding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from jialiang.science.coverage import DegreesOfFreedomRule
from jialiang.science.coverage_intervals import IntervalKind
from jialiang.science.documents.fields import Fields
from jialiang.science.errors import BudgetUnreadable, DigitsNotAllowed, ParameterNotAllowed
from jialiang.science.rounding import RoundingRule
from jialiang.science.stopping import StoppingRule

Method = Literal["lpu", "lpu2", "mc"]
METHODS: tuple[Method, ...] = ("lpu", "lpu2", "mc")


@dataclass(frozen=True, slots=True)
class DocumentSettings:
    """The laboratory's rules for one document.

    ``draws`` None means adaptive. ``digits`` None takes two digits of u where the first is 1 or 2, else one.
    ``coverage_factor`` is a chosen k; without one k comes from the t-distribution or from the draws.
    ``interval_kind`` is the interval that validation compares with. ``smallest_expanded_uncertainty`` is the U of
    the laboratory's capability, by output. ``validate`` False leaves Monte Carlo out where k does not need it.
    """

    method: Method = "lpu"
    probability: float = 0.95
    draws: int | None = None
    seed: int = 1
    digits: int | None = None
    coverage_factor: float | None = None
    degrees_of_freedom_rule: DegreesOfFreedomRule = "truncate"
    stopping_rule: StoppingRule = "jialiang"
    interval_kind: IntervalKind = "shortest"
    rounding_rule: RoundingRule = "half_even"
    reported_digits: int = 2
    smallest_expanded_uncertainty: Mapping[str, float] = field(default_factory=dict)
    validate: bool = True
    largest_draws: int = 1 << 24

    def __post_init__(self) -> None:
        if not 0 < self.probability < 1:
            raise ParameterNotAllowed(parameter="p", given=self.probability, allowed="0 < p < 1")
        for digits in (self.digits, self.reported_digits):
            if digits not in (None, 1, 2):
                raise DigitsNotAllowed(digits=digits)
        for floor in self.smallest_expanded_uncertainty.values():
            if floor < 0:
                raise ParameterNotAllowed(
                    parameter="smallest_expanded_uncertainty", given=floor, allowed="≥ 0"
                )


def read_settings(data: Fields) -> DocumentSettings:
    """Read the member ``settings`` of a document; members of the same name at the top count too."""
    merged = Fields({**data.data, **data.inside("settings").data}, "settings")
    floor = merged.any_of("smallest_expanded_uncertainty", "cmc")
    reported_digits, seed = _whole(merged, "reported_digits"), _whole(merged, "seed")
    return DocumentSettings(
        method=merged.choice("method", METHODS, "lpu"),  # type: ignore[arg-type]
        probability=_probability(merged),
        draws=_draws(merged),
        seed=1 if seed is None else seed,
        digits=_whole(merged, "digits", "ndig"),
        coverage_factor=merged.number("coverage_factor", "k"),
        degrees_of_freedom_rule=merged.choice("degrees_of_freedom_rule", ("truncate", "real"), "truncate"),  # type: ignore[arg-type]
        stopping_rule=merged.choice("stopping_rule", ("jialiang", "s1"), "jialiang"),  # type: ignore[arg-type]
        interval_kind=merged.choice("interval_kind", ("symmetric", "shortest"), "shortest"),  # type: ignore[arg-type]
        rounding_rule=merged.choice("rounding_rule", ("half_even", "half_up", "up"), "half_even"),  # type: ignore[arg-type]
        reported_digits=2 if reported_digits is None else reported_digits,
        smallest_expanded_uncertainty=_floors(floor, merged),
        validate=_truth(merged, "validate"),
    )


def _probability(merged: Fields) -> float:
    found = merged.number("probability", "coverage_probability", "p")
    return 0.95 if found is None else found


def _draws(merged: Fields) -> int | None:
    return None if merged.any_of("draws", "M") in (None, "adaptive") else _whole(merged, "draws", "M")


def _whole(merged: Fields, *names: str) -> int | None:
    found = merged.number(*names)
    if found is not None and not float(found).is_integer():
        raise BudgetUnreadable(member=merged.where(names[0]))
    return None if found is None else int(found)


def _truth(merged: Fields, name: str) -> bool:
    found = merged.any_of(name)
    if found is not None and not isinstance(found, bool):
        raise BudgetUnreadable(member=f"{merged.where(name)} (true, false)")
    return found is not False


def _floors(floor: object, merged: Fields) -> dict[str, float]:
    if floor is None:
        return {}
    if isinstance(floor, Mapping):
        return {str(name): Fields(floor, "cmc").needed(str(name)) for name in floor}
    return {"*": merged.needed("smallest_expanded_uncertainty", "cmc")}
