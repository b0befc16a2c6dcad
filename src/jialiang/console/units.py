"""Units in forms: people read and type ``℃`` or ``mg``, the ledger keeps the D-SI spelling."""

from __future__ import annotations

from functools import cache
from typing import Any

from django import forms

from jialiang.console.wording import reading_language
from jialiang.kernel.errors import InvalidInput
from jialiang.science.units import display_unit, known_units

PREFIXED = (
    r"\milli\gram", r"\micro\gram", r"\kilo\gram", r"\milli\metre", r"\micro\metre", r"\nano\metre", r"\kilo\metre",
    r"\kilo\pascal", r"\mega\pascal", r"\milli\pascal", r"\milli\volt", r"\kilo\volt", r"\milli\ampere",
    r"\micro\ampere", r"\kilo\ohm", r"\mega\ohm", r"\milli\litre", r"\micro\litre", r"\kilo\newton",
    r"\kilo\hertz", r"\mega\hertz", r"\milli\second", r"\micro\second", r"\kilo\watt",
)  # fmt: skip


class UnitField(forms.CharField):
    """A unit as people write it; cleaned it is D-SI. What is neither is left to the verb, which knows the rule."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
        super().__init__(max_length=60, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a stored unit by its symbol."""
        return symbol_of(value) if isinstance(value, str) and value.startswith("\\") else value

    def clean(self, value: Any) -> Any:
        """Return the D-SI spelling of a symbol that is known."""
        cleaned = super().clean(value)
        return by_symbol().get(cleaned, cleaned)


def symbol_of(dsi: str) -> str:
    """Return the printed symbol of a unit in the language of the page, or what is stored if it is no unit."""
    try:
        return display_unit(dsi, reading_language()) if dsi else ""
    except InvalidInput:
        return dsi


@cache
def by_symbol() -> dict[str, str]:
    """Return the units that forms offer, by the symbols of both languages."""
    offered: dict[str, str] = {}
    for dsi in (*PREFIXED, *known_units()):
        for language in ("zh", "en"):
            try:
                printed = display_unit(dsi, language)
            except InvalidInput:
                continue
            if printed:
                offered.setdefault(printed, dsi)
    return offered
