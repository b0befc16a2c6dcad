"""The result table, the statements and the conclusion of a certificate, from the stored evaluation."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any, cast

from jialiang.formats.content import Column, Conformity, ResultTable, Statement
from jialiang.formats.dcc.covariances import MOST_PAIRS, can_be_squared
from jialiang.information.points_correlation import correlated_points, points_covariance
from jialiang.information.verdicts import overall
from jialiang.kernel.text import Text
from jialiang.science.covariance import ellipsoid_factor, rounded_covariance
from jialiang.science.rounding import as_decimal, plain_text
from jialiang.science.units import display_unit

_REJECTED = "conclusion.verification.fail"
_CLASS = re.compile(r"[0-9]+(\.[0-9]+)?|[ⅠⅡⅢⅣⅤ]|I{1,3}|IV|V|[A-Z][0-9]?|[一二三四五]", re.ASCII)
"""How accuracy classes are written; anything else is no class but a limit in words."""

_NORMAL = "normal"
_T = "t"


def result_table(
    evaluation: dict[str, Any], equipment_keys: tuple[str, ...], method_keys: tuple[str, ...]
) -> ResultTable:
    """Return the table of an evaluation; U, k, p and conformity stand at the column that the work determined."""
    procedure = evaluation["procedure"]
    keys = {"equipment_keys": equipment_keys, "method_keys": method_keys}
    columns = _COLUMNS[procedure](evaluation, keys)
    note = words(f"note.{procedure}").format(count=_count(evaluation))
    is_said = any(column.covariances for column in columns)
    note = note if is_said else _with_correlation(note, evaluation)
    return ResultTable(words(f"table.{procedure}"), columns, note=note)


def statements_of(evaluation: dict[str, Any]) -> tuple[Statement, ...]:
    """Return the statements on traceability, uncertainty and, where a rule was agreed, the decision rule."""
    percent = plain_text(as_decimal(evaluation["points"][0]["coverage_probability"]) * 100).rstrip("0").rstrip(".")
    stated = [
        Statement("jl_traceability", words("statement.traceability"), words("statement.traceability.text")),
        Statement(
            "basic_uncertainty",
            words("statement.uncertainty"),
            words("statement.uncertainty.text").format(percent=percent),
            norm=words("norm.uncertainty").en,
        ),
    ]
    outcome = overall([point["conformity"] for point in evaluation["points"]])
    if outcome:
        stated.append(_decision(evaluation, outcome))
    return tuple(stated)


def conclusion_of(evaluation: dict[str, Any], kind: str, accuracy_class: str = "") -> Text:
    """Return the conclusion where conformity was stated, nothing otherwise.

    A verified instrument is accepted for use in its class where it has one that is written as classes are.
    """
    outcome = overall([point["conformity"] for point in evaluation["points"]])
    if not outcome:
        return Text()
    if kind == "legal_verification":
        return _verified(accuracy_class) if outcome in ("pass", "conditionalPass") else words(_REJECTED)
    return words(f"conclusion.{outcome}")


def _verified(accuracy_class: str) -> Text:
    written = accuracy_class.strip().removesuffix("级").rstrip()
    if _CLASS.fullmatch(written) is None:
        return words("conclusion.verification.pass")
    return words("conclusion.verification.class").format(accuracy_class=written)


def words(key: str) -> Text:
    """Return fixed words of certificates in both languages."""
    return Text.from_json(_all_words()[key])


def _with_correlation(note: Text, evaluation: dict[str, Any]) -> Text:
    """Add to a note how the results at different points are correlated, where budgets of the institute say it."""
    pairs = [pair for pair in correlated_points(evaluation) if round(pair.coefficient, 2)]
    if not pairs:
        return note
    if len(pairs) <= MOST_PAIRS:
        listed = ", ".join(f"r({p.first}, {p.second}) = {p.coefficient:.2f}" for p in pairs)
        said = words("note.correlation").format(pairs=listed)
    else:
        found = sorted(pair.coefficient for pair in pairs)
        said = words("note.correlation.many").format(low=f"{found[0]:.2f}", high=f"{found[-1]:.2f}")
    return Text(f"{note.zh}{said.zh}", f"{note.en} {said.en}")


def _covariances(evaluation: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return the covariance matrix of the results as it is reported; nothing where none can be said.

    Points that have nothing to do with one another (r below 0.005) need none: U says everything about them.
    """
    if not can_be_squared(evaluation["unit"]):
        return ()
    if not any(round(pair.coefficient, 2) for pair in correlated_points(evaluation)):
        return ()
    matrix = points_covariance(evaluation)
    return (rounded_covariance(matrix) or ()) if matrix else ()


def _region_factor(evaluation: dict[str, Any]) -> str:
    """Return k of the region that holds all results at once: by the smallest degrees of freedom of a point."""
    points = evaluation["points"]
    smallest = min(float(point["degrees_of_freedom_used"] or "inf") for point in points)
    return ellipsoid_factor(len(points), float(points[0]["coverage_probability"]), smallest)


def _decision(evaluation: dict[str, Any], outcome: str) -> Statement:
    inputs, unit = evaluation["inputs"], evaluation["unit"]
    units = Text(display_unit(unit, "zh"), display_unit(unit, "en"))
    rule = words(f"decision.{inputs['decision_rule']}")
    declaration = rule.format(limit=inputs["maximum_permissible_error"], unit=units)
    return Statement(
        "basic_conformity",
        words("statement.decision"),
        declaration,
        norm="ILAC-G8:09/2019",
        conformity=cast(Conformity, outcome),
    )


def _line_columns(evaluation: dict[str, Any], keys: dict[str, tuple[str, ...]]) -> tuple[Column, ...]:
    unit = evaluation["unit"]
    indications = _texts(evaluation, "indication")
    return (
        Column("basic_measuredValue", words("column.indication"), unit, indications),
        _determined("jl_correction", "column.correction", _texts(evaluation, "deviation"), evaluation, keys),
    )


def _comparison_columns(
    evaluation: dict[str, Any], keys: dict[str, tuple[str, ...]]
) -> tuple[Column, ...]:
    unit = evaluation["unit"]
    errors = _texts(evaluation, "deviation")
    return (
        Column("basic_referenceValue", words("column.reference"), unit, _texts(evaluation, "reference")),
        Column("basic_measuredValue", words("column.indication"), unit, _texts(evaluation, "indication")),
        _determined("basic_measurementError", "column.error", errors, evaluation, keys),
    )


def _mass_columns(evaluation: dict[str, Any], keys: dict[str, tuple[str, ...]]) -> tuple[Column, ...]:
    unit = evaluation["unit"]
    deviations = _texts(evaluation, "deviation")
    return (
        Column("basic_nominalValue", words("column.nominal"), unit, _texts(evaluation, "reference")),
        Column("basic_measuredValue", words("column.mass"), unit, _texts(evaluation, "indication")),
        _determined("jl_nominalDeviation", "column.deviation", deviations, evaluation, keys),
    )


_COLUMNS = {
    "thermometer_line": _line_columns,
    "repeated_comparison": _comparison_columns,
    "mass_comparison": _mass_columns,
}


def _determined(
    ref_type: str,
    name: str,
    texts: tuple[str, ...],
    evaluation: dict[str, Any],
    keys: dict[str, tuple[str, ...]],
) -> Column:
    outcomes = _texts(evaluation, "conformity")
    points = evaluation["points"]
    covariances = _covariances(evaluation)
    return Column(
        ref_type,
        words(name),
        evaluation["unit"],
        texts,
        expanded_uncertainties=_texts(evaluation, "expanded_uncertainty"),
        coverage_factors=_texts(evaluation, "coverage_factor"),
        coverage_probability=points[0]["coverage_probability"],
        distribution=_NORMAL if all(p["degrees_of_freedom"] == "inf" for p in points) else _T,
        conformities=cast(tuple[Conformity, ...], outcomes) if all(outcomes) else (),
        covariances=covariances,
        region_factor=_region_factor(evaluation) if covariances else "",
        **keys,
    )


def _texts(evaluation: dict[str, Any], member: str) -> tuple[str, ...]:
    return tuple(point[member] for point in evaluation["points"])


def _count(evaluation: dict[str, Any]) -> int:
    line = evaluation.get("line")
    return line["degrees_of_freedom"] + 2 if line else 0


@cache
def _all_words() -> dict[str, dict[str, str]]:
    file = resources.files("jialiang.information") / "certificate_words.json"
    data: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return data
