"""The uncertainty of a record, point by point: budget, shares, coverage, covariance of the fit, Monte Carlo."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from jialiang.console.calibrations.access import opened
from jialiang.console.calibrations.words import deviation_name, shown_state
from jialiang.console.charts.histogram import histogram
from jialiang.console.figures import degrees, significant
from jialiang.console.numbers import MINUS
from jialiang.console.shell import page, thing_url
from jialiang.console.units import symbol_of
from jialiang.console.wording import reading_language
from jialiang.information.budget_export import budget_document
from jialiang.information.points_correlation import correlated_points
from jialiang.information.record_view import RecordView
from jialiang.information.simulated_distribution import simulated_distribution
from jialiang.kernel.text import Text
from jialiang.science.units import display_unit

DISTRIBUTIONS = {
    "normal": gettext_noop("normal"),
    "t": gettext_noop("Student t"),
    "rectangular": gettext_noop("rectangular"),
    "triangular": gettext_noop("triangular"),
    "trapezoidal": gettext_noop("trapezoidal"),
    "u_shaped": gettext_noop("U-shaped"),
    "arcsine": gettext_noop("U-shaped"),
}
SOURCES = {
    "fit": gettext_noop("readings of this record"),
    "record": gettext_noop("entered in this record"),
    "instrument": gettext_noop("ledger of the instrument"),
    "readings": gettext_noop("readings of this record"),
}
SYMBOLS = {"delta": "δ"}
INDEX = re.compile(r"(?<=[A-Za-z])\d+")
BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Component:
    """One row of the budget, ready to print."""

    letter: str
    index: str
    name: Text
    source: str
    url: str
    kind: str
    distribution: str
    given: str
    uncertainty: str
    unit: str
    sensitivity: str
    degrees: str
    share: str
    part: float

    @property
    def is_type_a(self) -> bool:
        """Whether it was evaluated from readings."""
        return self.kind == "A"


@login_required
@require_safe
def uncertainty(request: HttpRequest, calibration_id: UUID) -> HttpResponse:
    """Show the budget of one point; ``?point=`` is its place in the record, from 1."""
    view = opened(request, calibration_id)
    points = [line.facts for line in view.results]
    place = _place(request.GET.get("point", ""), len(points))
    context: dict[str, Any] = {
        "view": view,
        "record": view.record,
        "instrument": view.record.item.instrument,
        "state": shown_state(view.record.state, view.steps),
        "points": list(enumerate((point["point"] for point in points), start=1)),
        "place": place,
        "unit": display_unit(view.unit, reading_language()),
        "deviation": deviation_name(view.procedure.key),
    }
    if points:
        context |= _of_point(view, points[place - 1], context["unit"])
    return page(request, "calibrations/uncertainty.html", context)


@login_required
@require_safe
def uncertainty_document(request: HttpRequest, calibration_id: UUID, place: int) -> HttpResponse:
    """Hand out the stored evaluation of one point as a budget document: recomputed it has the same digits."""
    view = opened(request, calibration_id)
    points = [line.facts for line in view.results]
    if not 1 <= place <= len(points):
        raise Http404
    document = budget_document(points[place - 1], number=view.record.number)
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{view.record.number}-{place}.json"'
    return response


def _of_point(view: RecordView, point: dict[str, Any], unit: str) -> dict[str, Any]:
    links = _source_links(view)
    components = [_component(row, point, links) for row in point["contributions"]]
    deviation = deviation_name(view.procedure.key)
    return {
        "point": point,
        "combined": significant(point["combined_standard_uncertainty"]),
        "exact": significant(point["expanded_uncertainty_exact"], 4),
        "degrees": degrees(point["degrees_of_freedom"]),
        "degrees_used": degrees(point["degrees_of_freedom_used"]),
        "model": _typeset(point["budget"]["model"]),
        "components": components,
        "largest": sorted(_terms(point, components), key=lambda pair: -pair[1])[:3],
        "correlations": [(a, b, significant(r, 4)) for a, b, r in point["budget"]["correlations"]],
        "line": _line(view.evaluation.get("line")),
        "monte_carlo": _monte_carlo(point),
        "picture": _picture(point, deviation, unit),
        "template": _template(point),
        "left_out": ", ".join(point.get("left_out", [])),
        "pairs": [
            (pair.first, pair.second, f"{pair.coefficient:.2f}") for pair in correlated_points(view.evaluation)
        ],
    }


def _template(point: dict[str, Any]) -> dict[str, Any] | None:
    """Return the budget that a point was evaluated by, with its page; None where its procedure said how."""
    used = point.get("template")
    return used | {"url": thing_url("budget_version", used["id"])} if used else None


def _source_links(view: RecordView) -> dict[str, str]:
    """Return where each source of a contribution is found: the standard, the readings, the conditions, the ledger."""
    record = reverse("calibration", args=[view.record.id]) + "?view=record"
    links = dict.fromkeys(("fit", "readings", "record"), record)
    links["instrument"] = thing_url("instrument", view.record.item.instrument_id)
    for used in view.standards:
        url = thing_url("measurement_standard", used.standard_id)
        links |= {used.certificate_number: url, used.serial_number: url}
        if used.is_reference:
            links["reference"] = url
    return links


def _component(row: dict[str, Any], point: dict[str, Any], links: dict[str, str]) -> Component:
    letter, index = _symbol(row["symbol"])
    item = next(i for i in point["budget"]["inputs"] if i["symbol"] == row["symbol"])
    origin = point.get("origins", {}).get(row["symbol"], {})
    if origin.get("kind") == "constant":
        links = links | {"budget": thing_url("budget_version", point["template"]["id"])}
    return Component(
        letter=letter,
        index=index,
        name=Text.from_json(row["name"]),
        source=_source_words(row, origin),
        url=links.get(row["source"], "") or _origin_url(origin, links),
        kind=row["evaluation"],
        distribution=_in_words(DISTRIBUTIONS, row["distribution"]),
        given=_given(item["distribution"]),
        uncertainty=significant(row["standard_uncertainty"]),
        unit=symbol_of(row["unit"]),
        sensitivity=significant(row["sensitivity"]),
        degrees=degrees(row["degrees_of_freedom"]),
        share=row["share"],
        part=max(float(row["share"]) / 100, 0),
    )


def _source_words(row: dict[str, Any], origin: dict[str, str]) -> str:
    """Say where an input comes from; of a budget also how: the pooled records, the span, the parameter."""
    if origin.get("kind") == "constant":
        return str(row["source"]) or gettext("stated in the budget")
    words = _in_words(SOURCES, row["source"])
    if "records" in origin:
        words = gettext("%(source)s; scatter pooled from %(count)s earlier records") % {
            "source": words, "count": origin["records"]
        }  # fmt: skip
    if origin.get("kind") == "environment":
        words = f"{gettext('conditions of this record')}: {origin['minimum']} … {origin['maximum']}"
    return words


def _origin_url(origin: dict[str, str], links: dict[str, str]) -> str:
    """Return the page for an origin that no certificate or record is named by: the standard, or the budget itself."""
    kind = origin.get("kind", "")
    return links.get({"constant": "budget", "standard_value": "reference"}.get(kind, ""), "")


def _typeset(model: str) -> str:
    """Write a model as print does: a true minus, indices below the line."""
    indexed = INDEX.sub(lambda found: found[0].translate(BELOW), model)
    return indexed.replace(" - ", f" {MINUS} ")


def _in_words(known: dict[str, str], key: str) -> str:
    """Return the words for a key; a number of a certificate or a serial number stands for itself."""
    msgid = known.get(key, "")
    return gettext(msgid) if msgid else key


def _symbol(symbol: str) -> tuple[str, str]:
    """Split a symbol for print: ``delta_bath`` is δ with the index bath, ``y1`` is y with the index 1."""
    letter, _, index = symbol.partition("_")
    if index:
        return SYMBOLS.get(letter, letter), index
    return (letter[:1], letter[1:]) if letter[1:].isdecimal() else (letter, "")


def _given(distribution: dict[str, Any]) -> str:
    """Return what a distribution was stated by: its half-width or its standard uncertainty."""
    for name in ("half_width", "half_base"):
        if name in distribution:
            return f"±{significant(distribution[name])}"
    return ""


def _terms(point: dict[str, Any], components: list[Component]) -> list[tuple[str, float]]:
    """Return the independent terms with their shares: correlated inputs count together."""
    names = {row["symbol"]: Text.from_json(row["name"]) for row in point["contributions"]}
    language = reading_language()
    return [
        (" + ".join(names[symbol].in_language(language) for symbol in term["symbols"]), float(term["share"]))
        for term in point["terms"]
    ]


def _line(line: dict[str, Any] | None) -> dict[str, str] | None:
    if not line:
        return None
    found = {name: significant(line[name], 4) for name in ("y1", "u_y1", "y2", "u_y2", "r", "s")}
    return found | {
        "covariance": _covariance(line),
        "t0": line["t0"].removesuffix(".0"),
        "degrees_of_freedom": str(line["degrees_of_freedom"]),
    }


def _covariance(line: dict[str, Any]) -> str:
    """Return u(y₁, y₂) = r u(y₁) u(y₂) as a power of ten (GUM H.3.2)."""
    product = float(line["r"]) * float(line["u_y1"]) * float(line["u_y2"])
    return f"{product:.2e}"


def _monte_carlo(point: dict[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = point["monte_carlo"]
    if not found:
        return None
    # Ends are shown to the place of two digits of u, differences to two digits of their own.
    shown = {name: significant(found[name], 2) for name in ("d_low", "d_high", "delta")}
    for name in ("simulated_low", "simulated_high", "propagated_low", "propagated_high"):
        shown[name] = significant(found[name], 4)
    return found | shown


def _picture(point: dict[str, Any], deviation: str, unit: str) -> SafeString | str:
    found = simulated_distribution(point)
    if found is None:
        return ""
    label = (
        gettext("Monte Carlo agrees with the law of propagation.")
        if point["monte_carlo"]["agrees"]
        else gettext("Monte Carlo disagrees with the law of propagation.")
    )
    return histogram(found, label=label, axis=f"{deviation} / {unit}")


def _place(given: str, count: int) -> int:
    number = int(given) if given.isdecimal() and len(given) < len("9999") else 1
    return min(max(number, 1), max(count, 1))
