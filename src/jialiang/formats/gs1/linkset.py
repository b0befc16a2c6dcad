"""Linksets (RFC 9264) of things with GS1 keys: what is published under ``g:<digest>``, and what a resolver answers.

A published linkset tells the links of one level, such as of a GTIN or of one serial number of it. A resolver joins the
levels, most specific first: ``{"linkset": [{"anchor", "itemDescription", "<link type>": [{"href", "title", …}]}]}``.
``gs1:defaultLink`` stands once and has nothing but address and title; the same link stands under its own type as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jialiang.formats.gs1.links import (
    DEFAULT,
    DEFAULT_MULTI,
    Gs1Link,
    links_of,
    long_type,
    short_type,
    title_of,
)
from jialiang.formats.handle.json_values import compact
from jialiang.formats.handle.values import HandleRecord

MEDIA_TYPE = "application/linkset+json"


@dataclass(frozen=True, slots=True)
class LinkContext:
    """The links of one level: ``anchor`` is the absolute address of the thing, uncompressed and canonical."""

    anchor: str
    description: str
    links: tuple[Gs1Link, ...]

    @property
    def default(self) -> Gs1Link | None:
        """The link for a request without wishes."""
        return next((link for link in self.links if link.is_default), None)

    def to_json(self) -> dict[str, Any]:
        """Return the link context object of a linkset."""
        said: dict[str, Any] = {"anchor": self.anchor, "itemDescription": self.description}
        for link in self.links:
            if link.link_type != DEFAULT:
                said.setdefault(long_type(link.link_type), []).append(link.target())
        default = self.default
        if default is not None:
            # Only fwqs stands beside address and title: it says how to go there, not for whom the link is.
            bare = replace(default, languages=(), media_type="", contexts=())
            said[long_type(DEFAULT)] = [bare.target()]
        return said


def linkset_body(record: HandleRecord, anchor: str) -> bytes | None:
    """Return the body to publish for a record under ``gs1_key(path)``, None where the record has no public link.

    ``anchor`` is ``<public address>/<canonical path>``, like ``https://id.example.cn/01/09506000134352``; the headers
    to publish beside it are ``{"content-type": MEDIA_TYPE}``.
    """
    links = with_choice_of_defaults(links_of(record))
    return written_linkset([LinkContext(anchor, title_of(record), links)]) if links else None


def with_choice_of_defaults(links: Sequence[Gs1Link]) -> tuple[Gs1Link, ...]:
    """Return the links such that ``gs1:defaultLinkMulti`` is a choice between several, as it is meant to be.

    To a single one the default is joined as the other; one that differs from it in nothing is left out.
    """
    choices = [link for link in links if link.link_type == DEFAULT_MULTI]
    default = next((link for link in links if link.is_default), None)
    if len(choices) != 1 or default is None:
        return tuple(links)
    lone = choices[0]
    if lone is default:
        return tuple(replace(link, link_type=DEFAULT) if link is lone else link for link in links)
    if lone.conditions() == default.conditions():
        return tuple(link for link in links if link is not lone)
    return (*links, replace(default, link_type=DEFAULT_MULTI, is_default=False))


def written_linkset(contexts: Iterable[LinkContext]) -> bytes:
    """Return a linkset as compact JSON."""
    return compact({"linkset": [context.to_json() for context in contexts]})


def read_linkset(body: bytes) -> tuple[LinkContext, ...]:
    """Return the levels of a linkset that :func:`written_linkset` wrote."""
    return tuple(_context(said) for said in json.loads(body)["linkset"])


def joined(bodies: Sequence[bytes]) -> bytes:
    """Return one linkset with the levels of several published ones, in their order."""
    if len(bodies) == 1:
        return bodies[0]
    return compact({"linkset": [context for body in bodies for context in json.loads(body)["linkset"]]})


def _context(said: dict[str, Any]) -> LinkContext:
    links = [
        Gs1Link(
            short_type(kind), each["href"], each["title"], tuple(each.get("hreflang", ())), each.get("type", ""),
            tuple(each.get("context", ())), passes_query=each.get("fwqs", True),
        )
        for kind, targets in said.items() if kind not in {"anchor", "itemDescription"}
        for each in targets
    ]  # fmt: skip
    default = next((link for link in links if link.link_type == DEFAULT), None)
    if default is None:
        return LinkContext(said["anchor"], said["itemDescription"], tuple(links))
    others = [link for link in links if link is not default]
    same = [at for at, link in enumerate(others) if (link.href, link.title) == (default.href, default.title)]
    if same:
        others[same[0]] = replace(others[same[0]], is_default=True)
    else:
        others.insert(
            0,
            Gs1Link(DEFAULT, default.href, default.title, is_default=True, passes_query=default.passes_query),
        )
    return LinkContext(said["anchor"], said["itemDescription"], tuple(others))
