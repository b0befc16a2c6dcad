"""Forms of comparison rounds: what is compared, who takes part, what was measured, why a round is given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop

from jialiang.base.comparison_rounds.facts import ArtefactFacts
from jialiang.base.comparison_rounds.selectors import ComparisonParticipant
from jialiang.console.noun_forms import NounForm, fill_choices, options, text_field
from jialiang.console.units import UnitField
from jialiang.console.wording import in_words
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import AssignedValueMethod


class RoundForm(NounForm):
    """A new round with one artefact, or two alike for a Youden plot."""

    noun = "comparison_round"
    groups = (
        (gettext_noop("What is compared"), ("name_zh", "name_en", "quantity_zh", "quantity_en", "unit", "note")),
        (gettext_noop("How it is evaluated"), ("assigned_by", "standard_deviation_for_assessment")),
        (
            gettext_noop("First artefact"),
            ("artefact_zh", "artefact_en", "assigned_value", "expanded_uncertainty", "coverage_factor"),
        ),
        (
            gettext_noop("Second artefact, for a Youden plot"),
            ("second_artefact_zh", "second_artefact_en", "second_value", "second_uncertainty"),
        ),
    )

    name_zh = text_field(100, required=True)
    name_en = text_field(200)
    quantity_zh = text_field(100, required=True)
    quantity_en = text_field(100)
    unit = UnitField(required=True)
    note = text_field(400, rows=2)
    assigned_by = forms.ChoiceField(widget=forms.RadioSelect)
    standard_deviation_for_assessment = text_field(60, inputmode="decimal")
    artefact_zh = text_field(100, required=True)
    artefact_en = text_field(200)
    assigned_value = text_field(60, inputmode="decimal")
    expanded_uncertainty = text_field(60, inputmode="decimal")
    coverage_factor = text_field(60, inputmode="decimal")
    second_artefact_zh = text_field(100)
    second_artefact_en = text_field(200)
    second_value = text_field(60, inputmode="decimal")
    second_uncertainty = text_field(60, inputmode="decimal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, "assigned_by", options(AssignedValueMethod))
        self.fields["assigned_value"].help_text = gettext("Only where a reference laboratory gives it.")
        self.fields["standard_deviation_for_assessment"].help_text = gettext("With it, z and z′ are scored.")

    @property
    def artefacts(self) -> list[ArtefactFacts]:
        """The artefacts that the valid form names; both values have one k."""
        said = self.cleaned_data
        first = ArtefactFacts(
            name=Text(said["artefact_zh"], said["artefact_en"]),
            assigned_value=said["assigned_value"],
            expanded_uncertainty=said["expanded_uncertainty"],
            coverage_factor=said["coverage_factor"],
        )
        second = ArtefactFacts(
            name=Text(said["second_artefact_zh"], said["second_artefact_en"]),
            assigned_value=said["second_value"],
            expanded_uncertainty=said["second_uncertainty"],
            coverage_factor=said["coverage_factor"] if said["second_uncertainty"] else "",
        )
        is_named = second.name.zh or second.name.en or second.assigned_value or second.expanded_uncertainty
        return [first, second] if is_named else [first]


class ParticipantForm(NounForm):
    """A laboratory: of the register, or by its name."""

    noun = "comparison_round"
    at_field = {"JL-CMP-005": "code", "JL-CMP-001": "name_zh"}

    organization = forms.ChoiceField(required=False)
    name_zh = text_field(100)
    name_en = text_field(200)
    code = text_field(20)

    def __init__(self, *args: Any, organizations: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(row.id), in_words(row.name)) for row in organizations]
        fill_choices(self, "organization", [("", gettext("Not registered: by name")), *known])
        self.fields["code"].help_text = gettext("Empty: the next one is given.")


class ResultForm(NounForm):
    """What a participant measured on an artefact."""

    noun = "comparison_round"
    at_field = {"JL-CMP-009": "expanded_uncertainty"}

    participant = forms.ChoiceField()
    artefact = forms.ChoiceField()
    measured_value = text_field(60, required=True, inputmode="decimal")
    expanded_uncertainty = text_field(60, inputmode="decimal")
    coverage_factor = text_field(60, inputmode="decimal")

    def __init__(
        self,
        *args: Any,
        participants: Sequence[ComparisonParticipant],
        artefacts: Sequence[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(row.id), f"{row.code} · {in_words(row.name)}") for row in participants]
        fill_choices(self, "participant", named)
        fill_choices(self, "artefact", [(str(row.position), in_words(row.name)) for row in artefacts])
        self.fields["coverage_factor"].help_text = gettext("Empty: k = 2.")


class CallOffForm(NounForm):
    """Why a round is given up."""

    noun = "comparison_round"

    reason = text_field(200, required=True)
