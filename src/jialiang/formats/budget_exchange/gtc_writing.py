"""A budget document as an archive of GTC: inputs become its elementary numbers, outputs its intermediate ones.

The archive holds what GTC keeps of a calculation: estimates, u, ν, correlations, ensembles, and the component of u of
each output by each input (first order, as GTC works). The formula itself is not part of an archive.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from jialiang.formats.budget_exchange.errors import NotSayableInArchive
from jialiang.formats.budget_exchange.gtc_uids import VERSION, Uids
from jialiang.science.budget import Budget, InputQuantity
from jialiang.science.documents.evaluating import propagate
from jialiang.science.documents.reading import BudgetDocument, read_document
from jialiang.science.expression.limits import LIMITS, Limits
from jialiang.science.propagation import Propagation

_PARTS = (".real", ".imag")


def write_archive(data: Any, limits: Limits = LIMITS) -> bytes:
    """Return the JSON of GTC 1.5 for a document. Raises NotSayableInArchive and what reading a document raises."""
    document = read_document(data, limits)
    uids = Uids(data)
    leaves = {item.symbol: uids.leaf() for item in document.budget.inputs}
    archive: dict[str, Any] = {
        "CLASS": "Archive",
        "version": VERSION,
        "leaf_nodes": {node["uid"]: node for node in _nodes(document.budget, leaves)},
        "tagged_real": {
            item.symbol: {"CLASS": "ElementaryReal", "x": item.estimate, "uid": leaves[item.symbol]}
            for item in document.budget.inputs
        },
        "tagged_complex": {},
        "untagged_real": {},
        "intermediate_uids": {},
    }
    for name, found in propagate(document, "lpu").outputs.items():
        _add_output(archive, name, found, (document, leaves, uids.result()))
    return json.dumps(archive, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _nodes(budget: Budget, leaves: Mapping[str, str]) -> list[dict[str, Any]]:
    together = {budget.inputs[k].symbol for members in budget.correlated_sets() for k in members}
    return [_node(item, budget, leaves, dependent=item.symbol in together) for item in budget.inputs]


def _node(
    item: InputQuantity, budget: Budget, leaves: Mapping[str, str], *, dependent: bool
) -> dict[str, Any]:
    uid, nu = leaves[item.symbol], item.degrees_of_freedom
    node: dict[str, Any] = {
        "CLASS": "LeafNode",
        "uid": uid,
        "label": item.symbol,
        "u": item.standard_uncertainty,
    }
    node |= {"df": None if math.isinf(nu) else nu, "independent": not dependent}
    if not dependent:
        return node
    others = _correlated_with(item, budget)
    ensemble = _ensemble(item, budget)
    _require_sayable(item, others, set(ensemble), budget)
    node["correlation"] = {uid: 1.0} | {leaves[other]: r for other, r in others.items()}
    return node | {"ensemble": [leaves[symbol] for symbol in ensemble]}


def _ensemble(item: InputQuantity, budget: Budget) -> list[str]:
    """Return the inputs that were estimated together with this one, itself among them."""
    return [] if item.group is None else [each.symbol for each in budget.inputs if each.group == item.group]


def _require_sayable(
    item: InputQuantity, others: Mapping[str, float], ensemble: set[str], budget: Budget
) -> None:
    """Refuse a correlation with finite ν outside an ensemble."""
    together = {item.symbol, *others}
    degrees = [budget.inputs[budget.position(symbol)].degrees_of_freedom for symbol in together]
    if others and not all(math.isinf(nu) for nu in degrees) and not together <= ensemble:
        raise NotSayableInArchive(what=f"r({item.symbol}, {next(iter(others))}), ν < ∞")


def _correlated_with(item: InputQuantity, budget: Budget) -> dict[str, float]:
    found = {}
    for pair in budget.correlations:
        if item.symbol in (pair.first, pair.second):
            found[pair.second if pair.first == item.symbol else pair.first] = pair.coefficient
    return found


def _add_output(
    archive: dict[str, Any],
    name: str,
    found: Propagation,
    made: tuple[BudgetDocument, Mapping[str, str], str],
) -> None:
    """Add an intermediate real number, or one part of a complex one."""
    document, leaves, uid = made
    label = _label(name)
    u, nu = found.combined_standard_uncertainty, found.degrees_of_freedom
    parts = {row.input_quantity.symbol: row.contribution for row in found.contributions}
    dependent = {s for s, leaf in leaves.items() if not archive["leaf_nodes"][leaf]["independent"]}
    entry = {
        "CLASS": "IntermediateReal",
        "value": found.estimate,
        "label": label,
        "uid": uid,
        "u_components": _vector({leaves[s]: parts[s] for s in leaves if s not in dependent}),
        "d_components": _vector({leaves[s]: parts[s] for s in leaves if s in dependent}),
        "i_components": _vector({uid: u}),
    }
    archive["intermediate_uids"][uid] = [label, u, nu if nu is not None and math.isfinite(nu) else None]
    stem, is_part = (
        name[:-5],
        name.endswith(_PARTS) and {name[:-5] + p for p in _PARTS} <= set(document.model.outputs),
    )
    archive["untagged_real" if is_part else "tagged_real"][label] = entry
    if is_part:
        pair = {"CLASS": "Complex", "n_re": f"{stem}_re", "n_im": f"{stem}_im", "label": stem}
        archive["tagged_complex"][stem] = pair


def _label(name: str) -> str:
    """Return the name of an output as GTC names the parts of a complex number: ``y_re``, ``y_im``."""
    return name.replace(".real", "_re").replace(".imag", "_im")


def _vector(components: Mapping[str, float]) -> dict[str, Any]:
    return {"CLASS": "Vector", "index": list(components), "value": list(components.values())}
