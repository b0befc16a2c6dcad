"""Values of the type ``10320/loc``: several addresses of one thing, and which of them a request is sent to.

    <locations chooseby="locatt,country,weighted">
      <location id="0" href="https://cn.example/7" country="cn" weight="1"/>
      <location id="1" href="https://eu.example/7" weight="2"/>
      <location http_role="conneg" href="https://data.example/7" weight="0"/>
    </locations>

The ways of choosing are applied in the order of ``chooseby``; each leaves those that fit, or all where none does:

- ``locatt``    those with the attribute that the request names (``locatt=id:1``)
- ``country``   those with the country of the client; where none has it, those without a country
- ``weighted``  one by chance, as often as its weight says (1 where it has none; 0 only where there is nothing else)

A request that wants no page (Accept names no HTML) goes to a location with ``http_role="conneg"``, any other request to
one without.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree  # lxml would be loaded into every front for this one small form

LOCATIONS_TYPE = "10320/loc"
USUAL_WAYS = ("locatt", "country", "weighted")
MOST_LOCATIONS = 200
DECLARATION = re.compile(rb"<!(?!--|\[CDATA\[)")


@dataclass(frozen=True, slots=True)
class Location:
    """One address with its attributes, names and values as written."""

    href: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> float:
        """How often it is chosen among others; not negative, 1 where nothing usable is said."""
        try:
            weight = float(self.attributes.get("weight", "1"))
        except ValueError:
            return 1.0
        return weight if math.isfinite(weight) and weight >= 0 else 1.0

    @property
    def role(self) -> str:
        """``conneg``, ``no_conneg`` or empty."""
        return self.attributes.get("http_role", "").lower()


@dataclass(frozen=True, slots=True)
class Locations:
    """The locations of a value and the ways of choosing among them."""

    locations: tuple[Location, ...]
    ways: tuple[str, ...] = USUAL_WAYS


@dataclass(frozen=True, slots=True)
class LocationWishes:
    """What is known of a request: ``attribute`` is name and value of ``locatt``; ``country`` is like ``cn``."""

    attribute: tuple[str, str] | None = None
    country: str = ""
    wants_data: bool = False


def read_locations(data: bytes) -> Locations | None:
    """Return the locations in the data of a value, None where the data are no such XML; only addresses of http(s)."""
    if b"\0" in data or DECLARATION.search(data):  # no entities, which could grow, and no encoding that hides them
        return None
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 nothing is declared in it
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    if _local_name(root.tag).lower() != "locations":
        return None
    found = []
    for element in (child for child in root if _local_name(child.tag) == "location"):
        attributes = dict(element.attrib)
        href = attributes.pop("href", "").strip()
        if href.lower().startswith(("http://", "https://")):
            found.append(Location(href, attributes))
    ways = tuple(way.strip().lower() for way in root.get("chooseby", "").split(",") if way.strip())
    return Locations(tuple(found[:MOST_LOCATIONS]), ways or USUAL_WAYS)


def chosen_location(given: Locations, wishes: LocationWishes, chance: Callable[[], float]) -> Location | None:
    """Return the location for a request, None where there is none. ``chance`` gives numbers from 0 to below 1."""
    left = _of_role(given.locations, wishes)
    for way in given.ways:
        if way == "locatt":
            left = _with_attribute(left, wishes.attribute)
        elif way == "country":
            left = _of_country(left, wishes.country)
        elif way == "weighted":
            left = _by_weight(left, chance)
    return left[0] if left else None


def wished_attribute(text: str) -> tuple[str, str] | None:
    """Return the attribute in ``id:1``, None where the text names none."""
    name, colon, value = text.partition(":")
    return (name, value) if colon and name else None


def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _of_role(locations: Sequence[Location], wishes: LocationWishes) -> Sequence[Location]:
    data = [each for each in locations if each.role == "conneg"]
    if wishes.wants_data and data:
        return data
    return [each for each in locations if each.role != "conneg"]


def _with_attribute(locations: Sequence[Location], wished: tuple[str, str] | None) -> Sequence[Location]:
    if wished is None:
        return locations
    name, value = wished
    return [each for each in locations if each.attributes.get(name) == value] or locations


def _of_country(locations: Sequence[Location], country: str) -> Sequence[Location]:
    there = [
        each
        for each in locations
        if country and each.attributes.get("country", "").lower() == country.lower()
    ]
    return there or [each for each in locations if not each.attributes.get("country")] or locations


def _by_weight(locations: Sequence[Location], chance: Callable[[], float]) -> Sequence[Location]:
    if len(locations) < 2:
        return locations
    total = sum(each.weight for each in locations)
    if total == 0:
        return [locations[int(chance() * len(locations))]]
    place = chance() * total
    for each in locations:
        place -= each.weight
        if place < 0:
            return [each]
    return [next(each for each in reversed(locations) if each.weight)]
