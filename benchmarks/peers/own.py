"""Our side: the neutral models as budget documents, the records by the Allan family; answers as the sides give them."""

from __future__ import annotations

from typing import Any

from benchmarks.peers.generating import PROBABILITY, Model
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.documents.results import result_to_plain
from jialiang.science.stability.allan import deviation, phase_record
from jialiang.science.stability.allan_confidence import confidence, noise_type

SETTINGS = {
    "method": "lpu",
    "probability": PROBABILITY,
    "degrees_of_freedom_rule": "real",
    "validate": False,
    "draws": 100_000,
    "seed": 1,
}
"""ν as a real number, as every peer takes it; our default cuts it to the whole number below (GUM G.4.1)."""


def document_of(model: Model) -> dict[str, Any]:
    """Return the budget document of a neutral model."""
    group_of = {name: "+".join(members) for members in model["groups"] for name in members}
    inputs = [_input(item, group_of.get(item["name"])) for item in model["inputs"]]
    inputs += [{k: v for k, v in item.items() if v is not None} for item in model["complex"]]
    return {
        "id": model["id"],
        "model": {"expr": model["expressions"], "outputs": model.get("outputs", list(model["expressions"]))},
        "inputs": inputs,
        "correlation": model["correlation"],
        "settings": SETTINGS,
    }


def _input(item: dict[str, Any], group: str | None) -> dict[str, Any]:
    shape = "t" if item["dof"] is not None else item["distribution"]
    width = {n: item[n] for n in ("u", "half_width", "dof") if item.get(n) is not None}
    own = {"name": item["name"], "mean": item["estimate"], "distribution": shape, **width}
    return own | ({"group": group} if group else {})


def answer(model: Model) -> dict[str, Any]:
    """Evaluate one model by the law of propagation."""
    plain = result_to_plain(evaluate_document(read_document(document_of(model))))
    outputs = {
        name: {n: found[n] for n in ("value", "u", "nu_eff", "U", "coverage_from")}
        for name, found in plain["outputs"].items()
    }
    return {
        "outputs": outputs,
        "correlation": plain["correlation"],
        "contributions": plain["contributions"],
    }


def answer_record(record: dict[str, Any]) -> dict[str, Any]:
    """Evaluate one phase record: every deviation, with the noise told and ν and interval at each noise asked for."""
    phase = phase_record(record["phase"], record["tau0"])
    found: dict[str, Any] = {}
    for kind in record["deviations"]:
        for m in record["factors"]:
            tau = m * record["tau0"]
            value = deviation(phase, kind, tau)
            row: dict[str, Any] = {"value": value}
            if value is not None:
                known = confidence(
                    phase, kind, tau, value, alpha=record["alpha"], probability=record["probability"]
                )
                row |= {"edf": known.degrees_of_freedom, "low": known.low, "high": known.high}
            found[f"{kind} m={m}"] = row
    noises = {
        f"noise m={m}": {"alpha": noise_type(phase.phase, m, lowest=-2)}
        for m in record["factors"]
        if len(record["phase"]) // m >= 40
    }
    return {"outputs": found | noises}
