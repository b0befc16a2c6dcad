"""Which link answers a request: link type first, then media type, language and context.

    linkType asked for, none of it there            none: 404
    linkType asked for, one fits best                that one
    several fit equally well                         all of them: 300, the person chooses
    wishes about media type, language or context     the link that fulfils them best: of the defaults for several
                                                     languages, else of the default's own type, else of any type
    no wishes                                        the default link, or the one of several that speaks the language

Of levels (serial number, lot, GTIN) the most specific one that has the link type counts. A link that says nothing of
language or context fits a request that says nothing of it better than one meant for some readers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jialiang.formats.gs1.links import DEFAULT, DEFAULT_MULTI, Gs1Link
from jialiang.formats.gs1.linkset import LinkContext

PAGE = "text/html"
"""Fits, like a link that tells no media type, where nothing is said of media types; another type then fits less."""
NO_MEDIA_TYPE = ""
"""As a wished media type: a link that names none, where there is one."""


@dataclass(frozen=True, slots=True)
class LinkWishes:
    """What a request asks for; ``languages`` and ``media_types`` in the order of preference.

    ``explicit``: the wishes stand in the query and were meant for us, not only in headers that every browser sends.
    """

    link_type: str = ""
    media_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    explicit: bool = False


def chosen_links(contexts: Sequence[LinkContext], wishes: LinkWishes) -> tuple[Gs1Link, ...]:
    """Return the link that answers, several where they fit equally well, none where the link type is not there."""
    if wishes.link_type and wishes.link_type != DEFAULT:
        return best(_of_type(contexts, wishes.link_type), wishes)
    default = next((context.default for context in contexts if context.default is not None), None)
    if wishes.explicit and not wishes.link_type and (wishes.media_types or wishes.languages or wishes.contexts):
        wished = _wished(contexts, default, wishes)
        if wished:
            return wished
    several = _of_type(contexts, DEFAULT_MULTI) if wishes.languages or wishes.contexts else []
    fitting = best(_fulfilling(several, replace(wishes, media_types=())), wishes)
    if len(fitting) == 1:
        return fitting
    return () if default is None else (default,)


def best(links: Sequence[Gs1Link], wishes: LinkWishes) -> tuple[Gs1Link, ...]:
    """Return those of the links that fit best; where no link fits a wish, the wish does not count."""
    left = list(links)
    for fits in (_fit_context, _fit_language, _fit_media):
        scored = [(fits(link, wishes), link) for link in left]
        top = max((score for score, _ in scored), default=0)
        left = [link for score, link in scored if score == top]
    return _different(left)


def _wished(
    contexts: Sequence[LinkContext], default: Gs1Link | None, wishes: LinkWishes
) -> tuple[Gs1Link, ...]:
    every = dict.fromkeys(link.link_type for context in contexts for link in context.links)
    own = (default.link_type,) if default is not None else ()
    for kinds in ((DEFAULT_MULTI,), own, every):
        offered = [link for kind in kinds for link in _of_type(contexts, kind)]
        fulfilling = _fulfilling(offered, wishes)
        if fulfilling:
            return best(fulfilling, wishes)
    if wishes.media_types == (NO_MEDIA_TYPE,) and (wishes.languages or wishes.contexts):
        return _wished(contexts, default, replace(wishes, media_types=()))
    return ()


def _of_type(contexts: Iterable[LinkContext], link_type: str) -> list[Gs1Link]:
    for context in contexts:
        found = [link for link in context.links if link.link_type == link_type]
        if found:
            return found
    return []


def _fulfilling(links: Iterable[Gs1Link], wishes: LinkWishes) -> list[Gs1Link]:
    return [
        link
        for link in links
        if (not wishes.media_types or link.media_type in wishes.media_types)
        and (not wishes.languages or any(_speaks(link, language) for language in wishes.languages))
        and (not wishes.contexts or _has_context(link, wishes.contexts))
        and link.link_type != DEFAULT
    ]


def _fit_context(link: Gs1Link, wishes: LinkWishes) -> int:
    if wishes.contexts and _has_context(link, wishes.contexts):
        return 2
    return 0 if link.contexts else 1


def _fit_language(link: Gs1Link, wishes: LinkWishes) -> int:
    for place, language in enumerate(wishes.languages):
        if _speaks(link, language):
            return 2 * (len(wishes.languages) - place) + (language in link.languages)
    return 0 if link.languages else 1


def _fit_media(link: Gs1Link, wishes: LinkWishes) -> int:
    if not wishes.media_types:
        return int(link.media_type in {"", PAGE})
    for place, media_type in enumerate(wishes.media_types):
        if link.media_type == media_type:
            return 1 + len(wishes.media_types) - place
    return 0 if link.media_type else 1


def _speaks(link: Gs1Link, language: str) -> bool:
    return any(
        each.lower().partition("-")[0] == language.lower().partition("-")[0] for each in link.languages
    )


def _has_context(link: Gs1Link, contexts: Iterable[str]) -> bool:
    return bool({each.lower() for each in link.contexts} & {each.lower() for each in contexts})


def _different(links: Iterable[Gs1Link]) -> tuple[Gs1Link, ...]:
    return tuple({link.href: link for link in links}.values())
