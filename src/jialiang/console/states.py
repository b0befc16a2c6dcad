"""How states look: one colour, one shape and one word for each state of each noun."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import (
    BudgetState,
    CalibrationState,
    CertificateState,
    CommissionState,
    ComparisonRoundState,
    CustodyState,
    FitnessForUse,
    HandleIdentityState,
    IdentifierState,
    IdentifierTemplateState,
    InstrumentState,
    LabelTemplateState,
    MarkOutcome,
    MarkState,
    NodeReportState,
    PrefixApplicationState,
    PrefixState,
    ReportSignature,
    SiteProposalState,
    StandardState,
    SubordinateNodeState,
    label,
)

ENUMERATIONS: dict[str, type[StrEnum]] = {
    "calibration": CalibrationState,
    "certificate": CertificateState,
    "commission": CommissionState,
    "comparison_round": ComparisonRoundState,
    "custody": CustodyState,
    "fitness": FitnessForUse,
    "handle_identity": HandleIdentityState,
    "identifier": IdentifierState,
    "identifier_template": IdentifierTemplateState,
    "instrument": InstrumentState,
    "instrument_mark": MarkState,
    "label_template": LabelTemplateState,
    "mark_outcome": MarkOutcome,
    "measurement_standard": StandardState,
    "node_report": NodeReportState,
    "uncertainty_budget": BudgetState,
    "prefix": PrefixState,
    "prefix_application": PrefixApplicationState,
    "report_signature": ReportSignature,
    "site_proposal": SiteProposalState,
    "subordinate_node": SubordinateNodeState,
}


@dataclass(frozen=True, slots=True)
class Look:
    """Colour (``ok warn stop info idle diff``), shape and word of one state."""

    kind: str
    shape: str
    word: Text


def look_of(noun: str, state: str) -> Look:
    """Return the look of ``state`` of ``noun``. Raises KeyError naming both: a state without a look is a mistake."""
    try:
        return looks()[noun][state]
    except KeyError:
        raise KeyError(f"states.json has no look for the state {state!r} of {noun!r}") from None


@cache
def looks() -> dict[str, dict[str, Look]]:
    """Return noun → state → look; words come from the vocabulary where the state is one of its enumerations."""
    file = resources.files("jialiang.console") / "states.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    return {
        noun: {
            name: Look(drawn["kind"], drawn["shape"], _word(noun, name, drawn))
            for name, drawn in states.items()
        }
        for noun, states in data.items()
        if noun != "_"
    }


def _word(noun: str, state: str, drawn: dict[str, str]) -> Text:
    if "zh" in drawn:
        return Text(zh=drawn["zh"], en=drawn["en"])
    return label(ENUMERATIONS[noun](state))
