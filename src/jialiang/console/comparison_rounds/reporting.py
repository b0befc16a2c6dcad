"""The report of a comparison round: on paper with its drawings, as JSON and as CSV."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from jialiang.base.comparison_rounds.selectors import ComparisonRound, comparison_round
from jialiang.base.organizations.selectors import has_own_organization, own_organization
from jialiang.console.charts.comparison import degrees_drawing
from jialiang.console.charts.process_charts import youden_drawing
from jialiang.console.downloads import attachment
from jialiang.console.figures import as_entered, readable, to_places
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.units import symbol_of
from jialiang.console.wording import reading_language
from jialiang.functions.deed import permit
from jialiang.information.comparison_report import SHOWN, report_of, report_table
from jialiang.kernel.text import Text
from jialiang.science.comparisons.youden import youden_plot
from jialiang.science.rounding import reported
from jialiang.vocabulary.statuses import AssignedValueMethod, label

READ = "comparison_round.read"
NAMES = {"en": "E_n", "zeta": "ζ", "z": "z", "zprime": "z′"}
VERDICTS = {
    "satisfactory": ("ok", "circle-tick", gettext_noop("satisfactory")),
    "questionable": ("warn", "diamond-mark", gettext_noop("questionable")),
    "unsatisfactory": ("stop", "octagon-cross", gettext_noop("unsatisfactory")),
}


@login_required
@require_safe
def report_page(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show the report as a sheet to print."""
    row = comparison_round(round_id)
    permit(who(request), READ, row)
    report_of(row)
    context = {
        "row": row,
        "own": own_organization() if has_own_organization() else None,
        "unit": symbol_of(row.unit),
        "assigned_by": label(AssignedValueMethod(row.assigned_by)),
        "evaluation": shown_evaluation(row),
    }
    return page(request, "comparison_rounds/report.html", context)


@login_required
@require_safe
def report_file(request: HttpRequest, round_id: UUID, ending: str) -> HttpResponse:
    """Hand the report out as ``json`` or ``csv``."""
    row = comparison_round(round_id)
    permit(who(request), READ, row)
    if ending == "json":
        text = json.dumps(report_of(row), ensure_ascii=False, indent=2)
    elif ending == "csv":
        text = "\ufeff" + report_table(row)
    else:
        raise Http404
    return attachment(f"{row.number}.{ending}", text.encode())


def shown_evaluation(row: ComparisonRound) -> dict[str, Any] | None:
    """Return the stored evaluation with its numbers rounded for people and its drawings; None without one."""
    if row.state not in SHOWN or row.evaluation is None:
        return None
    artefacts = [_artefact(row, each) for each in row.evaluation["artefacts"]]
    return {"artefacts": artefacts, "youden": _youden(row), "digest": row.evaluation_digest}


def _artefact(row: ComparisonRound, given: dict[str, Any]) -> dict[str, Any]:
    assigned, test, robust = given["assigned"], given["consistency"], given["robust_standard_deviation"]
    scored = {score["name"] for each in given["rows"] for score in each["scores"]}
    names = [name for name in NAMES if name in scored]
    bars = [
        (each["code"], float(each["difference"]), float(each["difference_uncertainty"] or 0))
        for each in given["rows"]
    ]
    return {
        "name": Text.from_json(given["name"]),
        **_assigned(assigned),
        "test": test and test | {name: readable(float(test[name])) for name in ("chi_squared", "probability")},
        "robust_standard_deviation": robust and readable(float(robust)),
        "rows": [_row(each, names) for each in given["rows"]],
        "names": [NAMES[name] for name in names],
        "drawing": degrees_drawing(
            bars,
            row.quantity,
            symbol_of(row.unit),
            label=gettext("Degrees of equivalence with their expanded uncertainties."),
            language=reading_language(),
        ),
    }


def _assigned(given: dict[str, Any]) -> dict[str, str]:
    """Round the value to the place of its U; results that all agree have a robust mean with U = 0."""
    value, expanded = float(given["value"]), float(given["expanded_uncertainty"])
    if not expanded:
        return {"value": as_entered(value), "expanded_uncertainty": "", "coverage_factor": ""}
    shown = reported(value, expanded)
    return {
        "value": shown.value_text,
        "expanded_uncertainty": shown.uncertainty_text,
        "coverage_factor": given["coverage_factor"],
    }


def _row(each: dict[str, Any], names: list[str]) -> dict[str, Any]:
    found = {score["name"]: score for score in each["scores"]}
    difference, wide = float(each["difference"]), float(each["difference_uncertainty"] or 0)
    shown = reported(difference, wide) if wide else None
    return each | {
        "name": Text.from_json(each["name"]),
        "difference": shown.value_text if shown else as_entered(difference),
        "difference_uncertainty": shown.uncertainty_text if shown else "",
        "scores": [_score(found.get(name)) for name in names],
    }


def _score(given: dict[str, str] | None) -> dict[str, str] | None:
    if given is None:
        return None
    kind, shape, word = VERDICTS[given["verdict"]]
    return {"score": to_places(given["score"], 2), "kind": kind, "shape": shape, "word": gettext(word)}


def _youden(row: ComparisonRound) -> Any:
    document: dict[str, Any] = row.evaluation or {}
    plot = document.get("youden")
    if plot is None:
        return ""
    found = youden_plot([float(a) for a in plot["first"]], [float(b) for b in plot["second"]])
    axes = [
        (_joined(row.quantity, Text.from_json(each["name"])), symbol_of(row.unit))
        for each in document["artefacts"]
    ]
    return youden_drawing(
        found, axes[0], axes[1], plot["codes"], label=gettext("Youden plot."), language=reading_language()
    )


def _joined(quantity: Text, name: Text) -> Text:
    pairs = ((quantity.in_language(each), name.in_language(each)) for each in ("zh", "en"))
    zh, en = pairs
    return Text("，".join(zh), ", ".join(en))
