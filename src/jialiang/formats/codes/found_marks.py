"""The codes and seals that somebody found on an instrument against those on record: which agree, which one differs.

Where a code was found that is on record for the instrument under the same role it agrees. What is left over is named: a
code that belongs to another instrument, one on record under another role, one that stands where another should (it
differs), one that nobody knows, and one on record that was not found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["agrees", "differs", "missing", "foreign", "other_role", "unknown"]


@dataclass(frozen=True, slots=True)
class CarriedCode:
    """A code or seal with its role; an empty role of a found one means that its finder could not tell."""

    role: str
    code: str


@dataclass(frozen=True, slots=True)
class MarkFinding:
    """What is to be said of one code. ``expected`` is on record, ``instrument`` another one that it belongs to."""

    outcome: Outcome
    role: str
    found: str = ""
    expected: str = ""
    instrument: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the finding for JSON."""
        told = {"outcome": self.outcome, "role": self.role, "found": self.found}
        return told | {"expected": self.expected, "instrument": self.instrument}


@dataclass(frozen=True, slots=True)
class MarkComparison:
    """All findings, those on record in their order first."""

    findings: tuple[MarkFinding, ...]

    @property
    def agrees(self) -> bool:
        """Whether every code on record was found and nothing else: at least one has to be."""
        return bool(self.findings) and all(each.outcome == "agrees" for each in self.findings)


def folded_code(code: str) -> str:
    """Return a code as it is compared: without blanks, which seals lose, and without regard to capitals."""
    return "".join(code.split()).casefold()


def compare_marks(
    recorded: Sequence[CarriedCode], found: Sequence[CarriedCode], elsewhere: Mapping[str, str]
) -> MarkComparison:
    """Compare what was found with what is on record.

    ``elsewhere`` names, by folded code, the other instrument that a found code belongs to.
    """
    left = {(each.role, folded_code(each.code)): each for each in found}
    findings: list[MarkFinding] = []
    absent: list[CarriedCode] = []
    for mark in recorded:
        code = folded_code(mark.code)
        same = left.pop((mark.role, code), None) or left.pop(("", code), None)
        if same is None:
            absent.append(mark)
        else:
            findings.append(MarkFinding("agrees", mark.role, same.code, mark.code))
    strange = list(left.values())
    findings += [_claimed(each, absent, elsewhere) for each in strange]
    findings += [MarkFinding("missing", mark.role, expected=mark.code) for mark in absent]
    return MarkComparison(tuple(findings))


def _claimed(found: CarriedCode, absent: list[CarriedCode], elsewhere: Mapping[str, str]) -> MarkFinding:
    """Say what a code is that did not agree, and strike the record off that it stands for."""
    code = folded_code(found.code)
    same_code = next((mark for mark in absent if folded_code(mark.code) == code), None)
    if same_code is not None:
        absent.remove(same_code)
        return MarkFinding("other_role", found.role, found.code, same_code.code)
    stands_for = next((mark for mark in absent if mark.role == found.role), None)
    if stands_for is not None:
        absent.remove(stands_for)
    expected = stands_for.code if stands_for is not None else ""
    if code in elsewhere:
        return MarkFinding("foreign", found.role, found.code, expected, elsewhere[code])
    return MarkFinding("differs" if expected else "unknown", found.role, found.code, expected)
