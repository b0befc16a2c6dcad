"""The report of a comparison round as data: one JSON object, and one CSV row a result."""

from __future__ import annotations

import csv
import io
from typing import Any

from jialiang.base.comparison_rounds.errors import RoundStateForbids
from jialiang.base.comparison_rounds.selectors import ComparisonRound
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import ComparisonRoundState, label

SHOWN = (ComparisonRoundState.EVALUATED, ComparisonRoundState.REPORTED)
COLUMNS = (
    "artefact", "code", "participant_zh", "participant_en", "measured_value", "expanded_uncertainty",
    "coverage_factor", "unit", "assigned_value", "assigned_expanded_uncertainty", "difference",
    "difference_uncertainty", "contributes", "en", "zeta", "z", "zprime",
)  # fmt: skip


def report_of(row: ComparisonRound) -> dict[str, Any]:
    """Return the report of an evaluated or reported round; no query. Raises RoundStateForbids before that."""
    if row.state not in SHOWN or row.evaluation is None:
        names = [label(state) for state in SHOWN]
        raise RoundStateForbids(
            number=row.number,
            state=label(ComparisonRoundState(row.state)),
            allowed=Text("、".join(n.zh for n in names), ", ".join(n.en for n in names)),
        )
    return {
        "number": row.number,
        "name": row.name.to_json(),
        "quantity": row.quantity.to_json(),
        "state": row.state,
        "reported_at": row.reported_at.isoformat() if row.reported_at else None,
        "reported_by_name": row.reported_by_name,
        "evaluation_digest": row.evaluation_digest,
        "evaluation": row.evaluation,
    }


def report_table(row: ComparisonRound) -> str:
    """Return the report as CSV (RFC 4180): one row a result and artefact. Raises RoundStateForbids."""
    document = report_of(row)["evaluation"]
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for artefact in document["artefacts"]:
        for each in artefact["rows"]:
            writer.writerow(_line(artefact, each, document["unit"]))
    return written.getvalue()


def _line(artefact: dict[str, Any], each: dict[str, Any], unit: str) -> dict[str, Any]:
    scores = {score["name"]: score["score"] for score in each["scores"]}
    words = {f"participant_{language}": _inert(each["name"].get(language, "")) for language in ("zh", "en")}
    numbers = {name: value for name, value in each.items() if name in COLUMNS}
    return numbers | words | scores | {
        "artefact": artefact["position"],
        "code": _inert(each["code"]),
        "contributes": "yes" if each["contributes"] else "no",
        "unit": unit,
        "assigned_value": artefact["assigned"]["value"],
        "assigned_expanded_uncertainty": artefact["assigned"]["expanded_uncertainty"],
    }


def _inert(words: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{words}" if words[:1] in ("=", "+", "-", "@") else words
