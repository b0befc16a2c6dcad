"""Forms of records: the items of a template as fields, further values and codes as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from jialiang.base.identifiers.errors import ValueRepeated
from jialiang.base.identifiers.records import RecordCode, StoredRecord
from jialiang.console.identifiers.lines import (
    codes_of_lines,
    is_line,
    lines_of_codes,
    lines_of_values,
    values_of_lines,
)
from jialiang.console.noun_forms import NounForm, fill_choices, options
from jialiang.console.wording import in_words
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.values import HandleValue
from jialiang.formats.identifier_templates.checking import check_values
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem
from jialiang.kernel.errors import JialiangError
from jialiang.vocabulary.statuses import IdentifierState, TemplateDataType

LONGEST_SUFFIX = 200
LONG_DATA = 200
REFUSALS = {
    "JL-HDL-001": "suffix", "JL-IDE-002": "suffix", "JL-IDE-014": "prefix_text", "JL-PFX-009": "prefix_text",
    "JL-IDE-006": "further", "JL-IDE-009": "codes", "JL-IDE-010": "reason", "JL-IDE-011": "codes",
}  # fmt: skip
ITEMS, OTHERS = gettext_noop("Values by the template"), gettext_noop("Further values and codes")


class ReasonForm(NounForm):
    """Why something is done to a record."""

    at_field = REFUSALS
    reason = forms.CharField(max_length=200, label=gettext_lazy("Reason"))


class RemarkForm(ReasonForm):
    """What may be said about a deed that needs no reason."""

    reason = forms.CharField(max_length=200, required=False, label=gettext_lazy("Reason"))


class SignForm(NounForm):
    """Signing asks for nothing but is done on its own page."""


class RecordForm(NounForm):
    """The values of a record: a field for each item of its template, lines for the rest.

    ``before`` are the values that the record has; those that no field and no line can tell stay as they are.
    """

    at_field = REFUSALS
    further = forms.CharField(
        required=False,
        max_length=100_000,
        label=gettext_lazy("Further values"),
        help_text=gettext_lazy("One a line: index, type, data. For example 1 URL https://example.org/manual"),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    codes = forms.CharField(
        required=False,
        max_length=20_000,
        label=gettext_lazy("Codes in other systems"),
        help_text=gettext_lazy("One a line: system, code; the first is the primary one. For example GIAI 40123459"),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
    )

    def __init__(
        self, *args: Any, template: RecordTemplate | None, before: Sequence[HandleValue] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.template, self.before = template, tuple(before)
        self.items = [item for item in template.items if item.enabled] if template else []
        for item in self.items:
            self.fields[_field_of(item.index)] = _field(item)

    def grouped(self) -> list[tuple[str, list[BoundField]]]:
        """Return the fields in their groups: what the form begins with, the items, the rest."""
        first = [bound for bound in self.visible_fields() if bound.name in self.first_fields]
        items = [self[_field_of(item.index)] for item in self.items]
        groups = [(gettext("The identifier"), first), (gettext(ITEMS), items)]
        groups.append((gettext(OTHERS), [self["further"], self["codes"]]))
        return [(title, entries) for title, entries in groups if entries]

    def refuse(self, error: JialiangError) -> None:
        """Put a value that another record has beside the field of its item."""
        name = _field_of(int(str(error.facts["index"]))) if isinstance(error, ValueRepeated) else ""
        if name not in self.fields:
            super().refuse(error)
            return
        self.stopped_by = error
        said = (in_words(error.what), in_words(error.way_out), f"({error.code})")
        self.add_error(name, " ".join(said))

    first_fields: tuple[str, ...] = ()
    groups = ((OTHERS, ("further", "codes")),)

    def clean_further(self) -> list[HandleValue]:
        """Return the further values."""
        return values_of_lines(self.cleaned_data["further"], self.before)

    def clean_codes(self) -> tuple[RecordCode, ...]:
        """Return the codes."""
        return codes_of_lines(self.cleaned_data["codes"])

    def clean(self) -> dict[str, Any]:
        """Put what does not fit the template beside its field."""
        cleaned = super().clean() or self.cleaned_data
        if self.template is None or "further" not in cleaned:
            return cleaned
        for finding in check_values(self.template, self.values()):
            name = _field_of(finding.index) if _field_of(finding.index) in self.fields else "further"
            if name not in self.errors:
                self.add_error(name, ValidationError(in_words(finding.message)))
        return cleaned

    def values(self) -> list[HandleValue]:
        """Return all values that the form asks for, with those that it cannot tell as they were."""
        old = {value.index: value for value in self.before}
        told = [
            _value(item, self.cleaned_data[_field_of(item.index)], old.get(item.index))
            for item in self.items
            if self.cleaned_data.get(_field_of(item.index))
        ]
        asked = {item.index for item in self.items}
        kept = [value for value in self.before if value.index not in asked and not is_line(value)]
        return [*told, *kept, *self.cleaned_data["further"]]


class RegisterForm(RecordForm):
    """A record to be registered."""

    first_fields = ("prefix_text", "suffix", "state")
    prefix_text = forms.ChoiceField(label=gettext_lazy("Prefix"))
    suffix = forms.CharField(
        required=False,
        max_length=LONGEST_SUFFIX,
        label=gettext_lazy("Suffix"),
        help_text=gettext_lazy("What follows the slash. Empty: the next number that is free is given."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"))

    def __init__(self, *args: Any, prefixes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        only = [] if len(prefixes) == 1 else [("", gettext("Choose…"))]
        fill_choices(self, "prefix_text", [*only, *((text, text) for text in prefixes)])
        first = (IdentifierState.ACTIVE, IdentifierState.RESERVED)
        words = dict(options(IdentifierState))
        fill_choices(self, "state", [(state.value, words[state.value]) for state in first])


class ChangeForm(RecordForm):
    """New values and codes of a record."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def values_at_first(record: StoredRecord, template: RecordTemplate | None) -> dict[str, Any]:
    """Return what a form of changes begins with: the record as it is."""
    items = {item.index: item for item in (template.items if template else ()) if item.enabled}
    values = record.record.values
    first: Mapping[str, Any] = {
        _field_of(value.index): value.text for value in values if value.index in items and value.text is not None
    }
    rest = [value for value in values if value.index not in items and is_line(value)]
    return {
        **first,
        "further": lines_of_values(rest),
        "codes": lines_of_codes(record.codes),
        "version": record.version,
    }


def _field_of(index: int) -> str:
    return f"item_{index}"


def _field(item: TemplateItem) -> forms.CharField:
    widget: forms.Widget = forms.TextInput()
    if item.data_type == TemplateDataType.DATE:
        widget = forms.DateInput(attrs={"type": "date"})
    elif item.data_type == TemplateDataType.NUMBER:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
    elif item.maximum_length > LONG_DATA and item.minimum_length > LONG_DATA:
        widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(
        required=item.required,
        max_length=item.maximum_length or None,
        label=in_words(item.name) or item.type,
        help_text=f"{item.index} {item.type}",
        widget=widget,
    )


def _value(item: TemplateItem, text: str, old: HandleValue | None) -> HandleValue:
    if old is not None and folded(old.type) == folded(item.type):
        return replace(old, data=text.encode())
    return HandleValue(item.index, item.type, text.encode(), permissions=item.permissions)
