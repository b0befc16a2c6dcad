"""What every side shares: read models from standard input, answer each, write the answers as JSON.

Runs in the environment of a peer: only the standard library. Expressions come from our own generator, so each side
may have Python read them with the functions of its peer.
"""

import json
import math
import sys


def speak(answer, version):
    """Answer every model; what a peer refuses is told with its words."""
    asked = json.load(sys.stdin)
    answers = {}
    for model in asked:
        try:
            answers[model["id"]] = answer(model)
        except NotComparable as problem:
            answers[model["id"]] = {"left_out": str(problem)}
        except Exception as problem:  # noqa: BLE001 - whatever a peer raises is told, not hidden
            answers[model["id"]] = {"refused": f"{type(problem).__name__}: {problem}"[:200]}
    json.dump({"version": version, "answers": answers}, sys.stdout)


class NotComparable(Exception):
    """The peer has no such thing: a complex number, say."""


def evaluated(model, functions, inputs):
    """Return every output as an object of the peer."""
    names = {**functions, **inputs}
    return {name: eval(text, {"__builtins__": {}}, names) for name, text in model["expressions"].items()}


def number(value):
    """Return a float of JSON; None for NaN, and the text inf for infinity."""
    found = float(value)
    if math.isnan(found):
        return None
    return "inf" if math.isinf(found) else found


def pairs(outputs, correlation):
    """Return the correlation of every pair of outputs."""
    names = list(outputs)
    return [
        [a, b, number(correlation(outputs[a], outputs[b]))]
        for k, a in enumerate(names)
        for b in names[k + 1 :]
    ]


def matrix(names, correlation):
    """Return the correlation matrix of some inputs as rows."""
    rows = [[1.0 if a == b else 0.0 for b in names] for a in names]
    for a, b, r in correlation:
        if a in names and b in names:
            i, j = names.index(a), names.index(b)
            rows[i][j] = rows[j][i] = r
    return rows
