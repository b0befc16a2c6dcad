"""Forms of the ledger record: every member of it, in the groups in which people read a type plate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from jialiang.console.merging import VersionedForm
from jialiang.console.noun_forms import NounForm, fill_choices, options, text_field
from jialiang.console.units import UnitField
from jialiang.console.wording import in_words
from jialiang.vocabulary.regions import provinces
from jialiang.vocabulary.statuses import Purpose

PLATE = gettext_noop("As on the type plate")
GROUPS = (
    (gettext_noop("What it is"), (
        "owner_id", "name_zh", "name_en", "model", "serial_number", "inventory_number", "category_code", "kind_code",
    )),
    (gettext_noop("Who made it"), (
        "manufacturer_zh", "manufacturer_en", "manufacturer_credit_code", "origin", "type_approval_number",
    )),
    (gettext_noop("What it measures"), (
        "measuring_interval_zh", "measuring_interval_en", "unit", "accuracy_class", "maximum_permissible_error",
        "displayed_resolution",
    )),
    (gettext_noop("Where and what for"), (
        "place_of_use", "region_code", "purpose", "interval_months", "compulsory", "on_site", "limitation_zh",
        "limitation_en",
    )),
    (gettext_noop("This change"), ("reason",)),
)  # fmt: skip


class InstrumentFields(NounForm):
    """The members of the ledger record; lengths are those of the table, rules are the verb's."""

    noun = "instrument"
    groups = GROUPS

    name_zh = text_field(100, required=True)
    name_en = text_field(200)
    model = text_field(60, required=True)
    serial_number = text_field(60, required=True, autocomplete="off")
    inventory_number = text_field(60, autocomplete="off")
    category_code = text_field(20)
    kind_code = text_field(20)
    manufacturer_zh = text_field(100)
    manufacturer_en = text_field(200)
    manufacturer_credit_code = text_field(60)
    origin = text_field(60)
    type_approval_number = text_field(40)
    measuring_interval_zh = text_field(100)
    measuring_interval_en = text_field(100)
    unit = UnitField(
        required=False, help_text=gettext_lazy("As printed: ℃, mg, kPa. Of the error and the resolution.")
    )
    accuracy_class = text_field(60)
    maximum_permissible_error = text_field(30, inputmode="decimal")
    displayed_resolution = text_field(30, inputmode="decimal")
    place_of_use = text_field(120, required=True)
    region_code = text_field(6, required=True, inputmode="numeric", list="provinces")
    purpose = forms.ChoiceField()
    interval_months = forms.IntegerField(required=False, min_value=1, max_value=240)
    compulsory = forms.BooleanField(required=False)
    on_site = forms.BooleanField(required=False)
    limitation_zh = text_field(200)
    limitation_en = text_field(200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, "purpose", options(Purpose, gettext("Choose…")))
        hints = {
            "region_code": gettext("Six digits (GB/T 2260) of the place of use, such as 370100"),
            "maximum_permissible_error": gettext("Half-width, without ±: 0.30"),
            "serial_number": gettext(PLATE),
            "interval_months": gettext(
                "Your own interval; a certificate states a date only where one was agreed."
            ),
            "limitation_zh": gettext("Only if the instrument may be used for less than it can."),
        }
        for name, hint in hints.items():
            self.fields[name].help_text = hint


class RegisterForm(InstrumentFields):
    """A new record; the owner is an organization of the institute."""

    owner_id = forms.ChoiceField()

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_id"].label = gettext("Owner")
        fill_choices(self, "owner_id", owners)


class ChangeForm(InstrumentFields, VersionedForm):
    """A record as it was read; the reason goes into its history."""

    reason = text_field(200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = gettext("Stays in the history beside the old values.")


class MoveForm(NounForm):
    """Taking out of use, restoring, scrapping: the reason is the form."""

    noun = "instrument"
    at_field = {"JL-INS-007": "reason"}
    reason = text_field(200, required=True)


def province_options() -> list[tuple[str, str]]:
    """Return the first codes of all provinces with their names, for the list beside the field."""
    return [(f"{code}0000", in_words(name)) for code, name in provinces().items()]
