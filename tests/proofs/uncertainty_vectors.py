"""All uncertainty vectors with draws: 20 seeds at 10⁷ draws against exact figures, else against the reference draws.

    python -m tests.proofs.uncertainty_vectors --draws 10000000 --seeds 20 [--oracles FOLDER]

Figures whose vector says "from memory" are printed beside ours and judged by nobody.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jialiang.science.documents.reading import read_document
from jialiang.science.montecarlo import MonteCarloSettings, simulate_jointly

FOLDER = Path(os.environ.get("JIALIANG_ORACLES", "../shared/data")) / "uncertainty"
EXACT = {"exact_mean": "y", "exact_u": "u", "y": "y", "u": "u"}


def wanted(vector: Mapping[str, Any]) -> Iterator[tuple[str, str, Any, float]]:
    """Yield (output, figure, value, tolerance): exact ones first; reference draws for what has no exact figure."""
    expected, reference = vector["expected"], vector.get("reference_mc", {})
    if "mag" in reference:
        for output in ("mag", "phase"):
            for figure in ("y", "u"):
                yield output, figure, reference[output][figure], expected["tol"][f"{output}_{figure}"]
        return
    if "real" in expected:
        for part in ("real", "imag"):
            yield f"Gamma.{part}", "y", expected[part]["y"], expected[part]["tol"]
            yield f"Gamma.{part}", "u", expected[part]["u"], expected[part]["tol"]
        return
    tolerance = expected.get("mcm_tol") or expected.get("mcm", {}).get("tol")
    if tolerance is None:
        return
    output = next(iter(vector["model"]["expr"]))
    exact = {EXACT[name]: value for name, value in expected.get("exact", {}).items() if name in EXACT}
    for figure in ("y", "u"):
        value = exact.get(figure, reference.get(figure))
        if value is not None:
            yield output, figure, value, tolerance[figure]
    exact_ends = expected.get("exact", {})
    rows = reference.get("intervals", [])
    if "interval95" in exact_ends:
        rows = [{"p": 0.95, "probabilistically_symmetric": exact_ends["interval95"]}]
    for row in rows:
        for kind in ("probabilistically_symmetric", "shortest"):
            if kind in row:
                yield (
                    output,
                    f"{kind}@{row['p']}",
                    _exact_end(row[kind], kind, exact_ends),
                    tolerance["interval"],
                )


def _exact_end(ends: list[float], kind: str, exact: Mapping[str, Any]) -> list[float]:
    if kind == "shortest" and "shortest95_lower" in exact:
        return [exact["shortest95_lower"], exact["shortest95_upper"]]
    return ends


def away(vector: Mapping[str, Any], draws: int, seed: int) -> list[tuple[str, str, float]]:
    """Return (output, figure, distance in tolerances) of one run."""
    document = read_document(vector)
    found = []
    targets = list(wanted(vector))
    for p in sorted({figure.partition("@")[2] for _, figure, _, _ in targets if "@" in figure} or {"0.95"}):
        settings = MonteCarloSettings(seed=seed, draws=draws, coverage_probability=float(p))
        joint = simulate_jointly(document.budget, document.model.outputs, document.model, settings)
        for output, figure, value, tolerance in targets:
            ours, kind = joint.outputs[output], figure.partition("@")[0]
            if figure.endswith(f"@{p}"):
                ends = ours.shortest_interval if kind == "shortest" else ours.symmetric_interval
                distance = max(abs(a - b) for a, b in zip(ends, value, strict=True))
            elif "@" not in figure:
                distance = abs((ours.estimate if figure == "y" else ours.standard_uncertainty) - value)
            else:
                continue
            found.append((output, figure, distance / tolerance))
    return found


def prove(folder: Path, draws: int, seeds: int, first_seed: int) -> list[dict[str, object]]:
    """Return one row for each vector with draws."""
    rows: list[dict[str, object]] = []
    for file in sorted(folder.glob("*.json")):
        vector = json.loads(file.read_text(encoding="utf-8"))
        if "expr" not in vector.get("model", {}) or not list(wanted(vector)):
            continue
        started, held, worst = time.process_time(), 0, 0.0
        for seed in range(first_seed, first_seed + seeds):
            farthest = max(distance for _, _, distance in away(vector, draws, seed))
            held += farthest <= 1
            worst = max(worst, farthest)
        rows.append(
            {
                "vector": vector["id"],
                "figures": len(list(wanted(vector))),
                "seeds": seeds,
                "held": held,
                "farthest_in_tolerances": round(worst, 3),
                "cpu_seconds": round(time.process_time() - started, 1),
                "from_memory": "memory" in vector.get("evidence", ""),
            }
        )
    return rows


def main() -> int:
    """Print one JSON object. Returns 1 where a figure lay outside its tolerance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000_000)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--oracles", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    rows = prove(chosen.oracles, chosen.draws, chosen.seeds, chosen.first_seed)
    json.dump(rows, sys.stdout, indent=1)
    return 0 if rows and all(row["held"] == row["seeds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
