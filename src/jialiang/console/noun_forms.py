"""Forms whose fields are the members of a noun: labels come from the data elements, refusals stand beside fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from enum import StrEnum
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy

from jialiang.console.wording import in_words
from jialiang.governance.data_elements import element_name
from jialiang.kernel.errors import Conflict, InvalidInput, JialiangError, SeparationOfDuties
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import label

Result = TypeVar("Result")
Facts = TypeVar("Facts")
DAY_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日")


class NounForm(forms.Form):
    """A form on a noun; every mandatory field bears a star.

    ``groups`` are titles (msgids) and the fields below each; ``at_field`` says beside which field an error of a code
    stands when its facts do not name the member.
    """

    noun: ClassVar[str] = ""
    at_field: ClassVar[Mapping[str, str]] = {}
    groups: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    says_required = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.stopped_by: JialiangError | None = None
        for name, entry in self.fields.items():
            if not entry.label:
                entry.label = member_label(self.noun, name)

    def grouped(self) -> list[tuple[str, list[BoundField]]]:
        """Return the groups with their fields, as the page shows them; groups without a field are left out."""
        found = [
            (title, [self[name] for name in names if name in self.fields]) for title, names in self.groups
        ]
        return [(gettext(title), entries) for title, entries in found if entries]

    @property
    def status(self) -> int:
        """The HTTP status of a page that shows this form: 422 with errors, 409 where things stand otherwise."""
        if self.stopped_by is not None:
            return self.stopped_by.http_status
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.is_bound and self.errors else HTTPStatus.OK

    def refuse(self, error: JialiangError) -> None:
        """Put the refusal of a verb beside the field it speaks of, or over the form."""
        self.stopped_by = error
        member, why = error.facts.get("member"), error.facts.get("reason")
        named = (name for name in self.fields if element_name(self.noun, name) == member)
        name = next(named, self.at_field.get(error.code)) if member else self.at_field.get(error.code)
        if name and isinstance(why, Text):
            self.add_error(name, f"{in_words(why)} ({error.code})")
        else:
            said = (in_words(error.what), in_words(error.way_out), f"({error.code})")
            self.add_error(name, " ".join(part for part in said if part))


def carried_out(form: NounForm, act: Callable[[dict[str, Any]], Result]) -> Result | None:
    """Check a form and do what it asks; None where the form or the verb refused: then the form says why."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except (InvalidInput, Conflict, SeparationOfDuties) as problem:
        form.refuse(problem)
        return None


def member_label(noun: str, name: str) -> str:
    """Return the label of a member: its data element, with the language where it is bilingual."""
    words = in_words(element_name(noun, name))
    words = words[:1].upper() + words[1:]
    if name.endswith("_en"):
        return gettext("%(name)s (in English)") % {"name": words}
    if name.endswith("_zh"):
        return gettext("%(name)s (in Chinese)") % {"name": words}
    return words


def options(kind: type[StrEnum], empty: str = "") -> list[tuple[str, str]]:
    """Return the choices of an enumeration in the language of the page, after ``empty`` if that is given."""
    first = [("", empty)] if empty else []
    return first + [(member.value, in_words(label(member))) for member in kind]


def facts_from(kind: type[Facts], cleaned: Mapping[str, Any], **others: Any) -> Facts:
    """Make facts of the fields of a form; a bilingual member is put together from its two fields."""
    given: dict[str, Any] = {}
    for member in fields(kind):  # type: ignore[arg-type]
        if f"{member.name}_zh" in cleaned:
            english = cleaned.get(f"{member.name}_en", "")
            given[member.name] = Text(zh=cleaned[f"{member.name}_zh"], en=english)
        elif member.name in cleaned:
            given[member.name] = cleaned[member.name]
    return kind(**given | others)


def members_changed(kind: type[Any], stored: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return changed columns as members of facts: a bilingual one carries both languages."""
    changes: dict[str, Any] = {}
    for member in fields(kind):
        pair = (f"{member.name}_zh", f"{member.name}_en")
        if any(name in columns for name in pair):
            changes[member.name] = Text(*(columns.get(name, stored.get(name, "")) for name in pair))
        elif member.name in columns:
            changes[member.name] = columns[member.name]
    return changes


def text_field(longest: int, *, required: bool = False, rows: int = 0, **attributes: str) -> forms.CharField:
    """Return a text field; with ``rows`` one of several lines."""
    widget: forms.Widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs=attributes)
    return forms.CharField(max_length=longest, required=required, widget=widget)


def day_field(*, required: bool = True) -> forms.DateField:
    """Return a field for a day, year first: ``05/06/2026`` is one day here and another there, so it is refused."""
    return forms.DateField(
        required=required,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format=DAY_FORMATS[0]),
        error_messages={"invalid": gettext_lazy("Write the date as 2026-06-16.")},
    )


def fill_choices(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a choice field its choices, which depend on the institute or the language."""
    entry = form.fields[name]
    if not isinstance(entry, forms.ChoiceField):
        raise TypeError(f"{name} is no choice")
    entry.choices = list(choices)
