"""What a peer does otherwise, as a change that makes our engine give the peer's figure: the proof of an explanation.

A convention changes the model before it is evaluated, or the figures after it. An explanation that names it holds for
a difference only where the changed figure is the peer's within 10⁻⁹, alone or together with other conventions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from benchmarks.peers.generating import PROBABILITY, Model
from jialiang.science.coverage import coverage_factor

Row = dict[str, Any]
Contributions = list[dict[str, Any]]


def arcsine_half(model: Model) -> Model:
    """Take half of the standard deviation of an arcsine input."""
    changed = deepcopy(model)
    for item in changed["inputs"]:
        if item["distribution"] == "arcsine":
            item["half_width"] /= 2
    return changed


def parts_apart(model: Model) -> Model:
    """Take the uncorrelated parts of a complex input as two inputs, each with the stated ν."""
    changed = deepcopy(model)
    for item in [z for z in changed["complex"] if z["dof"] and not z["r"]]:
        changed["complex"].remove(item)
        for part in ("re", "im"):
            own = {
                "name": f"{item['name']}_{part}",
                "estimate": item[part],
                "u": item[f"u_{part}"],
                "dof": item["dof"],
            }
            changed["inputs"].append({"distribution": "normal", **own})
        whole = f"{item['name']}_re + 1j*{item['name']}_im"
        changed["expressions"] = {item["name"]: whole} | changed["expressions"]
        changed["outputs"] = [
            n for n in changed["expressions"] if n != item["name"] and n in model["expressions"]
        ]
    return changed


def _with_degrees(row: Row, nu: float | str | None, most: float = math.inf) -> Row:
    used = math.inf if nu == "inf" else nu
    expanded = None if used is None else row["u"] * coverage_factor(PROBABILITY, min(float(used), most))
    return row | {"nu_eff": nu, "U": expanded}


def _number(nu: float | str | None) -> float:
    return math.inf if nu == "inf" or nu is None else float(nu)


def infinite_above_ten_thousand(row: Row, contributions: Contributions) -> Row:
    """Call ν infinite above 10⁴."""
    return _with_degrees(row, "inf") if _number(row["nu_eff"]) > 1e4 and row["nu_eff"] is not None else row


def normal_above_hundred_thousand(row: Row, contributions: Contributions) -> Row:
    """Take k from the normal distribution above ν = 10⁵, and leave ν."""
    large = row["nu_eff"] is not None and _number(row["nu_eff"]) > 1e5
    return row | {"U": row["u"] * coverage_factor(PROBABILITY, math.inf)} if large else row


def at_most_a_milliard(row: Row, contributions: Contributions) -> Row:
    """Take k from t at ν = 10⁹ at most, which is 10⁻⁹ more than that of the normal distribution."""
    return row if row["nu_eff"] is None else _with_degrees(row, row["nu_eff"], 1e9)


def welch_regardless(row: Row, contributions: Contributions) -> Row:
    """Take u_c⁴ / Σ u_i⁴/ν_i with the u_c of correlated inputs, as if their ν were independent."""
    finite = [c for c in contributions if c["dof"] != "inf" and c["contribution"]]
    below = math.fsum(c["contribution"] ** 4 / c["dof"] for c in finite)
    return _with_degrees(row, row["u"] ** 4 / below if below else "inf", 1e9)


def infinite_where_nothing_varies(row: Row, contributions: Contributions) -> Row:
    """Call ν infinite where u is zero."""
    return row | {"nu_eff": "inf"} if row["u"] == 0 else row


OF_MODELS: dict[str, Callable[[Model], Model]] = {"arcsine_half": arcsine_half, "parts_apart": parts_apart}
OF_FIGURES: dict[str, Callable[[Row, Contributions], Row]] = {
    "infinite_above_ten_thousand": infinite_above_ten_thousand,
    "normal_above_hundred_thousand": normal_above_hundred_thousand,
    "at_most_a_milliard": at_most_a_milliard,
    "welch_regardless": welch_regardless,
    "infinite_where_nothing_varies": infinite_where_nothing_varies,
}
