"""Whether a report holds: its lines are the node's own, in order, within the day, and agree with one another.

Lines are taken one at a time; what is kept of them are sums, and names only where few lines are allowed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from jialiang.formats.handle.names import folded
from jialiang.formats.node_report.header import (
    REGISTRATIONS,
    RESOLUTIONS,
    ROUTES,
    TEMPLATES,
    NodeReportHeader,
)
from jialiang.formats.node_report.members import parsed_moment
from jialiang.kernel.clock import local_date
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text, is_one_line, storable

Line = Mapping[str, Any]
ADDING_UP = ("kind", "outcome", "carrier", "region", "hour")
LONGEST_WORD = 60
MOST_COUNTS, MOST_NAMES = 5_000, 100_000
HOUR = "%Y-%m-%dT%H"
FIRST_DAY = date(2000, 1, 1)


class ReportBreaksRule(InvalidInput):
    """A line is right by itself and yet breaks a rule; facts: ``line``, ``reason``."""

    code = "JL-NOD-008"


@dataclass(frozen=True, slots=True)
class Examined:
    """What a report that holds adds up to: ``sums`` has ``total`` and the numbers by what was counted.

    ``own_site`` is the server that the node tells of itself in its routes, None where it tells none.
    """

    sums: Mapping[str, Any]
    own_site: Mapping[str, Any] | None = None


class Rules(Protocol):
    """The rules of one kind of report; ``take`` and ``ended`` tell what is broken, None where nothing is."""

    def take(self, line: Line) -> Text | None:
        """Take the next line."""
        ...

    def ended(self) -> Text | None:
        """Look at what all lines say together."""
        ...

    def examined(self) -> Examined:
        """Return what the lines add up to."""
        ...


def examine(header: NodeReportHeader, lines: Iterable[Line], now: datetime) -> Examined:
    """Return what a report adds up to. Raises :class:`ReportBreaksRule` with the first line that breaks a rule.

    What ``lines`` raises while they are read goes through.
    """
    if not FIRST_DAY <= header.day <= local_date(now, header.time_zone):
        raise ReportBreaksRule(line=1, reason=rule("future", day=header.day.isoformat()))
    rules, number = RULES[header.kind](header), 1
    for number, line in enumerate(lines, start=2):
        _refuse(rules.take(line), number)
    _refuse(rules.ended(), number)
    return rules.examined()


def is_under(prefix: str, node: str) -> bool:
    """Tell whether a prefix is that of the node or one below it."""
    own, below = folded(node), folded(prefix)
    return below == own or below.startswith(f"{own}.")


def rule(kind: str, **facts: object) -> Text:
    """Return what is broken in words; texts of a report among ``facts`` are cut to what an error may show."""
    shown = {name: storable(text, 80) if isinstance(text, str) else text for name, text in facts.items()}
    return _words()[kind].format(**shown)


@dataclass
class RegistrationRules:
    """Deeds on identifiers of the node, in the order of time, within the day."""

    header: NodeReportHeader
    deeds: Counter[str] = field(default_factory=Counter)
    last: datetime | None = None

    def take(self, line: Line) -> Text | None:
        """Count a deed."""
        at, prefix, identifier = parsed_moment(line["at"]), line["prefix"], line["identifier"]
        self.deeds[line["deed"]] += 1
        earlier, self.last = self.last, at
        if not is_under(prefix, self.header.node):
            return rule("strange prefix", prefix=prefix, node=self.header.node)
        if folded(identifier.partition("/")[0]) != folded(prefix) or "/" not in identifier:
            return rule("other prefix", identifier=identifier, prefix=prefix)
        first, following = bounds(self.header.day, self.header.time_zone)
        if not first <= at < following:
            return rule("outside day", at=line["at"], day=self.header.day.isoformat())
        return rule("disorder", at=line["at"]) if earlier is not None and at < earlier else None

    def ended(self) -> Text | None:
        """Nothing more is said by all lines together."""
        return None

    def examined(self) -> Examined:
        """Return the number of deeds, and of each."""
        return Examined({"total": self.deeds.total(), "deed": dict(sorted(self.deeds.items()))})


@dataclass
class ResolutionRules:
    """Statistics of a day: each number once; those by kind, outcome, carrier, region and hour add up to the total."""

    header: NodeReportHeader
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    taken: int = 0

    def take(self, line: Line) -> Text | None:
        """Keep a number."""
        by, word = line["by"], line["word"]
        self.taken += 1
        if self.taken > MOST_COUNTS:
            return rule("too many", most=MOST_COUNTS)
        if not is_one_line(word) or len(word) > LONGEST_WORD:
            return rule("bad word")
        if by == "hour" and word not in day_hours(self.header.day, self.header.time_zone):
            return rule("outside day", at=word, day=self.header.day.isoformat())
        known = self.counts.setdefault(by, {})
        if word in known and by != "gap":  # two processes may have died in one second
            return rule("twice", what=f"{by} {word}")
        known[word] = known.get(word, 0) + line["number"]
        return None

    def ended(self) -> Text | None:
        """Compare the sums with the total."""
        if len(self.counts.get("total", {})) != 1:
            return rule("no total")
        sums = {by: sum(self.counts.get(by, {}).values()) for by in ADDING_UP}
        wrong = next((by for by in ADDING_UP if sums[by] != self._total), None)
        return None if wrong is None else rule("sums differ", by=wrong, sum=sums[wrong], total=self._total)

    def examined(self) -> Examined:
        """Return the numbers as they came, the total besides."""
        told = {by: counts for by, counts in self.counts.items() if by != "total"}
        return Examined({"total": self._total, **told})

    @property
    def _total(self) -> int:
        return sum(self.counts.get("total", {}).values())


@dataclass
class NamedRules:
    """Templates: those of the node, each once."""

    header: NodeReportHeader
    names: set[str] = field(default_factory=set)
    states: Counter[str] = field(default_factory=Counter)

    def take(self, line: Line) -> Text | None:
        """Count a template by its state."""
        prefix = line["prefix"]
        if not is_under(prefix, self.header.node):
            return rule("strange prefix", prefix=prefix, node=self.header.node)
        name = self.name_of(line)
        if name in self.names:
            return rule("twice", what=name)
        self.names.add(name)
        self.states[storable(line["state"], LONGEST_WORD)] += 1
        return rule("too many", most=MOST_NAMES) if len(self.names) > MOST_NAMES else None

    def name_of(self, line: Line) -> str:
        """Return by what a line is told from others."""
        return f"{folded(line['prefix'])} {line['code']}"

    def ended(self) -> Text | None:
        """Nothing more is said by all lines together."""
        return None

    def examined(self) -> Examined:
        """Return how many there are, and in which states."""
        return Examined({"total": len(self.names), "state": dict(sorted(self.states.items()))})


@dataclass
class RouteRules(NamedRules):
    """Prefixes: those of the node, each once, its own first."""

    own_site: Mapping[str, Any] | None = None

    def take(self, line: Line) -> Text | None:
        """Count a prefix by its state."""
        if not self.names:
            self.own_site = line["site"]
            if folded(line["prefix"]) != folded(self.header.node):
                return rule("not first", node=self.header.node)
        return super().take(line)

    def name_of(self, line: Line) -> str:
        """Return the prefix."""
        return folded(line["prefix"])

    def ended(self) -> Text | None:
        """The node has its own prefix at least."""
        return None if self.names else rule("not first", node=self.header.node)

    def examined(self) -> Examined:
        """Return how many there are, in which states, and where the node answers."""
        return Examined(super().examined().sums, self.own_site)


RULES: Mapping[str, Callable[[NodeReportHeader], Rules]] = {
    REGISTRATIONS: RegistrationRules,
    RESOLUTIONS: ResolutionRules,
    TEMPLATES: NamedRules,
    ROUTES: RouteRules,
}


@lru_cache(maxsize=64)
def bounds(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """Return the first moment of a day and of the next (UTC), as the zone has them; the day is one from 2000 on."""
    zone = ZoneInfo(time_zone)
    first, following = (datetime(d.year, d.month, d.day, tzinfo=zone) for d in (day, day + timedelta(days=1)))
    return first.astimezone(UTC), following.astimezone(UTC)


@lru_cache(maxsize=64)
def day_hours(day: date, time_zone: str) -> frozenset[str]:
    """Return the hours of a day as its statistics name them, UTC: 24, or one more or less where the clock changes."""
    first, following = bounds(day, time_zone)
    begin, hour = first.replace(minute=0), timedelta(hours=1)
    return frozenset((begin + hour * at).strftime(HOUR) for at in range(26) if begin + hour * at < following)


def _refuse(broken: Text | None, number: int) -> None:
    if broken is not None:
        raise ReportBreaksRule(line=number, reason=broken)


@cache
def _words() -> dict[str, Text]:
    file = resources.files("jialiang.formats.node_report") / "rules.json"
    return {kind: Text.from_json(each) for kind, each in json.loads(file.read_text("utf-8")).items()}
