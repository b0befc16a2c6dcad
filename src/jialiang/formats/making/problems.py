"""What is wrong with a document, all of it at once, each with its place in the document or the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from jialiang.formats.findings import DocumentFinding
from jialiang.formats.making.fields import PACKAGE, table
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text

Path: TypeAlias = "tuple[str | int, ...]"
RULES = "DCC-DOCUMENT"
MOST = 500
_SHOWN = 80


class DocumentNotUsable(InvalidInput):
    """The document cannot become a certificate; facts: count, first. ``findings`` are all that was found."""

    code = "JL-MAK-001"

    def __init__(self, findings: tuple[DocumentFinding, ...]) -> None:
        self.findings = findings
        first = findings[0]
        place = f"{first.path}: " if first.path else ""
        super().__init__(count=len(findings), first=Text(place + first.text.zh, place + first.text.en))


@dataclass
class Problems:
    """Problems as they are found; ``places`` says where in a workbook a path was read from."""

    places: Mapping[Path, str] = field(default_factory=dict)
    found: list[DocumentFinding] = field(default_factory=list)

    def add(self, kind: str, path: Path, **facts: object) -> None:
        """Note a problem; ``kind`` names its words in ``problems.json``."""
        words = Text.from_json(table(f"{PACKAGE}:problems.json")[kind])
        shown = {name: fact[:_SHOWN] if isinstance(fact, str) else fact for name, fact in facts.items()}
        if len(self.found) < MOST:
            self.found.append(
                DocumentFinding(f"{RULES}-{kind}", "error", None, self.place(path), words.format(**shown))
            )

    def place(self, path: Path) -> str:
        """Return a path as people find it: the cell it was read from or nearest to, else ``$.items[0].name``."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return json_path(path)

    def raise_if_any(self) -> None:
        """Raise DocumentNotUsable with everything that was found."""
        if self.found:
            raise DocumentNotUsable(tuple(self.found))


def json_path(path: Path) -> str:
    """Return ``$.items[0].name`` for a path."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
