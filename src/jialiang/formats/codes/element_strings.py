"""GS1 element strings: as printed, ``(01)09506000134352(21)S1``, and as symbols carry them, with separators.

In a symbol the separator FNC1 stands for the character GS (0x1D); a predefined length needs none. A bracket that
belongs to a value is written ``\\(`` in the printed form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from jialiang.formats.codes.application_identifiers import identifiers, leading_identifier
from jialiang.formats.codes.digital_link import CANONICAL_DOMAIN, DigitalLink, build_digital_link
from jialiang.formats.codes.elements import check_element, check_together
from jialiang.formats.codes.verdicts import refused

GS = "\x1d"
LONGEST = 4096
SYMBOLOGIES = ("]C1", "]e0", "]d2", "]Q3", "]J1")  # GS1-128, DataBar, GS1 DataMatrix, GS1 QR, GS1 DotCode
_BRACKETED = re.compile(r"(?<!\\)\(([0-9]{2,4})\)((?:\\\(|[^(])*)", re.ASCII)


def parse_element_string(text: str) -> dict[str, str]:
    """Return the elements of a printed or scanned string by their identifiers, in its order. Raises CodeRefused."""
    if not text:
        raise refused("empty")
    if len(text) > LONGEST:
        raise refused("length", text, given=text, count=len(text), allowed=f"1-{LONGEST}")
    elements = _printed(text) if text.startswith("(") else _scanned(text)
    if not elements:
        raise refused("empty")
    for ai, value in elements.items():
        check_element(ai, value)
    check_together(elements)
    return elements


def printed(elements: Mapping[str, str]) -> str:
    """Return elements as they stand under a symbol: ``(01)09506000134352(21)S1``."""
    return "".join(f"({ai}){value.replace('(', chr(92) + '(')}" for ai, value in elements.items())


def scanned(elements: Mapping[str, str]) -> str:
    """Return elements as a symbol carries them: predefined lengths first, GS after every other one but the last."""
    ordered = sorted(elements, key=lambda ai: not identifiers()[ai].predefined)
    last = ordered[-1] if ordered else ""
    return "".join(
        ai + elements[ai] + (GS if ai != last and not identifiers()[ai].predefined else "") for ai in ordered
    )


def link_of(text: str, stem: str = CANONICAL_DOMAIN) -> DigitalLink:
    """Return the Digital Link of an element string. Raises CodeRefused."""
    return build_digital_link(parse_element_string(text), stem)


def _printed(text: str) -> dict[str, str]:
    elements: dict[str, str] = {}
    end = 0
    for found in _BRACKETED.finditer(text):
        if found.start() != end:
            break
        end = found.end()
        _add(elements, found[1], found[2].replace("\\(", "("), text)
    if end != len(text):
        raise refused("brackets", text, given=text[end:])
    return elements


def _scanned(text: str) -> dict[str, str]:
    rest = text[3:] if text.startswith(SYMBOLOGIES) else text
    rest = rest.removeprefix(GS)
    elements: dict[str, str] = {}
    while rest:
        ai = leading_identifier(rest)
        if not ai:
            raise refused("identifier_unknown", text, given=rest[:4])
        rest = rest[len(ai) :]
        if identifiers()[ai].predefined:
            length = sum(component.most for component in identifiers()[ai].components)
            value, rest = rest[:length], rest[length:].removeprefix(GS)
        else:
            value, _, rest = rest.partition(GS)
        _add(elements, ai, value, text)
    return elements


def _add(elements: dict[str, str], ai: str, value: str, text: str) -> None:
    if ai not in identifiers():
        raise refused("identifier_unknown", text, given=ai)
    if elements.get(ai, value) != value:
        raise refused("repeated", text, given=ai)
    elements[ai] = value
