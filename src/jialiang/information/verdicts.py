"""Statements of conformity by the decision rule that was agreed before the work started."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast

from jialiang.science.decisions.statements import DecisionRule as ScienceRule
from jialiang.science.decisions.statements import Limits, Outcome, decide, worst
from jialiang.vocabulary.statuses import DecisionRule

_RULES: dict[str, ScienceRule] = {
    DecisionRule.SIMPLE_ACCEPTANCE: "simple",
    DecisionRule.GUARD_BAND_U: "non_binary",
}


class Agreed(Protocol):
    """What was agreed: the rule, and the limit that it is applied to."""

    @property
    def decision_rule(self) -> str:
        """A code of ``vocabulary.statuses.DecisionRule``."""
        ...

    @property
    def maximum_permissible_error(self) -> str:
        """Half-width of the limits as decimal text, empty where none is stated."""
        ...


def verdict_of(agreed: Agreed, deviation: str, expanded_uncertainty: str) -> str:
    """Return the outcome for one deviation as reported, empty where no statement was agreed or no limit exists."""
    rule = _RULES.get(agreed.decision_rule)
    if rule is None or not agreed.maximum_permissible_error:
        return ""
    limits = Limits.symmetric(agreed.maximum_permissible_error)
    width = expanded_uncertainty if rule == "non_binary" else 0
    return decide(deviation, limits, rule=rule, guard_band=width).outcome


def overall(outcomes: Iterable[str]) -> str:
    """Return the worst of the outcomes: an instrument passes if every point does; empty where none was stated."""
    stated = cast(tuple[Outcome, ...], tuple(outcome for outcome in outcomes if outcome))
    return worst(stated) if stated else ""
