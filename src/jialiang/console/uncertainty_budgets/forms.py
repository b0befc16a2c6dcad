"""The form that a budget is begun with: what it is called, for which procedure, and where it holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop

from jialiang.console.noun_forms import NounForm, fill_choices, text_field
from jialiang.console.units import UnitField
from jialiang.console.wording import in_words
from jialiang.information.procedures import procedures


class BudgetForm(NounForm):
    """A new budget; its document begins as the shipped template of the procedure."""

    noun = "uncertainty_budget"
    groups = (
        (gettext_noop("What it is"), ("name_zh", "name_en", "procedure")),
        (gettext_noop("Where it holds"), ("unit", "minimum", "maximum", "quantity_kind")),
    )

    name_zh = text_field(100, required=True)
    name_en = text_field(200)
    procedure = forms.ChoiceField()
    unit = UnitField(required=True)
    minimum = text_field(30, inputmode="decimal")
    maximum = text_field(30, inputmode="decimal")
    quantity_kind = text_field(60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(key, in_words(plan.name)) for key, plan in procedures().items()]
        fill_choices(self, "procedure", [("", gettext("Choose…")), *known])
        self.fields["unit"].help_text = gettext("That of the records which it is for.")
        self.fields["minimum"].help_text = gettext("Empty: it holds for every point below the other end.")
