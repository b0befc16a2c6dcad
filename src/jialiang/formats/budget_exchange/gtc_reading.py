"""An archive of GTC as a budget document: the sum of its sensitivities, which is what the archive holds.

Elementary numbers become inputs with u, ν, correlation and ensembles; tagged results become outputs y + Σ c (x - x̂). An
input that was not archived under a name of its own has no estimate there: it is the deviation from it, with mean zero.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jialiang.formats.budget_exchange.errors import ArchiveNotReadable
from jialiang.formats.budget_exchange.gtc_uids import VERSION

_UNUSABLE = re.compile(r"\W+")
MOST_MEMBERS = 2000


@dataclass
class _Archive:
    """What has been read: the plain JSON, names by identifier, estimates by identifier."""

    plain: Mapping[str, Any]
    names: dict[str, str] = field(default_factory=dict)
    estimates: dict[str, float] = field(default_factory=dict)


def is_archive(data: Any) -> bool:
    """Whether JSON is an archive of GTC, of whatever version."""
    return isinstance(data, Mapping) and data.get("CLASS") == "Archive" and "leaf_nodes" in data


def read_archive(data: bytes) -> dict[str, Any]:
    """Return the budget document of an archive. Raises ArchiveNotReadable."""
    try:
        plain = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise ArchiveNotReadable(member="JSON", reason=str(problem)[:120]) from problem
    if not is_archive(plain) or plain.get("version") != VERSION:
        given = plain.get("version", "–") if isinstance(plain, Mapping) else "–"
        raise ArchiveNotReadable(member="version", reason=str(given)[:80])
    try:
        return _document(_Archive(plain))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as problem:
        reason = f"{type(problem).__name__}: {problem}"[:120]
        raise ArchiveNotReadable(member="leaf_nodes, tagged_real, tagged_complex", reason=reason) from problem


def _document(archive: _Archive) -> dict[str, Any]:
    nodes, tagged = archive.plain["leaf_nodes"], archive.plain["tagged_real"]
    if len(nodes) + len(tagged) > MOST_MEMBERS:
        raise ArchiveNotReadable(member="leaf_nodes", reason=f"> {MOST_MEMBERS}")
    elementary = _elementary(archive)
    results = [(tag, e) for tag, e in _outputs(archive) if e["CLASS"] == "IntermediateReal"]
    _name_inputs(archive, elementary, {_name(tag, set()) for tag, _ in results})
    expressions = {_name(tag, set()): _expression(entry, archive) for tag, entry in results}
    if not expressions:
        expressions = {f"{archive.names[uid]}_out": archive.names[uid] for uid in elementary}
    return {
        "title": "GTC",
        "model": {"expr": expressions},
        "inputs": [_input(uid, node, archive) for uid, node in nodes.items()],
        "correlation": _correlation(archive),
    }


def _elementary(archive: _Archive) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return tag and entry of every archived input by its identifier. Raises ArchiveNotReadable."""
    found = {e["uid"]: (tag, e) for tag, e in _reals(archive) if e["CLASS"] == "ElementaryReal"}
    for uid, (tag, _) in found.items():
        if uid not in archive.plain["leaf_nodes"]:
            raise ArchiveNotReadable(member=f"tagged_real.{tag}"[:80], reason="leaf_nodes")
    return found


def _name_inputs(
    archive: _Archive, elementary: Mapping[str, tuple[str, dict[str, Any]]], taken: set[str]
) -> None:
    for uid, node in archive.plain["leaf_nodes"].items():
        tag, entry = elementary.get(uid, (node.get("label"), None))
        archive.names[uid] = _name(tag or f"x{len(archive.names) + 1}", taken)
        taken.add(archive.names[uid])
        archive.estimates[uid] = _finite(entry["x"]) if entry else 0.0


def _reals(archive: _Archive) -> list[tuple[str, dict[str, Any]]]:
    return [*archive.plain["tagged_real"].items(), *archive.plain.get("untagged_real", {}).items()]


def _outputs(archive: _Archive) -> list[tuple[str, dict[str, Any]]]:
    """Return the tagged results, the parts of complex ones among them."""
    inside = archive.plain.get("untagged_real", {})
    parts = [
        part for z in archive.plain.get("tagged_complex", {}).values() for part in (z["n_re"], z["n_im"])
    ]
    return [
        *archive.plain["tagged_real"].items(),
        *((part, inside[part]) for part in parts if part in inside),
    ]


def _name(label: str, taken: set[str]) -> str:
    """Return a name that expressions can use, other than those taken."""
    plain = _UNUSABLE.sub("_", str(label)).strip("_") or "x"
    plain = plain if not plain[0].isdigit() else f"x{plain}"
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain}_{number}"
    return found


def _finite(given: Any) -> float:
    number = float(given)
    if not math.isfinite(number):
        raise ValueError(str(given))
    return number


def _expression(entry: Mapping[str, Any], archive: _Archive) -> str:
    """Write y + Σ c (x - x̂), every number with all its digits."""
    terms = [f"({_finite(entry['value'])!r})"]
    for vector in (entry["u_components"], entry["d_components"]):
        for uid, component in zip(vector["index"], vector["value"], strict=True):
            u = _finite(archive.plain["leaf_nodes"][uid]["u"])
            if u and component:
                sensitivity, estimate = _finite(component) / u, archive.estimates[uid]
                inner = f"({archive.names[uid]} - ({estimate!r}))" if estimate else archive.names[uid]
                terms.append(f"({sensitivity!r})*{inner}")
    return " + ".join(terms)


def _input(uid: str, node: Mapping[str, Any], archive: _Archive) -> dict[str, Any]:
    u, degrees = _finite(node["u"]), node.get("df")
    own = {"name": archive.names[uid], "mean": archive.estimates[uid]}
    own |= {"distribution": "normal" if degrees is None else "t", "u": u}
    own |= {} if degrees is None else {"dof": _finite(degrees)}
    members = node.get("ensemble") or (
        [] if node["independent"] or degrees is None else node.get("complex", [])
    )
    return own | ({"group": archive.names[min(members)]} if len(members) > 1 else {})


def _correlation(archive: _Archive) -> list[list[Any]]:
    order = {uid: place for place, uid in enumerate(archive.plain["leaf_nodes"])}
    return [
        [archive.names[uid], archive.names[other], _finite(r)]
        for uid, node in archive.plain["leaf_nodes"].items()
        for other, r in node.get("correlation", {}).items()
        if other in order and order[uid] < order[other] and r
    ]
