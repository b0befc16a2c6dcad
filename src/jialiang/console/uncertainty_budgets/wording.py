"""How a template says on a page where its inputs come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, gettext_noop

from jialiang.console.measurement_science.wording import distribution_name
from jialiang.console.units import symbol_of
from jialiang.console.wording import in_words
from jialiang.information.budget_templates.template import Source, TemplateInput
from jialiang.kernel.text import Text

SOURCES = {
    "readings": gettext_noop("Readings of the point"),
    "line": gettext_noop("Line through the readings"),
    "certificate": gettext_noop("Certificate of the standard"),
    "drift": gettext_noop("Drift that the standard's ledger states"),
    "standard_value": gettext_noop("Value of the standard, from its certificates to the day"),
    "resolution": gettext_noop("Display of the instrument"),
    "environment": gettext_noop("Conditions of the record"),
    "parameter": gettext_noop("Parameter of the record"),
    "point": gettext_noop("The point itself"),
}
WORDS = {
    "readings": gettext_noop("scatter of these readings"),
    "record": gettext_noop("pooled scatter of the record, where it states one"),
    "history": gettext_noop("scatter pooled from earlier records"),
    "instrument": gettext_noop("of the same instrument"),
    "procedure": gettext_noop("of any instrument"),
    "intercept": gettext_noop("intercept"),
    "slope": gettext_noop("slope"),
    "reference": gettext_noop("reference standard"),
    "other": gettext_noop("other standard"),
    "temperature": gettext_noop("temperature"),
    "humidity": gettext_noop("humidity"),
    "pressure": gettext_noop("pressure"),
    "value": gettext_noop("exact value"),
    "half_width": gettext_noop("half-width"),
    "u": gettext_noop("standard uncertainty"),
}


@dataclass(frozen=True, slots=True)
class InputLine:
    """One input of a template, ready to print: ``trial`` is what it is tried out with."""

    symbol: str
    name: str
    source: str
    detail: str
    may_be_left_out: bool
    distribution: str
    trial: str


def input_line(item: TemplateInput) -> InputLine:
    """Return one input in the words of the page."""
    members, label = item.members, item.members.get("label")
    kind = str(members.get("distribution") or ("" if "readings" not in members else "readings"))
    return InputLine(
        symbol=item.symbol,
        name=in_words(Text.from_json(dict(label))) if isinstance(label, Mapping) else "",
        source=gettext(SOURCES[item.source.kind]) if item.source else gettext("Stated in the budget"),
        detail=_detail(item.source),
        may_be_left_out=item.source is not None and item.source.may_be_left_out,
        distribution=distribution_name(kind) if kind else "",
        trial=_trial(members),
    )


def _detail(source: Source | None) -> str:
    """Return the words of a source; of readings the quantity, of other sources what is not the usual word."""
    if source is None:
        return ""
    shown = {name: word for name, word in source.words.items() if word}
    if source.kind == "readings" and shown.get("scatter") != "history":
        shown.pop("of", None)
    return gettext(", ").join(gettext(WORDS[word]) if word in WORDS else word for word in shown.values())


def _trial(members: Mapping[str, Any]) -> str:
    found = []
    for name in ("mean", "value", "u", "U", "k", "half_width", "low", "high", "dof"):
        if members.get(name) not in (None, ""):
            found.append(f"{name} = {members[name]}")
    if isinstance(members.get("readings"), list):
        found.append(f"n = {len(members['readings'])}")
    unit = symbol_of(str(members.get("unit") or ""))
    return ", ".join(found) + (f" ({unit})" if unit else "")


def interval_words(minimum: str, maximum: str) -> str:
    """Return an interval in words; open ends as such."""
    if not minimum and not maximum:
        return gettext("every point")
    return f"{minimum or '−∞'} … {maximum or '∞'}".replace("-", "−")
