"""Codes of measuring instruments whose layout is not public here: typed attributes and a port for encoders.

GB/T 36377 (identification codes of measuring instruments), VAA and JJF 1051 (categories) say what such a code is made
of: maker, category, serial number. How their digits are laid out was not available to this program. So the attributes
are typed, and whoever has the text brings an encoder as an entry point of the group
``jialiang.instrument_code_encoders``. The embedded encoder ``plain`` writes the attributes so that they can be read
back; it claims conformance with nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, runtime_checkable
from urllib.parse import quote, unquote

from jialiang.formats.codes.verdicts import refused
from jialiang.kernel.errors import InvalidInput, NotFound
from jialiang.kernel.text import is_one_line, storable

GROUP = "jialiang.instrument_code_encoders"
LONGEST = 60


class UnknownEncoder(NotFound):
    """There is no encoder of this name; facts: ``encoder``, ``known``."""

    code = "JL-COD-003"


class BadInstrumentAttribute(InvalidInput):
    """An attribute is missing or has a form that no code can hold; facts: ``member``, ``given``."""

    code = "JL-COD-004"


@dataclass(frozen=True, slots=True)
class InstrumentCodeAttributes:
    """What a code of an instrument is made of.

    ``maker`` is the maker's code (a unified social credit code where there is one), ``category`` the category number,
    ``serial`` the maker's serial number, ``division`` six digits of the administrative division or empty, ``model``
    the model or empty. Raises BadInstrumentAttribute.
    """

    maker: str
    category: str
    serial: str
    division: str = ""
    model: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            given = getattr(self, field.name)
            needed = field.name in ("maker", "category", "serial")
            right = is_one_line(given) and given == given.strip() and len(given) <= LONGEST
            if not right or (needed and not given):
                raise BadInstrumentAttribute(member=field.name, given=storable(given, LONGEST))
        if self.division and not (
            self.division.isascii() and self.division.isdigit() and len(self.division) == 6
        ):
            raise BadInstrumentAttribute(member="division", given=self.division)


@runtime_checkable
class InstrumentCodeEncoder(Protocol):
    """Writes and reads the codes of one system. ``conforms_to`` names the standard, or is empty for none."""

    name: str
    conforms_to: str

    def encode(self, attributes: InstrumentCodeAttributes) -> str:
        """Return the code of an instrument. Raises InvalidInput where an attribute does not fit."""

    def decode(self, code: str) -> InstrumentCodeAttributes:
        """Return what a code says. Raises CodeRefused."""


class PlainEncoder:
    """The embedded encoder: attributes joined with points, percent-encoded, in a fixed order."""

    name = "plain"
    conforms_to = ""

    def encode(self, attributes: InstrumentCodeAttributes) -> str:
        """Return ``maker.category.serial.division.model`` without empty members at the end."""
        members = (getattr(attributes, field.name) for field in fields(attributes))
        return ".".join(quote(member, safe="-").replace(".", "%2E") for member in members).rstrip(".")

    def decode(self, code: str) -> InstrumentCodeAttributes:
        """Return the attributes. Raises CodeRefused, BadInstrumentAttribute."""
        members = code.split(".")
        if not 3 <= len(members) <= len(fields(InstrumentCodeAttributes)):
            raise refused("instrument_members", code, given=code)
        try:
            return InstrumentCodeAttributes(*(unquote(member, errors="strict") for member in members))
        except UnicodeDecodeError as problem:
            raise refused("percent", code, given=code) from problem


@cache
def encoders() -> dict[str, InstrumentCodeEncoder]:
    """Return the encoders by name: the embedded one and those of installed packages."""
    found: dict[str, InstrumentCodeEncoder] = {PlainEncoder.name: PlainEncoder()}
    for entry in entry_points(group=GROUP):
        encoder = entry.load()()
        found[encoder.name] = encoder
    return found


def encoder_named(name: str) -> InstrumentCodeEncoder:
    """Return an encoder. Raises UnknownEncoder."""
    found = encoders().get(name)
    if found is None:
        raise UnknownEncoder(encoder=storable(name, LONGEST), known=", ".join(sorted(encoders())))
    return found
