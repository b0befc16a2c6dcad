"""Forms of administration: a person, a role with its period, the end of a key."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop

from jialiang.base.organizations.selectors import organizations
from jialiang.console.noun_forms import NounForm, day_field, fill_choices, text_field
from jialiang.console.wording import in_words
from jialiang.security.tenancy.paging import LARGEST_SIZE
from jialiang.vocabulary.roles import roles

REASONS = {
    "superseded": gettext_noop("Replaced by a new key"),
    "key_compromise": gettext_noop("Somebody else may have the key"),
    "cessation_of_operation": gettext_noop("No longer used"),
    "affiliation_changed": gettext_noop("The institute's name or code changed"),
    "unspecified": gettext_noop("Another reason"),
}


class PersonForm(NounForm):
    """Somebody who will sign in; roles are granted afterwards."""

    noun = "person"
    at_field = {"JL-ACC-002": "username", "JL-ACC-004": "password"}

    username = text_field(60, required=True, autocomplete="off")
    name_zh = text_field(100, required=True)
    name_en = text_field(100)
    email = text_field(254, inputmode="email")
    organization_id = forms.ChoiceField(required=False)
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "username": gettext("User name"),
            "name_zh": gettext("Name"),
            "name_en": gettext("Name in Latin letters"),
            "email": gettext("E-mail"),
            "organization_id": gettext("Works for"),
            "password": gettext("First password"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        rows = [
            (str(row.id), in_words(row.name)) for row in organizations(size=LARGEST_SIZE) if not row.is_own
        ]
        fill_choices(self, "organization_id", [("", gettext("this institute")), *rows])
        self.fields["organization_id"].help_text = gettext(
            "A customer's people see what is theirs, nothing else."
        )
        self.fields["password"].help_text = gettext(
            "At least ten characters; the person changes it after signing in."
        )


class RoleForm(NounForm):
    """A role from one day to another."""

    noun = "person"
    role = forms.ChoiceField()
    valid_from = day_field()
    valid_until = day_field(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(key, in_words(role.name)) for key, role in roles().items() if role.grantable]
        fill_choices(self, "role", [("", gettext("Choose…")), *names])
        labels = {"role": gettext("Role"), "valid_from": gettext("From"), "valid_until": gettext("Until")}
        for name, label in labels.items():
            self.fields[name].label = label
        self.fields["valid_until"].help_text = gettext("The last day; empty where it does not end.")


class ConfirmForm(NounForm):
    """A deed that asks for nothing but is done on its own page."""

    noun = "person"


class RevokeKeyForm(NounForm):
    """Why a key ends (RFC 5280)."""

    noun = "person"
    reason = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, "reason", [(key, gettext(words)) for key, words in REASONS.items()])
