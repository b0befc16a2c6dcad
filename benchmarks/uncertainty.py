"""``python -m benchmarks.uncertainty``: the engine beside plain numpy, in one run on this machine.

The mass calibration of JCGM 101, 9.3, with 10⁶ draws and its shortest interval; memory above import at 10⁶ and 10⁷
draws; the law of propagation for a budget of ten inputs; validated budgets a minute. Peers are timed only where they
are installed in an environment of their own (``--peer metrolopy=/path/to/python``): the product never imports them.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from jialiang.science.documents.evaluating import evaluate_document, propagate
from jialiang.science.documents.reading import read_document, with_settings
from jialiang.science.montecarlo import MonteCarloSettings, simulate_jointly

ROOT = Path(__file__).resolve().parent.parent
MASS = {
    "id": "mass calibration",
    "model": {
        "expr": {"dm": "(mRc + dmRc)*(1 + (rho_a - 1.2)*(1/rho_W - 1/rho_R)) - 100000"},
        "unit": {"dm": "mg"},
    },
    "inputs": [
        {"name": "mRc", "unit": "mg", "distribution": "normal", "mean": 100000.0, "u": 0.05},
        {"name": "dmRc", "unit": "mg", "distribution": "normal", "mean": 1.234, "u": 0.02},
        {"name": "rho_a", "unit": "kg/m3", "distribution": "rectangular", "low": 1.1, "high": 1.3},
        {"name": "rho_W", "unit": "kg/m3", "distribution": "rectangular", "low": 7000.0, "high": 9000.0},
        {"name": "rho_R", "unit": "kg/m3", "distribution": "rectangular", "low": 7950.0, "high": 8050.0},
    ],
}
TEN = {
    "id": "ten inputs",
    "model": {"expr": {"y": "(a + b + c)*d/e - f*sqrt(g) + h*(1 + i*j)"}},
    "inputs": [
        {"name": name, "mean": 1.0 + k / 10, "u": 0.01, "dof": 9 if k % 2 else None}
        for k, name in enumerate("abcdefghij")
    ],
}
AIMS = {
    "ratio_to_numpy": (1.1, "at most"),
    "mebibytes_at_1e6": (40.0, "at most"),
    "mebibytes_above_8_bytes_a_draw_at_1e7": (32.0, "at most"),
    "law_of_ten_inputs_ms": (2.0, "at most"),
    "validated_budgets_a_minute": (200.0, "at least"),
}
MEMORY = """
import resource, sys
from benchmarks.uncertainty import MASS, ours, warm
warm()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
ours(int(sys.argv[1]), 1)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
PEERS = {
    "metrolopy": """
import time, metrolopy as uc
def run():
    m, d = uc.gummy(uc.NormalDist(1e5, .05)), uc.gummy(uc.NormalDist(1.234, .02))
    limits = ((1.1, 1.3), (7000, 9000), (7950, 8050))
    a, w, r = (uc.gummy(uc.UniformDist(lower_limit=l, upper_limit=h)) for l, h in limits)
    y = (m + d)*(1 + (a - 1.2)*(1/w - 1/r)) - 1e5
    y.p = .95
    t = time.perf_counter(); uc.gummy.simulate([y], n=1000000); y.cisim; return time.perf_counter() - t
run(); print(sorted(run() for _ in range(5))[2])
""",
    "suncal": """
import time, suncal
u = suncal.Model('(mRc + dmRc)*(1 + (rho_a - 1.2)*(1/rho_W - 1/rho_R)) - 100000')
u.var('mRc').measure(100000).typeb(std=.05); u.var('dmRc').measure(1.234).typeb(std=.02)
for n, c, a in (('rho_a', 1.2, .1), ('rho_W', 8000, 1000), ('rho_R', 8000, 50)):
    u.var(n).measure(c).typeb(dist='uniform', a=a)
def run():
    t = time.perf_counter(); r = u.monte_carlo(samples=1000000); r.expanded(conf=.95); return time.perf_counter() - t
run(); print(sorted(run() for _ in range(5))[2])
""",
}


def plain_numpy(draws: int, seed: int) -> tuple[float, ...]:
    """Return mean, u and the shortest interval as one would write them by hand."""
    g = np.random.Generator(np.random.PCG64(seed))
    m, d = g.normal(100000, 0.05, draws), g.normal(1.234, 0.02, draws)
    a, w, r = g.uniform(1.1, 1.3, draws), g.uniform(7000, 9000, draws), g.uniform(7950, 8050, draws)
    y = (m + d) * (1 + (a - 1.2) * (1 / w - 1 / r)) - 100000
    mean, u = float(y.mean()), float(y.std(ddof=1))
    y.sort()
    inside = round(0.95 * draws)
    first = int(np.argmin(y[inside:] - y[:-inside]))
    return mean, u, float(y[first]), float(y[first + inside])


def ours(draws: int, seed: int) -> tuple[float, ...]:
    """Return the same figures from the engine (and the symmetric interval, which comes with them)."""
    document = read_document(MASS)
    settings = MonteCarloSettings(seed=seed, draws=draws)
    joint = simulate_jointly(document.budget, document.model.outputs, document.model, settings)
    found = joint.outputs["dm"]
    return found.estimate, found.standard_uncertainty, *found.shortest_interval


def warm() -> None:
    """Load everything that loads on first use."""
    ours(20_000, 1)


def seconds(deed: Callable[[], object], times: int) -> list[float]:
    """Return the processor seconds of each run, which other work on the machine does not lengthen as much."""
    found = []
    for _ in range(times):
        started = time.process_time()
        deed()
        found.append(time.process_time() - started)
    return found


def against_numpy(times: int) -> dict[str, float]:
    """Time both in turn, so that both meet the same machine."""
    warm()
    pairs = []
    for k in range(times):
        (theirs,) = seconds(lambda k=k: plain_numpy(10**6, k), 1)
        (own,) = seconds(lambda k=k: ours(10**6, k), 1)
        pairs.append((theirs, own))
    return {
        "numpy_ms": 1000 * statistics.median(pair[0] for pair in pairs),
        "ours_ms": 1000 * statistics.median(pair[1] for pair in pairs),
        "ratio_to_numpy": statistics.median(own / theirs for theirs, own in pairs),
    }


def memory(draws: int) -> float:
    """Return the peak above import, in MiB, in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", MEMORY, str(draws)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(ran.stdout)


def law_of_ten_inputs() -> float:
    """Return milliseconds of first-order propagation, the document being read already."""
    document = read_document(TEN)
    propagate(document, "lpu")
    return 1000 * statistics.median(seconds(lambda: propagate(document, "lpu"), 200))


def validated_budgets() -> float:
    """Return how many documents are read, propagated and validated by adaptive draws in a minute of one core."""
    deed = lambda: evaluate_document(with_settings(read_document(MASS), method="lpu2"))  # noqa: E731
    deed()
    return 60 / statistics.mean(seconds(deed, 10))


def peer(name: str, python: str) -> float | None:
    """Return the milliseconds of a peer in its own environment; None where it cannot be run."""
    ran = subprocess.run(
        [python, "-c", PEERS[name]], capture_output=True, text=True, check=False, timeout=300
    )
    return 1000 * float(ran.stdout) if ran.returncode == 0 else None


def main() -> int:
    """Measure, print a table and leave it as JSON. Returns 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "uncertainty.json")
    chosen = parser.parse_args()
    million, ten_million = memory(10**6), memory(10**7)
    figures: dict[str, float | None] = {
        **against_numpy(chosen.times),
        "mebibytes_at_1e6": million,
        "mebibytes_at_1e7": ten_million,
        "mebibytes_above_8_bytes_a_draw_at_1e7": ten_million - 8e7 / 2**20,
        "law_of_ten_inputs_ms": law_of_ten_inputs(),
        "validated_budgets_a_minute": validated_budgets(),
        "own_peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    figures |= {
        f"{name}_ms": peer(name, python) for name, _, python in (p.partition("=") for p in chosen.peer)
    }
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    missed = 0
    for name, figure in figures.items():
        aim, sense = AIMS.get(name, (None, ""))
        kept = aim is None or figure is None or (figure <= aim if sense == "at most" else figure >= aim)
        missed += not kept
        words = f"  aim: {sense} {aim:g}{'' if kept else '  MISSED'}" if aim is not None else ""
        print(f"{name:<42} {'-' if figure is None else f'{figure:10.2f}'}{words}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
