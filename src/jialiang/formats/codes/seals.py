"""Several codes and seals on one instrument: do production, repair and verification codes name the same one?

Each mark was put on by somebody: the maker, a repairer, a verification body. A mark says of which instrument it speaks
(its identifier) and may repeat facts (serial number, model). The facts that most marks agree on are taken as the
instrument's; with a tie the mark put on first, the maker's, decides, because later ones were copied from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jialiang.formats.codes.verdicts import CodeFinding, finding
from jialiang.kernel.text import Text

Kind = Literal["production", "repair", "verification"]
KINDS: tuple[Kind, ...] = ("production", "repair", "verification")
_KIND_WORDS = {
    "production": Text("制造", "production"),
    "repair": Text("修理", "repair"),
    "verification": Text("检定", "verification"),
}
_FACT_WORDS = {
    "identifier": Text("标识", "identifier"),
    "serial": Text("出厂编号", "serial number"),
    "model": Text("型号", "model"),
}
FACTS = tuple(_FACT_WORDS)


@dataclass(frozen=True, slots=True)
class Mark:
    """A code or seal on an instrument: its kind, its own code, and what it says of the instrument (empty: nothing)."""

    kind: Kind
    code: str
    identifier: str = ""
    serial: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A mark that says something else than the others."""

    mark: Mark
    fact: str
    said: str
    expected: str

    def to_json(self) -> dict[str, Any]:
        """Return the difference for JSON."""
        told = {"kind": self.mark.kind, "code": self.mark.code, "fact": self.fact}
        return told | {"said": self.said, "expected": self.expected}


@dataclass(frozen=True, slots=True)
class IdentityVerdict:
    """Whether all marks name one instrument; ``differences`` says which one does not, ``missing`` which kinds lack."""

    same: bool
    differences: tuple[Difference, ...]
    missing: tuple[Kind, ...]
    findings: tuple[CodeFinding, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the verdict for JSON."""
        return {
            "same": self.same,
            "differences": [difference.to_json() for difference in self.differences],
            "missing": list(self.missing),
            "findings": [each.to_json() for each in self.findings],
        }


def check_identity(
    marks: Sequence[Mark], needed: Sequence[Kind] = ("production", "verification")
) -> IdentityVerdict:
    """Compare the marks of one instrument fact by fact.

    Raises ValueError on fewer than two marks: there is nothing to compare.
    """
    if len(marks) < 2:
        raise ValueError("identity is a matter of two marks at least")
    differences = tuple(each for fact in FACTS for each in _differences(marks, fact))
    missing = tuple(kind for kind in needed if all(mark.kind != kind for mark in marks))
    silent = not any(_comparable(marks, fact) for fact in FACTS)
    findings = [_told(each) for each in differences]
    findings += [finding("seal_missing", kind=_KIND_WORDS[kind]) for kind in missing]
    findings += [finding("seals_silent")] if silent else []
    return IdentityVerdict(not differences and not silent, differences, missing, tuple(findings))


def _comparable(marks: Sequence[Mark], fact: str) -> bool:
    return sum(bool(getattr(mark, fact)) for mark in marks) >= 2


def _differences(marks: Sequence[Mark], fact: str) -> list[Difference]:
    said = [(mark, getattr(mark, fact)) for mark in marks if getattr(mark, fact)]
    if not said:
        return []
    by_age = sorted(said, key=lambda pair: KINDS.index(pair[0].kind))
    counts = Counter(_folded(value) for _, value in by_age)
    expected = counts.most_common(1)[0][0]  # the first seen of those that occur equally often
    shown = next(value for _, value in by_age if _folded(value) == expected)
    return [Difference(mark, fact, value, shown) for mark, value in said if _folded(value) != expected]


def _folded(value: str) -> str:
    """Compare without regard to capitals and blanks, which seals lose."""
    return "".join(value.split()).casefold()


def _told(difference: Difference) -> CodeFinding:
    mark = difference.mark
    words = {"kind": _KIND_WORDS[mark.kind], "fact": _FACT_WORDS[difference.fact]}
    return finding("seal_differs", difference.expected, code=mark.code, said=difference.said, **words)
