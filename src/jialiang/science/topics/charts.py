"""Topics about control charts: chart (all kinds), ewma, cusum, check-standard, intermediate-check."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, cast

from jialiang.kernel.text import Text
from jialiang.science.charts.check_standard import baseline_of, check_standard_chart
from jialiang.science.charts.intermediate_checks import (
    CRITERIA,
    CheckCriterion,
    by_control_limits,
    by_en,
    by_share_of_mpe,
    by_uncertainty,
    check_days,
)
from jialiang.science.charts.memory import CusumDesign, EwmaDesign, cusum_chart, ewma_chart
from jialiang.science.charts.shewhart import (
    ALL_RULES,
    Chart,
    ChartPair,
    Dispersion,
    Known,
    chart_of_individuals,
    chart_of_means,
)
from jialiang.science.errors import LengthsDiffer, TooFewObservations
from jialiang.science.exact_decimals import difference
from jialiang.science.rounding import as_decimal
from jialiang.science.topics.errors import MemberUnreadable
from jialiang.science.topics.reading import Members
from jialiang.science.type_a import repeatability

Answer = dict[str, Any]
KINDS = ("xbar-r", "xbar-s", "r", "s", "individuals", "ewma", "cusum")
PARAMETERS = (
    *("centre", "target", "ewma0", "sd", "s", "sigma", "rules", "baseline", "sd_from"),
    *("lambda", "lam", "k", "L", "h", "head_start", "exact"),
)
_ALIASES = {
    **dict.fromkeys(("xbar", "x-bar", "x-bar-r", "x̄-r", "shewhart-xbar-r"), "xbar-r"),
    **dict.fromkeys(("x-bar-s", "x̄-s", "shewhart-xbar-s"), "xbar-s"),
    **dict.fromkeys(("individual", "i", "x", "i-mr", "imr", "x-mr", "shewhart"), "individuals"),
    **dict.fromkeys(("range", "ranges"), "r"),
}


def chart(given: Members) -> Answer:
    """One chart of any kind."""
    kind = given.choice("kind", (*KINDS, *_ALIASES))
    kind = _ALIASES.get(kind, kind)
    parameters = given.part("parameters", PARAMETERS)
    if kind == "ewma":
        return _ewma(given.numbers("data"), parameters)
    if kind == "cusum":
        return _cusum(given.numbers("data"), parameters)
    rules = [int(rule) for rule in parameters.numbers("rules")] if "rules" in parameters else list(ALL_RULES)
    if kind == "individuals":
        return _individuals(given, parameters, rules)
    return _subgroups(given, kind, parameters, rules)


def ewma(given: Members) -> Answer:
    """An EWMA chart with its parameters beside the data."""
    return _ewma(given.numbers("data"), given)


def cusum(given: Members) -> Answer:
    """A CUSUM chart with its parameters beside the data."""
    return _cusum(given.numbers("data"), given)


def check_standard(given: Members) -> Answer:
    """The history of a check standard against a baseline, and its drift."""
    times, data = given.numbers("times"), given.numbers("data")
    if len(times) != len(data):
        raise LengthsDiffer(first=len(times), second=len(data))
    baseline = baseline_of(_baseline(given, times, data))
    found = check_standard_chart(times, data, baseline)
    line = found.drift
    return {
        "centre": baseline.centre,
        "sd": baseline.standard_deviation,
        "n": baseline.count,
        "limits": list(found.action_limits),
        "warning_limits": list(found.warning_limits),
        "outside": list(found.outside),
        "warned": list(found.warned),
        "drift": {
            "slope": line.slope,
            "u_slope": line.slope_standard_uncertainty,
            "intercept": line.intercept,
            "u_intercept": line.intercept_standard_uncertainty,
            "residual_sd": line.residual_standard_deviation,
            "r_squared": line.coefficient_of_determination,
            "significant": found.drift_is_significant,
        },
    }


def intermediate_check(given: Members) -> Answer:
    """States of checks between calibrations, and the days of their plan."""
    criterion = _criterion(given)
    reference = given.decimal("x_ref") if "x_ref" in given else as_decimal(0)
    deviations = [difference(as_decimal(x), reference) for x in given.decimals("data")]
    states = [criterion.judge(deviation) for deviation in deviations]
    answer: Answer = {
        "criterion": criterion.name,
        "limit": float(criterion.limit),
        "deviations": [float(deviation) for deviation in deviations],
        "states": states,
        "state": max(states, key=("normal", "warning", "out_of_control").index) if states else None,
    }
    if any(member in given for member in ("first", "months", "until")):
        days = check_days(_day(given, "first"), months=given.whole("months"), until=_day(given, "until"))
        answer["plan"] = [day.isoformat() for day in days]
    return answer


def _individuals(given: Members, parameters: Members, rules: list[int]) -> Answer:
    data = given.numbers("data")
    by = cast(
        Literal["moving-range", "deviation"],
        parameters.choice("sd_from", ("moving-range", "deviation"), "moving-range"),
    )
    first = parameters.whole_between("baseline", 2, len(data))
    learned = chart_of_individuals(data[:first], known=_known(parameters), by=by, rules=rules)
    whole = Known(learned.location.centre, learned.sd_of_observation)
    return _pair(chart_of_individuals(data, known=whole, rules=rules))


def _subgroups(given: Members, kind: str, parameters: Members, rules: list[int]) -> Answer:
    groups = _grouped(given)
    dispersion: Dispersion = "range" if kind in ("xbar-r", "r") else "deviation"
    first = parameters.whole_between("baseline", 1, len(groups))
    learned = chart_of_means(groups[:first], dispersion, known=_known(parameters), rules=rules)
    whole = Known(learned.location.centre, learned.sd_of_observation)
    found = chart_of_means(groups, dispersion, known=whole, rules=rules)
    if kind in ("r", "s"):
        return {**_drawn(found.dispersion), "sd": found.sd_of_observation}
    return _pair(found)


def _grouped(given: Members) -> list[list[float]]:
    if given.is_nested("data"):
        groups = given.table("data")
        if "subgroup" in given and any(len(group) != given.whole("subgroup") for group in groups):
            raise given.contradict(
                "data, subgroup", Text(zh="子组大小与数据不符", en="the subgroups have another size")
            )
        return groups
    flat, size = given.numbers("data"), given.whole("subgroup")
    if size < 2 or len(flat) % size:
        expected = Text(zh=f"≥ 2，且整除 {len(flat)}", en=f"≥ 2 and a divisor of {len(flat)}")
        raise MemberUnreadable(member="subgroup", given=size, expected=expected)
    return [flat[start : start + size] for start in range(0, len(flat), size)]


def _known(parameters: Members) -> Known:
    centre = parameters.at_most_one_of("centre", "target")
    sd = parameters.at_most_one_of("sd", "s", "sigma")
    return Known(
        None if centre is None else parameters.number(centre), None if sd is None else parameters.number(sd)
    )


def _pair(found: ChartPair) -> Answer:
    return {**_drawn(found.location), "sd": found.sd_of_observation, "dispersion": _drawn(found.dispersion)}


def _drawn(found: Chart) -> Answer:
    return {
        "centre": found.centre,
        "limits": list(found.limits),
        "points": list(found.points),
        "signals": [{"index": signal.index, "rule": signal.rule} for signal in found.signals],
    }


def _process(data: list[float], parameters: Members) -> tuple[float, float]:
    """Centre and σ: as given, else from the data (mean, moving range)."""
    centre = parameters.at_most_one_of("centre", "target", "ewma0")
    sd = parameters.at_most_one_of("sd", "s", "sigma")
    if centre is not None and sd is not None:
        return parameters.number(centre), parameters.number(sd)
    found = chart_of_individuals(data)
    return (
        found.location.centre if centre is None else parameters.number(centre),
        found.sd_of_observation if sd is None else parameters.number(sd),
    )


def _ewma(data: list[float], parameters: Members) -> Answer:
    centre, sd = _process(data, parameters)
    smoothing = parameters.at_most_one_of("lambda", "lam")
    multiple = parameters.at_most_one_of("L", "k")
    design = EwmaDesign(
        smoothing=0.2 if smoothing is None else parameters.number(smoothing),
        multiple=3.0 if multiple is None else parameters.number(multiple),
        exact=parameters.flag("exact", default=False),
    )
    found = ewma_chart(data, centre=centre, sd=sd, design=design)
    answer: Answer = {
        "centre": found.centre,
        "limits": list(found.asymptotic_limits),
        "ewma": list(found.statistic),
        "signals": [{"index": index, "rule": 1} for index in found.outside],
        "sd": sd,
    }
    if design.exact:
        answer["limits_by_point"] = [list(pair) for pair in found.limits]
    return answer


def _cusum(data: list[float], parameters: Members) -> Answer:
    centre, sd = _process(data, parameters)
    design = CusumDesign(
        slack=parameters.number("k", 0.5),
        decision_interval=parameters.number("h", 5.0),
        head_start=parameters.number("head_start", 0.0),
    )
    found = cusum_chart(data, centre=centre, sd=sd, design=design)
    return {
        "centre": centre,
        "limits": [-found.decision_interval, found.decision_interval],
        "upper": list(found.upper),
        "lower": list(found.lower),
        "signals": [{"index": s.index, "rule": 1, "side": s.side, "since": s.since} for s in found.signals],
        "sd": sd,
    }


def _baseline(given: Members, times: list[float], data: list[float]) -> list[float]:
    chosen = given.at_most_one_of("baseline", "baseline_before")
    if chosen is None:
        return data
    if chosen == "baseline":
        return data[: given.whole("baseline")]
    end = given.number("baseline_before")
    early = [x for time, x in zip(times, data, strict=True) if time < end]
    if len(early) < 2:
        raise TooFewObservations(needed=2, given=len(early))
    return early


def _criterion(given: Members) -> CheckCriterion:
    name = given.choice("criterion", CRITERIA)
    if name == "en":
        return by_en(given.number("U"), given.number("U_ref"))
    if name == "mpe-share":
        return by_share_of_mpe(given.decimal("mpe"), given.number("share", 1 / 3))
    if name == "uncertainty":
        return by_uncertainty(given.decimal("U"))
    if given.only_one_of("sd", "baseline_data") == "sd":
        return by_control_limits(given.number("sd"))
    return by_control_limits(repeatability(given.numbers("baseline_data")).standard_deviation)


def _day(given: Members, name: str) -> date:
    text = given.text(name)
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise MemberUnreadable(member=name, given=text, expected="YYYY-MM-DD") from problem
