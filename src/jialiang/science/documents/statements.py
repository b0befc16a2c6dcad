"""What a report says of an output: rounded figures, and the sentence of the expanded uncertainty in zh and en."""

from __future__ import annotations

import math

from jialiang.kernel.text import Text
from jialiang.science.documents.evaluating import OutputEvaluation
from jialiang.science.documents.settings import DocumentSettings
from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.rounding import MINUS_SIGN, as_decimal, coverage_factor_text, plain_text, reported
from jialiang.science.unit_text import read_unit
from jialiang.science.units import display_unit

_T = Text(
    "{symbol} = ({value} ± {expanded}){unit}，其中扩展不确定度 U = {expanded}{unit} "
    "由合成标准不确定度乘以包含因子 k = {k} 得到，包含概率约为 {probability}%（{degrees}）。",
    "{symbol} = ({value} ± {expanded}){unit}, where the expanded uncertainty U = {expanded}{unit} is the combined "
    "standard uncertainty times the coverage factor k = {k}, for a coverage probability of about {probability} % "
    "({degrees}).",
)
_FIXED = Text(
    "{symbol} = ({value} ± {expanded}){unit}，扩展不确定度 U = {expanded}{unit}，k = {k}。",
    "{symbol} = ({value} ± {expanded}){unit}, with the expanded uncertainty U = {expanded}{unit} and k = {k}.",
)
_DRAWS = Text(
    "{symbol} = {value}{unit}，u = {u}{unit}；按分布传播（蒙特卡洛法），包含概率 {probability}% 的概率对称包含区间为 "
    "[{low}, {high}]{unit}，最短包含区间为 [{short_low}, {short_high}]{unit}。",
    "{symbol} = {value}{unit}, u = {u}{unit}; by propagation of distributions (Monte Carlo) the probabilistically "
    "symmetric {probability} % coverage interval is [{low}, {high}]{unit}, the shortest one [{short_low}, "
    "{short_high}]{unit}.",
)
_NONE = Text(
    "{symbol} = {value}{unit}；一阶不确定度为零，须用蒙特卡洛法评定。",
    "{symbol} = {value}{unit}; its uncertainty of first order is zero: evaluate it by Monte Carlo.",
)
_CAPABILITY = Text(
    "{symbol} = ({value} ± {expanded}){unit}，U = {expanded}{unit}。",
    "{symbol} = ({value} ± {expanded}){unit} with U = {expanded}{unit}.",
)
_RAISED = Text(
    "U 已提高到实验室的校准和测量能力（CMC）。",
    " U was raised to the calibration and measurement capability (CMC) of the laboratory.",
)


def reported_output(found: OutputEvaluation, settings: DocumentSettings) -> dict[str, str] | None:
    """Return value, U, k and the ends of both intervals as they stand on paper; None where U is zero."""
    if found.expanded_uncertainty == 0:
        return None
    digits, rule = settings.reported_digits, settings.rounding_rule
    rounded = reported(found.value, found.expanded_uncertainty, digits=digits, rule=rule)
    figures = {"value": rounded.value_text, "U": rounded.uncertainty_text}
    if found.coverage_factor is not None:
        figures["k"] = coverage_factor_text(found.coverage_factor)
    if found.standard_uncertainty > 0:
        figures["u"] = reported(0.0, found.standard_uncertainty, digits=digits, rule=rule).uncertainty_text
    for name, number in zip(
        ("low", "high", "short_low", "short_high"), (*found.interval, *found.shortest_interval), strict=True
    ):
        figures[name] = reported(number, found.expanded_uncertainty, digits=digits).value_text
    return figures


def statement(found: OutputEvaluation, settings: DocumentSettings) -> Text:
    """Return the sentence for a certificate."""
    figures = reported_output(found, settings)
    facts: dict[str, object] = {
        "symbol": found.name,
        "value": plain_text(as_decimal(found.value)),
        "unit": _unit(found.unit),
        "probability": f"{100 * settings.probability:g}",
        "degrees": _degrees(found),
        **(figures or {}),
    }
    facts |= {name: str(facts[name]).replace("-", MINUS_SIGN) for name in _NUMBERS if name in facts}
    facts["expanded"] = facts.get("U", "0")
    if figures is None:
        return _NONE.format(**facts)
    said = _sentence(found, settings).format(**facts)
    return Text(said.zh + _RAISED.zh, said.en + _RAISED.en) if found.below_capability else said


def _sentence(found: OutputEvaluation, settings: DocumentSettings) -> Text:
    """Return the words for an output with a U; where u is zero, U is that of the capability alone."""
    if found.standard_uncertainty == 0:
        return _CAPABILITY
    if settings.method == "mc":
        return _DRAWS
    return _FIXED if found.coverage_from == "fixed" else _T


_NUMBERS = ("value", "low", "high", "short_low", "short_high")


def _degrees(found: OutputEvaluation) -> Text:
    if found.coverage_from == "monte_carlo":
        return Text("k 由蒙特卡洛法得到", "k from Monte Carlo")
    nu = found.degrees_of_freedom
    if nu is None or math.isinf(nu):
        return Text("正态分布", "normal distribution")
    said = f"{nu:.0f}" if nu >= 1000 else f"{nu:.3g}"
    return Text(f"t 分布，有效自由度 {said}", f"t-distribution, effective degrees of freedom {said}")


def _unit(unit: str) -> Text:
    """Return the unit as printed, with its blank; a unit that the table does not know stands as written."""
    if not unit or unit == "1":
        return Text()
    try:
        dsi = read_unit(unit).dsi
    except (UnknownUnit, UnitSyntax):
        dsi = ""
    if not dsi:
        return Text(f" {unit}", f" {unit}")
    return Text(f" {display_unit(dsi, 'zh')}", f" {display_unit(dsi, 'en')}")
