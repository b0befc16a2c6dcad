"""The topic of gauge studies: a crossed one from a cube or from named readings, a nested one from a cube."""

from __future__ import annotations

from itertools import product
from typing import Any

from jialiang.kernel.text import Text
from jialiang.science.topics.errors import ReadingsUneven
from jialiang.science.topics.reading import Members
from jialiang.science.variances.gauge import (
    STUDY_SPREAD,
    CrossedStudy,
    NestedStudy,
    crossed_study,
    nested_study,
)
from jialiang.science.variances.gauge_intervals import sureness

Answer = dict[str, Any]
Cube = list[list[list[float]]]
_OF_A_READING = ("part", "operator", "trial", "value")


def gauge_study(given: Members) -> Answer:
    """A crossed or a nested gauge study."""
    if given.choice("design", ("crossed", "nested"), "crossed") == "nested":
        return _nested(nested_study(given.cube("data")), given)
    names: Answer = {}
    if given.only_one_of("data", "readings") == "readings":
        cube, parts, operators = arranged(given.parts("readings", _OF_A_READING))
        names = {"part_names": parts, "operator_names": operators}
    else:
        cube = given.cube("data")
    found = crossed_study(cube, pooling_from=given.number("alpha", 0.25))
    tolerance = given.optional_number("tolerance")
    answer = _crossed(found, tolerance) | _sure(found, given.number("confidence", 0.95)) | names
    if tolerance is not None:
        answer["share_of_tolerance"] = found.share_of_tolerance(tolerance)
    return answer


def arranged(readings: list[Members]) -> tuple[Cube, list[str], list[str]]:
    """Return readings as ``cube[part][operator][trial]`` with the names of parts and operators.

    Names stand in the order of their first appearance, trials in that of their appearance or of their numbers.
    Raises ReadingsUneven where a trial stands twice or a cell has more or fewer readings than the first.
    """
    cells = _cells(readings)
    parts, operators = (list(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
    wanted = max((len(cell) for cell in cells.values()), default=0)
    for key in product(parts, operators):
        count = len(cells.get(key, ()))
        if count != wanted:
            raise _at_fault(key, Text(f"有 {count} 个读数，应有 {wanted} 个", f"{count} readings, not {wanted}"))
    cube = [[[value for _, value in sorted(cells[part, operator])] for operator in operators] for part in parts]
    return cube, parts, operators


def _cells(readings: list[Members]) -> dict[tuple[str, str], list[tuple[int, float]]]:
    """Return (trial, value) by part and operator. Raises ReadingsUneven where a trial stands twice."""
    cells: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for reading in readings:
        key = (_name(reading, "part"), _name(reading, "operator"))
        cell = cells.setdefault(key, [])
        trial = reading.whole("trial", len(cell) + 1)
        if any(trial == other for other, _ in cell):
            raise _at_fault(key, Text(f"第 {trial} 次出现了两次", f"trial {trial} stands twice"))
        cell.append((trial, reading.number("value")))
    return cells


def _name(reading: Members, member: str) -> str:
    raw = reading.raw(member)
    name = "" if isinstance(raw, (list, dict, bool)) or raw is None else str(raw).strip()
    return name or reading.text(member)


def _at_fault(cell: tuple[str, str], reason: Text) -> ReadingsUneven:
    return ReadingsUneven(member="readings", part=cell[0], operator=cell[1], reason=reason)


def _crossed(found: CrossedStudy, tolerance: float | None) -> Answer:
    return {
        "repeatability": found.repeatability,
        "reproducibility": found.reproducibility,
        "operators": found.operators,
        "interaction": found.interaction,
        "grr": found.gauge,
        "parts": found.parts,
        "total": found.total,
        "grr_share": found.gauge / found.total,
        "ndc": found.distinct_categories,
        "interaction_pooled": found.interaction_pooled,
        "components": [
            _component(name, s, found.total, tolerance)
            for name, s in (
                ("grr", found.gauge),
                ("repeatability", found.repeatability),
                ("reproducibility", found.reproducibility),
                ("operators", found.operators),
                ("interaction", found.interaction),
                ("parts", found.parts),
                ("total", found.total),
            )
        ],
        "table": [
            {
                "source": effect.name,
                "ss": effect.sum_of_squares,
                "dof": effect.degrees_of_freedom,
                "ms": effect.mean_square,
                "F": effect.f_ratio,
                "p": effect.probability,
            }
            for effect in found.table
        ],
    }


def _component(source: str, s: float, total: float, tolerance: float | None) -> Answer:
    """The shares of a source; that of the tolerance is null where none was given."""
    return {
        "source": source,
        "s": s,
        "variance": s**2,
        "share_of_variance": (s / total) ** 2,
        "share_of_study": s / total,
        "share_of_tolerance": STUDY_SPREAD * s / tolerance if tolerance else None,
    }


def _sure(found: CrossedStudy, confidence: float) -> Answer:
    sure = sureness(found, confidence=confidence)
    return {
        "grr_dof": sure.gauge_degrees,
        "repeatability_interval": list(sure.repeatability),
        "grr_interval": list(sure.gauge),
        "ndc_interval": list(sure.categories),
    }


def _nested(found: NestedStudy, given: Members) -> Answer:
    repetitions = given.whole("repetitions", 1)
    return {
        "s1": found.levels[0],
        "s2": found.levels[1],
        "s3": found.levels[2],
        "dof": list(found.degrees),
        "s_days": found.days,
        "s_runs": found.runs,
        "u": found.standard_deviation(
            repetitions=repetitions, days=given.whole("days", 1), runs=given.whole("runs", 1)
        ),
    }
