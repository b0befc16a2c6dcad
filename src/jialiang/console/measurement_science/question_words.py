"""What the pages of charts and intervals ask and answer, with their words in both languages: ``questions.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: ``name`` is the member of the topic (``rule.share`` lies inside another), ``kind`` how it is read."""

    name: str
    kind: str
    label: Text
    hint: Text
    choices: tuple[tuple[str, Text], ...]
    initial: str
    required: bool
    columns: tuple[str, ...]

    @property
    def field(self) -> str:
        """The name of its form field."""
        return self.name.replace(".", "__")


@dataclass(frozen=True, slots=True)
class Answered:
    """One figure of the answer: its member, its words, its unit (``given`` is the one of the page)."""

    name: str
    label: Text
    unit: str


@dataclass(frozen=True, slots=True)
class Question:
    """One page: the topic that answers it, its title, what it is for, its fields and figures."""

    key: str
    group: str
    topic: str
    title: Text
    purpose: Text
    asked: tuple[Asked, ...]
    answered: tuple[Answered, ...]
    has_quantity: bool


@cache
def questions() -> dict[str, Question]:
    """Return every page by its key."""
    file = resources.files("jialiang.console.measurement_science") / "questions.json"
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    shared = {name: _asked(entry) for name, entry in told["shared"].items()}
    return {key: _question(key, entry, shared) for key, entry in told["questions"].items()}


def groups() -> dict[str, list[Question]]:
    """Return the pages by group, in their order."""
    found: dict[str, list[Question]] = {}
    for question in questions().values():
        found.setdefault(question.group, []).append(question)
    return found


@cache
def word(name: str) -> Text:
    """Return the words for a value that is a word (``extend``, ``legal_maximum`` …), or the value itself."""
    file = resources.files("jialiang.console.measurement_science") / "questions.json"
    words: Mapping[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))["words"]
    return Text.from_json(words[name]) if name in words else Text(name, name)


def _question(key: str, entry: Mapping[str, Any], shared: Mapping[str, Asked]) -> Question:
    return Question(
        key=key,
        group=entry["group"],
        topic=entry["topic"],
        title=Text.from_json(entry["title"]),
        purpose=Text.from_json(entry["purpose"]),
        asked=tuple(shared[one] if isinstance(one, str) else _asked(one) for one in entry["asked"]),
        answered=tuple(Answered(a["name"], Text.from_json(a), a.get("unit", "")) for a in entry["answered"]),
        has_quantity=entry.get("has_quantity", False),
    )


def _asked(entry: Mapping[str, Any]) -> Asked:
    return Asked(
        name=entry["name"],
        kind=entry["kind"],
        label=Text.from_json(entry),
        hint=Text.from_json(entry.get("hint", {})),
        choices=tuple((value, Text.from_json(words)) for value, words in entry.get("choices", {}).items()),
        initial=entry.get("initial", ""),
        required=entry.get("required", False),
        columns=tuple(entry.get("columns", ())),
    )
