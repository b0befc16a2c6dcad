"""Budgets and models made from the uncertainty vectors of the oracles."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from jialiang.kernel.text import Text
from jialiang.science.budget import Budget, Correlation, InputQuantity
from jialiang.science.distributions import (
    Arcsine,
    CurvilinearTrapezoidal,
    Distribution,
    Normal,
    Rectangular,
    StudentT,
    Triangular,
)

FUNCTIONS = {name: getattr(np, name) for name in ("sqrt", "cos", "sin", "log", "exp", "pi")} | {
    "atan2": np.arctan2
}


def vector(oracles: Path, name: str) -> dict[str, Any]:
    """Return one vector by its file name without ending."""
    data: dict[str, Any] = json.loads((oracles / "uncertainty" / f"{name}.json").read_text(encoding="utf-8"))
    return data


def budget_of(data: dict[str, Any], inputs: list[dict[str, Any]] | None = None) -> Budget:
    """Return the budget of a vector; inputs are centred where their interval is."""
    items = tuple(_input(item) for item in inputs or data["inputs"])
    pairs = tuple(Correlation(a, b, r) for a, b, r in data.get("correlation", []))
    return Budget(data["id"], Text(en=data["title"]), "\\one", items, pairs)


def models_of(data: dict[str, Any]) -> dict[str, Callable[..., Any]]:
    """Return the models of a vector by output; an expression may use the outputs written after it."""
    compiled = {name: compile(text, name, "eval") for name, text in data["model"]["expr"].items()}

    def model(name: str) -> Callable[..., Any]:
        def evaluate(**values: Any) -> Any:
            known = dict(values)
            for other, code in reversed(compiled.items()):
                known[other] = eval(code, {"__builtins__": {}}, FUNCTIONS | known)
            return known[name]

        return evaluate

    return {name: model(name) for name in compiled}


def _input(item: dict[str, Any]) -> InputQuantity:
    kind = item["distribution"]
    low, high = item.get("low", item.get("a", math.nan)), item.get("high", item.get("b", math.nan))
    mean = item.get("mean", item.get("location", (low + high) / 2))
    half = item.get("half_width", (high - low) / 2)
    shapes: dict[str, Callable[[], Distribution]] = {
        "normal": lambda: Normal(item["u"]),
        "t": lambda: StudentT(item["u"], item["dof"]),
        "t_scaled": lambda: StudentT(item["scale"], item["dof"]),
        "t_by_mean_sd": lambda: StudentT(item["sd"], item["dof"], "standard_deviation"),
        "rectangular": lambda: Rectangular(half),
        "triangular": lambda: Triangular(half),
        "arcsine": lambda: Arcsine(half),
        "ctrap": lambda: CurvilinearTrapezoidal(half, item["d"]),
    }
    dof = item.get("dof")
    return InputQuantity(
        item["name"], Text(), "\\one", mean, shapes[kind](), stated_degrees_of_freedom=dof and float(dof)
    )
