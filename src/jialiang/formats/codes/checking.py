"""The check of a code by the name of its system."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import resources
from typing import Any

from jialiang.formats.codes.credit_codes import parse_credit_code
from jialiang.formats.codes.element_strings import parse_element_string, printed
from jialiang.formats.codes.elements import check_together
from jialiang.formats.codes.gs1_keys import parse_gtin, parse_key
from jialiang.formats.codes.gs1_paths import whole_link
from jialiang.formats.codes.handles import parse_handle
from jialiang.formats.codes.object_identifiers import parse_object_identifier
from jialiang.formats.codes.provisional_codes import parse_ecode, parse_ma
from jialiang.formats.codes.verdicts import CodeRefused, CodeVerdict, ParsedCode, finding
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text, storable

Parser = Callable[[str], ParsedCode]


class UnknownCodeSystem(InvalidInput):
    """There is no system of codes with this name; facts: ``system``, ``known``."""

    code = "JL-COD-001"


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """A system of codes: its name, its title, and whether its check is provisional."""

    name: str
    title: Text
    provisional: bool
    parse: Parser


def check(system: str, code: str) -> CodeVerdict:
    """Judge a code of a system (a name of :data:`SYSTEMS`, whatever its capitals). Raises UnknownCodeSystem."""
    known = system_named(system)
    remarks = (finding("provisional"),) if known.provisional else ()
    try:
        parsed = known.parse(code)
    except CodeRefused as problem:
        found = (problem.finding, *remarks)
        return CodeVerdict(known.name, code, "", False, known.provisional, {}, found)
    found = (*parsed.findings, *remarks)
    return CodeVerdict(known.name, code, parsed.canonical, True, known.provisional, dict(parsed.parts), found)


def system_named(name: str) -> CodeSystem:
    """Return the system of a name, whatever its capitals. Raises UnknownCodeSystem."""
    found = _BY_FOLDED_NAME.get(name.casefold())
    if found is None:
        raise UnknownCodeSystem(system=storable(name, 60), known=", ".join(SYSTEMS))
    return found


def _parse_link(code: str) -> ParsedCode:
    link = whole_link(code)
    parts = {"path": link.path, "stem": link.stem, "key": link.key[0], **link.elements}
    return ParsedCode(link.uri(), parts, link.warnings)


def _parse_elements(code: str) -> ParsedCode:
    elements = parse_element_string(code)
    return ParsedCode(printed(elements), elements, check_together(elements))


def _parser(row: Mapping[str, Any]) -> Parser:
    if row["family"] == "gtin":
        return partial(parse_gtin, digits=row["digits"])
    if row["family"] == "key":
        return partial(parse_key, ai=row["ai"])
    return _FAMILIES[row["family"]]


def _systems() -> dict[str, CodeSystem]:
    file = resources.files("jialiang.formats.codes") / "systems.json"
    rows: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: CodeSystem(name, Text.from_json(row["title"]), row.get("provisional", False), _parser(row))
        for name, row in rows.items()
    }


_FAMILIES: Mapping[str, Parser] = {
    "digital_link": _parse_link,
    "element_string": _parse_elements,
    "credit_code": parse_credit_code,
    "object_identifier": parse_object_identifier,
    "handle": parse_handle,
    "ecode": parse_ecode,
    "ma": parse_ma,
}
SYSTEMS: Mapping[str, CodeSystem] = _systems()
_BY_FOLDED_NAME = {name.casefold(): system for name, system in SYSTEMS.items()}
