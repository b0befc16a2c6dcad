"""Does the default stopping rule keep its promise? Runs on three models, against references of 10⁸ draws.

    python -m tests.proofs.adaptive_draws --runs 100 --seed 1
    python -m tests.proofs.adaptive_draws --references 100000000     (made once, kept in tests/vectors)

A run keeps the promise where both ends of both intervals lie within δ of the reference. The shortest interval of the
reference is the plain one, the smallest difference of order statistics, without the smoothing of the engine.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from jialiang.science.coverage_intervals import symmetric_interval
from jialiang.science.documents.reading import BudgetDocument, read_document
from jialiang.science.montecarlo import (
    MonteCarloSettings,
    Simulation,
    Watch,
    numerical_tolerance,
    simulate_jointly,
)
from jialiang.science.sampling import ENGINE_VERSION, Sampler

KEPT = Path(__file__).resolve().parents[1] / "vectors" / "adaptive_references.json"
P = 0.95
REFERENCE_SEED = 20261121


def one_run(document: BudgetDocument, digits: int, seed: int, rule: str) -> Simulation:
    """Draw adaptively once."""
    settings = MonteCarloSettings(
        seed=seed, draws=None, digits=digits, coverage_probability=P, rule=rule, interval_kind="shortest"
    )
    joint = simulate_jointly(document.budget, document.model.outputs, document.model, settings, Watch())
    (found,) = joint.outputs.values()
    return found


def kept_promises(
    model: dict[str, object], digits: int, runs: int, seed: int, rule: str
) -> dict[str, object]:
    """Return in how many runs all four ends lay within δ, and how many draws it took."""
    document, reference = read_document(model["document"]), model["reference"]
    wanted = (*reference["symmetric"], *reference["shortest"])
    delta = numerical_tolerance(reference["u"], digits)
    kept, draws, farthest, started = 0, [], 0.0, time.process_time()
    for run in range(runs):
        found = one_run(document, digits, seed + run, rule)
        ends = (*found.symmetric_interval, *found.shortest_interval)
        away = max(abs(a - b) for a, b in zip(ends, wanted, strict=True))
        kept += away <= delta and found.converged is True
        farthest = max(farthest, away / delta)
        draws.append(found.draws)
    return {
        "model": model["document"]["id"],
        "digits": digits,
        "delta": delta,
        "runs": runs,
        "kept": kept,
        "farthest_in_delta": round(farthest, 3),
        "median_draws": int(np.median(draws)),
        "cpu_seconds_a_run": round((time.process_time() - started) / runs, 2),
    }


def make_references(draws: int) -> dict[str, object]:
    """Draw the references again; takes 8 bytes for each draw."""
    data = json.loads(KEPT.read_text(encoding="utf-8"))
    for model in data["models"]:
        document = read_document(model["document"])
        sampler, values = Sampler(document.budget, REFERENCE_SEED), np.empty(draws)
        for start in range(0, draws, 1 << 16):
            part = values[start : start + (1 << 16)]
            part[:] = document.model(sampler.draw(len(part)))[0]
        moments = float(values.mean()), float(values.std(ddof=1))
        values.sort()
        inside = round(P * draws)
        first = smallest_width(values, inside)
        model["reference"] = {
            "draws": draws,
            "seed": REFERENCE_SEED,
            "engine": ENGINE_VERSION,
            "y": moments[0],
            "u": moments[1],
            "symmetric": list(symmetric_interval(values, P)),
            "shortest": [float(values[first]), float(values[first + inside])],
        }
    return data


def smallest_width(ordered: np.ndarray, inside: int) -> int:
    """Return where the narrowest window of ``inside`` draws begins, looked for in pieces."""
    best, first = float("inf"), 0
    for start in range(0, len(ordered) - inside, 1 << 20):
        stop = min(start + (1 << 20), len(ordered) - inside)
        widths = ordered[start + inside : stop + inside] - ordered[start:stop]
        if widths.min() < best:
            best, first = float(widths.min()), start + int(widths.argmin())
    return first


def main() -> int:
    """Print one JSON object. Returns 1 where fewer than 95 % of the runs kept the promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--digits", type=int, choices=(1, 2), action="append")
    parser.add_argument("--rule", choices=("jialiang", "s1"), default="jialiang")
    parser.add_argument("--references", type=int, metavar="DRAWS")
    chosen = parser.parse_args()
    if chosen.references:
        data = make_references(chosen.references)
        KEPT.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        return 0
    models = json.loads(KEPT.read_text(encoding="utf-8"))["models"]
    found = [
        kept_promises(model, digits, chosen.runs, chosen.seed, chosen.rule)
        for digits in chosen.digits or (1, 2)
        for model in models
    ]
    json.dump(found, sys.stdout, indent=1)
    return 0 if all(row["kept"] >= 0.95 * row["runs"] for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
