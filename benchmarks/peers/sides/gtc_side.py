"""GTC (MIT), in its own environment."""

from importlib.metadata import version

import GTC
from GTC import type_b
from speaking import NotComparable, evaluated, number, pairs, speak

FUNCTIONS = {
    name: getattr(GTC, name)
    for name in (
        *("sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan"),
        *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
    )
}
HALF_WIDTH = {"rectangular": type_b.uniform, "triangular": type_b.triangular, "arcsine": type_b.u_shaped}
P = 95


def one(item, independent):
    u = (
        item["u"]
        if item["distribution"] == "normal"
        else HALF_WIDTH[item["distribution"]](item["half_width"])
    )
    return GTC.ureal(item["estimate"], u, item["dof"] or GTC.inf, label=item["name"], independent=independent)


def inputs_of(model):
    by_name = {item["name"]: item for item in model["inputs"]}
    correlated = {name for pair in model["correlation"] for name in pair[:2]}
    found = {}
    for members in model["groups"]:
        items = [by_name[name] for name in members]
        values, spread = [i["estimate"] for i in items], [i["u"] for i in items]
        together = GTC.multiple_ureal(values, spread, items[0]["dof"], label_seq=members)
        found.update(zip(members, together, strict=True))
    for name, item in by_name.items():
        if name not in found:
            found[name] = one(item, name not in correlated)
    grouped = {name for members in model["groups"] for name in members}
    for a, b, r in model["correlation"]:
        if (by_name[a]["dof"] or by_name[b]["dof"]) and not {a, b} <= grouped:
            raise NotComparable("correlation with finite ν is refused outside an ensemble")
        GTC.set_correlation(r, found[a], found[b])
    for item in model["complex"]:
        v_re, v_im, v = item["u_re"] ** 2, item["u_im"] ** 2, item["r"] * item["u_re"] * item["u_im"]
        found[item["name"]] = GTC.ucomplex(
            complex(item["re"], item["im"]), (v_re, v, v, v_im), item["dof"] or GTC.inf
        )
    return found


def answer(model):
    outputs = evaluated(model, FUNCTIONS, inputs_of(model))
    if model["complex"]:
        outputs = {f"{n}.{part}": getattr(y, part) for n, y in outputs.items() for part in ("real", "imag")}
    return {
        "outputs": {n: told(y) for n, y in outputs.items()},
        "correlation": pairs(outputs, GTC.get_correlation),
    }


def told(y):
    nu = GTC.dof(y)
    u = GTC.uncertainty(y)
    expanded = u * GTC.reporting.k_factor(nu, P) if u and nu == nu else (None if u else 0.0)
    return {"value": number(GTC.value(y)), "u": number(u), "nu_eff": number(nu), "U": expanded}


speak(answer, version("GTC"))
