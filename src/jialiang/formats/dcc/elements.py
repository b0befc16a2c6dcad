"""The bricks of a DCC: elements, texts in two languages, identifications."""

from __future__ import annotations

import re

from lxml import etree

from jialiang.formats.dcc.errors import MissingContent
from jialiang.formats.dcc.profile import DCC, place, words
from jialiang.formats.xml.errors import ForbiddenCharacter
from jialiang.kernel.text import Text

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def child(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """Append ``dcc:name`` with ``text``; attributes that are empty are left out."""
    element = etree.SubElement(parent, f"{{{DCC}}}{name}")
    if text:
        element.text = clean(text)
    for key, attribute in attributes.items():
        if attribute:
            element.set(key, clean(attribute))
    return element


def required(parent: etree._Element, name: str, text: str, path: str, **attributes: str) -> etree._Element:
    """Append ``dcc:name``, whose text must not be empty; raises MissingContent naming the ``path``."""
    if not text.strip():
        raise MissingContent(place=place(path))
    return child(parent, name, text, **attributes)


def optional(parent: etree._Element, name: str, text: str) -> None:
    """Append ``dcc:name`` if there is a text for it."""
    if text.strip():
        child(parent, name, text)


def contents(parent: etree._Element, text: Text) -> None:
    """Append one ``dcc:content`` a language, Chinese first."""
    for language, words_of_language in text.items():
        if words_of_language.strip():
            child(parent, "content", words_of_language, lang=language)


def texts(parent: etree._Element, name: str, text: Text, path: str) -> etree._Element:
    """Append ``dcc:name`` with its text in both languages; raises MissingContent if both are empty."""
    if not (text.zh.strip() or text.en.strip()):
        raise MissingContent(place=place(path))
    element = child(parent, name)
    contents(element, text)
    return element


def identification(parent: etree._Element, issuer: str, identifying: str, ref_type: str) -> None:
    """Append an identification of the profile, named by its refType; nothing if there is no value."""
    if identifying.strip():
        element = child(parent, "identification", refType=ref_type)
        child(element, "issuer", issuer)
        child(element, "value", identifying)
        contents(child(element, "name"), words(ref_type))


def clean(text: str) -> str:
    """Return ``text`` without blanks at its ends; raises ForbiddenCharacter for what XML cannot carry."""
    found = _FORBIDDEN.search(text)
    if found:
        shown = _FORBIDDEN.sub("\ufffd", text)[:60]
        raise ForbiddenCharacter(character=f"U+{ord(found.group()):04X}", text=shown)
    # A carriage return would come back as a line feed: XML reads every line end as one.
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
