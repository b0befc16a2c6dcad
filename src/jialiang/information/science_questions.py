"""Questions of measurement science as doors ask them: the calculation of ``science``, within the bounds of one request.

A person at a command line may wait; a process that serves others may not. What passes a bound is refused before the
calculation begins, with the bound and the way to have it done elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jialiang.formats.budget_exchange.certificate_input import (
    CertificateValue,
    input_of_certificate,
    values_of_certificate,
)
from jialiang.formats.budget_exchange.certificate_part import certificate_part
from jialiang.formats.budget_exchange.exchange import read_budget, write_budget
from jialiang.formats.budget_exchange.notations import Notation
from jialiang.information.science_errors import AskedTooMuch
from jialiang.science.documents.errors import DocumentTooLarge, NotANumberOfDraws
from jialiang.science.documents.evaluating import DocumentEvaluation, evaluate_document
from jialiang.science.documents.reading import BudgetDocument, read_document, with_settings
from jialiang.science.expression.limits import Limits
from jialiang.science.topics.registry import evaluate_topic

MOST_BYTES = 1 << 20
MOST_DRAWS = 1_000_000
MOST_DRAWN_NUMBERS = 50_000_000
MOST_KEPT_NUMBERS = 4_000_000
MOST_INPUTS = 200
MOST_INPUTS_OF_SECOND_ORDER = 60
MOST_OUTPUTS = 20
HIGHEST_PROBABILITY = 0.9973
MOST_NUMBERS = 20_000
LIMITS = Limits(depth=64, nodes=5_000, operations=5_000, characters=20_000, seconds=2.0)
_FEWEST = 1 << 16
_AT_MOST: Mapping[str, Mapping[str, int]] = {
    "interval-s2": {"": 300},
    "key-comparison": {"": 60, "draws": 100_000},
    "allan": {"taus": 200},
    "change-points": {"": 5_000},
    "calibration-curve": {"": 5_000, "order": 9},
    "drift": {"": 5_000},
    "interval-variables": {"": 5_000, "order": 9},
    "comparison-round": {"": 500},
    "weighted-mean": {"": 500},
}
"""By topic: the longest list (under the empty name, else that of one member), and the largest whole number."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What goes before the settings of a document; None leaves them. ``draws`` is a number or ``adaptive``."""

    method: str | None = None
    draws: str | None = None
    seed: int | None = None
    probability: float | None = None
    digits: int | None = None


def evaluate_budget(data: Any, wishes: Wishes | None = None) -> DocumentEvaluation:
    """Read and evaluate a budget document. Raises AskedTooMuch and what ``science.documents`` raises."""
    document = read_document(data, LIMITS)
    return evaluate_document(bounded(_wished(document, wishes or Wishes())))


def open_budget(data: bytes) -> Any:
    """Return the document of a file in any notation. Raises what ``formats.budget_exchange`` raises."""
    return read_budget(data)


def convert_budget(document: Any, notation: Notation) -> bytes:
    """Write a document in another notation; what needs it evaluated is done within the bounds of one request."""
    if notation == "dcc":
        return certificate_part(document, evaluate_budget(document))
    if notation == "gtc":
        bounded(read_document(document, LIMITS))
    return write_budget(document, notation, LIMITS)


def budget_input(certificate: bytes, reference: str, name: str) -> dict[str, Any]:
    """Return a value of a certificate as an input. Raises what ``formats.budget_exchange`` and reading it raise."""
    return input_of_certificate(_fitting(certificate), reference, name)


def budget_inputs(certificate: bytes) -> tuple[CertificateValue, ...]:
    """Return every value of a certificate that can become an input. Raises what reading a certificate raises."""
    return values_of_certificate(_fitting(certificate))


def _fitting(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise DocumentTooLarge(limit=MOST_BYTES)
    return data


def evaluate_question(topic: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Evaluate one topic. Raises AskedTooMuch and what ``science.topics`` raises."""
    bounds = _AT_MOST.get(topic, {})
    for name, value in data.items():
        _require(name, _count(value), bounds.get(name, bounds.get("", MOST_NUMBERS)))
        if name in ("draws", "order") and name in bounds:
            _require(name, _whole(value), bounds[name])
    return evaluate_topic(topic, data)


def bounded(document: BudgetDocument) -> BudgetDocument:
    """Return the document with a limit on its adaptive draws. Raises AskedTooMuch where it asks for more."""
    settings = document.settings
    inputs, outputs = len(document.budget.inputs), len(document.model.outputs)
    _require("inputs", inputs, MOST_INPUTS_OF_SECOND_ORDER if settings.method == "lpu2" else MOST_INPUTS)
    _require("model.outputs", outputs, MOST_OUTPUTS)
    if settings.probability > HIGHEST_PROBABILITY:
        raise AskedTooMuch(
            member="settings.probability", given=settings.probability, most=f"{HIGHEST_PROBABILITY:g}"
        )
    most = min(MOST_DRAWS, MOST_DRAWN_NUMBERS // max(inputs, 1), MOST_KEPT_NUMBERS // max(outputs, 1))
    if settings.draws is not None:
        _require("settings.draws", settings.draws, most)
    return with_settings(document, largest_draws=max(most, _FEWEST))


def _wished(document: BudgetDocument, wishes: Wishes) -> BudgetDocument:
    changed = with_settings(
        document,
        method=wishes.method,
        seed=wishes.seed,
        probability=wishes.probability,
        digits=wishes.digits,
    )
    if wishes.draws is None:
        return changed
    if wishes.draws == "adaptive":
        return with_settings(changed, draws_adaptive=True)
    if not (wishes.draws.isascii() and wishes.draws.isdecimal() and len(wishes.draws) <= len(str(10**9))):
        raise NotANumberOfDraws(given=wishes.draws[:40])
    return with_settings(changed, draws=int(wishes.draws))


def _require(member: str, given: int, most: int) -> None:
    if given > most:
        raise AskedTooMuch(member=member, given=given, most=most)


def _count(value: Any) -> int:
    """Return how many numbers, texts or objects a member holds, however deep they lie."""
    if isinstance(value, Mapping):
        return sum(_count(inside) for inside in value.values())
    if isinstance(value, list):
        return sum(_count(inside) for inside in value)
    return 1


def _whole(value: Any) -> int:
    """Return the size of a number; what is none is left to the topic, which says so."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return 0
