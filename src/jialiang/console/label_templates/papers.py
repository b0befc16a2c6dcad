"""By which template, on what and in which language labels are printed: the same questions wherever that is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext, gettext_lazy

from jialiang.base.label_templates.selectors import label_templates_in_use
from jialiang.console.downloads import attachment
from jialiang.console.noun_forms import NounForm, fill_choices
from jialiang.console.wording import in_words
from jialiang.formats.labels.sheets import OWN_GRID, ROLL, sheet_names
from jialiang.formats.labels.templates import templates
from jialiang.formats.labels.zpl import DOTS_PER_MM


class PaperForm(NounForm):
    """Template, sheet or label printer, language."""

    at_field = {
        "JL-LAB-001": "template", "JL-LAB-003": "template", "JL-LAB-005": "sheet", "JL-LAB-007": "template",
        "JL-LAB-008": "start", "JL-LAB-012": "template", "JL-LBT-005": "template",
    }  # fmt: skip
    template = forms.ChoiceField(label=gettext_lazy("Label template"))
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    dots_per_inch = forms.ChoiceField(
        label=gettext_lazy("File"), required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    start = forms.IntegerField(
        label=gettext_lazy("Places already used on the first sheet"), min_value=0, max_value=500, initial=0
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [(row.code, in_words(row.name)) for row in label_templates_in_use()]
        shipped = [(one.name, in_words(one.title)) for one in templates().values()]
        fill_choices(self, "template", own + shipped)
        fill_choices(self, "sheet", [("", gettext("As the template says")), *sheet_options()])
        printers = (
            (str(dpi), gettext("ZPL for a label printer, %(dpi)s dpi") % {"dpi": dpi}) for dpi in DOTS_PER_MM
        )
        fill_choices(self, "dots_per_inch", [("0", "PDF"), *printers])
        fill_choices(self, "language", [("zh", "中文"), ("en", "English")])


def dots_of(cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return what a valid form says, the resolution as a number: 0 where a PDF is wanted."""
    return cleaned | {"dots_per_inch": int(cleaned["dots_per_inch"] or 0)}


def sheet_options() -> list[tuple[str, str]]:
    """Return the sheets of the program with their words."""
    return [(name, gettext("Roll") if name == ROLL else name.upper()) for name in sheet_names()]


def sheet_words(name: str) -> str:
    """Return a sheet in words; a grid of one's own with its columns and rows."""
    if name.startswith(OWN_GRID):
        counted = name.removeprefix(OWN_GRID).partition(":")[0].replace("x", " × ")
        return f"{gettext('Own grid')} {counted}"
    return dict(sheet_options()).get(name, name)


def label_file(written: bytes) -> HttpResponse:
    """Answer labels as the file that they are: PDF or ZPL."""
    return attachment("labels.pdf" if written.startswith(b"%PDF") else "labels.zpl", written)
