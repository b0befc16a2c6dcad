"""Where an error of a budget stands on its page: beside the row that it speaks of, with the term named."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from jialiang.console.measurement_science.budget_sheet import BudgetSheet
from jialiang.console.measurement_science.wording import sentence
from jialiang.console.wording import in_words
from jialiang.kernel.errors import InvalidInput

INPUT = re.compile(r"inputs\[(\d+)\](?:\.(\w+))?")
CELLS = {
    "name": "name", "mean": "value", "value": "value", "unit": "unit", "dof": "dof", "distribution": "distribution",
}  # fmt: skip
ELSEWHERE = {
    "correlation": "correlation", "settings.method": "method", "settings.probability": "probability",
    "settings.digits": "digits", "settings.seed": "seed",
}  # fmt: skip
PARAMETERS = {"p": "probability", "digits": "digits", "seed": "seed"}
UNKNOWN_DISTRIBUTION = "JL-UNC-010"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, as a sentence; the id of the field; where a formula is wrong, its text around the term."""

    where: str
    words: str
    before: str = ""
    term: str = ""
    after: str = ""

    def at(self, where: str) -> Fault:
        """Return the same fault at another field."""
        return replace(self, where=where)


def faults_of_sheet(sheet: BudgetSheet) -> list[Fault]:
    """Return what was noted while the document was put together, in the order of the fields."""
    return [Fault(where, in_words(words)) for where, words in sheet.wrong.items()]


def fault_of(error: InvalidInput, sheet: BudgetSheet) -> Fault:
    """Return an error of reading or evaluating with its place."""
    words = sentence(error)
    if error.code.startswith("JL-EXPR-"):
        return _in_a_formula(error, sheet, words)
    path = str(error.facts.get("path", ""))
    member = str(error.facts.get("member", ""))
    place = INPUT.match(member) or INPUT.match(path)
    if place is not None and int(place[1]) < len(sheet.inputs):
        cell = CELLS.get(place[2] or "", "parameters")
        cell = "distribution" if error.code == UNKNOWN_DISTRIBUTION else cell
        return Fault(f"i-{place[1]}-{cell}", words)
    for start, where in ELSEWHERE.items():
        if (member or path).startswith(start):
            return Fault(where, words)
    return Fault(PARAMETERS.get(str(error.facts.get("parameter", "")), "f-0-expression"), words)


def _in_a_formula(error: InvalidInput, sheet: BudgetSheet, words: str) -> Fault:
    """Find the formula that holds the term, name or source which the error speaks of; else take the first."""
    facts = error.facts
    term = str(facts.get("term") or facts.get("name") or facts.get("found") or "")
    source = str(facts.get("source") or "")
    for place, row in enumerate(sheet.formulas):
        text = row["expression"]
        if source and source.strip() == text.strip():
            return _marked(place, text, term, words)
        if not source and term and _find(text, term):
            return _marked(place, text, term, words)
    return Fault("f-0-expression", words)


def _marked(place: int, text: str, term: str, words: str) -> Fault:
    where, found = f"f-{place}-expression", _find(text, term) if term else None
    if found is None:
        return Fault(where, words)
    return Fault(where, words, text[: found.start()], found[0], text[found.end() :])


def _find(text: str, term: str) -> re.Match[str] | None:
    """Find a term in a formula whatever blanks stand in it; a name is found as a whole word."""
    letters = [re.escape(letter) for letter in term if not letter.isspace()]
    edge = r"(?<!\w)" if term[:1].isidentifier() else ""
    end = r"(?!\w)" if term[-1:].isalnum() else ""
    return re.search(edge + r"\s*".join(letters) + end, text)
