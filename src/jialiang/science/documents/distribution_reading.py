"""The distribution of an input as documents name it: many spellings, one meaning; estimate and distribution."""

from __future__ import annotations

import math
from collections.abc import Callable

from jialiang.science.distributions import (
    Arcsine,
    CurvilinearTrapezoidal,
    Distribution,
    Normal,
    Rectangular,
    StudentT,
    Trapezoidal,
    Triangular,
)
from jialiang.science.documents.fields import Fields
from jialiang.science.errors import BudgetUnreadable, ParameterNotAllowed, UnknownDistribution
from jialiang.science.located_shapes import (
    Beta,
    Empirical,
    Exponential,
    Gamma,
    LogNormal,
    TriangularBetween,
    TruncatedNormal,
)

Known = tuple[float, Distribution]
"""The estimate and what is known about it."""

_MEAN = ("mean", "value", "estimate", "location", "x", "nominal")
_U = ("u", "standard_uncertainty", "sd", "std", "sigma", "stdev", "s", "scale")
_EXPANDED, _RELATIVE = ("U", "expanded_uncertainty"), ("u_rel", "relative_u")
_HALF, _FULL = ("half_width", "halfwidth", "hw", "semi_range"), ("full_width", "width")
_LOW, _HIGH = ("low", "lower", "min", "a"), ("high", "upper", "max", "b")


def read_distribution(item: Fields) -> Known:
    """Return the estimate and the distribution of an input. Raises UnknownDistribution, BudgetUnreadable."""
    kind = item.text("distribution", "dist", "pdf").strip().lower().replace("-", "_").replace(" ", "_")
    if not kind:
        kind = kind_of_members(item)
    rule = _RULES.get(kind)
    if rule is None:
        raise UnknownDistribution(kind=kind, known=", ".join(sorted(_RULES)))
    return rule(item)


def kind_of_members(item: Fields) -> str:
    """Return the kind that the members tell; a constant only where none of them says an uncertainty."""
    if item.has(*_U, *_EXPANDED, *_RELATIVE):
        return "normal"
    if item.has("amplitude"):
        return "arcsine"
    return "rectangular" if item.has(*_HALF, *_FULL, *_LOW, *_HIGH) else "constant"


def standard_uncertainty_of(item: Fields) -> float:
    """Return u: given, or U and k of a certificate, or a relative u. Raises BudgetUnreadable."""
    given = item.number(*_U)
    if given is not None:
        return given
    expanded = item.number(*_EXPANDED)
    if expanded is not None:
        factor = item.number("k", "coverage_factor")
        return Normal.from_expanded(expanded, 2.0 if factor is None else factor).u
    relative = item.number(*_RELATIVE)
    if relative is not None:
        return abs(relative * item.needed(*_MEAN))
    raise BudgetUnreadable(member=item.where("u"))


def degrees_of(item: Fields) -> float:
    """Return the stated degrees of freedom; infinite where none are, or ``null`` or ``inf`` stands there."""
    given = item.any_of("dof", "nu", "degrees_of_freedom", "df")
    if given is None or (isinstance(given, str) and given.lower() in ("inf", "infinity", "∞")):
        return math.inf
    return item.needed("dof", "nu", "degrees_of_freedom", "df")


def _estimate(item: Fields) -> float:
    found = item.number(*_MEAN)
    return 0.0 if found is None else found


def _constant(item: Fields) -> Known:
    return item.needed(*_MEAN), Normal(0.0)


def _normal(item: Fields) -> Known:
    return _estimate(item), Normal(standard_uncertainty_of(item))


def _student(item: Fields) -> Known:
    u, nu = standard_uncertainty_of(item), degrees_of(item)
    return _estimate(item), Normal(u) if math.isinf(nu) or u == 0 else StudentT(u, nu)


def _student_by_deviation(item: Fields) -> Known:
    u, nu = item.needed("sd", *_U), degrees_of(item)
    return _estimate(item), Normal(u) if math.isinf(nu) else StudentT(u, nu, "standard_deviation")


def _between(item: Fields) -> tuple[float, float]:
    """Return centre and half-width from either pair of members."""
    half = item.number(*_HALF, "amplitude")
    if half is None and not item.has(*_HIGH) and item.has("a"):
        half = item.number("a")
    if half is not None:
        _require_one_width(item, half)
        return _estimate(item), half
    if item.has(*_FULL):
        return _estimate(item), item.needed(*_FULL) / 2
    if item.has(*_LOW) or item.has(*_HIGH):
        low, high = item.needed(*_LOW), item.needed(*_HIGH)
        if not low <= high:
            raise ParameterNotAllowed(parameter=item.where("low"), given=low, allowed=f"≤ {high:g}")
        return (low + high) / 2, (high - low) / 2
    raise BudgetUnreadable(member=item.where("half_width"))


def _require_one_width(item: Fields, half: float) -> None:
    """Refuse a half-width beside limits that say another one."""
    low, high = item.number("low", "lower", "min"), item.number(*_HIGH)
    for limit, wanted in ((low, _estimate(item) - half), (high, _estimate(item) + half)):
        if limit is not None and not math.isclose(limit, wanted, rel_tol=1e-9, abs_tol=1e-9 * abs(half)):
            raise ParameterNotAllowed(parameter=item.where("half_width"), given=half, allowed="low, high")


def _rectangular(item: Fields) -> Known:
    if not item.has(*_HALF, "amplitude", *_FULL, *_LOW, *_HIGH) and item.has(*_U):
        return _estimate(item), Rectangular(item.needed(*_U) * math.sqrt(3))
    centre, half = _between(item)
    return centre, Rectangular(half)


def _triangular(item: Fields) -> Known:
    if item.has("mode") or (item.has("c") and item.has(*_LOW)):
        shape = TriangularBetween(item.needed(*_LOW), item.needed("mode", "c"), item.needed(*_HIGH))
        return shape.mean, shape
    centre, half = _between(item)
    return centre, Triangular(half)


def _arcsine(item: Fields) -> Known:
    centre, half = _between(item)
    return centre, Arcsine(half)


def _trapezoidal(item: Fields) -> Known:
    centre, half = _between(item)
    share = item.number("top_share", "beta")
    if share is None:
        top = item.needed("top_half_width", "top")
        share = top / half if half else 0.0
    return centre, Trapezoidal(half, share)


def _curvilinear(item: Fields) -> Known:
    centre, half = _between(item)
    return centre, CurvilinearTrapezoidal(half, item.needed("d", "limit_half_width"))


def _exponential(item: Fields) -> Known:
    low = item.number(*_LOW) or 0.0
    rate = item.number("rate")
    scale = item.needed(*_MEAN, "scale") - low if rate is None else _of_rate(item, rate)
    shape = Exponential(scale, low)
    return shape.mean, shape


def _of_rate(item: Fields, rate: float) -> float:
    if not rate > 0:
        raise ParameterNotAllowed(parameter=item.where("rate"), given=rate, allowed="> 0")
    return 1 / rate


def _gamma(item: Fields) -> Known:
    if item.has("shape", "alpha"):
        rate = item.number("rate")
        scale = item.number("scale", "theta")
        if rate is not None:
            scale = _of_rate(item, rate)
        shape = Gamma(item.needed("shape", "alpha"), 1.0 if scale is None else scale)
    else:
        mean, u = item.needed(*_MEAN), standard_uncertainty_of(item)
        if not (mean > 0 and u > 0):
            raise ParameterNotAllowed(parameter=item.where("mean"), given=mean, allowed="> 0")
        shape = Gamma((mean / u) ** 2, u * u / mean)
    return shape.mean, shape


def _beta(item: Fields) -> Known:
    low, high = item.number(*_LOW), item.number(*_HIGH)
    alpha, beta = item.needed("alpha", "p"), item.needed("beta", "q")
    shape = Beta(alpha, beta, 0.0 if low is None else low, 1.0 if high is None else high)
    return shape.mean, shape


def _lognormal(item: Fields) -> Known:
    if item.has("mu", "log_mean"):
        shape = LogNormal(item.needed("mu", "log_mean"), item.needed("sigma", "log_deviation", "log_sd"))
    else:
        shape = LogNormal.from_mean(item.needed(*_MEAN), standard_uncertainty_of(item))
    return shape.mean, shape


def _truncated(item: Fields) -> Known:
    low, high = item.number(*_LOW), item.number(*_HIGH)
    shape = TruncatedNormal(
        _estimate(item),
        standard_uncertainty_of(item),
        -math.inf if low is None else low,
        math.inf if high is None else high,
    )
    return shape.mean, shape


def _empirical(item: Fields) -> Known:
    shape = Empirical(tuple(item.numbers("values", "sample", "draws", "data")))
    return shape.mean, shape


_NAMES: dict[Callable[[Fields], Known], tuple[str, ...]] = {
    _constant: ("constant", "exact", "fixed"),
    _normal: ("normal", "gaussian", "gauss", "n", "certificate"),
    _student: ("t", "student", "student_t", "t_scaled", "scaled_t", "t_scale"),
    _student_by_deviation: ("t_by_mean_sd", "t_sd", "t_by_sd"),
    _rectangular: ("rectangular", "uniform", "rect", "r", "resolution"),
    _triangular: ("triangular", "triangle", "tri"),
    _arcsine: ("arcsine", "arcsin", "u_shaped", "ushaped", "arc_sine"),
    _trapezoidal: ("trapezoidal", "trapezoid", "trap"),
    _curvilinear: ("ctrap", "curvilinear_trapezoid", "curvilinear_trapezoidal"),
    _exponential: ("exponential", "exp"),
    _gamma: ("gamma",),
    _beta: ("beta",),
    _lognormal: ("lognormal", "log_normal"),
    _truncated: ("truncated_normal", "truncated", "truncnorm"),
    _empirical: ("empirical", "sample", "discrete"),
}
_RULES = {name: rule for rule, names in _NAMES.items() for name in names}
