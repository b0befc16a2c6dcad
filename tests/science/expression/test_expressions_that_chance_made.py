"""Expressions made by chance, written in every way the language allows, against mpmath on the tree they come from."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import pytest
from mpmath import mpf

from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document
from jialiang.science.documents.results import result_to_plain

NAMES = ("alpha", "b", "c_1", "δ")
ESTIMATES = {"alpha": 1.3, "b": 0.7, "c_1": 2.4, "δ": 1.9}
U = {"alpha": 0.01, "b": 0.02, "c_1": 0.005, "δ": 0.03}
ONE = {
    "sqrt": (mpmath.sqrt, lambda x: x > 0.01),
    "exp": (mpmath.exp, lambda x: abs(x) < 20),
    "log": (mpmath.log, lambda x: x > 0.01),
    "sin": (mpmath.sin, lambda x: abs(x) < 100),
    "cos": (mpmath.cos, lambda x: abs(x) < 100),
    "tanh": (mpmath.tanh, lambda x: abs(x) < 20),
    "atan": (mpmath.atan, lambda x: abs(x) < 1e6),
    "log1p": (mpmath.log1p, lambda x: x > -0.9),
    "cbrt": (mpmath.cbrt, lambda x: x > 0.01),
}
LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}
SPELLED = {"*": ("*", "·", "×"), "/": ("/", "÷"), "**": ("**", "^"), "+": ("+",), "-": ("-", "−")}
SEEDS = range(120)


@dataclass(frozen=True)
class Node:
    """A number, a name, a function of one, a sign, or an operation of two."""

    kind: str
    parts: tuple[Node, ...] = ()
    text: str = ""


def grown(chance: random.Random, depth: int) -> Node:
    if depth == 0 or chance.random() < 0.15:
        if chance.random() < 0.7:
            return Node("name", text=chance.choice(NAMES))
        return Node("number", text=chance.choice(["2", "0.5", "3.25", "1e-1", "7", "1.5E0"]))
    kind = chance.choice(["+", "-", "*", "/", "**", "neg", "call", "+", "*"])
    if kind == "call":
        return Node("call", (grown(chance, depth - 1),), chance.choice(list(ONE)))
    if kind == "neg":
        return Node("neg", (grown(chance, depth - 1),))
    if kind == "**":
        return Node(
            "**", (grown(chance, depth - 1), Node("number", text=chance.choice(["2", "3", "0.5", "1.5"])))
        )
    return Node(kind, (grown(chance, depth - 1), grown(chance, depth - 1)))


def value(node: Node, at: dict[str, mpf]) -> mpf:
    """The value of a tree; ArithmeticError where a part leaves the range in which this test compares."""
    if node.kind == "name":
        return at[node.text]
    if node.kind == "number":
        return mpf(node.text)
    parts = [value(part, at) for part in node.parts]
    found = combined(node, parts)
    if not isinstance(found, mpf) or not mpmath.isfinite(found) or abs(found) > 1e6:
        raise ArithmeticError
    return found


def combined(node: Node, parts: list[mpf]) -> mpf:
    if node.kind == "call":
        function, fits = ONE[node.text]
        if not fits(parts[0]):
            raise ArithmeticError
        return function(parts[0])
    if node.kind == "neg":
        return -parts[0]
    one, other = parts
    if (node.kind == "/" and abs(other) < 0.05) or (node.kind == "**" and one < 0.05):
        raise ArithmeticError
    return {
        "+": lambda: one + other, "-": lambda: one - other, "*": lambda: one * other,
        "/": lambda: one / other, "**": lambda: one**other,
    }[node.kind]()  # fmt: skip


def closed(node: Node, _: random.Random) -> str:
    """Every operation in parentheses of its own."""
    if not node.parts:
        return node.text
    inner = [closed(part, _) for part in node.parts]
    if node.kind == "call":
        return f"{node.text}({inner[0]})"
    return f"(-{inner[0]})" if node.kind == "neg" else f"({inner[0]}{node.kind}{inner[1]})"


def sparing(node: Node, chance: random.Random) -> str:
    """Parentheses only where precedence and the side on which operations gather need them; signs as they come."""
    if not node.parts:
        return node.text
    if node.kind == "call":
        return f"{node.text}{' ' * chance.randrange(2)}({sparing(node.parts[0], chance)})"
    blank = " " * chance.randrange(3)
    if node.kind == "neg":
        return "-" + blank + bracketed(node.parts[0], LEVEL["neg"], chance, also=node.parts[0].kind == "neg")
    level = LEVEL[node.kind]
    one, other = node.parts
    left = bracketed(one, level, chance, also=one.kind == "**" and node.kind == "**")
    right = bracketed(other, level, chance, also=LEVEL.get(other.kind, 9) == level or other.kind == "neg")
    return f"{left}{blank}{chance.choice(SPELLED[node.kind])}{blank}{right}"


def bracketed(node: Node, level: int, chance: random.Random, *, also: bool) -> str:
    text = sparing(node, chance)
    return f"({text})" if also or LEVEL.get(node.kind, 9) < level else text


def tree_of(seed: int) -> Node:
    """A tree of chance that stays in the range of comparison and has at least one name."""
    chance = random.Random(seed)
    for _ in range(1000):
        node = grown(chance, 4)
        try:
            at = {name: mpf(estimate) for name, estimate in ESTIMATES.items()}
            for name in NAMES:
                for step in (-0.01, 0.01):
                    value(node, at | {name: at[name] + step})
        except (ArithmeticError, ValueError):
            continue
        if names_in(node):
            return node
    raise AssertionError(seed)


def names_in(node: Node) -> set[str]:
    return {node.text} if node.kind == "name" else {name for part in node.parts for name in names_in(part)}


def evaluated(text: str, names: set[str]) -> dict[str, Any]:
    inputs = [{"name": name, "mean": ESTIMATES[name], "u": U[name]} for name in NAMES if name in names]
    given = {"model": {"expr": {"result": text}}, "inputs": inputs, "settings": {"validate": False}}
    return result_to_plain(evaluate_document(read_document(given)))


def slope(node: Node, name: str) -> float:
    def along(x: mpf) -> mpf:
        return value(node, {each: mpf(estimate) for each, estimate in ESTIMATES.items()} | {name: x})

    with mpmath.workdps(40):
        return float(mpmath.diff(along, mpf(ESTIMATES[name])))


@pytest.mark.parametrize("written", [closed, sparing], ids=["closed", "sparing"])
@pytest.mark.parametrize("seed", SEEDS)
def test_value_and_derivatives_are_those_of_the_tree(
    seed: int, written: Callable[[Node, random.Random], str]
) -> None:
    node = tree_of(seed)
    text, names = written(node, random.Random(seed)), names_in(node)
    found = evaluated(text, names)
    at = {name: mpf(estimate) for name, estimate in ESTIMATES.items()}
    wanted, slopes = float(value(node, at)), {name: slope(node, name) for name in names}
    scale = max(1.0, abs(wanted), *(abs(each) for each in slopes.values()))
    assert found["outputs"]["result"]["value"] == pytest.approx(wanted, rel=1e-10, abs=1e-12 * scale), text
    told = {row["name"]: row["sensitivity"] for row in found["contributions"]["result"]}
    for name, wanted_slope in slopes.items():
        assert told.get(name, 0.0) == pytest.approx(wanted_slope, rel=1e-8, abs=1e-11 * scale), (text, name)
    u = math.sqrt(math.fsum((slopes[name] * U[name]) ** 2 for name in names))
    assert found["outputs"]["result"]["u"] == pytest.approx(u, rel=1e-8, abs=1e-12 * scale), text
