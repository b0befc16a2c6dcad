"""Writing uncertainty budgets, in the transaction of the verb.

A version that has left its draft is never written again: only its state moves on.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from jialiang.base.uncertainty_budgets.errors import (
    AuthorApproves,
    BudgetChanged,
    BudgetMember,
    BudgetReasonNeeded,
    BudgetUnknown,
    BudgetWrongState,
    NothingChanged,
    ScopeTaken,
)
from jialiang.base.uncertainty_budgets.facts import (
    NOUN,
    BudgetFacts,
    VersionFacts,
    budget_columns,
    version_columns,
)
from jialiang.base.uncertainty_budgets.models import BudgetStep, BudgetVersion, UncertaintyBudget
from jialiang.base.uncertainty_budgets.transitions import TRANSITIONS
from jialiang.formats.canonical import canonical_json, sha256_hex
from jialiang.governance import data_elements as elements
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.science.units import are_convertible, convert
from jialiang.security.actor import Actor
from jialiang.vocabulary.statuses import BudgetState, label

_REASON_NEEDED = ("uncertainty_budget.return", "uncertainty_budget.withdraw")
_WRITING = ("uncertainty_budget.create", "uncertainty_budget.change", "uncertainty_budget.submit")
_BEING_WRITTEN = (BudgetState.DRAFT, BudgetState.IN_REVIEW)


def create(
    code: str, budget_id: UUID, facts: BudgetFacts, first: VersionFacts, *, actor: Actor, now: datetime
) -> BudgetVersion:
    """Store a budget with its first version, a draft. Raises BudgetMember."""
    written = budget_columns(facts)
    budget = UncertaintyBudget.objects.create(id=budget_id, code=code, created_at=now, **written)
    return _new_version(budget, 1, version_columns(first), "uncertainty_budget.create", actor=actor, now=now)


def change(
    budget_id: UUID, facts: VersionFacts, *, actor: Actor, now: datetime, expected_version: int | None = None
) -> BudgetVersion:
    """Write the draft of a budget; where there is none, a new version is begun as a draft.

    Raises BudgetUnknown, BudgetMember, BudgetChanged, BudgetWrongState (a version is in review), NothingChanged.
    """
    budget = _locked_budget(budget_id)
    latest = BudgetVersion.objects.filter(budget=budget).order_by("-number").first()
    if latest is None:
        raise BudgetUnknown(wanted=str(budget_id))
    _require_version(latest, expected_version)
    written = version_columns(facts)
    if latest.state not in _BEING_WRITTEN:
        if _says(latest) == written | {"change_note": latest.change_note}:
            raise NothingChanged(code=budget.code, number=latest.number)
        action = "uncertainty_budget.change"
        return _new_version(budget, latest.number + 1, written, action, actor=actor, now=now)
    _target(latest, "uncertainty_budget.change")
    for name, content in written.items():
        setattr(latest, name, content)
    latest.digest = digest_of(written)
    _sign(latest, "written", actor, now)
    _write_step(latest, "uncertainty_budget.change", latest.state, latest.state, actor=actor, now=now)
    latest.version += 1
    latest.save()
    return latest


def step(version_id: UUID, action: str, *, actor: Actor, now: datetime, reason: str = "") -> BudgetVersion:
    """Move a version by ``action``. Raises BudgetUnknown, BudgetWrongState, BudgetReasonNeeded, BudgetMember."""
    row = locked(version_id)
    target = _target(row, action)
    text = " ".join(reason.split())
    if action in _REASON_NEEDED and not text:
        raise BudgetReasonNeeded(code=row.budget.code, number=row.number)
    why = elements.refusal(BudgetStep, "reason", text)
    if why is not None:
        member = elements.element_name(NOUN, "reason")
        raise BudgetMember(member=member, given=elements.beginning(text), reason=why)
    _write_step(row, action, row.state, target, actor=actor, now=now, reason=text)
    row.state = target
    row.version += 1
    if action == "uncertainty_budget.submit":
        row.submitted_at = now
    elif action == "uncertainty_budget.approve":
        _sign(row, "approved", actor, now)
    elif target in (BudgetState.SUPERSEDED, BudgetState.WITHDRAWN):
        row.ended_at = now
    row.save()
    return row


def require_possible(row: BudgetVersion, action: str) -> None:
    """Raise BudgetWrongState, with the state as it stands, if no step of this name leads from it."""
    _target(row, action)


def require_other_person(row: BudgetVersion, actor: Actor) -> None:
    """Raise AuthorApproves if ``actor`` wrote any of the version, or submitted it."""
    writers = BudgetStep.objects.filter(budget_version=row, action__in=_WRITING).order_by()
    if actor.person_id is None or actor.person_id in set(writers.values_list("person_id", flat=True)):
        raise AuthorApproves(person=actor.name, code=row.budget.code, number=row.number)


def require_free_scope(row: BudgetVersion) -> None:
    """Raise ScopeTaken if a version of another budget is in force for points inside this one's interval."""
    others = BudgetVersion.objects.select_related("budget").filter(
        state=BudgetState.IN_FORCE, budget__procedure=row.budget.procedure
    )
    for other in others.exclude(budget_id=row.budget_id):
        if are_convertible(other.unit, row.unit) and _overlap(_interval(row, row.unit), _interval(other, row.unit)):
            interval = f"{other.minimum or '−∞'} … {other.maximum or '∞'}"
            raise ScopeTaken(code=row.budget.code, other=other.budget.code, interval=interval)


def supersede(budget_id: UUID, *, actor: Actor, now: datetime) -> int:
    """End the version in force of a budget, because another comes into force; returns its number, 0 for none."""
    held = BudgetVersion.objects.filter(budget_id=budget_id, state=BudgetState.IN_FORCE).first()
    if held is None:
        return 0
    return step(held.id, "uncertainty_budget.supersede", actor=actor, now=now).number


def locked(version_id: UUID) -> BudgetVersion:
    """Return a version with its budget, locked to the end of the transaction. Raises BudgetUnknown."""
    found = BudgetVersion.objects.select_for_update(of=("self",)).select_related("budget").filter(pk=version_id).first()
    if found is None:
        raise BudgetUnknown(wanted=str(version_id))
    return found


def lock_procedure(procedure: str) -> None:
    """Lock the budgets of a procedure to the end of the transaction: two approvals follow one another."""
    rows = UncertaintyBudget.objects.select_for_update().filter(procedure=procedure).order_by("id")
    list(rows.values_list("id", flat=True))


def digest_of(written: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of scope and document."""
    members = ("quantity_kind", "unit", "minimum", "maximum", "document")
    return sha256_hex(canonical_json({name: written[name] for name in members}))


def _interval(row: BudgetVersion, unit: str) -> tuple[Decimal, Decimal]:
    def end(text: str, open_end: str) -> Decimal:
        return convert(text, source=row.unit, target=unit) if text else Decimal(open_end)

    return end(row.minimum, "-Infinity"), end(row.maximum, "Infinity")


def _overlap(first: tuple[Decimal, Decimal], second: tuple[Decimal, Decimal]) -> bool:
    """Whether two intervals share more than an end; two equal points do, and a point inside an interval does."""
    low, high = max(first[0], second[0]), min(first[1], second[1])
    if low != high:
        return low < high
    return first == second or any(begin < low < end for begin, end in (first, second))


def _new_version(
    budget: UncertaintyBudget, number: int, written: dict[str, Any], action: str, *, actor: Actor, now: datetime
) -> BudgetVersion:
    row = BudgetVersion(id=new_id(now), budget=budget, number=number, digest=digest_of(written), **written)
    _sign(row, "written", actor, now)
    row.save(force_insert=True)
    _write_step(row, action, "", BudgetState.DRAFT, actor=actor, now=now)
    return row


def _says(row: BudgetVersion) -> dict[str, Any]:
    members = ("unit", "minimum", "maximum", "quantity_kind", "change_note", "document")
    return {name: getattr(row, name) for name in members}


def _locked_budget(budget_id: UUID) -> UncertaintyBudget:
    row = UncertaintyBudget.objects.select_for_update().filter(pk=budget_id).first()
    if row is None:
        raise BudgetUnknown(wanted=str(budget_id))
    return row


def _require_version(row: BudgetVersion, expected_version: int | None) -> None:
    if expected_version is not None and row.version != expected_version:
        raise BudgetChanged(code=row.budget.code, number=row.number)


def _target(row: BudgetVersion, action: str) -> BudgetState:
    state = BudgetState(row.state)
    target = TRANSITIONS.get((action, state))
    if target is None:
        named = {"code": row.budget.code, "number": row.number}
        raise BudgetWrongState(**named, state=label(state), action=action)
    return target


def _write_step(
    row: BudgetVersion, action: str, source: str, target: str, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    BudgetStep.objects.create(
        id=new_id(now),
        budget_version=row,
        at=now,
        action=action,
        from_state=source,
        to_state=target,
        person_id=actor.person_id,
        person_name=actor.name.zh or actor.name.en,
        reason=reason,
    )


def _sign(row: BudgetVersion, deed: str, actor: Actor, now: datetime) -> None:
    name: Text = actor.name
    setattr(row, f"{deed}_by_id", actor.person_id)
    setattr(row, f"{deed}_by_zh", name.zh)
    setattr(row, f"{deed}_by_en", name.en)
    setattr(row, f"{deed}_at", now)
