"""Fields for numbers that people type or paste: digits kept, Chinese input understood, the error beside the field."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from jialiang.console.noun_forms import DAY_FORMATS
from jialiang.console.wording import in_words
from jialiang.kernel.errors import InvalidInput
from jialiang.science.decimal_text import read_decimal

LONGEST_NUMBER = 60
LONGEST_LIST = 400_000
BETWEEN = re.compile(r"[\s;；、]+|,(?=\s)|，(?=\s)")


class NumberField(forms.CharField):
    """One decimal number, cleaned to the text that was understood; empty where it was left out."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__(max_length=LONGEST_NUMBER, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return decimal text. Raises ValidationError with the words of the house."""
        text = super().clean(value)
        return _understood(text) if text else ""


class DayField(forms.DateField):
    """A day, year first, cleaned to the text that topics read; empty where it was left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=DAY_FORMATS,
            widget=forms.DateInput(attrs={"type": "date"}, format=DAY_FORMATS[0]),
            error_messages={"invalid": gettext_lazy("Write the date as 2026-06-16.")},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Return YYYY-MM-DD. Raises ValidationError."""
        day = super().clean(value)
        return day.isoformat() if day else ""


class NumbersField(forms.CharField):
    """Numbers pasted from anywhere: blanks, tabs, semicolons and line ends part them."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(max_length=LONGEST_LIST, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return a list of decimal texts. Raises ValidationError with the words of the house."""
        text = super().clean(value)
        return [_understood(piece) for piece in BETWEEN.split(text.strip()) if piece] if text else []


class RowsField(forms.CharField):
    """Rows of named cells, one a line, cells parted by semicolons or tabs."""

    def __init__(self, *, columns: tuple[str, ...], texts: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.columns, self.texts = columns, texts
        super().__init__(max_length=LONGEST_LIST, widget=forms.Textarea(attrs={"rows": 5}), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return an object for each line. Raises ValidationError with the words of the house."""
        text = super().clean(value)
        return [self._row(line) for line in (text or "").splitlines() if line.strip()]

    def _row(self, line: str) -> dict[str, str]:
        cells = [cell.strip() for cell in re.split(r"[;；\t]", line)]
        if len(cells) != len(self.columns):
            raise ValidationError(f"{line.strip()[:60]} → {'; '.join(self.columns)}")
        return {
            name: cell if name in self.texts else _understood(cell)
            for name, cell in zip(self.columns, cells, strict=True)
        }


def _understood(text: str) -> str:
    try:
        return read_decimal(text).text
    except InvalidInput as problem:
        words = " ".join(part for part in (in_words(problem.what), in_words(problem.way_out)) if part)
        raise ValidationError(words) from problem
