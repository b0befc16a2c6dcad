"""A gauge study as its page shows it: the finding as a sentence, components, analysis of variance, drawings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext

from jialiang.console.charts.gauge_charts import Bar, Study, components_drawing, readings_drawing
from jialiang.console.figures import percent, readable
from jialiang.console.numbers import on_screen
from jialiang.console.wording import reading_language
from jialiang.kernel.text import Text

SOURCES = {
    "grr": gettext_noop("Repeatability and reproducibility (GRR)"),
    "repeatability": gettext_noop("Repeatability"),
    "reproducibility": gettext_noop("Reproducibility"),
    "operators": gettext_noop("Operators"),
    "interaction": gettext_noop("Operators × parts"),
    "parts": gettext_noop("Parts"),
    "total": gettext_noop("Total"),
}
INSIDE = {"repeatability": 1, "reproducibility": 1, "operators": 2, "interaction": 2}
SIGNIFICANT = 0.05
LEAST_SHARE = 0.0005


def shown_study(
    answer: Mapping[str, Any], readings: Sequence[Mapping[str, str]], quantity: str, unit: str, confidence: str
) -> dict[str, Any]:
    """Return what the page needs of an answer of the topic ``gauge-study`` to these readings."""
    lines = [_line(each) for each in answer["components"]]
    said = finding(answer)
    return {
        "finding": said,
        "hints": hints(answer),
        "lines": lines,
        "has_tolerance": answer.get("share_of_tolerance") is not None,
        "table": [_effect(each) for each in answer["table"]],
        "sure": _sure(answer, unit),
        "confidence": percent(float(confidence)),
        "components": components_drawing(
            _bars(answer), unit, label=said, language=reading_language()
        ),
        "readings": readings_drawing(
            study_of(answer, readings),
            Text(quantity, quantity),
            unit,
            label=gettext("Readings by operator and part. %(finding)s") % {"finding": said},
            language=reading_language(),
        ),
    }


def finding(answer: Mapping[str, Any]) -> str:
    """Return how much of what is seen is the measuring, and what of the measuring is the most."""
    facts = {"study": percent(answer["grr_share"]), "ndc": answer["ndc"]}
    if (share := answer.get("share_of_tolerance")) is not None:
        facts["tolerance"] = percent(share)
        said = gettext("GRR takes up %(study)s %% of the study variation and %(tolerance)s %% of the tolerance.")
    else:
        said = gettext("GRR takes up %(study)s %% of the study variation.")
    told = ngettext(
        "The parts cannot be told apart: %(ndc)s category.",
        "%(ndc)s categories of parts can be told apart.",
        answer["ndc"],
    )
    gap = "" if reading_language() == "zh" else " "
    return gap.join((said % facts, told % facts, _dominant(answer))).replace(" %", "\u00a0%")


def hints(answer: Mapping[str, Any]) -> list[str]:
    """Return what else must be known to read the figures."""
    effects = {each["source"]: each for each in answer["table"]}
    found = []
    if answer["interaction_pooled"]:
        found.append(gettext("Operators × parts is not significant; it is counted with the repeatability."))
    elif answer["interaction"]:
        found.append(gettext("Operators differ from part to part: look at what they do differently on single parts."))
    p = effects["operators"]["p"]
    if p is not None and p < SIGNIFICANT:
        found.append(gettext("The operators differ significantly (p = %(p)s).") % {"p": on_screen(_probability(p))})
    return found


def study_of(answer: Mapping[str, Any], readings: Sequence[Mapping[str, str]]) -> Study:
    """Return the readings as cells, in the order of names of the answer."""
    parts, operators = tuple(answer["part_names"]), tuple(answer["operator_names"])
    cells: dict[tuple[str, str], list[float]] = {}
    for each in readings:
        cells.setdefault((each["part"], each["operator"]), []).append(float(each["value"]))
    cube = tuple(tuple(tuple(cells[part, operator]) for operator in operators) for part in parts)
    return Study(parts, operators, cube)


def _dominant(answer: Mapping[str, Any]) -> str:
    if answer["repeatability"] >= answer["reproducibility"]:
        return gettext("Most of it is repeatability: the instrument and the way of measuring.")
    return gettext("Most of it is reproducibility: the differences between operators.")


def _line(each: Mapping[str, Any]) -> dict[str, Any]:
    share = each["share_of_tolerance"]
    return {
        "source": _name(each),
        "inside": INSIDE.get(each["source"], 0),
        "s": _figure(each["s"]),
        "of_variance": percent(each["share_of_variance"]),
        "of_study": percent(each["share_of_study"]),
        "of_tolerance": percent(share) if share is not None else "",
        "part": min(each["share_of_study"], 1.0),
    }


def _effect(each: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "source": _name(each),
        "dof": each["dof"],
        "ss": _figure(each["ss"]),
        "ms": _figure(each["ms"]),
        "f": readable(each["F"], 4) if each["F"] is not None else "—",
        "p": _probability(each["p"]) if each["p"] is not None else "—",
    }


def _name(each: Mapping[str, Any]) -> str:
    name = SOURCES[each["source"]]
    return gettext(name)


def _figure(value: float) -> str:
    return readable(value, 4) if value else "0"


def _probability(p: float) -> str:
    return f"{p:.4f}" if p >= 0.0001 else "< 0.0001"


def _sure(answer: Mapping[str, Any], unit: str) -> list[tuple[str, str]]:
    """Return the intervals, ready to print."""

    def between(name: str) -> str:
        low, high = (on_screen(readable(end, 3)) for end in answer[name])
        return f"{low} … {high} {unit}".strip()

    low, high = answer["ndc_interval"]
    return [
        (gettext("σ of repeatability"), between("repeatability_interval")),
        (gettext("σ of GRR"), between("grr_interval")),
        (gettext("Effective degrees of freedom of GRR"), on_screen(readable(answer["grr_dof"], 3))),
        (gettext("Distinct categories"), f"{low} … {high}"),
    ]


def _bars(answer: Mapping[str, Any]) -> list[Bar]:
    bars = []
    for each in answer["components"]:
        if each["source"] == "total" or (each["source"] in INSIDE and each["share_of_study"] < LEAST_SHARE):
            continue
        shares = gettext("%(share)s %% of the study variation") % {"share": percent(each["share_of_study"])}
        bars.append(Bar(f"{_name(each)}: {shares}", each["s"], each["source"] != "parts"))
    return bars
