"""Forms of organizations; the credit code is checked as GB 32100 says, and the answer tells what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop

from jialiang.console.merging import VersionedForm
from jialiang.console.noun_forms import NounForm, fill_choices, options, text_field
from jialiang.vocabulary.statuses import OrganizationKind

GROUPS = (
    (gettext_noop("Who it is"), ("name_zh", "name_en", "kind", "country_code", "credit_code", "gln")),
    (
        gettext_noop("Where it is"),
        ("region_code", "postal_code", "city_zh", "city_en", "street_zh", "street_en"),
    ),
    (gettext_noop("How to reach it"), ("phone", "email", "website")),
    (gettext_noop("Only for institutes"), ("short_code", "laboratory_code")),
)


class OrganizationForm(NounForm):
    """The members of an organization."""

    noun = "organization"
    groups = GROUPS
    at_field = {"JL-ORG-003": "credit_code", "JL-ORG-004": "gln", "JL-ORG-005": "credit_code"}

    name_zh = text_field(100, required=True)
    name_en = text_field(200)
    kind = forms.ChoiceField()
    country_code = text_field(2, required=True)
    credit_code = text_field(30, autocomplete="off")
    gln = text_field(20, inputmode="numeric")
    region_code = text_field(6, inputmode="numeric", list="provinces")
    postal_code = text_field(10)
    city_zh = text_field(60)
    city_en = text_field(60)
    street_zh = text_field(120)
    street_en = text_field(120)
    phone = text_field(40)
    email = text_field(254, inputmode="email")
    website = text_field(120)
    short_code = text_field(12)
    laboratory_code = text_field(40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, "kind", options(OrganizationKind))
        self.fields["credit_code"].help_text = gettext(
            "18 characters; the last one checks the others (GB 32100). Needed in China, empty elsewhere."
        )

    def clean_country_code(self) -> str:
        """Return the two letters in capitals."""
        return str(self.cleaned_data["country_code"]).upper()


class ChangeOrganizationForm(OrganizationForm, VersionedForm):
    """An organization as it was read."""


class SiteForm(NounForm):
    """A place where an organization works."""

    noun = "site"
    name_zh = text_field(100, required=True)
    name_en = text_field(200)
    address_zh = text_field(200)
    address_en = text_field(200)
    region_code = text_field(6, inputmode="numeric", list="provinces")
    is_laboratory = forms.BooleanField(required=False)


class ContactForm(NounForm):
    """Somebody to talk to; one of telephone and e-mail is needed."""

    noun = "contact"
    at_field = {"JL-ORG-001": "phone"}
    name = text_field(60, required=True)
    duty = text_field(60)
    phone = text_field(40)
    email = text_field(254, inputmode="email")
