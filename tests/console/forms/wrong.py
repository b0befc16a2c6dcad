"""What a form says is wrong, in both languages: the tables of the form tests are written in these words."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import Form
from django.utils import translation

REQUIRED = ("这个字段是必填项。", "This field is required.")
NOT_A_DAY = ("日期请写作 2026-06-16。", "Write the date as 2026-06-16.")
NOT_WHOLE = ("输入整数。", "Enter a whole number.")
OVER_THE_FORM = "__all__"


def too_long(limit: int, length: int) -> tuple[str, str]:
    return (
        f"确保该变量包含不超过 {limit} 字符 (目前字符数 {length})。",
        f"Ensure this value has at most {limit} characters (it has {length}).",
    )


def no_choice(given: str) -> tuple[str, str]:
    return (
        f"选择一个有效的选项。 {given} 不在可用的选项中。",
        f"Select a valid choice. {given} is not one of the available choices.",
    )


def at_least(limit: int) -> tuple[str, str]:
    return (f"确保该值大于或等于{limit}。", f"Ensure this value is greater than or equal to {limit}.")


def at_most(limit: int) -> tuple[str, str]:
    return (f"确保该值小于或等于{limit}。", f"Ensure this value is less than or equal to {limit}.")


def complaints(make: Callable[[], Form]) -> dict[str, tuple[str, str]]:
    """Return what ``make``'s form says about each field, in Chinese and in English."""
    told: list[dict[str, str]] = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told.append({name: " ".join(map(str, lines)) for name, lines in make().errors.items()})
    chinese, english = told
    assert chinese.keys() == english.keys()
    return {name: (chinese[name], english[name]) for name in chinese}


def labels(make: Callable[[], Form]) -> dict[str, tuple[str, str]]:
    """Return the label of each field, in Chinese and in English."""
    told: list[dict[str, str]] = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told.append({name: str(entry.label) for name, entry in make().fields.items()})
    return {name: (told[0][name], told[1][name]) for name in told[0]}
