"""metrolopy (GPL-3), in its own environment."""

import warnings

import metrolopy as uc
from speaking import NotComparable, evaluated, matrix, number, pairs, speak

warnings.simplefilter("ignore")
SAME = ("sqrt", "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh")
FUNCTIONS = {name: getattr(uc, name) for name in SAME}
FUNCTIONS |= {f"a{name}": getattr(uc, f"arc{name}") for name in SAME[3:]}


def one(item):
    x, half = item["estimate"], item.get("half_width")
    if item["distribution"] == "rectangular":
        return uc.gummy(uc.UniformDist(center=x, half_width=half))
    if item["distribution"] == "triangular":
        return uc.gummy(uc.TriangularDist(x, half_width=half))
    if item["distribution"] == "arcsine":
        return uc.gummy(uc.ArcSinDist(center=x, half_width=half))
    return uc.gummy(x, item["u"], dof=item["dof"] or float("inf"))


def together(items, correlation):
    """Correlated inputs: with infinite ν, or with the one ν of a set that was estimated together."""
    dof = {"dof": uc.DoF(items[0]["dof"])} if items[0]["dof"] else {}
    values, spread = [i["estimate"] for i in items], [i["u"] for i in items]
    rows = matrix([i["name"] for i in items], correlation)
    return uc.gummy.create(values, u=spread, correlation_matrix=rows, **dof)


def correlated_inputs(model):
    by_name = {item["name"]: item for item in model["inputs"]}
    names = [n for n in by_name if any(n in pair[:2] for pair in model["correlation"])]
    items = [by_name[n] for n in names]
    together_as = [sorted(members, key=list(by_name).index) for members in model["groups"]]
    if any(i["dof"] for i in items) and names not in together_as:
        raise NotComparable("a correlation matrix takes one ν for all of its inputs, or none")
    return dict(zip(names, together(items, model["correlation"]), strict=True)) if items else {}


def complex_input(item):
    parts = [{"name": p, "estimate": item[p], "u": item["u_" + p], "dof": item["dof"]} for p in ("re", "im")]
    return uc.jummy(*together(parts, [["re", "im", item["r"]]]))


def inputs_of(model):
    found = {item["name"]: one({"distribution": "normal"} | item) for item in model["inputs"]}
    found |= correlated_inputs(model)
    if model["complex"]:
        if any("exp(" in text for text in model["expressions"].values()):
            raise NotComparable("no exponential of a complex quantity")
        found = {name: uc.jummy(x, 0) for name, x in found.items()}
    return found | {item["name"]: complex_input(item) for item in model["complex"]}


def answer(model):
    outputs = evaluated(model, FUNCTIONS, inputs_of(model))
    if model["complex"]:
        outputs = {f"{n}.{part}": getattr(y, part) for n, y in outputs.items() for part in ("real", "imag")}
    told = {n: tell(y) for n, y in outputs.items()}
    return {"outputs": told, "correlation": pairs(outputs, lambda a, b: a.correlation(b))}


def tell(y):
    u, nu = number(y.u), number(y.dof)
    y.p = 0.95
    return {"value": number(y.x), "u": u, "nu_eff": nu, "U": number(y.U)}


speak(answer, uc.__version__)
