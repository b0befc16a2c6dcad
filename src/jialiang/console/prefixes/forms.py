"""Forms of prefixes and of applications for them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_noop

from jialiang.base.organizations.selectors import organizations
from jialiang.base.prefixes.selectors import tree
from jialiang.console.noun_forms import NounForm, fill_choices, text_field
from jialiang.console.wording import in_words
from jialiang.security.tenancy.paging import LARGEST_SIZE
from jialiang.vocabulary.statuses import PrefixState


class SeveralFiles(forms.ClearableFileInput):
    """A control that takes several files at once."""

    allow_multiple_selected = True


class DocumentsField(forms.FileField):
    """The files of an application, in their order."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return every file; one at least."""
        given = (data if isinstance(data, list | tuple) else [data]) or [None]
        return [super(DocumentsField, self).clean(one, initial) for one in given]


def holder_options(empty: str) -> list[tuple[str, str]]:
    """Return the organizations of the institute as choices, after ``empty``."""
    rows = organizations(size=LARGEST_SIZE)
    return [("", empty), *((str(row.id), in_words(row.name)) for row in rows)]


class HolderForm(NounForm):
    """A form that names the organization that is to hold something."""

    holder_id = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, "holder_id", holder_options(gettext("Choose…")))

    def clean_holder_id(self) -> UUID:
        """Return the organization as an id."""
        return UUID(self.cleaned_data["holder_id"])


class ApplicationForm(NounForm):
    """An application; reception says for which customer, a customer applies for the own organization."""

    noun = "prefix_application"
    at_field = {
        "JL-PFX-001": "wished_code", "JL-PFX-002": "wished_code", "JL-PFX-004": "parent_id",
        "JL-PFX-013": "purpose", "JL-PFX-014": "documents",
    }  # fmt: skip
    groups = (
        (gettext_noop("What is applied for"), ("organization_id", "parent_id", "wished_code", "purpose")),
        (gettext_noop("Documents"), ("documents",)),
    )

    organization_id = forms.ChoiceField()
    parent_id = forms.ChoiceField()
    wished_code = text_field(20, autocomplete="off")
    purpose = forms.CharField(max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    documents = DocumentsField()

    def __init__(self, *args: Any, chooses: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = [row for row in tree() if row.state == PrefixState.ACTIVE and not row.shared]
        fill_choices(
            self, "parent_id", [("", gettext("Choose…")), *((str(row.id), row.text) for row in open_ones)]
        )
        if chooses:
            fill_choices(self, "organization_id", holder_options(gettext("Choose…")))
        else:
            del self.fields["organization_id"]
        self.fields["wished_code"].help_text = gettext("Empty: the next number that is free is given.")
        self.fields["documents"].help_text = gettext(
            "PDF, PNG or JPEG, such as the business licence; at most 10 files of 10 MB."
        )


class GrantForm(NounForm):
    """What the operator grants."""

    noun = "prefix_application"
    at_field = {"JL-PFX-001": "code", "JL-PFX-002": "code", "JL-PFX-008": "quota"}
    code = text_field(20, autocomplete="off")
    quota = forms.IntegerField(required=False, min_value=1, max_value=2_000_000_000)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = gettext("Code to be given")
        self.fields["code"].help_text = gettext("Empty: the next number that is free is given.")
        self.fields["quota"].label = gettext("Quota of identifiers")
        self.fields["quota"].help_text = gettext("Empty: no limit.")


class WhyForm(NounForm):
    """Why something is done."""

    noun = "prefix"
    at_field = {
        "JL-PFX-005": "reason",
        "JL-PFX-016": "reason",
        "JL-HID-008": "reason",
        "JL-TPL-008": "reason",
    }
    reason = text_field(200, required=True)


class RemarkForm(WhyForm):
    """What may be said about a deed that needs no reason."""

    reason = text_field(200)


class NewPrefixForm(HolderForm):
    """A prefix that the operator adds."""

    noun = "prefix"
    at_field = {"JL-PFX-001": "text", "JL-PFX-002": "text", "JL-PFX-008": "quota"}
    text = text_field(60, required=True, autocomplete="off")
    quota = forms.IntegerField(required=False, min_value=1, max_value=2_000_000_000)
    field_order = ("text", "holder_id", "quota")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = gettext("Codes joined by dots, for example 88.101.5.")
        self.fields["quota"].help_text = gettext("Empty: no limit.")


class TransferForm(HolderForm):
    """Who gets a prefix, and why."""

    noun = "prefix"
    at_field = {"JL-PFX-005": "reason"}
    reason = text_field(200, required=True)


class QuotaForm(NounForm):
    """How many identifiers a prefix may have."""

    noun = "prefix"
    at_field = {"JL-PFX-008": "quota"}
    quota = forms.IntegerField(required=False, min_value=1, max_value=2_000_000_000)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quota"].help_text = gettext("Empty: no limit.")


class DelegationForm(NounForm):
    """The other server as HS_SITE."""

    noun = "prefix"
    at_field = {"JL-PFX-006": "site"}
    site = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}), max_length=20_000
    )
    reason = text_field(200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].help_text = gettext("HS_SITE in its JSON form, as the other node gives it.")

    def clean_site(self) -> Any:
        """Return what the JSON says; whether it is a site is up to the verb."""
        try:
            return json.loads(self.cleaned_data["site"])
        except (ValueError, RecursionError) as problem:
            raise forms.ValidationError(gettext("This is not JSON.")) from problem
