"""One link of a thing with a GS1 key, as a value ``GS1_LINK`` of its record holds it.

    {"linkType": "gs1:pip", "href": "https://…", "title": "…", "hreflang": ["zh"], "type": "text/html",
     "context": ["CN"], "default": true, "fwqs": false}

``linkType`` is a name of the GS1 Web vocabulary behind ``gs1:``, or the address of a link type of another vocabulary.
``fwqs`` false: the query of a request is not passed on to this link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from jialiang.formats.handle.json_values import compact
from jialiang.formats.handle.values import HandleRecord
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.kernel.uris import plain_uri

LINK_VALUE = "GS1_LINK"
VOCABULARY = "https://ref.gs1.org/voc/"
PREFIX = "gs1:"
DEFAULT, DEFAULT_MULTI = "gs1:defaultLink", "gs1:defaultLinkMulti"
_VOCABULARIES = re.compile(r"https?://(?:ref\.|www\.)?gs1\.org/voc/", re.IGNORECASE)
_CURIE = re.compile(r"gs1:[A-Za-z]+", re.ASCII)
_TYPE_ADDRESS = re.compile(r"https?://[A-Za-z0-9./]+", re.ASCII)
_HREF = re.compile(r"https?://[A-Za-z0-9.\[][^\s\"<>\\^`{}|]*", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?", re.ASCII)
_HALF_LETTER = re.compile("[\ud800-\udfff]")
_MEDIA = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)

_EXPECTED = {
    "object": Text("应为一个对象", "an object is expected"),
    "linkType": Text(
        "应为“gs1:”加链接类型名，或其网址", "“gs1:” and a link type, or its address, is expected"
    ),
    "href": Text("应为 http 或 https 网址", "an address of http or https is expected"),
    "title": Text("应为给人看的标题", "a title for people is expected"),
    "hreflang": Text(
        '应为语言代码数组，如 ["zh", "en-GB"]', 'a list of languages such as ["zh", "en-GB"] is expected'
    ),
    "type": Text("应为媒体类型，如 text/html", "a media type such as text/html is expected"),
    "context": Text('应为文本数组，如 ["CN"]', 'a list of texts such as ["CN"] is expected'),
    "default": Text("应为 true 或 false", "true or false is expected"),
    "fwqs": Text("应为 true 或 false", "true or false is expected"),
}


class BadGs1Link(InvalidInput):
    """A value GS1_LINK is no link; facts: ``member``, ``given``, ``expected``."""

    code = "JL-HDL-040"


@dataclass(frozen=True, slots=True)
class Gs1Link:
    """One link. ``link_type`` is written with ``gs1:`` where it is of the GS1 Web vocabulary.

    ``is_default``: a request without wishes goes there. ``passes_query``: the query of a request is passed on to it.
    """

    link_type: str
    href: str
    title: str
    languages: tuple[str, ...] = ()
    media_type: str = ""
    contexts: tuple[str, ...] = ()
    is_default: bool = False
    passes_query: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the JSON of a value."""
        said: dict[str, Any] = {"linkType": self.link_type, "href": self.href, "title": self.title}
        said |= self.metadata()
        return said | ({"default": True} if self.is_default else {})

    def metadata(self) -> dict[str, Any]:
        """Return what may stand beside href and title, the members that are there."""
        said: dict[str, Any] = {
            "hreflang": list(self.languages), "type": self.media_type, "context": list(self.contexts)
        }  # fmt: skip
        return {name: what for name, what in said.items() if what} | (
            {} if self.passes_query else {"fwqs": False}
        )

    def conditions(self) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
        """Return for whom the link is: its languages, media type and contexts."""
        return self.languages, self.media_type, self.contexts

    def target(self) -> dict[str, Any]:
        """Return the target object of a linkset (RFC 9264): the address as a URI, the title, what is said besides."""
        return {"href": plain_uri(self.href), "title": self.title, **self.metadata()}

    def data(self) -> bytes:
        """Return the data of a value."""
        return compact(self.to_json())


def parsed_link(data: bytes) -> Gs1Link:
    """Return the link in the data of a value. Raises :class:`BadGs1Link`."""
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, Mapping):
        raise _bad("object", data.decode(errors="replace"))
    return Gs1Link(
        link_type=short_type(_text(given, "linkType")),
        href=_text(given, "href", _HREF),
        title=_text(given, "title"),
        languages=_texts(given, "hreflang", _LANGUAGE),
        media_type=_text(given, "type", _MEDIA) if given.get("type") else "",
        contexts=_texts(given, "context"),
        is_default=_truth(given, "default", usual=False),
        passes_query=_truth(given, "fwqs", usual=True),
    )


def links_of(record: HandleRecord) -> tuple[Gs1Link, ...]:
    """Return the links of a record, exactly one of them the default, in the order of their indexes.

    The default is the first that says so; where none does, the record's URL; where it has none, the first of all.
    Values that are no links are passed over: they were refused when they were written, or are of a stranger's record.
    """
    links: list[Gs1Link] = []
    for value in record.public().values:
        if value.has_type(LINK_VALUE):
            try:
                links.append(parsed_link(value.data))
            except BadGs1Link:
                continue
    url = next((value.text for value in record.public().values if value.has_type("URL")), None)
    chosen = next((at for at, link in enumerate(links) if link.is_default), None)
    if chosen is None and url and _HREF.fullmatch(url):
        links.insert(0, Gs1Link(DEFAULT, url, title_of(record), is_default=True))
        return tuple(links)
    return tuple(replace(link, is_default=at == (chosen or 0)) for at, link in enumerate(links))


def title_of(record: HandleRecord) -> str:
    """Return what a record calls itself: the first value of a type for names, else its handle."""
    for kind in ("NAME", "TITLE", "DESC"):
        for value in record.public().values:
            if value.has_type(kind) and value.text:
                return value.text
    return record.handle


def short_type(text: str) -> str:
    """Return a link type with ``gs1:`` in place of the vocabulary's address. Raises :class:`BadGs1Link`."""
    short = _VOCABULARIES.sub(PREFIX, text, count=1) if _VOCABULARIES.match(text) else text
    if not _CURIE.fullmatch(short) and not _TYPE_ADDRESS.fullmatch(short):
        raise _bad("linkType", text)
    return short


def long_type(short: str) -> str:
    """Return the address of a link type."""
    return VOCABULARY + short.removeprefix(PREFIX) if short.startswith(PREFIX) else short


def _text(given: Mapping[str, Any], member: str, form: re.Pattern[str] | None = None) -> str:
    text = given.get(member)
    if not _is_text(text) or (form is not None and not form.fullmatch(text)):
        raise _bad(member, text)
    return text


def _texts(given: Mapping[str, Any], member: str, form: re.Pattern[str] | None = None) -> tuple[str, ...]:
    texts = given.get(member) or []
    texts = [texts] if isinstance(texts, str) else texts
    good = isinstance(texts, list) and all(map(_is_text, texts))
    if not good or (form is not None and not all(form.fullmatch(each) for each in texts)):
        raise _bad(member, texts)
    return tuple(texts)


def _is_text(said: object) -> TypeGuard[str]:
    """Tell whether there is a text that can be written: JSON can name half a letter, UTF-8 cannot."""
    return isinstance(said, str) and bool(said.strip()) and not _HALF_LETTER.search(said)


def _truth(given: Mapping[str, Any], member: str, *, usual: bool) -> bool:
    said = given.get(member, usual)
    if not isinstance(said, bool):
        raise _bad(member, said)
    return said


def _bad(member: str, given: object) -> BadGs1Link:
    shown = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)
    return BadGs1Link(
        member=member, given=shown[:80].encode("utf-8", "replace").decode(), expected=_EXPECTED[member]
    )
