"""Forms of templates: the template itself and one item."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_noop

from jialiang.base.prefixes.selectors import tree
from jialiang.console.noun_forms import NounForm, fill_choices, member_label, options, text_field
from jialiang.console.prefixes.forms import holder_options
from jialiang.formats.identifier_templates.items import TemplateItem
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import CarrierKind, ItemReaders, PrefixState, TemplateDataType

AT_FIELD = {
    "JL-TPL-004": "code", "JL-PFX-003": "prefix_text", "JL-PFX-004": "prefix_text", "JL-PFX-010": "prefix_text",
}  # fmt: skip


class TemplateForm(NounForm):
    """A template to be drafted."""

    noun = "identifier_template"
    at_field = AT_FIELD
    prefix_text = forms.ChoiceField()
    code = text_field(128, required=True, autocomplete="off")
    name_zh = text_field(100, required=True)
    name_en = text_field(100)
    carrier = forms.ChoiceField()
    industry = text_field(5, autocomplete="off")

    def __init__(self, *args: Any, holder_id: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [
            row
            for row in tree()
            if row.state == PrefixState.ACTIVE and (holder_id in (None, row.holder_id) or row.shared)
        ]
        fill_choices(self, "prefix_text", [("", gettext("Choose…")), *((row.text, row.text) for row in held)])
        fill_choices(self, "carrier", options(CarrierKind))
        self.fields["carrier"].initial = CarrierKind.PASSIVE_CARRIER.value  # a printed label
        self.fields["prefix_text"].label = gettext("Prefix")
        self.fields["industry"].help_text = gettext("A code of GB/T 4754 such as C4014; may stay empty.")


class ItemForm(NounForm):
    """One item."""

    noun = "identifier_template"
    at_field = {"JL-TPL-001": "index", "JL-TPL-007": "index"}
    groups = (
        (gettext_noop("The item"), ("index", "type", "name_zh", "name_en", "data_type")),
        (
            gettext_noop("What its data have to be"),
            ("required", "unique", "minimum_length", "maximum_length"),
        ),
        (gettext_noop("Who may read it"), ("readers", "organizations")),
        (gettext_noop("In use"), ("enabled",)),
    )
    index = forms.IntegerField(min_value=2000, max_value=2_147_483_647)
    type = text_field(128, required=True, autocomplete="off")
    name_zh = text_field(100, required=True)
    name_en = text_field(100)
    data_type = forms.ChoiceField()
    required = forms.BooleanField(required=False)
    unique = forms.BooleanField(required=False)
    minimum_length = forms.IntegerField(min_value=0, max_value=100_000)
    maximum_length = forms.IntegerField(min_value=0, max_value=100_000)
    readers = forms.ChoiceField()
    organizations = forms.MultipleChoiceField(required=False)
    enabled = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, "data_type", options(TemplateDataType))
        fill_choices(self, "readers", options(ItemReaders))
        fill_choices(self, "organizations", holder_options("")[1:])
        for language in ("zh", "en"):
            self.fields[f"name_{language}"].label = member_label("template_item", f"name_{language}")
        self.fields["type"].label = gettext("Type of the value")
        self.fields["organizations"].label = gettext("Named organizations")
        self.fields["organizations"].help_text = gettext("Only where named organizations may read it.")

    @property
    def item(self) -> TemplateItem:
        """What the valid form says."""
        said = dict(self.cleaned_data)
        name = Text(said.pop("name_zh"), said.pop("name_en"))
        return TemplateItem(
            **said
            | {
                "name": name,
                "data_type": TemplateDataType(said["data_type"]),
                "readers": ItemReaders(said["readers"]),
                "organizations": tuple(said["organizations"]),
            }
        )


def first_values(item: TemplateItem | None, index: int) -> dict[str, Any]:
    """Return what a form of an item begins with: the item as it is, or a new one of the next index."""
    if item is None:
        return {"index": index, "minimum_length": 0, "maximum_length": 255, "enabled": True}
    told = item.to_json()
    name = told.pop("name")
    return told | {"name_zh": name.get("zh", ""), "name_en": name.get("en", "")}
