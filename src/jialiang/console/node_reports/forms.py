"""Forms of the reports to the node above."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from jialiang.console.noun_forms import NounForm, day_field, text_field
from jialiang.console.prefixes.forms import DocumentsField


class DayForm(NounForm):
    """Which day is to be reported."""

    noun = "node_report"
    at_field = {"JL-UPN-003": "day"}
    day = day_field()


class UpperApplicationForm(NounForm):
    """An application for a prefix at the upper node."""

    noun = "prefix_application"
    parent = text_field(60, required=True, autocomplete="off")
    wished_code = text_field(20, autocomplete="off")
    purpose = forms.CharField(max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
    documents = DocumentsField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].label = gettext("Prefix of the upper node")
        self.fields["parent"].help_text = gettext("Below it the new prefix will stand, such as 88.111.")
        self.fields["wished_code"].help_text = gettext("Empty: the next number that is free is given.")
        self.fields["documents"].help_text = gettext(
            "PDF, PNG or JPEG, such as the business licence; at most 10 files of 10 MB."
        )
