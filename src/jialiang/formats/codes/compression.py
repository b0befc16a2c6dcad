"""The compressed form of GS1 Digital Links: elements as bits, bits as URI-safe base64.

    https://id.example.org/ARFKk4XB0CDKWcnpq                    all elements compressed
    https://id.example.org/01/09506000134376/EGUTk9OmqA          the primary key left readable

Each element is its identifier (four bits a digit) and its value; a sequence that has a short name is that name (two
hexadecimal digits, one of them a letter) and the values; other pairs of the query begin with F. Not covered: elements
of several components whose fields are not in the data file; they stay in the query. Two sequences that known writers
order differently are read in both orders and not written.
"""

from __future__ import annotations

import re

from jialiang.formats.codes.application_identifiers import primary_keys
from jialiang.formats.codes.bits import BitReader, from_base64, to_base64
from jialiang.formats.codes.compressed_reading import read
from jialiang.formats.codes.compressed_writing import fits, written, written_pair
from jialiang.formats.codes.compression_table import fields
from jialiang.formats.codes.digital_link import (
    DigitalLink,
    build_digital_link,
    encoded,
    parse_digital_link,
)
from jialiang.formats.codes.verdicts import refused

_SAFE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_SHORTEST = 8  # letters of a link that is compressed as a whole
_SHORTEST_REST = 4  # letters of what follows a readable key


def is_compressed(uri: str) -> bool:
    """Tell whether a URI or path ends with a compressed part rather than with elements."""
    segments = _segments(uri)
    if not segments or not _SAFE.fullmatch(segments[-1]):
        return False
    length = len(segments[-1])
    if any(segment in primary_keys() for segment in segments[:-1]):
        return length >= _SHORTEST_REST and len(segments) >= 3 and segments[-3] in primary_keys()
    return length >= _SHORTEST


def compress(
    link: DigitalLink, *, short_names: bool = True, keep_key: bool = False, with_others: bool = False
) -> str:
    """Return the compressed URI of a Digital Link. ``keep_key`` leaves the primary key readable.

    ``short_names`` writes sequences of elements by their names, which is shorter; ``with_others`` compresses the other
    pairs of the query too, where they fit. Raises CodeRefused where a qualifier has no compressed form.
    """
    left = {ai: value for ai, value in link.attributes if ai not in fields()}
    elements = {ai: value for ai, value in link.elements.items() if ai not in left}
    for ai in elements:
        if ai not in fields():
            raise refused("compression_missing", link.path, given=ai)
    stem = link.stem
    if keep_key:
        stem += f"/{link.key[0]}/{encoded(link.key[1])}"
        del elements[link.key[0]]
        if not elements:
            return link.uri()
    fitting = [pair for pair in link.others if with_others and fits(pair)]
    kept = [pair for pair in link.others if pair not in fitting]
    query = "&".join((*(f"{ai}={encoded(value)}" for ai, value in left.items()), *kept))
    end = (f"?{query}" if query else "") + (f"#{link.fragment}" if link.fragment else "")
    bits = written(elements, short_names) + "".join(written_pair(pair) for pair in fitting)
    return f"{stem}/{to_base64(bits)}{end}"


def decompress(uri: str) -> DigitalLink:
    """Return the Digital Link that a compressed URI stands for. Raises CodeRefused."""
    before, _, fragment = uri.partition("#")
    before, _, query = before.partition("?")
    head, _, last = before.rstrip("/").rpartition("/")
    if not _SAFE.fullmatch(last):
        raise refused("compressed_letters", uri, given=last)
    elements, pairs = read(BitReader(from_base64(last)))
    stem, key = _readable_key(head)
    if key:
        elements = {key[0]: key[1]} | {ai: value for ai, value in elements.items() if ai != key[0]}
    plain = build_digital_link(elements, stem)
    rest = "&".join((*(f"{name}={encoded(value)}" for name, value in pairs.items()), query)).strip("&")
    whole = plain.uri() + (("&" if plain.attributes else "?") + rest if rest else "")
    return parse_digital_link(whole + (f"#{fragment}" if fragment else ""))


def _segments(uri: str) -> list[str]:
    path = re.split("[?#]", uri, maxsplit=1)[0]
    after_domain = path.partition("://")[2].partition("/")[2] if "://" in path else path
    return [segment for segment in after_domain.split("/") if segment]


def _readable_key(head: str) -> tuple[str, tuple[str, str] | None]:
    """Return stem and, where it stands uncompressed, the primary key at the end of what goes before."""
    parts = head.split("/")
    if len(parts) < 3 or parts[-2] not in primary_keys():
        return head, None
    key = parse_digital_link(f"/{parts[-2]}/{parts[-1]}").key
    return "/".join(parts[:-2]), key
