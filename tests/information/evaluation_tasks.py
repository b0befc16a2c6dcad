"""Tasks of evaluation made from typed texts, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from jialiang.base.readings.views import Cell, Readings
from jialiang.information.evaluation_task import EvaluationTask, StandardInUse
from jialiang.information.procedures import procedure

CELSIUS = "\\degreecelsius"
GRAMS = {"unit": "\\gram", "certificate_unit": "\\gram"}
NOWHEN = datetime(2026, 6, 16, tzinfo=UTC)
STANDARD = StandardInUse("S-1", "GJ-1", "0.006", "2", CELSIUS, CELSIUS, "0.002", "-40", "420")
IN_GRAMS = replace(
    STANDARD, expanded_uncertainty="0.0010", drift_half_width="0.0003", minimum="", maximum="", **GRAMS
)
# GUM-like arithmetic by hand: differences 0.018, 0.019, 0.017; mean 0.018, s = 0.001, s/√3 = 0.000577
PAIRS = (("20.013", "20.031"), ("20.012", "20.031"), ("20.014", "20.031"))


def task_for(key: str, columns: dict[str, list[str]], points: tuple[str, ...], **more) -> EvaluationTask:
    """A task of a procedure from columns of typed texts; ``more`` replaces its members."""
    plan = procedure(key)
    parameters = plan.parameters_with(more.pop("parameters", {}))
    layout = plan.layout(points, parameters, CELSIUS)
    cells = tuple(
        Cell(row, name, text, text, CELSIUS, "manual", "李小量", NOWHEN, text)
        for name, texts in columns.items()
        for row, text in enumerate(texts, start=1)
        if text
    )
    given = {
        "procedure": key,
        "unit": CELSIUS,
        "readings": Readings(UUID(int=1), layout, None, "", cells),
        "points": points,
        "parameters": parameters,
        "standard": STANDARD,
        "displayed_resolution": "0.001",
        "maximum_permissible_error": "0.050",
        "decision_rule": "guard_band_u",
    }
    return EvaluationTask(**(given | more))


def comparison_task(**more) -> EvaluationTask:
    """Three readings against a standard at 20 °C."""
    columns = {"standard": [s for s, _ in PAIRS], "indication": [i for _, i in PAIRS]}
    return task_for("repeated_comparison", columns, ("20",), **more)
