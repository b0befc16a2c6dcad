"""What stands on a label, and the colours of the metrological status: 合格 green, 准用 yellow, 停用 red."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import NamedTuple
from urllib.parse import quote

from jialiang.formats.codes.element_strings import link_of, printed
from jialiang.formats.codes.gs1_paths import whole_link
from jialiang.formats.codes.verdicts import CodeRefused
from jialiang.formats.labels.errors import BadLabelValue
from jialiang.kernel.text import Text, is_one_line, storable

LONGEST = 200
LONGEST_ADDRESS = 1000


class Status(NamedTuple):
    """A metrological status: its words, its colour, and the colour to write on it."""

    words: Text
    colour: str
    on: str


@dataclass(frozen=True, slots=True)
class LabelContent:
    """The content of one label. ``address`` is what a phone opens; ``status`` is empty or one of :func:`statuses`.

    Raises BadLabelValue.
    """

    identifier: str
    address: str = ""
    elements: str = ""
    name_zh: str = ""
    name_en: str = ""
    serial: str = ""
    model: str = ""
    organization: str = ""
    certificate: str = ""
    done: str = ""
    due: str = ""
    status: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            given = getattr(self, field.name)
            longest = LONGEST_ADDRESS if field.name == "address" else LONGEST
            if len(given) > longest or not is_one_line(given.replace("\x1d", "")):
                raise BadLabelValue(member=field.name, given=storable(given, 80))
        if not self.identifier.strip():
            raise BadLabelValue(member="identifier", given="")
        if self.status and self.status not in statuses():
            raise BadLabelValue(member="status", given=storable(self.status, 80))

    def members(self) -> dict[str, str]:
        """Return what the texts of a template are filled with."""
        words = statuses()[self.status].words if self.status else Text()
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        names = dict.fromkeys(name for name in (self.name_zh, self.name_en) if name)
        plain |= {"name_zh": self.name_zh or self.name_en, "name_en": self.name_en or self.name_zh}
        plain |= {"name_both": " ".join(names)}
        return plain | {"status_zh": words.zh, "status_en": words.en}


def content_of(identifier: str, base: str, more: Mapping[str, str] | None = None) -> LabelContent:
    """Return the content of a label for an identifier at a resolver.

    A Handle name gets its address there; a GS1 element string or the path of a Digital Link gets its elements and its
    link there; an address stays as it is. ``more`` are further members. Raises BadLabelValue, CodeRefused.
    """
    known = dict(more or {})
    if identifier.startswith("("):
        link = link_of(identifier, _checked_base(base))
        found = {"address": link.uri(), "elements": printed(link.elements)}
    else:
        found = {"address": address_of(identifier, base), "elements": _elements_in(identifier)}
    return LabelContent(identifier, **(found | {name: value for name, value in known.items() if value}))


def _elements_in(identifier: str) -> str:
    """Return the element string of a Digital Link, or empty for any other identifier."""
    if not identifier.startswith(("/", "http://", "https://")):
        return ""
    try:
        return printed(whole_link(identifier).elements)
    except CodeRefused:
        return ""


@cache
def statuses() -> Mapping[str, Status]:
    """Return the three statuses by name."""
    file = resources.files("jialiang.formats.labels") / "statuses.json"
    rows = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: Status(Text.from_json(row["words"]), row["colour"], row["on"]) for name, row in rows.items()
    }


def address_of(identifier: str, base: str) -> str:
    """Return the address of an identifier at a resolver; one that is an address already stays as it is.

    ``base`` is the resolver's address, such as ``https://id.example.org``. Raises BadLabelValue.
    """
    begin = _checked_base(base)
    if identifier.startswith(("http://", "https://")):
        return identifier
    if identifier.startswith("/"):
        return begin + quote(identifier, safe="/:%")
    return f"{begin}/" + quote(identifier, safe="/:")


def _checked_base(base: str) -> str:
    right = base.startswith(("http://", "https://")) and is_one_line(base) and " " not in base
    if not right or len(base) > LONGEST:
        raise BadLabelValue(member="base", given=storable(base, 80))
    return base.rstrip("/")
