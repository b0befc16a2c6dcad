"""The way of a version: which step leads from which state to which."""

from __future__ import annotations

from jialiang.vocabulary.statuses import BudgetState

_DRAFT, _IN_REVIEW, _IN_FORCE = BudgetState.DRAFT, BudgetState.IN_REVIEW, BudgetState.IN_FORCE

TRANSITIONS: dict[tuple[str, BudgetState], BudgetState] = {
    ("uncertainty_budget.change", _DRAFT): _DRAFT,
    ("uncertainty_budget.submit", _DRAFT): _IN_REVIEW,
    ("uncertainty_budget.return", _IN_REVIEW): _DRAFT,
    ("uncertainty_budget.approve", _IN_REVIEW): _IN_FORCE,
    ("uncertainty_budget.supersede", _IN_FORCE): BudgetState.SUPERSEDED,
    ("uncertainty_budget.withdraw", _DRAFT): BudgetState.WITHDRAWN,
    ("uncertainty_budget.withdraw", _IN_REVIEW): BudgetState.WITHDRAWN,
    ("uncertainty_budget.withdraw", _IN_FORCE): BudgetState.WITHDRAWN,
}


def steps_from(state: str) -> tuple[str, ...]:
    """Return the actions that are possible in a state, in the order of the work."""
    return tuple(action for action, start in TRANSITIONS if start == state)
