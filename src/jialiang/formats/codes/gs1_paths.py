"""Canonical paths of GS1 Digital Links, as a resolver files its records: ``/01/09506000134352/10/ABC``."""

from __future__ import annotations

from jialiang.formats.codes.compression import decompress, is_compressed
from jialiang.formats.codes.digital_link import DigitalLink, parse_digital_link


def canonical_path(uri: str) -> str:
    """Return the canonical path of a Digital Link, compressed or not, or of its path alone. Raises CodeRefused."""
    return whole_link(uri).path


def whole_link(uri: str) -> DigitalLink:
    """Read a Digital Link, compressed or not. Raises CodeRefused."""
    return decompress(uri) if is_compressed(uri) else parse_digital_link(uri)


def walk_up(path: str) -> tuple[str, ...]:
    """Return where a record of a thing may be filed, most specific first, ending with the primary key alone.

    ``/01/09506000134352/10/A/21/S`` gives itself, ``/01/09506000134352/10/A``, ``/01/09506000134352``. Raises
    CodeRefused.
    """
    link = parse_digital_link(path)
    steps = [DigitalLink(link.key, link.qualifiers[:count]) for count in range(len(link.qualifiers), -1, -1)]
    return tuple(step.path for step in steps)
