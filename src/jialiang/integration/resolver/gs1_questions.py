"""What a request for a GS1 Digital Link asks for, read from its query and its headers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from jialiang.formats.gs1.choosing import NO_MEDIA_TYPE, LinkWishes
from jialiang.formats.gs1.links import BadGs1Link, Gs1Link, short_type
from jialiang.integration.resolver.preferences import preferred
from jialiang.kernel.uris import plain_uri

LINKSET = "application/linkset+json"
LD_JSON = "application/ld+json"
INSTRUCTIONS = frozenset({"linkType", "lang", "mediaType", "context"})
"""What the query tells this resolver; everything else in it is passed on."""

LinksetForm = Literal["", "linkset", "json", "ld", "html"]


@dataclass(frozen=True, slots=True)
class Gs1Question:
    """``form`` is empty unless the linkset itself is asked for; ``passed_on`` is the raw query for a link's address."""

    wishes: LinkWishes
    form: LinksetForm
    passed_on: str


@lru_cache(maxsize=4096)
def gs1_question(query: str, accept: str, accept_language: str, region: str) -> Gs1Question:
    """Read a raw query and the headers that choose among links; ``region`` serves as context where none is given."""
    given = dict(parse_qsl(query, keep_blank_values=True, errors="replace"))
    link_type = _link_type(given.get("linkType", ""))
    media, languages, contexts = (
        tuple(filter(None, [given.get(name, "")])) for name in ("mediaType", "lang", "context")
    )
    if media == ("undefined",):  # what scripts write for a link without a media type
        media = (NO_MEDIA_TYPE,)
    wishes = LinkWishes(
        link_type,
        media or tuple(each for each in preferred(accept) if "*" not in each),
        languages or preferred(accept_language),
        contexts or tuple(filter(None, [region])),
        explicit=bool(media or languages or contexts),
    )
    if wishes.explicit:
        wishes = LinkWishes(link_type, media, languages, contexts, explicit=True)
    return Gs1Question(wishes, _form(link_type, accept), _passed_on(query))


def with_query(link: Gs1Link, query: str) -> str:
    """Return the address of a link with the query of the request behind its own, in letters a header can hold."""
    href = link.href
    if query and link.passes_query:
        parts = urlsplit(href)
        href = parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()
    return plain_uri(href)


def _link_type(text: str) -> str:
    if text in {"", "linkset", "all"}:
        return "linkset" if text else ""
    try:
        return short_type(text)
    except BadGs1Link:
        return text[:80]  # no link has it


def _form(link_type: str, accept: str) -> LinksetForm:
    wishes = preferred(accept)
    asked = link_type == "linkset"
    for wish in wishes:
        if wish == LINKSET:
            return "linkset"
        if asked and wish in {"application/json", LD_JSON, "text/html"}:
            return "json" if wish == "application/json" else "ld" if wish == LD_JSON else "html"
    return "linkset" if asked else ""


def _passed_on(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and pair.partition("=")[0] not in INSTRUCTIONS)
