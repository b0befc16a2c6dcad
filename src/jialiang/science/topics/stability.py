"""Topics about time: allan, calibration-curve, drift, value-on-day, change-points."""

from __future__ import annotations

from typing import Any

from jialiang.science.coverage import coverage_factor
from jialiang.science.errors import ParameterNotAllowed
from jialiang.science.fit import Prediction
from jialiang.science.stability.allan import (
    FAMILY,
    PhaseRecord,
    averaging_factor,
    deviation,
    octaves,
    phase_record,
    record_of_frequency,
)
from jialiang.science.stability.allan_confidence import confidence
from jialiang.science.stability.change_points import change_points
from jialiang.science.stability.drift import DriftRate, drift_of_history, value_on_day
from jialiang.science.stability.polynomial import Curve, fit_curve
from jialiang.science.topics.reading import Members

Answer = dict[str, Any]
LONG_RECORD = 2000
INTERVALS_OF = ("adev", "oadev", "mdev", "tdev", "hdev", "ohdev", "totdev")


def allan(given: Members) -> Answer:
    """The Allan family at the τ asked for, with confidence intervals."""
    tau0 = given.number("tau0", 1.0)
    phase = given.only_one_of("phase", "frequency") == "phase"
    record = (
        phase_record(given.numbers("phase"), tau0)
        if phase
        else record_of_frequency(given.numbers("frequency"), tau0)
    )
    taus = given.numbers("taus") if "taus" in given else list(octaves(record))
    answer: Answer = {"taus": taus}
    answer["n"] = [_usable(record, tau) for tau in taus]
    for name in _chosen(given, record):
        answer[name] = [deviation(record, name, tau) for tau in taus]
    if given.flag("confidence_intervals", default=True):
        answer["intervals"] = _intervals(given, record, taus, answer)
    return answer


def calibration_curve(given: Members) -> Answer:
    """A polynomial with its covariance, read at points or solved for them."""
    curve = fit_curve(
        given.decimals("x"),
        given.decimals("y"),
        order=given.whole("order", 1),
        reference_point=given.decimal("reference_point") if "reference_point" in given else 0,
        lowest_power=0 if given.flag("intercept", default=True) else 1,
        uncertainties=given.decimals("u") if "u" in given else None,
    )
    answer = {
        **curve.to_json(),
        "u_coefficients": list(curve.standard_uncertainties),
        "chi_squared": curve.chi_squared,
        "probability": curve.probability,
    }
    if curve.degrees_of_freedom:
        answer["significance"] = list(curve.significance())
    if "at" in given:
        answer["predictions"] = [_predicted(curve, point) for point in given.numbers("at")]
    if "solve_for" in given:
        u = given.number("u_solve", 0.0)
        answer["solutions"] = [
            _reading(curve.solve(y, standard_uncertainty=u), "x") | {"y": y}
            for y in given.numbers("solve_for")
        ]
    return answer


def drift(given: Members) -> Answer:
    """A line through all certificates of a measurement standard, and its value on days asked for."""
    u = _certificate_uncertainties(given)
    history = drift_of_history(
        given.decimals("days"), given.decimals("values"), u, common_uncertainty=given.number("u_common", 0.0)
    )
    rate = history.rate
    answer: Answer = {
        "rate_per_day": rate.rate,
        "u_rate": rate.standard_uncertainty,
        "significant": history.is_significant,
        "excess_sd": history.excess,
        "chi_squared": history.curve.chi_squared,
        "dof": history.curve.degrees_of_freedom,
        **{name: history.curve.to_json()[name] for name in ("reference_point", "coefficients", "covariance")},
    }
    if "at" in given:
        answer["predictions"] = [
            _reading(history.on(day), "value") | {"day": day} for day in given.numbers("at")
        ]
    return answer


def on_day(given: Members) -> Answer:
    """The last certificate carried forward to the day of use."""
    name = given.only_one_of("u", "U")
    u = given.number(name) / (given.number("k", 2.0) if name == "U" else 1.0)
    rate = DriftRate(given.number("rate_per_day", 0.0), given.number("u_rate", 0.0))
    found = value_on_day(
        given.number("value"), u, given.number("days"), rate, instability=given.number("u_instability", 0.0)
    )
    return {
        "value": found.value,
        "u": found.standard_uncertainty,
        "u_certificate": found.from_certificate,
        "u_drift": found.from_drift,
        "u_instability": found.from_instability,
    }


def changes(given: Members) -> Answer:
    """Changes of level in a series."""
    found = change_points(
        given.numbers("data"),
        sd=given.optional_number("sd"),
        penalty=given.optional_number("penalty"),
        shortest=given.whole("shortest", 2),
    )
    return {
        "change_points": list(found.change_points),
        "sd": found.sd,
        "penalty": found.penalty,
        "stretches": [
            {"first": s.first, "last": s.last, "mean": s.mean, "u": s.standard_uncertainty}
            for s in found.stretches
        ],
    }


def _chosen(given: Members, record: PhaseRecord) -> list[str]:
    """Read which deviations are wanted; the slowest is left out of long records unless it is asked for."""
    if "deviations" in given:
        return given.choices("deviations", tuple(FAMILY))
    return [name for name in FAMILY if name != "htotdev" or record.count <= LONG_RECORD]


def _usable(record: PhaseRecord, tau: float) -> int:
    return max(0, record.count - 2 * averaging_factor(tau, record.tau0))


def _intervals(given: Members, record: PhaseRecord, taus: list[float], found: Answer) -> Answer:
    alpha = given.whole("alpha") if "alpha" in given else None
    probability = given.number("confidence", 0.683)
    answer: Answer = {}
    for name in (name for name in INTERVALS_OF if name in found):
        rows: list[Answer | None] = []
        for tau, sigma in zip(taus, found[name], strict=True):
            if not sigma:
                rows.append(None)
                continue
            known = confidence(record, name, tau, sigma, alpha=alpha, probability=probability)
            rows.append(
                {"low": known.low, "high": known.high, "edf": known.degrees_of_freedom, "alpha": known.alpha}
            )
        answer[name] = rows
    return answer


def _certificate_uncertainties(given: Members) -> list[float]:
    name = given.only_one_of("u", "U")
    k = given.number("k", 2.0)
    if not k > 0:
        raise ParameterNotAllowed(parameter="k", given=k, allowed="> 0")
    return [u / (k if name == "U" else 1.0) for u in given.numbers(name)]


def _predicted(curve: Curve, point: float) -> Answer:
    answer = _reading(curve.predict(point), "value") | {"x": point}
    low, high = curve.interval
    answer["extrapolated"] = not low <= point <= high
    return answer


def _reading(found: Prediction, name: str) -> Answer:
    answer: Answer = {name: found.value, "u": found.standard_uncertainty, "dof": found.degrees_of_freedom}
    if found.degrees_of_freedom > 0:
        answer["U95"] = coverage_factor(0.95, found.degrees_of_freedom) * found.standard_uncertainty
    return answer
