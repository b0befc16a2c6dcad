"""Topics about components of variance: repeatability, anova, welch-satterthwaite, JJF 1033."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, cast

from jialiang.kernel.text import Text
from jialiang.science.charts.check_standard import short_term_limit
from jialiang.science.coverage import DegreesOfFreedomRule, coverage_factor, usable_degrees_of_freedom
from jialiang.science.topics.errors import MemberUnreadable
from jialiang.science.topics.reading import Members
from jialiang.science.type_a import pooled_deviation
from jialiang.science.type_a import repeatability as evaluate_repeatability
from jialiang.science.variances.anova import OneWay, one_way, one_way_of_summaries
from jialiang.science.variances.effective_degrees import welch_satterthwaite
from jialiang.science.variances.jjf1033 import (
    judged_by_correction,
    judged_by_mpe,
    stability_in_use,
    stability_of_new,
    verified_by_comparison,
    verified_by_transfer,
)

Answer = dict[str, Any]
NEEDED_BY_JJF1033 = 10


def repeatability(given: Members) -> Answer:
    """Mean and Bessel's s."""
    found = evaluate_repeatability([Fraction(x) for x in given.decimals("data")])
    return {
        "mean": found.mean,
        "s": found.standard_deviation,
        "s_of_mean": found.standard_uncertainty_of_mean,
        "n": found.count,
        "dof": found.degrees_of_freedom,
        "enough_for_jjf1033": found.count >= NEEDED_BY_JJF1033,
    }


def pooled(given: Members) -> Answer:
    """A pooled standard deviation."""
    found = pooled_deviation(given.numbers("s"), given.numbers("dof"))
    answer: Answer = {"s": found.standard_deviation, "dof": found.degrees_of_freedom}
    if "new_dof" in given:
        probability = given.number("probability", 0.99)
        answer["limit_of_new"] = short_term_limit(found, given.number("new_dof"), probability=probability)
    return answer


def effective_degrees(given: Members) -> Answer:
    """ν_eff, and k and U that follow from it."""
    contributions = given.numbers("u")
    degrees = _degrees(given)
    combined, nu = welch_satterthwaite(contributions, degrees)
    rule = cast(DegreesOfFreedomRule, given.choice("rule", ("truncate", "real"), "truncate"))
    used = usable_degrees_of_freedom(nu, rule)
    k = coverage_factor(given.number("probability", 0.95), used)
    return {"u_c": combined, "nu_eff": nu, "nu_used": used, "k": k, "U": k * combined}


def anova(given: Members) -> Answer:
    """One-way analysis of variance."""
    probability = given.number("probability", 0.95)
    if given.only_one_of("data", "means") == "data":
        return _one_way(one_way(given.table("data")), probability)
    found = one_way_of_summaries(given.numbers("means"), given.numbers("sds"), given.whole("per_group"))
    return _one_way(found, probability)


def stability(given: Members) -> Answer:
    """Stability of a measurement standard by JJF 1033."""
    kind = given.choice("kind", ("new", "in-use"), "new")
    data = given.decimals("group_means" if kind == "new" else "yearly_means")
    change = stability_of_new(data) if kind == "new" else stability_in_use(data)
    answer: Answer = {"stability": float(change)}
    if "mpe" in given:
        judged = judged_by_mpe(change, given.decimal("mpe"))
        answer["ok_without_correction"] = judged.holds
    if "U_correction" in given:
        judged = judged_by_correction(change, given.decimal("U_correction"))
        answer["ok_with_correction"] = judged.holds
    return answer


def verification(given: Members) -> Answer:
    """Verification of a measurement result by JJF 1033."""
    y, expanded = given.decimal("y"), given.number("U")
    if given.only_one_of("y0", "ybar") == "y0":
        found = verified_by_transfer(y, expanded, given.decimal("y0"), given.number("U0"))
    else:
        found = verified_by_comparison(y, expanded, given.decimal("ybar"), given.whole("n"))
    return {"difference": found.difference, "limit": found.limit, "ok": found.holds}


def _degrees(given: Members) -> list[float]:
    """Read ``dof`` (null for infinite) or ``n_obs``, of which ν is one less."""
    if given.only_one_of("dof", "n_obs") == "n_obs":
        return [n - 1 for n in given.numbers("n_obs")]
    raw = given.raw("dof")
    if not isinstance(raw, list):
        expected = Text(zh="数组，无穷大写作 null", en="a list, null for infinite")
        raise MemberUnreadable(member="dof", given=str(raw)[:60], expected=expected)
    finite = iter(Members("dof", {"dof": [nu for nu in raw if nu is not None]}).numbers("dof"))
    return [math.inf if nu is None else next(finite) for nu in raw]


def _one_way(found: OneWay, probability: float) -> Answer:
    between, nu_between = found.u_of_mean
    pooled_u, nu_pooled = found.u_of_mean_if_pooled
    return {
        "grand_mean": found.grand_mean,
        "s_of_means": found.sd_of_means,
        "s_within": found.within,
        "s_a": found.from_means,
        "F": _finite(found.f_ratio),
        "F_crit": found.critical(probability),
        "probability": found.probability,
        "significant": found.f_ratio > found.critical(probability),
        "s_between": found.between,
        "dof_between": found.degrees_between,
        "dof_within": found.degrees_within,
        "u_mean_if_between": between,
        "dof_if_between": nu_between,
        "u_mean_if_pooled": pooled_u,
        "dof_if_pooled": nu_pooled,
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
