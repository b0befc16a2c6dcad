"""The form of the designer: what stands on a label, and on which sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from jialiang.base.label_templates.facts import LETTERS, LabelTemplateFacts
from jialiang.base.label_templates.selectors import LabelTemplate
from jialiang.console.label_templates.papers import sheet_options
from jialiang.console.noun_forms import NounForm, facts_from, fill_choices, options, text_field
from jialiang.formats.labels.designs import FIELDS
from jialiang.formats.labels.logos import LARGEST_BYTES
from jialiang.formats.labels.sheets import OWN_GRID
from jialiang.vocabulary.statuses import LabelLanguage, LabelSymbol

LINES = tuple(f"line_{number}" for number in range(1, len(FIELDS) + 1))
FIELD_WORDS = {
    "name": gettext_noop("Name of the instrument"), "model": gettext_noop("Model and type"),
    "serial": gettext_noop("Serial number"), "identifier": gettext_noop("Identifier"),
    "organization": gettext_noop("Owner"), "certificate": gettext_noop("Certificate number"),
    "done": gettext_noop("Date of calibration"), "due": gettext_noop("Valid until"),
}  # fmt: skip


class DesignForm(NounForm):
    """A label: its size, symbol, lines in order, logo, band of the status, sheet."""

    noun = "label_template"
    at_field = {
        "JL-LAB-003": "symbol", "JL-LAB-004": "sheet", "JL-LAB-005": "sheet", "JL-LAB-012": "letters",
        "JL-LAB-013": "letters", "JL-LAB-014": "logo", "JL-LAB-015": "grid", "JL-LBT-003": "code",
    }  # fmt: skip
    groups = (
        (gettext_noop("The template"), ("code", "name_zh", "name_en")),
        (gettext_noop("Size and symbol"), ("width", "height", "symbol", "band", "logo", "without_logo")),
        (gettext_noop("Lines, from above"), LINES),
        (gettext_noop("Words"), ("language", "letters")),
        (gettext_noop("Paper"), ("sheet", "grid")),
    )
    code = text_field(30, required=True, autocomplete="off")
    name_zh = text_field(100, required=True)
    name_en = text_field(100)
    width = text_field(6, required=True, inputmode="decimal")
    height = text_field(6, required=True, inputmode="decimal")
    symbol = forms.ChoiceField(required=False)
    band = forms.BooleanField(
        required=False,
        help_text=gettext_lazy("Green: fit; yellow: limited use; red: out of use; white without a status."),
    )
    logo = forms.FileField(
        required=False,
        help_text=gettext_lazy("PNG or plain SVG of outlines, 64 KB at most."),
        widget=forms.FileInput(attrs={"accept": ".png,.svg"}),
    )
    without_logo = forms.BooleanField(required=False, label=gettext_lazy("Without a logo"))
    language = forms.ChoiceField()
    letters = forms.IntegerField(min_value=LETTERS[0], max_value=LETTERS[1])
    sheet = forms.ChoiceField()
    grid = text_field(40, autocomplete="off", placeholder="a4:3x7:7.25,15.15:2.5,0")

    def __init__(self, *args: Any, row: LabelTemplate | None = None, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)
        for number, name in enumerate(LINES, 1):
            label = gettext("Line %(number)s") % {"number": number}
            fields = ((key, gettext(words)) for key, words in FIELD_WORDS.items())
            self.fields[name] = forms.ChoiceField(required=False, label=label)
            fill_choices(self, name, [("", gettext("Nothing")), *fields])
        fill_choices(self, "symbol", options(LabelSymbol, gettext("No symbol")))
        fill_choices(self, "language", options(LabelLanguage))
        fill_choices(self, "sheet", [*sheet_options(), (OWN_GRID, gettext("A grid of one's own on A4"))])
        self.fields["grid"].label = gettext("Own grid")
        self.fields["grid"].help_text = gettext(
            "a4:COLUMNSxROWS:LEFT,TOP:GAP,GAP in mm; only for a grid of one's own."
        )
        if row is not None:
            del self.fields["code"]
        if row is None or not row.logo_digest:
            del self.fields["without_logo"]

    def clean_logo(self) -> bytes:
        """Return the bytes of the picture, those that are stored where none was chosen."""
        given = self.cleaned_data.get("logo")
        if given is None:
            return bytes(self.row.logo) if self.row is not None else b""
        given.seek(0)  # the label is drawn and kept from the same upload
        return bytes(given.read(LARGEST_BYTES + 1))

    def facts(self) -> LabelTemplateFacts:
        """Return the template that a valid form describes."""
        said = dict(self.cleaned_data)
        chosen = tuple(said[name] for name in LINES if said.get(name))
        more = {
            "fields": chosen,
            "sheet": OWN_GRID + said["grid"].removeprefix(OWN_GRID)
            if said["sheet"] == OWN_GRID
            else said["sheet"],
            "logo": b"" if said.get("without_logo") else said["logo"],
            "code": self.row.code if self.row is not None else said["code"],
        }
        return facts_from(LabelTemplateFacts, said, **more)


def first_values(row: LabelTemplate | None) -> dict[str, Any]:
    """Return what the designer begins with: a template as it is, or a usual label of 50 by 30 mm."""
    if row is None:
        usual = ("name", "model", "serial", "identifier")
        return {
            "width": "50", "height": "30", "symbol": "qr", "language": "zh", "letters": 7, "sheet": "a4",
        } | dict(zip(LINES, usual, strict=False))  # fmt: skip
    names = ("name_zh", "name_en", "width", "height", "symbol", "band", "language", "letters")
    own = row.sheet.startswith(OWN_GRID)
    sheet = {"sheet": OWN_GRID, "grid": row.sheet} if own else {"sheet": row.sheet}
    return {name: getattr(row, name) for name in names} | sheet | dict(zip(LINES, row.fields, strict=False))
