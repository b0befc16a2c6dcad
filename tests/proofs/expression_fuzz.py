"""No model crashes the parser or passes its limits: seeded random texts and documents, for as long as one likes.

    python -m tests.proofs.expression_fuzz --seconds 600 --seed 1

Texts are made from the words of the language, from valid models that are damaged, and from bytes. Each is read and
evaluated at one point with its derivatives. Allowed are a result and an error with a code; a traceback, more than
5 s of processor time or more than 512 MiB of memory is a finding.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time

from jialiang.kernel.errors import JialiangError
from jialiang.science.documents.reading import read_document
from jialiang.science.expression.catalogue import CATALOGUE
from jialiang.science.expression.functions import ALIASES, FUNCTIONS
from jialiang.science.models.model import ModelText, read_model

SECONDS, MEBIBYTES = 5.5, 512  # half a second to come back from the deepest loop
INPUTS = {"a": 1.3, "b": -0.7, "c": 2.0, "x": 0.0}
WORDS = (
    *FUNCTIONS,
    *CATALOGUE,
    *ALIASES,
    "solve",
    *INPUTS,
    *"+-*/^()[],<>=!·×",
    *(
        "**",
        "<=",
        ">=",
        "==",
        "and",
        "or",
        "not",
        "pi",
        "e",
        "j",
        "1j",
        "'kg/m3'",
        "'",
        '"',
        "0",
        "1",
        "2",
        "1e308",
    ),
    *("1e-308", "0.5", "-1", "10**10**10", "9" * 40, ".", "..", " ", "\n", "é", "温", "\x00", "\ud800", "🙂"),
)
SEEDS = (
    "(a + b)*(1 + (c - 1.2)*(1/a - 1/b)) - 100000",
    "solve(y**3 + a*y - b, y, 1)**2",
    "polyfit([1,2,3,a],[1,b,2,5],2)[1] + slope([1,2,3],[a,b,c])",
    "abs(polar(a,b)**2/complex(1,b) + sqrt(1j*a))",
    "where(a<b and not a>1, a*b, gamma(a))",
    "sum([a,b,c]*[1,2,3])/mean([a,b])",
    "solve(exp(y) = y + a, y, 1) + interp(b, [0,1,2], [a,2,b])",
)


def texts(chance: random.Random) -> str:
    """Return one text."""
    kind = chance.randrange(6)
    if kind == 0:
        return "".join(chance.choice(WORDS) for _ in range(chance.randrange(1, 60)))
    if kind == 1:
        return damaged(chance, chance.choice(SEEDS))
    if kind == 2:
        return nested(chance)
    if kind == 3:
        return chance.choice(("+", "*", "-", ",", "and ")).join(
            chance.choice(WORDS) for _ in range(chance.randrange(1, 4000))
        )
    if kind == 4:
        return "".join(
            chr(chance.choice((chance.randrange(128), chance.randrange(0x11000)))) for _ in range(80)
        )
    return grown(chance, chance.randrange(1, 7))


def damaged(chance: random.Random, text: str) -> str:
    """Return a valid model with letters or words taken out, doubled or put in."""
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.randrange(4))
        text = text[:at] + chance.choice(("", chance.choice(WORDS), text[at:end] * 2)) + text[end:]
    return text


def nested(chance: random.Random) -> str:
    """Return deep nesting of one kind or of several."""
    depth = chance.choice((10, 63, 64, 65, 66, 1000, 20_000))
    openings = chance.sample(
        ("(", "[", "sin(", "-", "not ", "2**", "solve(", "min(", "a*(b+", "where(a<b,"), 2
    )
    return "".join(chance.choice(openings) for _ in range(depth)) + "a" + ")" * chance.choice((0, depth))


def grown(chance: random.Random, depth: int) -> str:
    """Return a text that is right by its grammar."""
    if depth == 0:
        return chance.choice((*INPUTS, "1", "2.5", "pi", "1e10", "[a,b]", "[a,b,c]", "1j", "y"))
    left, right = grown(chance, depth - 1), grown(chance, depth - 1)
    name = chance.choice((*FUNCTIONS, *CATALOGUE))
    return chance.choice(
        (
            f"({left}) {chance.choice(('+', '-', '*', '/', '**', '<', 'and'))} ({right})",
            f"{name}({left})",
            f"{name}({left}, {right})",
            f"{name}({left}, {right}, {left})",
            f"[{left}, {right}]*3",
            f"solve({left} - {right}, y, {left})",
        )
    )


def document(chance: random.Random) -> object:
    """Return a budget document that may be wrong anywhere."""
    odd = (
        None,
        True,
        -1,
        0,
        1e400,
        float("nan"),
        "",
        "x",
        [],
        {},
        [1, "a"],
        {"a": 1},
        10**400,
        "1e5",
        [[1, 2], [3]],
    )

    def some(value: object) -> object:
        return chance.choice(odd) if chance.random() < 0.15 else value

    inputs = [
        {
            "name": some(name),
            "unit": some(chance.choice(("mm", "kg/m3", "W m-2 K-4", "m//", "\\metre", "q", ""))),
            "distribution": some(
                chance.choice(("normal", "t", "rectangular", "beta", "gamma", "ctrap", "empirical"))
            ),
            "mean": some(1.0),
            "u": some(0.1),
            "dof": some(5),
            "half_width": some(0.2),
            chance.choice(("low", "alpha", "readings", "values", "mag", "d")): some(chance.choice(odd)),
        }
        for name in ("a", "b", "c")
    ]
    model = {
        "expr": some({"y": some(texts(chance))}),
        "unit": some({"y": "mm"}),
        "equation": some("quantity"),
    }
    return some({"model": some(model), "inputs": some(inputs), "correlation": some([["a", "b", some(0.5)]])})


def attempt(chance: random.Random) -> tuple[str, object]:
    """Read and evaluate one text or document; return how it ended and what it was."""
    if chance.random() < 0.25:
        given = document(chance)
        try:
            read_document(given)
        except JialiangError as refused:
            return refused.code, given
        return "read", given
    text = texts(chance)
    try:
        model = read_model(ModelText({"result": text}, list(INPUTS)))
        for name in model.outputs:
            model.gradient(name, INPUTS)
        model(INPUTS)
    except JialiangError as refused:
        return refused.code, text
    return "evaluated", text


def fuzz(seconds: float, seed: int, attempts: int | None = None) -> dict[str, object]:
    """Try texts until the time is over or so many are done. Returns counts by outcome, and the findings."""
    chance, outcomes, findings = random.Random(seed), {}, []
    slowest, started = 0.0, time.monotonic()
    done = 0
    while time.monotonic() - started < seconds and (attempts is None or done < attempts):
        before, done, state = time.process_time(), done + 1, chance.getstate()
        try:
            outcome, given = attempt(chance)
        except Exception as problem:  # noqa: BLE001 -- whatever it is, it is a finding
            chance.setstate(state)
            findings.append({"attempt": done, "problem": repr(problem)[:300]})
            chance.random()
            continue
        spent = time.process_time() - before
        slowest = max(slowest, spent)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if spent > SECONDS:
            findings.append({"attempt": done, "seconds": spent, "given": repr(given)[:300]})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if peak > MEBIBYTES:
        findings.append({"peak_mebibytes": peak})
    return {
        "attempts": done,
        "seed": seed,
        "outcomes": dict(sorted(outcomes.items())),
        "slowest_seconds": round(slowest, 3),
        "peak_mebibytes": round(peak, 1),
        "findings": findings[:50],
    }


def main() -> int:
    """Print one JSON object. Returns 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    found = fuzz(chosen.seconds, chosen.seed)
    json.dump(found, sys.stdout, indent=1)
    return 1 if found["findings"] else 0


if __name__ == "__main__":
    sys.exit(main())
