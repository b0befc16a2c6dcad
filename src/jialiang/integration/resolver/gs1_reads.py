"""GS1 Digital Links: ``GET /01/<GTIN>…`` and the other primary keys, answered from published linksets.

| asked                                                   | answered                                             |
|---------------------------------------------------------|------------------------------------------------------|
| no wishes                                               | 307 to the default link                              |
| ``linkType=gs1:…``, ``mediaType``, ``lang``, ``context`` | 307 to the link that fits, 300 where several do      |
| ``linkType=linkset`` or Accept: application/linkset+json | 200 with the links of every level                    |
| a link type that is not there, a key that is not there  | 404                                                  |
| what is no Digital Link, by its path or by its query     | 400                                                  |

A qualifier that is not there leads to the level above it. A compressed link is answered like the one it stands for,
which is named in the Link header.

A slash inside a value cannot be asked for as ``%2F``: granian gives an RSGI application the decoded path alone (its
scope has no raw one), so ``/10/A%2FB`` arrives as ``/10/A/B``. That is answered with 400 and not guessed at, for as it
stands it is no Digital Link. Compressed, such a value has no slash in the path and is answered.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote
from zlib import crc32

from jialiang.formats.codes.application_identifiers import primary_keys
from jialiang.formats.codes.compression import is_compressed
from jialiang.formats.codes.digital_link import DigitalLink
from jialiang.formats.codes.gs1_paths import walk_up, whole_link
from jialiang.formats.codes.verdicts import CodeRefused
from jialiang.formats.gs1.choosing import chosen_links
from jialiang.formats.gs1.links import Gs1Link
from jialiang.formats.gs1.linkset import MEDIA_TYPE, LinkContext, joined, read_linkset
from jialiang.formats.handle.json_values import compact
from jialiang.formats.identifier_page.page import PageFrame, links_page, message_page
from jialiang.integration.resolver.answers import Headers
from jialiang.integration.resolver.gs1_files import (
    CONTEXT,
    DESCRIPTION,
    linkset_context,
    resolver_description,
)
from jialiang.integration.resolver.gs1_questions import Gs1Question, gs1_question, with_query
from jialiang.integration.resolver.handle_reads import COMPARED, OPEN, SAFE, Reply, holds_tag
from jialiang.integration.resolver.handover import Scope
from jialiang.integration.resolver.page_headers import PAGE_HEADERS, frame_of, wanted_form
from jialiang.integration.resolver.preferences import preferred
from jialiang.integration.resolver.resolving import Resolver
from jialiang.kernel.text import Text

METHODS = "GET, HEAD, OPTIONS"
OPENED: Headers = [
    OPEN,
    ("access-control-allow-methods", METHODS),
    ("access-control-allow-headers", "Accept, Accept-Language, If-None-Match"),
    ("access-control-expose-headers", "ETag, Link, Location"),
]
PREFLIGHT: Headers = [*OPENED, ("access-control-max-age", "86400"), ("allow", METHODS)]
NOT_ALLOWED: Reply = (
    405,
    [("content-type", "application/problem+json"), *PREFLIGHT, SAFE, ("cache-control", "no-store")],
    compact({"title": "method_not_allowed", "status": 405, "detail": f"Allowed are {METHODS}"}),
)
VARY = ("vary", "Accept, Accept-Language")
TYPES = {"linkset": MEDIA_TYPE, "json": "application/json", "ld": "application/ld+json"}


class Gs1Reads:
    """Answers Digital Links; ``root`` is the public address of the installation, ``name`` what it is called."""

    def __init__(self, resolver: Resolver, root: str, name: str = "Jialiang") -> None:
        self._resolver = resolver
        self._root = root.rstrip("/")
        self._files = {
            DESCRIPTION: compact(resolver_description(self._root, name)),
            CONTEXT: compact(linkset_context(self._root)),
        }

    def file(self, path: str) -> Reply | None:
        """Return the description of this resolver, or the context of its linksets; None for another path."""
        body = self._files.get(path)
        if body is None:
            return None
        kind = "application/json" if path == DESCRIPTION else "application/ld+json"
        return 200, [("content-type", kind), *OPENED, SAFE, COMPARED], body

    async def answer(self, path: str, scope: Scope, region: str) -> tuple[Reply, str, str]:
        """Return the reply, what it is counted as, and how it came out. Raises ``AnswersUnavailable``."""
        headers, given = scope.headers, dict(parse_qsl(scope.query_string[:2048], errors="replace"))
        frame = frame_of(scope, given)
        accept = headers.get("accept", "")
        page = wanted_form(accept) == "page" and MEDIA_TYPE not in preferred(accept)
        link = digital_link(path, attributes_in(scope.query_string[:2048]))
        if isinstance(link, CodeRefused):
            return (
                self._refusal(400, "bad_link", frame, page, why=link.finding.what, hint=link.finding.hint),
                "page",
                "refused",
            )
        question = gs1_question(scope.query_string[:2048], accept, headers.get("accept-language", ""), region)
        rows = [row for step in walk_up(link.path) if (row := await self._resolver.linkset(step.lstrip("/")))]
        if not rows:
            return self._refusal(404, "not_found", frame, page, name=link.path[1:200]), "page", "not_found"
        bodies = [row[0] for row in rows]
        shared = [*OPENED, SAFE, COMPARED, VARY, ("link", self._links(path, link, question))]
        if question.form:
            reply = self._linkset(bodies, question, frame, shared)
            return _compared(reply, headers.get("if-none-match", "")), "linkset", "found"
        return self._chosen(bodies, link, question, frame, page, shared)

    def _chosen(
        self,
        bodies: list[bytes],
        link: DigitalLink,
        question: Gs1Question,
        frame: PageFrame,
        page: bool,
        shared: Headers,
    ) -> tuple[Reply, str, str]:
        levels = [level for body in bodies for level in read_linkset(body)]
        found = chosen_links(levels, question.wishes)
        if len(found) == 1:
            target = with_query(found[0], question.passed_on)
            return (307, [("location", target), *shared], b""), "redirect", "found"
        if found:
            return self._choices(levels[0], found, frame, page, shared), "linkset", "found"
        every = f"{link.path}?linkType=linkset"
        refusal = self._refusal(
            404, "no_link", frame, page, name=link.path[1:200], link=every, link_text=every
        )
        return (refusal[0], [*refusal[1], shared[-1]], refusal[2]), "page", "not_found"

    def _choices(
        self, level: LinkContext, found: tuple[Gs1Link, ...], frame: PageFrame, page: bool, shared: Headers
    ) -> Reply:
        offered = LinkContext(level.anchor, level.description, found)
        if page:
            return 300, [*PAGE_HEADERS[:-1], *shared], links_page("choose", frame, [offered])
        body = compact({"linkset": [offered.to_json()]})
        return 300, [("content-type", MEDIA_TYPE), *shared], body

    def _linkset(
        self, bodies: list[bytes], question: Gs1Question, frame: PageFrame, shared: Headers
    ) -> Reply:
        body = joined(bodies)
        if question.form in {"ld", "html"}:
            body = compact({"@context": f"{self._root}{CONTEXT}", **json.loads(body)})
        if question.form == "html":
            levels = [level for each in bodies for level in read_linkset(each)]
            return 200, [*PAGE_HEADERS[:-1], *shared], links_page("all", frame, levels, data=body.decode())
        return 200, [("content-type", TYPES[question.form]), *shared], body

    def _links(self, path: str, link: DigitalLink, question: Gs1Question) -> str:
        links = [f'<{self._root}{link.path}?linkType=linkset>; rel="linkset"; type="{MEDIA_TYPE}"']
        if question.form:
            links.append(
                f'<{self._root}{CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
            )
        if is_compressed(path):
            attributes = "&".join(f"{ai}={quote(value, safe='')}" for ai, value in link.attributes)
            links.append(
                f'<{self._root}{link.path}{"?" if attributes else ""}{attributes}>; rel="owl:sameAs"'
            )
        return ", ".join(links)

    def _refusal(self, status: int, kind: str, frame: PageFrame, page: bool, **facts: Any) -> Reply:
        if page:
            return (
                status,
                [*PAGE_HEADERS, *OPENED, ("cache-control", "no-store")],
                message_page(kind, frame, **facts),
            )
        said = {"title": kind, "status": status, **{name: _plain(fact) for name, fact in facts.items()}}
        return (
            status,
            [("content-type", "application/problem+json"), *OPENED, SAFE, ("cache-control", "no-store")],
            compact(said),
        )


def is_digital_link(path: str) -> bool:
    """Tell whether a path is meant as a Digital Link: it begins with a primary key, or is one compressed whole."""
    first, slash, _ = path[1:].partition("/")
    if slash and first in primary_keys():
        return True
    return (
        path.rstrip("/").count("/") == 1
        and is_compressed(path)
        and not isinstance(digital_link(path), CodeRefused)
    )


def attributes_in(query: str) -> str:
    """Return the pairs of a raw query whose names are digits: those are of the Digital Link, and have to be right."""
    return "&".join(pair for pair in query.split("&") if pair.partition("=")[0].isdigit())


@lru_cache(maxsize=16384)
def digital_link(path: str, attributes: str = "") -> DigitalLink | CodeRefused:
    """Return the Digital Link in a path, or why it is none; one slash at its end is no fault."""
    query = f"?{attributes}" if attributes else ""
    try:
        return whole_link(quote(path.removesuffix("/"), safe="/") + query)  # the server has decoded the path
    except CodeRefused as problem:
        return problem


def _compared(reply: Reply, if_none_match: str) -> Reply:
    status, headers, body = reply
    tag = f'"{crc32(body):x}-{len(body):x}"'
    if holds_tag(if_none_match, tag):
        return 304, [*headers[1:], ("etag", tag)], b""
    return status, [*headers, ("etag", tag)], body


def _plain(fact: object) -> object:
    return fact.to_json() if isinstance(fact, Text) else fact
