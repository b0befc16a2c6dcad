"""Models for the comparison: seeded, of ten kinds, in a neutral form that every side turns into its own objects.

A model: ``id``, ``kind``, ``expressions`` by output, ``inputs`` (``name``, ``estimate``, ``distribution`` with ``u`` or
``half_width``, ``dof`` or null), ``correlation`` ``[[a, b, r]]``, ``groups`` (inputs estimated together, one ν) and
``complex`` inputs (``name``, ``re``, ``im``, ``u_re``, ``u_im``, ``r``, ``dof``). Functions are those of every side.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

Model = dict[str, Any]
KINDS = {
    "sum": 40,
    "product": 40,
    "power": 35,
    "transcendental": 45,
    "nested": 40,
    "correlated": 25,
    "together": 20,
    "correlated-finite": 10,
    "several": 25,
    "complex": 20,
}
"""How many of the 300 models are of a kind; other numbers keep the shares."""

FUNCTIONS = (
    *("sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
)
PROBABILITY = 0.95
_NAMES = "abcdghkm"  # no e and no f: both mean something to one of the peers
_ARGUMENT = {
    "exp": "{}/3", "sinh": "{}/3", "cosh": "{}/3", "tan": "{}/5", "asin": "{}/8", "acos": "{}/8", "atanh": "{}/8",
    "acosh": "1 + {}", "log": "{}", "sqrt": "{}",
}  # fmt: skip
_STEEP = ("exp", "cosh", "sinh")  # nested ones would overflow, so that their arguments stay below one
_OF_POSITIVE = ("sqrt", "exp", "cosh", "sinh", "atan", "asinh", "tanh")


def generate(count: int, seed: int) -> list[Model]:
    """Return ``count`` models, the kinds in their shares; the same seed gives the same models."""
    chance = random.Random(seed)
    kinds = [kind for kind, share in KINDS.items() for _ in range(share)]
    chosen = [kinds[k * len(kinds) // count] for k in range(count)]
    numbers = dict.fromkeys(KINDS, 0)
    models = []
    for kind in chosen:
        numbers[kind] += 1
        model: Model = {"id": f"{kind}-{numbers[kind]:02d}", "kind": kind}
        model |= {"correlation": [], "groups": [], "complex": []}
        _MAKERS[kind](model, chance, numbers[kind])
        models.append(model)
    return models


def _input(name: str, chance: random.Random, *, finite: float, normal: bool = False) -> dict[str, Any]:
    """Return one input between 0.5 and 5; ``finite`` is the probability of a finite ν."""
    estimate = round(chance.uniform(0.5, 5), 4)
    u = float(f"{estimate * 10 ** chance.uniform(-4, -1.3):.3g}")
    if normal or chance.random() < 0.6:
        dof = chance.choice([2, 3, 4, 5, 7, 9, 12, 20, 50, 7.5]) if chance.random() < finite else None
        return {"name": name, "estimate": estimate, "distribution": "normal", "u": u, "dof": dof}
    shape = chance.choice(["rectangular", "triangular", "arcsine"])
    return {"name": name, "estimate": estimate, "distribution": shape, "half_width": u, "dof": None}


def _inputs(model: Model, chance: random.Random, least: int, most: int, **wishes: Any) -> list[str]:
    names = list(_NAMES[: chance.randint(least, most)])
    model["inputs"] = [_input(name, chance, **{"finite": 0.5, **wishes}) for name in names]
    return names


def _coefficient(chance: random.Random) -> str:
    return f"{chance.choice([-1, 1]) * chance.uniform(0.2, 6):.3g}"


def _sum(model: Model, chance: random.Random, number: int) -> None:
    names = _inputs(model, chance, 2, 8)
    terms = [f"({_coefficient(chance)})*{name}" for name in names]
    if number % 10 == 0:  # most of the value cancels: the mass difference of a substitution weighing
        model["inputs"][0]["estimate"] = 1e7
        terms = [names[0], *terms[1:], "-1e7"]
    model["expressions"] = {"y": " + ".join(terms)}


def _product(model: Model, chance: random.Random, number: int) -> None:
    names = _inputs(model, chance, 2, 7)
    parts = [f"{chance.choice('*/')}{name}" for name in names]
    model["expressions"] = {"y": f"{chance.uniform(0.5, 9):.3g}" + "".join(parts)}


def _power(model: Model, chance: random.Random, number: int) -> None:
    names = _inputs(model, chance, 2, 5)
    parts = [f"{name}**({chance.choice([2, 3, -1, -2, 0.5, 1.5, -0.25, 4])})" for name in names[1:]]
    model["expressions"] = {"y": f"{names[0]}*" + "*".join(parts)}
    if number % 5 == 0:
        model["expressions"] = {"y": f"{names[0]}**({names[1]}/2) + 2**({names[0]}/4)"}
        model["inputs"] = model["inputs"][:2]
    if number % 9 == 0:  # a stationary point: the first order gives u = 0
        model["expressions"] = {"y": f"({names[0]} - {model['inputs'][0]['estimate']})**2"}
        model["inputs"] = model["inputs"][:1]


def _of(function: str, inside: str) -> str:
    return f"{function}({_ARGUMENT.get(function, '{}').format(inside)})"


def _transcendental(model: Model, chance: random.Random, number: int) -> None:
    names = _inputs(model, chance, 2, 5)
    used = [FUNCTIONS[(number + k) % len(FUNCTIONS)] for k in range(len(names))]
    terms = [f"({_coefficient(chance)})*{_of(f, name)}" for f, name in zip(used, names, strict=True)]
    model["expressions"] = {"y": " + ".join(terms) + f" + {names[0]}*{names[1]}"}


def _nested(model: Model, chance: random.Random, number: int) -> None:
    names = _inputs(model, chance, 3, 7)
    model["expressions"] = {"y": _positive(names, chance, 4) + f" - {chance.uniform(0.1, 1):.2g}*{names[-1]}"}


def _positive(names: list[str], chance: random.Random, depth: int) -> str:
    """Return an expression that is positive for positive inputs, so that roots and logarithms exist."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice(names)
    shape = chance.choice(["sum", "product", "quotient", "function", "power"])
    left, right = (_positive(names, chance, depth - 1) for _ in range(2))
    if shape == "function":
        function = chance.choice(_OF_POSITIVE)
        below = left if function in _STEEP else "1"
        return f"{function}({left}/({below} + {right}))"
    if shape == "power":
        return f"({left})**{chance.choice(['2', '0.5', '(1/3)'])}"
    return f"({left} { {'sum': '+', 'product': '*', 'quotient': '/'}[shape] } {right})"


def _correlate(model: Model, chance: random.Random, names: list[str]) -> None:
    """Correlate the names by r = s_a s_b with |s| < 1, which is a possible matrix whatever the signs."""
    strengths = {name: round(chance.uniform(0.3, 0.95) * chance.choice([-1, 1]), 2) for name in names}
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    model["correlation"] += [[a, b, round(strengths[a] * strengths[b], 4)] for a, b in pairs]


def _mixed(names: list[str], chance: random.Random) -> str:
    return f"{_positive(names, chance, 2)} + " + " + ".join(f"({_coefficient(chance)})*{n}" for n in names)


def _correlated(model: Model, chance: random.Random, number: int) -> None:
    names = _inputs(model, chance, 3, 6, finite=0.0, normal=True)
    model["expressions"] = {"y": _mixed(names, chance)}
    _correlate(model, chance, names[: chance.randint(2, len(names))])


def _together(model: Model, chance: random.Random, number: int) -> None:
    """Some inputs are parameters of one fit: correlated, with one ν; the others are independent of them."""
    names = _inputs(model, chance, 3, 6, normal=True)
    members = names[: chance.randint(2, 3)]
    degrees = chance.randint(3, 15)
    for item in model["inputs"][: len(members)]:
        item["dof"] = degrees
    model["groups"] = [members]
    model["expressions"] = {"y": _mixed(names, chance)}
    _correlate(model, chance, members)


def _correlated_finite(model: Model, chance: random.Random, number: int) -> None:
    """No roots or logarithms: k comes from draws, and t with ν = 2 draws far below zero."""
    names = _inputs(model, chance, 3, 4, finite=1.0, normal=True)
    linear = " + ".join(f"({_coefficient(chance)})*{name}" for name in names)
    model["expressions"] = {"y": f"{names[0]}*{names[1]} - {names[2]}**2 + {linear}"}
    _correlate(model, chance, names[:2])


def _several(model: Model, chance: random.Random, number: int) -> None:
    names = _inputs(model, chance, 3, 5, finite=0.5 if number % 2 else 0.0, normal=number % 3 == 0)
    model["expressions"] = {name: _mixed(names, chance) for name in ("y", "z", "w")[: chance.randint(2, 3)]}
    if number % 6 == 0:
        _correlate(model, chance, names[:3])


def _complex(model: Model, chance: random.Random, number: int) -> None:
    """Ratios and products of complex inputs, as in impedance and reflection; every third with a finite ν."""
    names = ["p", "q", "r"][: chance.randint(2, 3)]
    model["inputs"] = [_input("a", chance, finite=0.0, normal=True)]
    for name in names:
        re, im = (round(chance.uniform(0.5, 3) * chance.choice([-1, 1]), 3) for _ in range(2))
        u_re, u_im = (float(f"{10 ** chance.uniform(-3, -1.5):.2g}") for _ in range(2))
        r = round(chance.uniform(-0.8, 0.8), 2) if number % 2 else 0.0
        dof = chance.choice([4, 7, 12]) if number % 3 == 0 else None
        model["complex"].append(
            {"name": name, "re": re, "im": im, "u_re": u_re, "u_im": u_im, "r": r, "dof": dof}
        )
    forms = (
        "a*{0}/{1}",
        "({0} - {1})/({0} + {1})",
        "{0}*{1} + a*{0}",
        "{0}**2/{1}",
        "exp({0}/4)*{1}",
        "sqrt({0})*{1}",
    )
    model["expressions"] = {
        "y": forms[number % len(forms)].format(*names) + (f" + {names[2]}" if names[2:] else "")
    }


_MAKERS: dict[str, Callable[[Model, random.Random, int], None]] = {
    "sum": _sum,
    "product": _product,
    "power": _power,
    "transcendental": _transcendental,
    "nested": _nested,
    "correlated": _correlated,
    "together": _together,
    "correlated-finite": _correlated_finite,
    "several": _several,
    "complex": _complex,
}
