"""Forms of subordinate nodes, of what a node tells, and of a report that comes as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext

from jialiang.base.prefixes.selectors import tree
from jialiang.console.noun_forms import NounForm, fill_choices, text_field
from jialiang.vocabulary.statuses import PrefixState


class NodeForm(NounForm):
    """A node of a prefix that was given here."""

    noun = "subordinate_node"
    at_field = {
        "JL-NOD-002": "prefix_text", "JL-NOD-005": "root", "JL-NOD-013": "name_zh", "JL-PFX-003": "prefix_text",
    }  # fmt: skip

    prefix_text = forms.ChoiceField()
    name_zh = text_field(100, required=True)
    name_en = text_field(100)
    root = forms.CharField(
        required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [row for row in tree() if not row.shared and row.state != PrefixState.WITHDRAWN]
        fill_choices(self, "prefix_text", [("", gettext("Choose…")), *((row.text, row.text) for row in given)])
        self.fields["root"].help_text = gettext(
            "JSON with identity and publicKey, or the certificate of the node. Empty: signatures are not checked."
        )


class NodeWhyForm(NounForm):
    """Why something is done to a node."""

    noun = "subordinate_node"
    at_field = {"JL-NOD-013": "state_reason"}
    state_reason = text_field(200, required=True)


class NodeRemarkForm(NodeWhyForm):
    """What may be said about a deed that needs no reason."""

    state_reason = text_field(200)


class ReportForm(NounForm):
    """A report that came as a file, with its signature if there is one."""

    noun = "subordinate_node"
    at_field = {
        "JL-NOD-004": "report", "JL-NOD-006": "report", "JL-NOD-008": "report", "JL-NOD-009": "signature",
        "JL-NRP-001": "report", "JL-NRP-002": "report", "JL-NRP-003": "report", "JL-NRP-004": "report",
        "JL-NRP-005": "report",
    }  # fmt: skip

    report = forms.FileField()
    signature = forms.FileField(required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report"].help_text = gettext(
            "A file like 88.111.5_2026-11-21_registrations_r1.ndjson.gz."
        )
        self.fields["signature"].help_text = gettext("The file that ends in .jwt, where there is one.")
