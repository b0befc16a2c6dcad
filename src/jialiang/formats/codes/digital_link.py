"""GS1 Digital Link URIs: a primary key and its qualifiers in the path, attributes in the query.

    https://id.example.org/some/stem/01/09506000134352/10/ABC?17=261231&utm=x#label
    └─────────── stem ────────────┘└──────── path ─────────┘└ attribute ┘└ other ┘└ fragment

A GTIN has 14 digits; keys are written as digits, never as letters; values are percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from jialiang.formats.codes.application_identifiers import identifiers, primary_keys, qualifiers_of
from jialiang.formats.codes.elements import check_element, check_together
from jialiang.formats.codes.gs1_keys import gtin_of_14_digits
from jialiang.formats.codes.verdicts import CodeFinding, refused

CANONICAL_DOMAIN = "https://id.gs1.org"
LONGEST = 4096
_URI = re.compile(r"(?:([A-Za-z]+)://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.S)
_HOST = re.compile(r"[A-Za-z0-9._~%:\[\]-]+", re.ASCII)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A Digital Link taken apart. ``key`` and ``qualifiers`` are pairs (identifier, value) in the order of the path.

    ``stem`` is scheme, domain and what of the path stands before the key; ``attributes`` are the application
    identifiers of the query; ``others`` its other pairs, as they were written (still encoded).
    """

    key: tuple[str, str]
    qualifiers: tuple[tuple[str, str], ...] = ()
    stem: str = CANONICAL_DOMAIN
    attributes: tuple[tuple[str, str], ...] = ()
    others: tuple[str, ...] = ()
    fragment: str = ""
    warnings: tuple[CodeFinding, ...] = field(default=(), compare=False)

    @property
    def path(self) -> str:
        """The canonical path: ``/01/09506000134352/10/ABC``."""
        return "".join(f"/{ai}/{encoded(value)}" for ai, value in (self.key, *self.qualifiers))

    @property
    def elements(self) -> dict[str, str]:
        """Every element of path and query by its identifier, the key first."""
        return dict((self.key, *self.qualifiers, *self.attributes))

    def uri(self) -> str:
        """Return the whole URI, its attributes in the order of their identifiers, before the other pairs."""
        pairs = [f"{ai}={encoded(value)}" for ai, value in sorted(self.attributes)]
        query = "&".join((*pairs, *self.others))
        end = f"?{query}" if query else ""
        return self.stem + self.path + end + (f"#{self.fragment}" if self.fragment else "")

    def canonical_uri(self) -> str:
        """Return the URI on GS1's own domain, with attributes and without anything else."""
        return DigitalLink(self.key, self.qualifiers, attributes=self.attributes).uri()


def encoded(value: str) -> str:
    """Percent-encode everything but unreserved letters (RFC 3986)."""
    return quote(value, safe="")


def parse_digital_link(text: str) -> DigitalLink:
    """Read a Digital Link, or its path alone (``/01/…``). Raises CodeRefused."""
    if not text:
        raise refused("empty")
    if len(text) > LONGEST:
        raise refused("length", text, given=text, count=len(text), allowed=f"1-{LONGEST}")
    found = _URI.fullmatch(text)
    scheme, domain, path, query, fragment = found.groups() if found else (None,) * 5
    if scheme is None and not text.startswith("/"):
        raise refused("not_a_uri", text)
    if scheme is not None and (scheme.lower() not in ("http", "https") or not _HOST.fullmatch(domain or "")):
        raise refused("not_a_uri", text)
    origin = f"{scheme.lower()}://{(domain or '').lower()}" if scheme else ""
    stem, pairs = _path(path or "", text)
    attributes, others = _query(query or "", text)
    return _checked(pairs, stem=origin + stem, attributes=attributes, others=others, fragment=fragment or "")


def build_digital_link(
    elements: Mapping[str, str],
    stem: str = CANONICAL_DOMAIN,
    others: tuple[str, ...] = (),
    fragment: str = "",
) -> DigitalLink:
    """Make a Digital Link of elements with exactly one primary key among them. Raises CodeRefused."""
    for ai in elements:
        if ai not in identifiers():
            raise refused("identifier_unknown", given=ai)
    key, sequence = _key_of(elements)
    path = [(key, elements[key]), *((ai, elements[ai]) for ai in sequence)]
    rest = tuple((ai, value) for ai, value in elements.items() if ai != key and ai not in sequence)
    for ai, _ in rest:
        if not identifiers()[ai].attribute:
            raise refused("not_an_attribute", given=ai, key=key)
    return _checked(path, stem=stem.rstrip("/"), attributes=rest, others=others, fragment=fragment)


def _checked(
    path: list[tuple[str, str]],
    *,
    stem: str,
    attributes: tuple[tuple[str, str], ...],
    others: tuple[str, ...],
    fragment: str,
) -> DigitalLink:
    """Check keys, values, and what goes together."""
    key, *qualifiers = path
    _check_sequence(key[0], tuple(ai for ai, _ in qualifiers))
    names = [ai for ai, _ in (*path, *attributes)]
    doubled = next((ai for ai in names if names.count(ai) > 1), "")
    if doubled:
        raise refused("repeated", given=doubled)
    if key[0] == "01" and len(key[1]) != 14 and gtin_of_14_digits(key[1]):
        raise refused("gtin_14", key[1], gtin_of_14_digits(key[1]), given=key[1])
    for ai, value in (*path, *attributes):
        check_element(ai, value)
    warnings = check_together(dict((*path, *attributes)))
    return DigitalLink(key, tuple(qualifiers), stem, attributes, others, fragment, warnings)


def _check_sequence(key: str, qualifiers: tuple[str, ...]) -> None:
    sequences = qualifiers_of(key)
    if not qualifiers or any(_in_order(qualifiers, sequence) for sequence in sequences):
        return
    allowed = " | ".join("/".join(sequence) for sequence in sequences) or "–"
    strange = next((ai for ai in qualifiers if not any(ai in sequence for sequence in sequences)), "")
    if strange:
        raise refused("qualifier_unknown", given=strange, key=key, allowed=allowed)
    raise refused("qualifier_order", given="/".join(qualifiers), key=key, allowed=allowed)


def _in_order(qualifiers: tuple[str, ...], sequence: tuple[str, ...]) -> bool:
    places = [sequence.index(ai) if ai in sequence else -1 for ai in qualifiers]
    return -1 not in places and all(a < b for a, b in zip(places, places[1:], strict=False))


def _path(path: str, text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return stem and pairs of a path; a slash at its end is no fault."""
    segments = path.strip("/").split("/")
    starts = [i for i, segment in enumerate(segments) if segment in primary_keys()]
    if not starts:
        raise refused("no_key", text)
    start = next((i for i in starts if _looks_right(segments[i:])), starts[0])
    rest = segments[start:]
    if len(rest) % 2:
        raise refused("odd_segments", text, given=rest[-1])
    pairs = [(rest[i], _decoded(rest[i + 1])) for i in range(0, len(rest), 2)]
    return "".join(f"/{segment}" for segment in segments[:start]), pairs


def _looks_right(segments: list[str]) -> bool:
    allowed = {ai for sequence in qualifiers_of(segments[0]) for ai in sequence}
    return len(segments) % 2 == 0 and all(segment in allowed for segment in segments[2::2])


def _query(query: str, text: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Return attributes and other pairs; ``;`` separates like ``&``."""
    attributes, others = [], []
    for pair in filter(None, re.split("[&;]", query)):
        name, _, value = pair.partition("=")
        if not (name.isascii() and name.isdigit()):
            others.append(pair)
            continue
        if name not in identifiers() or not identifiers()[name].attribute:
            raise refused("query_identifier", text, given=name)
        attributes.append((name, _decoded(value)))
    return tuple(attributes), tuple(others)


def _decoded(value: str) -> str:
    if _BAD_PERCENT.search(value):
        raise refused("percent", value, given=value)
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError as problem:
        raise refused("percent", value, given=value) from problem


def _key_of(elements: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return the primary key and those of the other elements that qualify it."""
    keys = [ai for ai in elements if ai in primary_keys()]
    if len(keys) != 1:
        raise refused("one_key" if keys else "no_key", given=", ".join(keys))
    sequences = qualifiers_of(keys[0])
    there = [tuple(ai for ai in sequence if ai in elements) for sequence in sequences]
    return keys[0], max(there, key=len, default=())
