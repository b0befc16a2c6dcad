"""Bricks of a certificate in any languages: texts and truth values."""

from __future__ import annotations

from typing import Any

from lxml import etree

from jialiang.formats.dcc.elements import child
from jialiang.formats.dcc.profile import words
from jialiang.formats.making.leaves import Words


def in_words(parent: etree._Element, name: str, said: Words | None) -> None:
    """Append ``dcc:name`` with one ``dcc:content`` a language; nothing where there are no words."""
    if not said:
        return
    element = child(parent, name)
    for language, text in said:
        child(element, "content", text, lang=language)


def house_words(key: str, document: dict[str, Any]) -> Words:
    """Return fixed words of the house in the languages of a document.

    Where it is written in a language that the house does not have, the English words stand without a language.
    """
    text, languages = words(key), document["certificate"]["languages"]
    known = dict(text.items())
    if all(language in known for language in languages):
        return tuple((language, known[language]) for language in languages)
    return (("", text.en),)


def boolean(truth: bool) -> str:
    """Return a truth value as XML Schema writes it."""
    return "true" if truth else "false"
