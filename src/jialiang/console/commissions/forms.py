"""Forms of the desk: what is ordered, what is agreed before work starts, in which condition an item arrives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from jialiang.base.commissions.facts import Agreement, ItemFacts
from jialiang.console.noun_forms import NounForm, day_field, fill_choices, options, text_field
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CustodyState, DecisionRule, FeeKind, WorkKind

YES, NO = "yes", "no"
AGREED = ("decision_rule", "due_date", "agreed_interval_months", "fee_kind", "promised_on")


class AgreementForm(NounForm):
    """What customer and institute agree before work starts (ISO/IEC 17025, 7.1.3 and 7.8.4.3)."""

    noun = "commission"
    at_field = {"JL-COM-008": "fee_kind", "JL-COM-009": "decision_rule"}
    groups = ((gettext_noop("Agreed with the customer"), AGREED),)

    decision_rule = forms.ChoiceField(widget=forms.RadioSelect)
    due_date = forms.ChoiceField(widget=forms.RadioSelect)
    agreed_interval_months = forms.IntegerField(required=False, min_value=1, max_value=240)
    fee_kind = forms.ChoiceField(widget=forms.RadioSelect)
    promised_on = day_field(required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, "decision_rule", options(DecisionRule))
        fill_choices(self, "fee_kind", options(FeeKind))
        answers = [
            (NO, gettext("No: the certificate states no next date")),
            (YES, gettext("Yes: the customer asks for a next date")),
        ]
        fill_choices(self, "due_date", answers)
        self.fields["due_date"].label = gettext("Next date on the certificate")
        self.fields["due_date"].help_text = gettext(
            "A calibration certificate recommends no interval unless the customer has agreed to one"
            " (ISO/IEC 17025, 7.8.4.3). A verification always states its validity."
        )
        self.fields["decision_rule"].help_text = gettext(
            "Agreed before the work starts; it says how U counts in the statement (ISO/IEC 17025, 7.1.3)."
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the interval where a date was agreed."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        wants = cleaned.get("due_date") == YES
        if (
            wants
            and not cleaned.get("agreed_interval_months")
            and "agreed_interval_months" not in self.errors
        ):
            self.add_error("agreed_interval_months", gettext("Say after how many months."))
        return cleaned

    @property
    def agreement(self) -> Agreement:
        """What the valid form says."""
        said = self.cleaned_data
        wants = said["due_date"] == YES
        return Agreement(
            decision_rule=said["decision_rule"],
            due_date_agreed=wants,
            agreed_interval_months=said["agreed_interval_months"] if wants else None,
            fee_kind=said["fee_kind"],
            promised_on=said["promised_on"],
        )


class OrderForm(NounForm):
    """What is ordered: kind of work, whom to ask, which instruments of the customer."""

    noun = "commission"
    at_field = {"JL-COM-004": "items", "JL-COM-006": "items", "JL-COM-012": "items"}

    kind = forms.ChoiceField(widget=forms.RadioSelect)
    items = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=True)
    contact_name = text_field(60)
    contact_phone = text_field(40)
    note = text_field(400, rows=2)

    def __init__(self, *args: Any, instruments: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instruments = list(instruments)
        fill_choices(self, "kind", options(WorkKind))
        fill_choices(self, "items", [(str(row.id), row.serial_number) for row in self.instruments])
        self.fields["items"].error_messages["required"] = gettext("Choose at least one instrument.")

    def item_facts(self) -> list[ItemFacts]:
        """Return the chosen instruments with what was noted beside each of them."""
        return [
            ItemFacts(
                instrument_id=UUID(key),
                condition=_condition(self.data.get(f"condition_{key}", "")),
                accessories=self.data.get(f"accessories_{key}", ""),
                requested_points=split_points(self.data.get(f"points_{key}", "")),
            )
            for key in self.cleaned_data["items"]
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return the instruments with what was typed beside them, so that nothing is lost by an error."""
        chosen = self.data.getlist("items") if hasattr(self.data, "getlist") else []
        chosen = chosen or [str(key) for key in self.initial.get("items", [])]
        return [
            {
                "row": row,
                "is_chosen": str(row.id) in chosen,
                "condition": self.data.get(f"condition_{row.id}", ""),
                "accessories": self.data.get(f"accessories_{row.id}", ""),
                "points": self.data.get(f"points_{row.id}", ""),
            }
            for row in self.instruments
        ]


class DeskForm(OrderForm, AgreementForm):
    """The whole intake on one page: ordered, agreed, here; each of the last two may wait."""

    groups = AgreementForm.groups
    at_field = {**AgreementForm.at_field, **OrderForm.at_field}
    accept_now = forms.BooleanField(
        required=False, label=gettext_lazy("Accept the commission now on what is agreed")
    )
    is_here = forms.BooleanField(
        required=False, label=gettext_lazy("The items lie on the desk: take them in now")
    )
    place = text_field(100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and not self.data.get("accept_now"):
            for name in ("decision_rule", "due_date", "fee_kind"):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """Take items in only with a commission that is accepted."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("is_here") and not cleaned.get("accept_now"):
            self.add_error("accept_now", gettext("Items are taken in once the commission is accepted."))
        return cleaned


class AddItemForm(OrderForm):
    """More instruments for a commission that is still open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "contact_name", "contact_phone", "note"):
            del self.fields[name]


class ReceiveForm(NounForm):
    """How an item arrives: its condition is noted before anybody works on it (ISO/IEC 17025, 7.4.3)."""

    noun = "commission"
    condition_zh = text_field(200, required=True)
    condition_en = text_field(200)
    accessories = text_field(200)
    place = text_field(100)


class HandOverForm(NounForm):
    """Where an item goes next."""

    noun = "commission"
    to = forms.ChoiceField()
    place = text_field(100)
    note = text_field(200)

    def __init__(self, *args: Any, places: Sequence[CustodyState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            CustodyState.IN_LABORATORY: gettext("To the laboratory"),
            CustodyState.RECEIVED: gettext("Back to the desk"),
            CustodyState.RETURNED: gettext("To the customer"),
        }
        self.fields["to"].label = gettext("Goes to")
        fill_choices(self, "to", [(place.value, words[place]) for place in places])


class CancelForm(NounForm):
    """Cancelling needs a reason."""

    noun = "commission"
    at_field = {"JL-COM-010": "reason"}
    reason = text_field(200, required=True)


def split_points(text: str) -> tuple[str, ...]:
    """Split requested points at blanks, commas and semicolons of either script."""
    for mark in ",;，；、":
        text = text.replace(mark, " ")
    return tuple(text.split())


def _condition(text: str) -> Text:
    return Text(zh=text.strip())
