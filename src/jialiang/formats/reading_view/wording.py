"""The words of the house on reading pages, from ``wording.json``: labels, codes, names of languages."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from jialiang.kernel.text import Language, Text


def own(key: str, language: Language, /, **facts: object) -> str:
    """Return the words for ``key``, such as ``field.issue_date``, with its placeholders filled."""
    words = _table()[key]
    return (words.format(**facts) if facts else words).in_language(language)


def coded(group: str, code: str, language: Language) -> str:
    """Return the words for a code of the DCC, such as ``pass`` of ``conformity``; the code itself where none are."""
    words = _table().get(f"{group}.{code}")
    return words.in_language(language) if words else code


def language_name(tag: str, language: Language) -> str:
    """Return the name of a language, with its tag: 德语（de）."""
    name = coded("language", tag.lower().split("-")[0], language)
    if name == tag.lower().split("-")[0]:
        return tag
    return f"{name}（{tag}）" if language == "zh" else f"{name} ({tag})"


def listed(texts: tuple[str, ...], language: Language) -> str:
    """Return texts in one line, as lists are written in the language."""
    return ("、" if language == "zh" else ", ").join(texts)


@cache
def _table() -> dict[str, Text]:
    file = resources.files("jialiang.formats.reading_view") / "wording.json"
    raw = json.loads(file.read_text(encoding="utf-8"))
    return {key: Text.from_json(pair) for key, pair in raw.items()}
