"""The drawing of each page, made from what was asked and answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from jialiang.console.charts.control import control_chart_drawing
from jialiang.console.charts.intermediate_checks import intermediate_check_drawing
from jialiang.console.charts.memory_charts import cusum_drawing, ewma_drawing
from jialiang.console.charts.process_charts import shewhart_drawing, youden_drawing
from jialiang.console.charts.stability_charts import (
    FAMILY,
    TAU,
    Prediction,
    Proposed,
    Stability,
    allan_drawing,
    drift_interval_drawing,
    family_drawing,
    reliability_drawing,
)
from jialiang.console.charts.zoom_numbers import stability_numbers
from jialiang.console.charts.zoomable import zoomable
from jialiang.console.figures import readable
from jialiang.console.measurement_science.question_words import word
from jialiang.console.wording import in_words, reading_language
from jialiang.kernel.text import Text
from jialiang.science.charts.check_standard import baseline_of, check_standard_chart
from jialiang.science.charts.memory import CusumChart, CusumSignal, EwmaChart
from jialiang.science.charts.rules import Signal
from jialiang.science.charts.shewhart import Chart
from jialiang.science.comparisons.youden import youden_plot
from jialiang.science.intervals.reliability import AttributesData, fit_all
from jialiang.science.intervals.variables import ToleranceTarget, drift_model

Members = Mapping[str, Any]
Drawing = Callable[[Members, Members, str, str], SafeString | str]


def picture(key: str, asked: Members, answer: Members, quantity: str, unit: str) -> SafeString | str:
    """Return the drawing of a page, empty where it has none; ``quantity`` and ``unit`` stand on its axes."""
    drawing = _DRAWINGS.get(key)
    return drawing(asked, answer, quantity, unit) if drawing else ""


def _signals_in_words(count: int) -> str:
    if not count:
        return gettext("No signal.")
    return ngettext("%(n)s signal.", "%(n)s signals.", count) % {"n": count}


def _shewhart(asked: Members, answer: Members, quantity: str, unit: str) -> SafeString:
    signals = tuple(Signal(s["index"], s["rule"]) for s in answer["signals"])
    low, high = answer["limits"]
    chart = Chart(tuple(answer["points"]), answer["centre"], (low, high), 0.0, signals)
    label = gettext("Control chart.") + " " + _signals_in_words(len(signals))
    name = _name(quantity)
    return shewhart_drawing(chart, name, unit, label=label, language=reading_language())


def _ewma(asked: Members, answer: Members, quantity: str, unit: str) -> SafeString:
    statistic = tuple(answer["ewma"])
    steady = (answer["limits"][0], answer["limits"][1])
    limits = tuple(
        (pair[0], pair[1]) for pair in answer.get("limits_by_point") or [steady] * (len(statistic) - 1)
    )
    chart = EwmaChart(answer["centre"], statistic, limits, tuple(s["index"] for s in answer["signals"]))
    label = gettext("EWMA chart.") + " " + _signals_in_words(len(answer["signals"]))
    return ewma_drawing(chart, _name(quantity), unit, label=label, language=reading_language())


def _cusum(asked: Members, answer: Members, quantity: str, unit: str) -> SafeString:
    signals = tuple(CusumSignal(s["index"], s["side"], s["since"]) for s in answer["signals"])
    chart = CusumChart(tuple(answer["upper"]), tuple(answer["lower"]), answer["limits"][1], signals)
    label = gettext("CUSUM chart.") + " " + _signals_in_words(len(signals))
    return cusum_drawing(chart, label=label, language=reading_language())


def _check_standard(asked: Members, answer: Members, quantity: str, unit: str) -> SafeString:
    data = [float(value) for value in asked["data"]]
    baseline = baseline_of(data[: int(asked.get("baseline") or len(data))])
    chart = check_standard_chart([float(time) for time in asked["times"]], data, baseline)
    outside = len(answer["outside"])
    label = (
        gettext("Check standard.")
        + " "
        + (
            ngettext("%(n)s value beyond the limits.", "%(n)s values beyond the limits.", outside)
            % {"n": outside}
            if outside
            else gettext("All values within the limits.")
        )
    )
    words = f"{quantity} / {unit}" if unit else quantity
    axis = gettext("%(quantity)s over time") % {"quantity": words}
    return control_chart_drawing(chart, label=label, axis=axis)


def _intermediate_check(asked: Members, answer: Members, quantity: str, unit: str) -> SafeString:
    label = gettext("Checks between calibrations: the worst is %(state)s.") % {
        "state": in_words(word(answer["state"]))
    }
    return intermediate_check_drawing(
        answer["deviations"],
        answer["states"],
        answer["limit"],
        (quantity, unit),
        label=label,
        language=reading_language(),
    )


def _youden(asked: Members, answer: Members, quantity: str, unit: str) -> SafeString:
    a, b = ([float(value) for value in asked[name]] for name in ("a", "b"))
    plot = youden_plot(a, b, probability=float(asked.get("probability") or 0.95))
    items = [(Text(f"{quantity}，样品 {item}", f"{quantity}, item {item}"), unit) for item in "AB"]
    codes = [str(place) for place in range(len(a))]
    label = gettext("Youden plot.") + " " + _signals_in_words(len(plot.outside))
    return youden_drawing(plot, items[0], items[1], codes, label=label, language=reading_language())


def _allan(asked: Members, answer: Members, quantity: str, unit: str) -> SafeString | str:
    chosen = asked.get("deviations") or FAMILY
    curves = {name: found for name in chosen if (found := _stabilities(name, answer))}
    if not curves:
        return ""
    names = ", ".join(name.upper() for name in curves)
    label = gettext("%(deviation)s over averaging time.") % {"deviation": names}
    language = reading_language()
    if len(curves) == 1:
        ((name, values),) = curves.items()
        axis = (Text(f"{names} σ(τ)", f"{names} σ(τ)"), "s" if name == "tdev" else "1")
        drawing = allan_drawing(values, *axis, label=label, language=language)
    else:
        axis = (Text("偏差 σ(τ)", "Deviation σ(τ)"), "1")
        drawing = family_drawing(curves, axis[0], label=label, language=language)
    captions = (f"{in_words(TAU)} / s", f"{in_words(axis[0])} / {axis[1]}")
    return zoomable(drawing, stability_numbers(curves, captions, label=label))


def _stabilities(name: str, answer: Members) -> list[Stability]:
    """Return what an answer says of one deviation; zeros cannot stand on a logarithmic axis and are left out."""
    sure = answer.get("intervals", {}).get(name) or [None] * len(answer["taus"])
    return [
        Stability(tau, found, end["low"] if end else None, end["high"] if end else None)
        for tau, found, end in zip(answer["taus"], answer.get(name) or [], sure, strict=False)
        if found
    ]


def _s2(asked: Members, answer: Members, quantity: str, unit: str) -> SafeString | str:
    if answer["best"] is None:
        return ""
    counts = [tuple(int(float(v)) for v in asked[name]) for name in ("n", "in_tolerance")]
    data = AttributesData(tuple(float(v) for v in asked["times"]), counts[0], counts[1])
    (fit,) = fit_all(data, [answer["best"]])
    label = gettext("Reliability over time; the interval proposed is %(interval)s days.") % {
        "interval": readable(answer["interval"], 4)
    }
    target, proposed = float(asked["target"]), _proposed(asked, answer["interval"])
    return reliability_drawing(fit, data, target, proposed, label=label, language=reading_language())


def _variables(asked: Members, answer: Members, quantity: str, unit: str) -> SafeString | str:
    low, high = (float(asked[name]) if name in asked else None for name in ("low", "high"))
    if answer["proposed_days"] is None or (low is None and high is None):
        return ""
    model = drift_model(
        asked["days"],
        asked["delta"],
        u0=float(asked.get("u0") or 0),
        y0=float(asked.get("y0") or 0),
        order=int(asked.get("order") or 1),
    )
    target = ToleranceTarget(low, high, float(asked.get("confidence") or 0.95))
    label = gettext(
        "Predicted value with its confidence interval; the interval proposed is %(interval)s days."
    )
    return drift_interval_drawing(
        Prediction(model, target),
        _proposed(asked, answer["proposed_days"]),
        _name(quantity),
        unit,
        label=label % {"interval": readable(answer["proposed_days"], 4)},
        language=reading_language(),
    )


def _proposed(asked: Members, interval: float) -> Proposed:
    legal = asked.get("legal_maximum")
    return Proposed(interval, gettext("d"), float(legal) if legal else None)


def _name(quantity: str) -> Text:
    return Text(quantity, quantity)


_DRAWINGS: Mapping[str, Drawing] = {
    "shewhart": _shewhart,
    "ewma": _ewma,
    "cusum": _cusum,
    "check-standard": _check_standard,
    "intermediate-check": _intermediate_check,
    "youden": _youden,
    "allan": _allan,
    "s2": _s2,
    "variables": _variables,
}
