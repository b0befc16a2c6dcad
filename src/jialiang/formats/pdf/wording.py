"""The words that stand on every certificate beside its content, read from ``templates/wording.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jialiang.kernel.text import LANGUAGES, Language, Text

PlainData = dict[str, Any]

TEMPLATES = "templates"


@cache
def wording() -> Mapping[str, Text]:
    """Return the words by key, such as ``field.due_date.calibration``."""
    return {key: Text.from_json(words) for key, words in json.loads(template("wording.json")).items()}


def words(key: str, variant: str = "") -> Text:
    """Return the words of ``key``, in the variant of a kind of certificate where there is one."""
    known = wording()
    return known.get(f"{key}.{variant}") or known[key]


@cache
def template(name: str) -> bytes:
    """Return the bytes of a file of the template folder."""
    return (resources.files("jialiang.formats.pdf") / TEMPLATES / name).read_bytes()


def pair(text: Text, language: Language) -> PlainData:
    """Return a text in the page's language and, where it differs, in the other one as its caption."""
    other = next(each for each in LANGUAGES if each != language)
    main, caption = text.in_language(language), text.in_language(other)
    return {"main": main, "caption": caption if caption != main else ""}


def field(key: str, value: str, language: Language, variant: str = "") -> PlainData:
    """Return a labelled line of the page."""
    return {"label": pair(words(key, variant), language), "value": value}
