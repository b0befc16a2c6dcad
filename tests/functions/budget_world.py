"""Budgets of a small institute, brought to where a test needs them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.functions.record_world import CELSIUS, World

from jialiang.base.uncertainty_budgets.facts import BudgetFacts, VersionFacts
from jialiang.base.uncertainty_budgets.selectors import BudgetVersion, budget_version
from jialiang.functions import uncertainty_budgets as verbs
from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.kernel.text import Text

NAME = Text("温度计修正值评定", "Correction of thermometers")


def version_facts(key: str = "thermometer_line", **changes: Any) -> VersionFacts:
    """A version of a procedure's shipped template, with changes."""
    given = {"unit": CELSIUS, "document": shipped_template(key), "change_note": "首版"} | changes
    return VersionFacts(**given)


def draft(world: World, key: str = "thermometer_line", *, by: str = "technician", **changes: Any) -> BudgetVersion:
    """A budget with a draft."""
    facts = BudgetFacts(name=NAME, procedure=key)
    return verbs.create(actor=world.people[by], facts=facts, first=version_facts(key, **changes), now=world.now)


def in_review(world: World, key: str = "thermometer_line", **changes: Any) -> BudgetVersion:
    """A budget whose first version waits for its review."""
    row = draft(world, key, **changes)
    return verbs.submit(actor=world.people["technician"], version_id=row.id, now=world.now)


def put_into_force(world: World, version_id: UUID) -> BudgetVersion:
    """Submit a draft and approve it."""
    verbs.submit(actor=world.people["technician"], version_id=version_id, now=world.now)
    digest = budget_version(version_id).digest
    return verbs.approve(actor=world.people["reviewer"], version_id=version_id, seen_digest=digest, now=world.now)


def in_force(world: World, key: str = "thermometer_line", **changes: Any) -> BudgetVersion:
    """A budget whose first version holds."""
    return put_into_force(world, draft(world, key, **changes).id)


def with_bath(half_width: str) -> dict[str, Any]:
    """The thermometer template with a bath of its own instead of the record's parameter."""
    document = shipped_template("thermometer_line")
    bath = next(item for item in document["inputs"] if item["name"] == "delta_bath")
    del bath["from"]
    bath["half_width"] = half_width
    return document
