"""Which explanation holds for a difference: the one whose convention makes our figure the peer's.

Explanations are data (``explanations.json``): ``id``, ``peer``, ``convention``, ``figures``, ``title``, ``says`` and
``right`` (``ours``, ``theirs`` or ``both``). No explanation is believed by its words; a difference
without one is unexplained.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.peers.comparing import Difference, Figure, agree
from benchmarks.peers.conventions import OF_FIGURES, OF_MODELS
from benchmarks.peers.own import answer
from benchmarks.peers.record_conventions import OF_RECORDS

FILE = Path(__file__).with_name("explanations.json")
MOST_TOGETHER = 3


@dataclass(frozen=True)
class Explanation:
    """What a peer does otherwise, in words and as a convention that can be computed."""

    id: str
    peer: str
    convention: str
    figures: tuple[str, ...]
    title: str
    says: str
    right: str


def explanations(file: Path = FILE) -> list[Explanation]:
    """Read the explanations."""
    entries = json.loads(file.read_text(encoding="utf-8"))
    return [Explanation(**{**entry, "figures": tuple(entry["figures"])}) for entry in entries]


class Explainer:
    """Finds the explanations of differences; evaluates every changed model once."""

    def __init__(
        self, known: Sequence[Explanation], models: Mapping[str, Any], own: Mapping[str, Any]
    ) -> None:
        """Take the explanations, the models by id and our answers to them."""
        self._known, self._models, self._own = known, models, own
        self._changed: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}

    def explain(self, found: Difference, theirs: Mapping[str, Any]) -> tuple[Explanation, ...]:
        """Return the fewest explanations that together give the peer's figure; none where there are none."""
        usable = [e for e in self._known if e.peer == found.peer and found.figure in e.figures]
        if found.kind == "record":
            return self._of_record(found, theirs, usable)
        for count in range(1, MOST_TOGETHER + 1):
            for chosen in combinations(usable, count):
                if self._holds(found, chosen):
                    return chosen
        return ()

    def _of_record(
        self, found: Difference, theirs: Mapping[str, Any], usable: Sequence[Explanation]
    ) -> tuple[Explanation, ...]:
        record, own = self._models[found.model], self._own[found.model]["outputs"][found.output]
        other = theirs["outputs"][found.output]
        for explanation in usable:
            expected = OF_RECORDS[explanation.convention](found, record, own, other)
            if agree(expected, found.theirs):
                return (explanation,)
        return ()

    def _holds(self, found: Difference, chosen: Sequence[Explanation]) -> bool:
        names = tuple(e.convention for e in chosen)
        changed = self._evaluated(found.model, tuple(n for n in names if n in OF_MODELS))
        if found.figure == "r":
            by_pair = {f"{a}, {b}": r for a, b, r in changed["correlation"]}
            return agree(by_pair[found.output], found.theirs)
        row: dict[str, Figure] = changed["outputs"][found.output]
        before = dict(row)
        for name in (n for n in names if n in OF_FIGURES):
            row = OF_FIGURES[name](row, changed["contributions"].get(found.output, []))
        takes_part = row != before or any(n in OF_MODELS for n in names)
        return takes_part and agree(row[found.figure], found.theirs)

    def _evaluated(self, model: str, changes: tuple[str, ...]) -> dict[str, Any]:
        if not changes:
            return dict(self._own[model])
        if (model, changes) not in self._changed:
            changed = self._models[model]
            for name in changes:
                changed = OF_MODELS[name](changed)
            self._changed[model, changes] = answer(changed)
        return self._changed[model, changes]
