"""What happens when two people change the same thing: what does not collide is merged, the rest is asked.

The form carries the version that was read and the values as they were. Fields that only one of the two changed merge
by themselves; where both wrote something else, a page (409) shows what it was, what it is now and what was typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from jialiang.console.noun_forms import NounForm
from jialiang.console.shell import page
from jialiang.kernel.text import Text

CARRIED = ("version", "as_read", "reason")


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that both changed: as read, as it is now, as typed; values and how they are shown."""

    name: str
    label: str
    was: str
    now: str
    mine: str
    now_value: str
    mine_value: str


@dataclass(frozen=True, slots=True)
class Merge:
    """The columns to be written, and the fields that a person has to decide."""

    changes: dict[str, Any]
    clashes: tuple[Clash, ...]


class VersionedForm(NounForm):
    """A form on a thing that others may change meanwhile; its values can be compared with those that were read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    as_read = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)

    def merge(self, stored: Mapping[str, Any], version: int) -> Merge:
        """Compare what was read, what is stored and what was typed (the form is valid)."""
        read = _read(self.cleaned_data["as_read"])
        mine = {name: value for name, value in self.cleaned_data.items() if name in stored}
        changes = {name: value for name, value in mine.items() if value != read.get(name, stored[name])}
        if self.cleaned_data["version"] == version:
            return Merge({n: v for n, v in mine.items() if v != stored[n]}, ())
        clashing = [
            name for name in changes if stored[name] != read.get(name) and stored[name] != changes[name]
        ]
        return Merge(changes, tuple(self._clash(name, read.get(name), stored[name]) for name in clashing))

    def _clash(self, name: str, was: Any, now: Any) -> Clash:
        mine = self.cleaned_data[name]
        return Clash(
            name=name,
            label=str(self.fields[name].label),
            was=self._shown(name, was),
            now=self._shown(name, now),
            mine=self._shown(name, mine),
            now_value=_posted(now),
            mine_value=_posted(mine),
        )

    def _shown(self, name: str, value: Any) -> str:
        entry = self.fields[name]
        if isinstance(entry, forms.ChoiceField):
            words: dict[Any, Any] = dict(entry.choices)  # type: ignore[arg-type]
            return str(words.get(value, value or "—"))
        if isinstance(entry, forms.BooleanField):
            return "✓" if value else "—"
        return str(value) if value not in (None, "") else "—"


def as_read(stored: Mapping[str, Any]) -> str:
    """Write values into the form, to be compared when it comes back."""
    return json.dumps(stored, ensure_ascii=False, default=str)


def collision(
    request: HttpRequest,
    form: VersionedForm,
    merge: Merge,
    *,
    stored: Mapping[str, Any],
    version: int,
    title: Text,
) -> HttpResponse:
    """Answer with the page that shows both versions; its form sends the decision to the same address."""
    decided = {clash.name for clash in merge.clashes}
    kept = {
        name: _posted(merge.changes.get(name, stored[name]))
        for name in stored
        if name in form.fields and name not in decided
    }
    hidden = kept | {"version": str(version), "as_read": as_read(stored)}
    if "reason" in form.cleaned_data:
        hidden["reason"] = form.cleaned_data["reason"]
    context = {"clashes": merge.clashes, "hidden": hidden, "thing": title}
    return page(request, "ledger/collision.html", context, status=409)


def _posted(value: Any) -> str:
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value)


def _read(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
