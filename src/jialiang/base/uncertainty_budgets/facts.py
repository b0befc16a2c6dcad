"""What a version of a budget says, and how it is checked before it is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jialiang.base.uncertainty_budgets.errors import BudgetMember
from jialiang.base.uncertainty_budgets.models import BudgetVersion, UncertaintyBudget
from jialiang.governance import data_elements as elements
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal
from jialiang.science.documents.units import kinds_of_quantity
from jialiang.science.unit_text import read_unit
from jialiang.science.units import parse_unit

NOUN = "uncertainty_budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetFacts:
    """What a budget is called and which procedure it is for."""

    name: Text
    procedure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """What a version says: where it holds (decimal texts in ``unit``, D-SI), its document, and why it was changed.

    ``document`` is JSON without floats; ``quantity_kind`` is one of the known kinds, or empty.
    """

    unit: str
    minimum: str = ""
    maximum: str = ""
    quantity_kind: str = ""
    document: dict[str, Any] = field(default_factory=dict)
    change_note: str = ""


def budget_columns(facts: BudgetFacts) -> dict[str, Any]:
    """Return the columns of a budget. Raises BudgetMember."""
    if not facts.name.zh.strip() and not facts.name.en.strip():
        raise _refused("name", "", "needed")
    written = elements.columns(facts)
    written["name_zh"] = written["name_zh"] or written["name_en"][:100]
    return _storable(UncertaintyBudget, written)


def version_columns(facts: VersionFacts) -> dict[str, Any]:
    """Return the columns of a version: limits as decimal texts, in order. Raises BudgetMember."""
    texts = {
        name: getattr(facts, name).strip() for name in ("unit", "minimum", "maximum", "quantity_kind", "change_note")
    }
    written = _storable(BudgetVersion, texts)
    try:
        parse_unit(written["unit"])
    except InvalidInput as problem:
        raise _refused("unit", written["unit"], "unknown_unit") from problem
    _require_kind(written)
    for name in ("minimum", "maximum"):
        written[name] = _decimal(name, written[name])
    low, high = written["minimum"], written["maximum"]
    if low and high and Decimal(low) > Decimal(high):
        raise _refused("maximum", high, "limits_reversed", lower=low)
    return written | {"document": facts.document}


def _require_kind(written: dict[str, Any]) -> None:
    kind = written["quantity_kind"]
    if not kind:
        return
    coherent = kinds_of_quantity().get(kind.replace("_", " ").lower())
    if coherent is None:
        raise _refused("quantity_kind", kind, "unknown_quantity_kind")
    if read_unit(coherent).dimension != read_unit(written["unit"]).dimension:
        raise _refused("quantity_kind", kind, "unit_of_another_quantity", unit=written["unit"])


def _storable(table: type[UncertaintyBudget | BudgetVersion], written: dict[str, Any]) -> dict[str, Any]:
    for name, text in written.items():
        why = elements.refusal(table, name, text)
        if why is not None:
            member = elements.element_name(NOUN, name)
            raise BudgetMember(member=member, given=elements.beginning(text), reason=why)
    return written


def _decimal(name: str, text: str) -> str:
    if not text:
        return ""
    try:
        return read_decimal(text).text
    except InvalidInput as problem:
        raise _refused(name, text, "not_a_decimal") from problem


def _refused(member: str, given: str, why: str, **facts: object) -> BudgetMember:
    return BudgetMember(
        member=elements.element_name(NOUN, member), given=given, reason=elements.reason(why, **facts)
    )
