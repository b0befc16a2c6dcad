"""Budgets of the literature, kept as documents beside the reader of documents: to look at, to load, to start from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jialiang.console.wording import in_words
from jialiang.kernel.text import Text

ORDER = ("gum-h1", "gum-h2", "gum-h3", "gum-s1-9-3", "nist-e3", "nist-e11")


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: its key in addresses, what it is, and where it is printed."""

    key: str
    title: Text
    source: str


@cache
def examples() -> tuple[Example, ...]:
    """Return all examples in the order of the page."""
    documents = ((key, example_document(key)) for key in ORDER)
    return tuple(Example(key, Text.from_json(d["title"]), str(d["source"])) for key, d in documents)


def example_document(key: str) -> dict[str, Any]:
    """Return a fresh copy of a document. Raises KeyError for an unknown key."""
    if key not in ORDER:
        raise KeyError(key)
    file = resources.files("jialiang.science.documents") / "examples" / f"{key}.json"
    document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return document


def gauge_example() -> dict[str, str]:
    """Return the fields of the example of a gauge study: made up, with operators and parts in both languages."""
    file = resources.files("jialiang.console.measurement_science") / "gauge_example.json"
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    head = "\t".join(in_words(Text.from_json(name)) for name in told["columns"])
    operators = [in_words(Text.from_json(name)) for name in told["operators"]]
    lines = [
        f"{part}\t{operator}\t{trial}\t{value}"
        for part, by_operator in told["readings"].items()
        for operator, values in zip(operators, by_operator, strict=True)
        for trial, value in enumerate(values, 1)
    ]
    return {
        "quantity": in_words(Text.from_json(told["quantity"])),
        "unit": told["unit"],
        "tolerance": told["tolerance"],
        "readings": "\n".join([head, *lines]),
    }
