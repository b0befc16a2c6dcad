"""suncal (GPL-3), in its own environment: symbolic derivatives, one Model for all outputs."""

import warnings

import suncal
from speaking import NotComparable, number, speak

warnings.simplefilter("ignore")
NAMES = {"rectangular": "uniform", "triangular": "triangular", "arcsine": "arcsine"}


def complex_model(model):
    """A model of complex inputs; suncal takes U of the parts and no ν."""
    if any(item["dof"] for item in model["complex"]):
        raise NotComparable("complex inputs carry no ν")
    made = suncal.ModelComplex(*(f"{name} = {text}" for name, text in model["expressions"].items()))
    for item in model["complex"]:
        spread = complex(item["u_re"], item["u_im"])
        made.var(item["name"]).measure(
            complex(item["re"], item["im"]), spread, k=1, correlation=item["r"] or None
        )
    for item in model["inputs"]:
        if any(item["name"] in text for text in model["expressions"].values()):
            made.var(item["name"]).measure(item["estimate"], item["u"], k=1)
    return made


def real_model(model):
    made = suncal.Model(*(f"{name} = {text}" for name, text in model["expressions"].items()))
    for item in model["inputs"]:
        found = made.var(item["name"])
        if found is None:  # occurs in no expression
            continue
        variable = found.measure(item["estimate"])
        degf = {} if item["dof"] is None else {"degf": item["dof"]}
        if item["distribution"] == "normal":
            variable.typeb(std=item["u"], **degf)
        else:
            variable.typeb(dist=NAMES[item["distribution"]], a=item["half_width"])
    for a, b, r in model["correlation"]:
        made.variables.correlate(a, b, r)
    return made


def answer(model):
    made = complex_model(model) if model["complex"] else real_model(model)
    found = made.calculate_gum()
    expanded = found.expanded(conf=0.95)
    between = found.correlation()
    names = list(found.expected)
    told = {n.replace("_", "."): tell(found, expanded, n) for n in names}
    pairs = [
        [a.replace("_", "."), b.replace("_", "."), number(between[a][b])]
        for k, a in enumerate(names)
        for b in names[k + 1 :]
    ]
    return {"outputs": told, "correlation": pairs}


def tell(found, expanded, name):
    return {
        "value": number(found.expected[name]),
        "u": number(found.uncertainty[name]),
        "nu_eff": number(found.degf[name]),
        "U": number(expanded[name].uncertainty),
    }


speak(answer, suncal.__version__)
