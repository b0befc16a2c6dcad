"""Words of the desk: distributions, units as printed, errors as sentences."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from jialiang.console.wording import in_words, reading_language
from jialiang.kernel.errors import InvalidInput, JialiangError
from jialiang.science.errors import UnitSyntax, UnknownUnit
from jialiang.science.unit_text import read_unit
from jialiang.science.units import display_unit

DISTRIBUTIONS = {
    "normal": gettext_noop("normal"),
    "t": gettext_noop("Student t"),
    "rectangular": gettext_noop("rectangular"),
    "triangular": gettext_noop("triangular"),
    "trapezoidal": gettext_noop("trapezoidal"),
    "arcsine": gettext_noop("U-shaped"),
    "readings": gettext_noop("readings (type A)"),
    "t_by_mean_sd": gettext_noop("Student t, stated by its standard deviation"),
    "ctrap": gettext_noop("curvilinear trapezoid"),
    "exponential": gettext_noop("exponential"),
    "gamma": gettext_noop("gamma"),
    "beta": gettext_noop("beta"),
    "lognormal": gettext_noop("log-normal"),
    "truncated_normal": gettext_noop("truncated normal"),
    "empirical": gettext_noop("empirical"),
    "constant": gettext_noop("constant"),
}
SOURCES = {
    "fit": gettext_noop("fit in the document"),
    "observations": gettext_noop("observations in the document"),
}
DRAWN_AS = {"curvilinear_trapezoidal": "ctrap", "triangular_between": "triangular"}


def distribution_name(kind: str) -> str:
    """Return the name of a distribution; one without a name of its own stands as it is called in documents."""
    msgid = DISTRIBUTIONS.get(DRAWN_AS.get(kind, kind), "")
    return gettext(msgid) if msgid else kind


def source_in_words(source: str) -> str:
    """Return where an input comes from: what the document itself holds is named, all else stands as written."""
    msgid = SOURCES.get(source, "")
    return gettext(msgid) if msgid else source


def printed_unit(unit: str) -> str:
    """Return a unit as printed in the language of the page; one that the table does not know stands as written."""
    if not unit or unit == "1":
        return ""
    try:
        dsi = read_unit(unit).dsi
        return display_unit(dsi, reading_language()) if dsi else unit
    except (UnknownUnit, UnitSyntax):
        return unit


def sentence(error: JialiangError) -> str:
    """Return what is wrong, the rule where the input broke one, and the way out."""
    rule = in_words(error.rule) if isinstance(error, InvalidInput) else ""
    parts = [part.rstrip("。.") for part in (in_words(error.what), rule, in_words(error.way_out)) if part]
    stop = "。" if reading_language() == "zh" else ". "
    return stop.join(parts) + stop.strip() + f" ({error.code})"
