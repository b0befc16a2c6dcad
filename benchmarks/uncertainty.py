"""``python -m benchmarks.uncertainty``: the engine beside plain numpy, in one run on this machine.

The mass calibration of JCGM 101, 9.3, with 10⁶ draws and its shortest interval; memory above import at 10⁶ and 10⁷
draws; the law of propagation for a budget of ten inputs; validated budgets a minute. metrolopy and suncal run the same
model in turn, each in an environment of its own (``build/peers``, made from the package index): the product never
imports them. All times are processor time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.peers.environments import ENVIRONMENTS, PeerAbsent, install
from benchmarks.peers.environments import PEERS as ALL_PEERS
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
TURN = """
import sys, time
run()
for line in sys.stdin:
    started = time.process_time()
    low, high = run()
    print(time.process_time() - started, float(low), float(high), flush=True)
"""
"""Each line asks for one more run with 10⁶ draws; processor seconds and the shortest interval come back."""
SIDES = {
    "metrolopy": """
import metrolopy as uc
def run():
    m, d = uc.gummy(uc.NormalDist(1e5, .05)), uc.gummy(uc.NormalDist(1.234, .02))
    limits = ((1.1, 1.3), (7000, 9000), (7950, 8050))
    a, w, r = (uc.gummy(uc.UniformDist(lower_limit=l, upper_limit=h)) for l, h in limits)
    y = (m + d)*(1 + (a - 1.2)*(1/w - 1/r)) - 1e5
    y.p, y.cimethod = .95, "shortest"
    uc.gummy.simulate([y], n=1000000)
    return y.cisim
""",
    "suncal": """
import suncal
def run():
    u = suncal.Model('(mRc + dmRc)*(1 + (rho_a - 1.2)*(1/rho_W - 1/rho_R)) - 100000')
    u.var('mRc').measure(100000).typeb(std=.05); u.var('dmRc').measure(1.234).typeb(std=.02)
    for n, c, a in (('rho_a', 1.2, .1), ('rho_W', 8000, 1000), ('rho_R', 8000, 50)):
        u.var(n).measure(c).typeb(dist='uniform', a=a)
    r = u.monte_carlo(samples=1000000).expanded(conf=.95, shortest=True)
    one = next(iter(r.values())) if isinstance(r, dict) else r
    return one.low, one.high
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


class Side:
    """A peer in its environment, one run at a time on demand, so that all meet the same machine in turn."""

    def __init__(self, name: str, python: Path) -> None:
        self.name, self.taken, self.ends = name, list[float](), (0.0, 0.0)
        command = [str(python), "-W", "ignore", "-c", SIDES[name] + TURN]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=python.parent,
        )

    def turn(self) -> None:
        """Let it run once more. Raises PeerAbsent where it gives no answer."""
        asked, told = self._process.stdin, self._process.stdout
        try:
            print("run", file=asked, flush=True)
            seconds_taken, low, high = (float(word) for word in (told.readline() if told else "").split())
        except (OSError, ValueError) as problem:
            raise PeerAbsent(f"{self.name}: does not run the mass model") from problem
        self.taken.append(seconds_taken)
        self.ends = low, high

    def stop(self) -> None:
        """End its process."""
        self._process.terminate()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()


def sides(names: Sequence[str], folder: Path = ENVIRONMENTS) -> tuple[list[Side], dict[str, str]]:
    """Start the peers, making their environments where need be; and say which are absent and why."""
    started, absent = [], {}
    for peer in (peer for peer in ALL_PEERS if peer.name in names):
        try:
            started.append(Side(peer.name, install(peer, folder=folder)))
        except PeerAbsent as problem:
            absent[peer.name] = str(problem)
    return started, absent


def in_turn(times: int, others: Sequence[Side]) -> dict[str, float]:
    """Time plain numpy, the engine and every peer one after the other, again and again."""
    warm()
    numpy_taken, own_taken = [], []
    for k in range(times):
        numpy_taken += seconds(lambda k=k: plain_numpy(10**6, k), 1)
        own_taken += seconds(lambda k=k: ours(10**6, k), 1)
        for side in others:
            side.turn()
    pairs = zip(own_taken, numpy_taken, strict=True)
    found = {
        "numpy_ms": 1000 * statistics.median(numpy_taken),
        "ours_ms": 1000 * statistics.median(own_taken),
        "ratio_to_numpy": statistics.median(own / theirs for own, theirs in pairs),
    }
    for side in others:
        found[f"{side.name}_ms"] = 1000 * statistics.median(side.taken)
        found |= {f"{side.name}_low": side.ends[0], f"{side.name}_high": side.ends[1]}
    return found


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


def measure(times: int, others: Sequence[Side]) -> dict[str, float]:
    """Measure everything; ``own_low`` and ``own_high`` are the shortest interval that ours gives, for comparison."""
    million, ten_million = memory(10**6), memory(10**7)
    low, high = ours(10**6, 1)[2:]
    return {
        **in_turn(times, others),
        "own_low": low,
        "own_high": high,
        "mebibytes_at_1e6": million,
        "mebibytes_at_1e7": ten_million,
        "mebibytes_above_8_bytes_a_draw_at_1e7": ten_million - 8e7 / 2**20,
        "law_of_ten_inputs_ms": law_of_ten_inputs(),
        "validated_budgets_a_minute": validated_budgets(),
        "own_peak_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "load_of_the_machine": os.getloadavg()[0],
    }


def report(figures: Mapping[str, float], absent: Mapping[str, str]) -> int:
    """Print the table. Returns 1 when an aim is missed."""
    missed = 0
    for name, figure in figures.items():
        aim, sense = AIMS.get(name, (None, ""))
        kept = aim is None or (figure <= aim if sense == "at most" else figure >= aim)
        missed += not kept
        words = f"  aim: {sense} {aim:g}{'' if kept else '  MISSED'}" if aim is not None else ""
        print(f"{name:<42} {figure:10.6g}{words}")
    for name, reason in absent.items():
        print(f"absent: {name}: {reason}")
    return 1 if missed else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table and leave it as JSON. Returns 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument(
        "--peer", action="append", choices=[*SIDES, "none"], help="only these; none: without peers"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench" / "uncertainty.json")
    chosen = parser.parse_args(arguments)
    others, absent = sides(chosen.peer or list(SIDES))
    try:
        figures = measure(chosen.times, others)
    finally:
        for side in others:
            side.stop()
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(figures | {"absent": absent}, indent=2) + "\n", encoding="utf-8")
    return report(figures, absent)


if __name__ == "__main__":
    sys.exit(main())
