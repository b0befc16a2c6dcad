"""Where a template is evaluated, and what one input takes from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jialiang.information.budget_templates.in_use import TemplateInUse
from jialiang.information.evaluation_task import EvaluationTask
from jialiang.science.fit import StraightLine


@dataclass(frozen=True, slots=True)
class Place:
    """One point of a task: its cells by column (as typed, none empty), or the line through all readings."""

    task: EvaluationTask
    template: TemplateInUse
    point: str
    cells: Mapping[str, list[str]] = field(default_factory=dict)
    line: StraightLine | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """What a source gives to an input: members of a budget document, the thing that it is, and how it was found.

    ``source`` is what the stored contribution says (a number of a certificate, ``readings`` …); ``origin`` are further
    facts about it, as texts.
    """

    members: Mapping[str, Any]
    source: str
    origin: Mapping[str, str] = field(default_factory=dict)
