"""Rounds with artefacts and results that stand in no database, for the evaluation alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from jialiang.base.comparison_rounds.models import (
    ComparisonArtefact,
    ComparisonParticipant,
    ComparisonResult,
    ComparisonRound,
)
from jialiang.information import comparison_evaluation

ROUND = UUID(int=1)
Stated = tuple[str, ...]


def round_of(assigned_by: str = "weighted_mean", **changes: Any) -> ComparisonRound:
    """A round of weights in milligrams."""
    given = {
        "id": ROUND, "number": "CR-2026-0001", "name_zh": "砝码比对", "name_en": "Comparison of weights",
        "quantity_zh": "质量偏差", "quantity_en": "mass deviation",
        "unit": "\\milli\\gram", "assigned_by": assigned_by, "state": "measuring",
    }  # fmt: skip
    return ComparisonRound(**given | changes)


def artefact_of(position: int = 1, stated: Stated = ("", "", "")) -> ComparisonArtefact:
    """An artefact at its place, with value, U and k where a reference laboratory states them."""
    value, expanded, factor = stated
    return ComparisonArtefact(
        id=UUID(int=10 + position), position=position, name_zh=f"砝码 {position}", name_en=f"Weight {position}",
        assigned_value=value, expanded_uncertainty=expanded, coverage_factor=factor,
    )  # fmt: skip


def laboratory(code: str, **changes: Any) -> ComparisonParticipant:
    """A participant by its code."""
    given = {
        "id": UUID(int=100 + ord(code[0])),
        "code": code,
        "name_zh": f"{code} 实验室",
        "name_en": f"Laboratory {code}",
    }
    return ComparisonParticipant(**given | changes)


def result_of(who: ComparisonParticipant, artefact: ComparisonArtefact, stated: Stated) -> ComparisonResult:
    """What a laboratory measured: value, U (empty: none stated) and k (usually 2)."""
    value, expanded, factor = (*stated, "", "")[:3]
    return ComparisonResult(
        participant=who, artefact=artefact, measured_value=value, expanded_uncertainty=expanded,
        coverage_factor=factor or ("2" if expanded else ""),
    )  # fmt: skip


def evaluated(
    monkeypatch: Any,
    stated: Sequence[Stated],
    assigned_by: str = "weighted_mean",
    *,
    reference: Stated = ("", "", ""),
    second: Sequence[Stated] = (),
    **changes: Any,
) -> tuple[ComparisonRound, dict[str, Any], str]:
    """Evaluate what laboratories A, B, C … state on one artefact, or on two; an empty tuple: nothing was measured."""
    row = round_of(assigned_by, **changes)
    artefacts = [artefact_of(1, reference), *([artefact_of(2, reference)] if second else [])]
    laboratories = [laboratory(code) for code in "ABCDEFGHIJKLMNOP"]
    results = [
        result_of(who, artefact, each)
        for artefact, column in zip(artefacts, (stated, second), strict=False)
        for who, each in zip(laboratories, column, strict=False)
        if each
    ]
    monkeypatch.setattr(comparison_evaluation, "results_of", lambda _round_id: results)
    monkeypatch.setattr(comparison_evaluation, "artefacts_of", lambda _round_id: artefacts)
    document, digest = comparison_evaluation.evaluation_of(row)
    return row, document, digest


def scores(document: dict[str, Any], place: int = 0, artefact: int = 0) -> dict[str, tuple[float, str]]:
    """The scores of a row by name, with their verdicts."""
    found = document["artefacts"][artefact]["rows"][place]["scores"]
    return {each["name"]: (float(each["score"]), each["verdict"]) for each in found}
