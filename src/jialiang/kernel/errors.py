"""Every error that a user may meet.

    JialiangError                 code JL-AREA-NNN, text, rule and way out in zh and en
    ├── InvalidInput              422  the input breaks a rule
    │   └── Unreadable            422  the bytes cannot be read at all
    ├── NotFound                  404  there is no such thing here
    ├── NotAllowed                403  the actor may not do this
    │   └── SeparationOfDuties    403  another person has to do this
    ├── Conflict                  409  the thing has changed, or is in a state that forbids it
    │   └── Interlock             409  a rule of the laboratory stops the work
    ├── TooMany                   429  too often in too short a time
    └── Unavailable               503  something this needs is not there

A concrete error is a subclass with a ``code``; its words stand in ``error_texts/<area>.json`` under that code
with the members ``what``, ``rule`` and ``way_out``, each ``{"zh", "en"}`` with placeholders for the facts.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, ClassVar

from jialiang.kernel.text import Text


class JialiangError(Exception):
    """The root: carries a code and the facts that its words are filled with."""

    code: ClassVar[str] = "JL-GEN-000"
    http_status: ClassVar[int] = 500

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: {self.what.en}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with all facts."""
        return _arrived, (type(self), self.args, dict(self.__dict__))

    @property
    def what(self) -> Text:
        """What happened, to which thing."""
        return self._words("what")

    @property
    def rule(self) -> Text:
        """The rule that was broken."""
        return self._words("rule")

    @property
    def way_out(self) -> Text:
        """What to do now."""
        return self._words("way_out")

    def _words(self, member: str) -> Text:
        words = error_texts(self.code.split("-")[1]).get(self.code, {})
        return Text.from_json(words.get(member, {})).format(**self.facts)

    def to_json(self) -> dict[str, Any]:
        """Return code, words in both languages and the facts, ready for JSON."""
        return {
            "code": self.code,
            "what": self.what.to_json(),
            "rule": self.rule.to_json(),
            "way_out": self.way_out.to_json(),
            "facts": {k: v.to_json() if isinstance(v, Text) else str(v) for k, v in self.facts.items()},
        }


def _arrived(kind: type[JialiangError], args: tuple[Any, ...], members: dict[str, Any]) -> JialiangError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(members)
    return error


class InvalidInput(JialiangError):
    """The input breaks a rule."""

    http_status = 422


class Unreadable(InvalidInput):
    """The bytes cannot be read at all."""


class NotFound(JialiangError):
    """There is no such thing here."""

    http_status = 404


class NotAllowed(JialiangError):
    """The actor may not do this."""

    http_status = 403


class SeparationOfDuties(NotAllowed):
    """Another person has to do this."""


class Conflict(JialiangError):
    """The thing has changed, or is in a state that forbids this."""

    http_status = 409


class Interlock(Conflict):
    """A rule of the laboratory stops the work."""


class TooMany(JialiangError):
    """Too often in too short a time."""

    http_status = 429


class Unavailable(JialiangError):
    """Something that this needs is not there."""

    http_status = 503


@cache
def error_texts(area: str) -> dict[str, dict[str, dict[str, str]]]:
    """Return the words of all errors of an area, by code; an area without a file has none."""
    file = resources.files("jialiang.kernel") / "error_texts" / f"{area.lower()}.json"
    if not file.is_file():
        return {}
    words: dict[str, dict[str, dict[str, str]]] = json.loads(file.read_text(encoding="utf-8"))
    return words
